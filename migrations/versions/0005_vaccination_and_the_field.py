"""Vaccination proper, and the phones that bring it from the field."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

ID = sa.Uuid().with_variant(sa.LargeBinary(16), "sqlite")
REGION = sa.String(13).with_variant(sa.String(13, collation="C"), "postgresql")
MOMENT = sa.DateTime(timezone=True)
# What was recorded before: where its animal is kept, at the hour of its act.
FILLED = """UPDATE vaccinations SET
    village = (SELECT village FROM animals WHERE animals.id = animal_id),
    given_at = (SELECT given_at FROM vaccination_acts WHERE vaccination_acts.id = act_id),
    standing = CASE WHEN is_double THEN 'double' ELSE 'counts' END"""
# Of two that counted on one day the first goes on counting.
ONE_COUNTS = """UPDATE vaccinations SET standing = 'double' WHERE EXISTS (
    SELECT 1 FROM vaccinations AS other WHERE other.animal_id = vaccinations.animal_id
    AND other.disease = vaccinations.disease AND other.given_on = vaccinations.given_on
    AND other.standing = 'counts' AND other.id < vaccinations.id)"""


def upgrade() -> None:
    op.create_table(
        "outbreaks",
        sa.Column("id", ID, nullable=False),
        sa.Column("village", REGION, nullable=False),
        sa.Column(
            "disease",
            sa.Enum(
                "pmk",
                "lsd",
                "se",
                "anthrax",
                "brucellosis",
                "rabies",
                "jembrana",
                name="disease",
                native_enum=False,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("found_on", sa.Date(), nullable=False),
        sa.Column("source", sa.String(), nullable=False),
        sa.Column("recorded_at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_outbreaks")),
        sa.UniqueConstraint(
            "village", "disease", "found_on", name=op.f("uq_outbreaks_village_disease_found_on")
        ),
    )
    with op.batch_alter_table("outbreaks", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_outbreaks_village"), ["village"], unique=False)

    op.create_table(
        "revisit_draws",
        sa.Column("id", ID, nullable=False),
        sa.Column("region", REGION, nullable=False),
        sa.Column("first_day", sa.Date(), nullable=False),
        sa.Column("last_day", sa.Date(), nullable=False),
        sa.Column("permille", sa.BigInteger(), nullable=False),
        sa.Column(
            "source",
            sa.Enum("public", "agreed", name="seedsource", native_enum=False, length=32),
            nullable=False,
        ),
        sa.Column("source_words", sa.String(), nullable=False),
        sa.Column("seed", sa.String(), nullable=False),
        sa.Column("announced_at", MOMENT, nullable=False),
        sa.Column("drawn_at", MOMENT, nullable=True),
        sa.Column("among", sa.BigInteger(), nullable=False),
        sa.Column("digest", sa.String(), nullable=False),
        sa.Column("population", sa.LargeBinary(), nullable=False),
        sa.Column("by_id", ID, nullable=False),
        sa.Column("by_name", sa.String(), nullable=False),
        sa.CheckConstraint("last_day >= first_day", name=op.f("ck_revisit_draws_days")),
        sa.CheckConstraint("permille BETWEEN 1 AND 1000", name=op.f("ck_revisit_draws_permille")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_revisit_draws")),
    )
    with op.batch_alter_table("revisit_draws", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_revisit_draws_region"), ["region"], unique=False)

    op.create_table(
        "vaccine_stores",
        sa.Column("id", ID, nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("region", REGION, nullable=False),
        sa.Column("is_active", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_vaccine_stores")),
    )
    with op.batch_alter_table("vaccine_stores", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_vaccine_stores_region"), ["region"], unique=False)

    op.create_table(
        "campaigns",
        sa.Column("id", ID, nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column(
            "disease",
            sa.Enum(
                "pmk",
                "lsd",
                "se",
                "anthrax",
                "brucellosis",
                "rabies",
                "jembrana",
                name="disease",
                native_enum=False,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("product_id", ID, nullable=True),
        sa.Column("region", REGION, nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=False),
        sa.Column("goal_percent", sa.BigInteger(), nullable=False),
        sa.Column("basis", sa.String(), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "planned", "open", "closed", name="campaignstate", native_enum=False, length=32
            ),
            nullable=False,
        ),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.CheckConstraint("ends_on >= starts_on", name=op.f("ck_campaigns_days")),
        sa.CheckConstraint(
            "goal_percent BETWEEN 1 AND 100", name=op.f("ck_campaigns_goal_percent")
        ),
        sa.ForeignKeyConstraint(
            ["product_id"], ["vaccine_products.id"], name=op.f("fk_campaigns_product_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_campaigns")),
    )
    with op.batch_alter_table("campaigns", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_campaigns_region"), ["region"], unique=False)

    op.create_table(
        "vaccine_destructions",
        sa.Column("id", ID, nullable=False),
        sa.Column("number", sa.String(), nullable=False),
        sa.Column("store_id", ID, nullable=False),
        sa.Column("destroyed_on", sa.Date(), nullable=False),
        sa.Column("place", sa.String(), nullable=False),
        sa.Column("method", sa.String(), nullable=False),
        sa.Column("witnesses", sa.String(), nullable=False),
        sa.Column("by_id", ID, nullable=False),
        sa.Column("by_name", sa.String(), nullable=False),
        sa.Column("recorded_at", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(
            ["store_id"], ["vaccine_stores.id"], name=op.f("fk_vaccine_destructions_store_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_vaccine_destructions")),
        sa.UniqueConstraint("number", name=op.f("uq_vaccine_destructions_number")),
    )
    op.create_table(
        "vaccine_lots",
        sa.Column("id", ID, nullable=False),
        sa.Column("product_id", ID, nullable=False),
        sa.Column("number", sa.String(), nullable=False),
        sa.Column("expires_on", sa.Date(), nullable=False),
        sa.ForeignKeyConstraint(
            ["product_id"], ["vaccine_products.id"], name=op.f("fk_vaccine_lots_product_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_vaccine_lots")),
        sa.UniqueConstraint("product_id", "number", name=op.f("uq_vaccine_lots_product_id_number")),
    )
    op.create_table(
        "vaccine_product_doses",
        sa.Column("id", ID, nullable=False),
        sa.Column("product_id", ID, nullable=False),
        sa.Column(
            "species",
            sa.Enum(
                "cattle",
                "buffalo",
                "horse",
                "goat",
                "sheep",
                "pig",
                name="species",
                native_enum=False,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("microlitres", sa.BigInteger(), nullable=False),
        sa.CheckConstraint("microlitres > 0", name=op.f("ck_vaccine_product_doses_microlitres")),
        sa.ForeignKeyConstraint(
            ["product_id"],
            ["vaccine_products.id"],
            name=op.f("fk_vaccine_product_doses_product_id"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_vaccine_product_doses")),
        sa.UniqueConstraint(
            "product_id", "species", name=op.f("uq_vaccine_product_doses_product_id_species")
        ),
    )
    op.create_table(
        "campaign_team",
        sa.Column("id", ID, nullable=False),
        sa.Column("campaign_id", ID, nullable=False),
        sa.Column("user_id", ID, nullable=False),
        sa.Column(
            "role",
            sa.Enum(
                "vaccinator",
                "marker",
                "recorder",
                "waste",
                name="teamrole",
                native_enum=False,
                length=32,
            ),
            nullable=False,
        ),
        sa.ForeignKeyConstraint(
            ["campaign_id"], ["campaigns.id"], name=op.f("fk_campaign_team_campaign_id")
        ),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_campaign_team_user_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_campaign_team")),
        sa.UniqueConstraint(
            "campaign_id", "user_id", "role", name=op.f("uq_campaign_team_campaign_id_user_id_role")
        ),
    )
    with op.batch_alter_table("campaign_team", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_campaign_team_campaign_id"), ["campaign_id"], unique=False
        )
        batch_op.create_index(batch_op.f("ix_campaign_team_user_id"), ["user_id"], unique=False)

    op.create_table(
        "campaign_villages",
        sa.Column("id", ID, nullable=False),
        sa.Column("campaign_id", ID, nullable=False),
        sa.Column("village", REGION, nullable=False),
        sa.Column("target_heads", sa.BigInteger(), nullable=False),
        sa.Column("planned_on", sa.Date(), nullable=True),
        sa.CheckConstraint("target_heads >= 0", name=op.f("ck_campaign_villages_target_heads")),
        sa.ForeignKeyConstraint(
            ["campaign_id"], ["campaigns.id"], name=op.f("fk_campaign_villages_campaign_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_campaign_villages")),
        sa.UniqueConstraint(
            "campaign_id", "village", name=op.f("uq_campaign_villages_campaign_id_village")
        ),
    )
    with op.batch_alter_table("campaign_villages", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_campaign_villages_village"), ["village"], unique=False)

    op.create_table(
        "cold_readings",
        sa.Column("id", ID, nullable=False),
        sa.Column("store_id", ID, nullable=True),
        sa.Column("officer_id", ID, nullable=True),
        sa.Column("tenths", sa.BigInteger(), nullable=False),
        sa.Column("read_at", MOMENT, nullable=False),
        sa.Column("note", sa.String(), nullable=False),
        sa.Column("region", REGION, nullable=False),
        sa.Column("by_id", ID, nullable=False),
        sa.Column("by_name", sa.String(), nullable=False),
        sa.Column("recorded_at", MOMENT, nullable=False),
        sa.CheckConstraint(
            "(store_id IS NULL) <> (officer_id IS NULL)", name=op.f("ck_cold_readings_place")
        ),
        sa.ForeignKeyConstraint(
            ["officer_id"], ["users.id"], name=op.f("fk_cold_readings_officer_id")
        ),
        sa.ForeignKeyConstraint(
            ["store_id"], ["vaccine_stores.id"], name=op.f("fk_cold_readings_store_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_cold_readings")),
    )
    with op.batch_alter_table("cold_readings", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_cold_readings_officer_id"), ["officer_id"], unique=False
        )
        batch_op.create_index(batch_op.f("ix_cold_readings_region"), ["region"], unique=False)
        batch_op.create_index(batch_op.f("ix_cold_readings_store_id"), ["store_id"], unique=False)

    op.create_table(
        "field_devices",
        sa.Column("id", ID, nullable=False),
        sa.Column("user_id", ID, nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("platform", sa.String(), nullable=False),
        sa.Column("token_digest", sa.LargeBinary(), nullable=False),
        sa.Column("public_key", sa.LargeBinary(), nullable=False),
        sa.Column("recovery_sealed", sa.LargeBinary(), nullable=False),
        sa.Column("app_version", sa.String(), nullable=False),
        sa.Column("enrolled_at", MOMENT, nullable=False),
        sa.Column("expires_at", MOMENT, nullable=False),
        sa.Column("seen_at", MOMENT, nullable=False),
        sa.Column("highest_seq", sa.BigInteger(), nullable=False),
        sa.Column("last_hash", sa.LargeBinary(), nullable=False),
        sa.Column("last_at", MOMENT, nullable=True),
        sa.Column("gaps", sa.JSON(), nullable=False),
        sa.Column("unsent", sa.BigInteger(), nullable=True),
        sa.Column("revoked_at", MOMENT, nullable=True),
        sa.Column("revoked_by_name", sa.String(), nullable=False),
        sa.Column("wiped_at", MOMENT, nullable=True),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_field_devices_user_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_field_devices")),
        sa.UniqueConstraint("token_digest", name=op.f("uq_field_devices_token_digest")),
    )
    with op.batch_alter_table("field_devices", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_field_devices_user_id"), ["user_id"], unique=False)

    op.create_table(
        "vaccine_holdings",
        sa.Column("id", ID, nullable=False),
        sa.Column("lot_id", ID, nullable=False),
        sa.Column("store_id", ID, nullable=True),
        sa.Column("officer_id", ID, nullable=True),
        sa.Column("doses", sa.BigInteger(), nullable=False),
        sa.CheckConstraint(
            "(store_id IS NULL) <> (officer_id IS NULL)", name=op.f("ck_vaccine_holdings_place")
        ),
        sa.CheckConstraint(
            "officer_id IS NOT NULL OR doses >= 0", name=op.f("ck_vaccine_holdings_doses")
        ),
        sa.ForeignKeyConstraint(
            ["lot_id"], ["vaccine_lots.id"], name=op.f("fk_vaccine_holdings_lot_id")
        ),
        sa.ForeignKeyConstraint(
            ["officer_id"], ["users.id"], name=op.f("fk_vaccine_holdings_officer_id")
        ),
        sa.ForeignKeyConstraint(
            ["store_id"], ["vaccine_stores.id"], name=op.f("fk_vaccine_holdings_store_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_vaccine_holdings")),
    )
    with op.batch_alter_table("vaccine_holdings", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_vaccine_holdings_officer_id"), ["officer_id"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_vaccine_holdings_store_id"), ["store_id"], unique=False
        )
        batch_op.create_index("uq_vaccine_holdings_officer", ["lot_id", "officer_id"], unique=True)
        batch_op.create_index("uq_vaccine_holdings_store", ["lot_id", "store_id"], unique=True)

    op.create_table(
        "visit_results",
        sa.Column("id", ID, nullable=False),
        sa.Column("campaign_id", ID, nullable=True),
        sa.Column(
            "disease",
            sa.Enum(
                "pmk",
                "lsd",
                "se",
                "anthrax",
                "brucellosis",
                "rabies",
                "jembrana",
                name="disease",
                native_enum=False,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("village", REGION, nullable=False),
        sa.Column("animal_id", ID, nullable=True),
        sa.Column("keeper_id", ID, nullable=True),
        sa.Column(
            "species",
            sa.Enum(
                "cattle",
                "buffalo",
                "horse",
                "goat",
                "sheep",
                "pig",
                name="species",
                native_enum=False,
                length=32,
            ),
            nullable=True,
        ),
        sa.Column("heads", sa.BigInteger(), nullable=False),
        sa.Column(
            "outcome",
            sa.Enum(
                "refused", "absent", "not-caught", name="outcome", native_enum=False, length=32
            ),
            nullable=False,
        ),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("found_at", MOMENT, nullable=False),
        sa.Column("found_on", sa.Date(), nullable=False),
        sa.Column("next_visit", sa.Date(), nullable=True),
        sa.Column(
            "standing",
            sa.Enum("counts", "double", "withdrawn", name="standing", native_enum=False, length=32),
            nullable=False,
        ),
        sa.Column("by_id", ID, nullable=False),
        sa.Column("by_name", sa.String(), nullable=False),
        sa.Column("recorded_at", MOMENT, nullable=False),
        sa.CheckConstraint(
            "animal_id IS NOT NULL OR species IS NOT NULL", name=op.f("ck_visit_results_species")
        ),
        sa.CheckConstraint("animal_id IS NULL OR heads = 1", name=op.f("ck_visit_results_animal")),
        sa.CheckConstraint("heads > 0", name=op.f("ck_visit_results_heads")),
        sa.ForeignKeyConstraint(
            ["animal_id"], ["animals.id"], name=op.f("fk_visit_results_animal_id")
        ),
        sa.ForeignKeyConstraint(
            ["campaign_id"], ["campaigns.id"], name=op.f("fk_visit_results_campaign_id")
        ),
        sa.ForeignKeyConstraint(
            ["keeper_id"], ["keepers.id"], name=op.f("fk_visit_results_keeper_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_visit_results")),
    )
    with op.batch_alter_table("visit_results", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_visit_results_animal_id"), ["animal_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_visit_results_by_id"), ["by_id"], unique=False)
        batch_op.create_index(
            batch_op.f("ix_visit_results_campaign_id"), ["campaign_id"], unique=False
        )
        batch_op.create_index(batch_op.f("ix_visit_results_keeper_id"), ["keeper_id"], unique=False)
        batch_op.create_index(
            batch_op.f("ix_visit_results_next_visit"), ["next_visit"], unique=False
        )
        batch_op.create_index(
            "ix_visit_results_village", ["village", "disease", "found_on"], unique=False
        )

    op.create_table(
        "dose_moves",
        sa.Column("id", ID, nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "received",
                "transferred",
                "issued",
                "returned",
                "used",
                "wasted",
                "destroyed",
                "counted",
                name="movekind",
                native_enum=False,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("lot_id", ID, nullable=False),
        sa.Column("from_holding_id", ID, nullable=True),
        sa.Column("to_holding_id", ID, nullable=True),
        sa.Column("doses", sa.BigInteger(), nullable=False),
        sa.Column(
            "reason",
            sa.Enum(
                "broken",
                "animal-fought",
                "opened-too-long",
                "too-warm",
                "frozen",
                "expired",
                "other",
                name="wastereason",
                native_enum=False,
                length=32,
            ),
            nullable=True,
        ),
        sa.Column("note", sa.String(), nullable=False),
        sa.Column("paper", sa.String(), nullable=False),
        sa.Column("act_id", ID, nullable=True),
        sa.Column("minutes_id", ID, nullable=True),
        sa.Column("region", REGION, nullable=False),
        sa.Column("moved_on", sa.Date(), nullable=False),
        sa.Column("by_id", ID, nullable=False),
        sa.Column("by_name", sa.String(), nullable=False),
        sa.Column("recorded_at", MOMENT, nullable=False),
        sa.CheckConstraint("doses > 0", name=op.f("ck_dose_moves_doses")),
        sa.CheckConstraint(
            "from_holding_id IS NOT NULL OR to_holding_id IS NOT NULL",
            name=op.f("ck_dose_moves_somewhere"),
        ),
        sa.ForeignKeyConstraint(
            ["act_id"], ["vaccination_acts.id"], name=op.f("fk_dose_moves_act_id")
        ),
        sa.ForeignKeyConstraint(
            ["from_holding_id"], ["vaccine_holdings.id"], name=op.f("fk_dose_moves_from_holding_id")
        ),
        sa.ForeignKeyConstraint(["lot_id"], ["vaccine_lots.id"], name=op.f("fk_dose_moves_lot_id")),
        sa.ForeignKeyConstraint(
            ["minutes_id"], ["vaccine_destructions.id"], name=op.f("fk_dose_moves_minutes_id")
        ),
        sa.ForeignKeyConstraint(
            ["to_holding_id"], ["vaccine_holdings.id"], name=op.f("fk_dose_moves_to_holding_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_dose_moves")),
    )
    with op.batch_alter_table("dose_moves", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_dose_moves_act_id"), ["act_id"], unique=False)
        batch_op.create_index(
            batch_op.f("ix_dose_moves_from_holding_id"), ["from_holding_id"], unique=False
        )
        batch_op.create_index(batch_op.f("ix_dose_moves_lot_id"), ["lot_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_dose_moves_region"), ["region"], unique=False)
        batch_op.create_index(
            batch_op.f("ix_dose_moves_to_holding_id"), ["to_holding_id"], unique=False
        )

    op.create_table(
        "field_records",
        sa.Column("id", ID, nullable=False),
        sa.Column("device_id", ID, nullable=False),
        sa.Column("seq", sa.BigInteger(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("schema_version", sa.BigInteger(), nullable=False),
        sa.Column("author_id", ID, nullable=False),
        sa.Column("plain", sa.String(), nullable=False),
        sa.Column("hidden_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("hash", sa.LargeBinary(), nullable=False),
        sa.Column("previous", sa.LargeBinary(), nullable=False),
        sa.Column("device_at", MOMENT, nullable=True),
        sa.Column("sent_at", MOMENT, nullable=True),
        sa.Column("received_at", MOMENT, nullable=False),
        sa.Column("batch_id", ID, nullable=False),
        sa.Column(
            "way", sa.Enum("sync", "file", name="way", native_enum=False, length=32), nullable=False
        ),
        sa.Column(
            "verdict",
            sa.Enum(
                "accepted",
                "review",
                "conflict",
                "rejected",
                name="verdict",
                native_enum=False,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("facts", sa.JSON(), nullable=False),
        sa.Column("claims_id", ID, nullable=True),
        sa.Column("region", REGION, nullable=False),
        sa.ForeignKeyConstraint(
            ["device_id"], ["field_devices.id"], name=op.f("fk_field_records_device_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_field_records")),
    )
    with op.batch_alter_table("field_records", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_field_records_author_id"), ["author_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_field_records_batch_id"), ["batch_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_field_records_claims_id"), ["claims_id"], unique=False)
        batch_op.create_index("ix_field_records_device_seq", ["device_id", "seq"], unique=False)
        batch_op.create_index(
            batch_op.f("ix_field_records_received_at"), ["received_at"], unique=False
        )

    op.create_table(
        "field_resends",
        sa.Column("id", ID, nullable=False),
        sa.Column("device_id", ID, nullable=False),
        sa.Column("from_seq", sa.BigInteger(), nullable=False),
        sa.Column("asked_at", MOMENT, nullable=False),
        sa.Column("asked_by_name", sa.String(), nullable=False),
        sa.Column("done_at", MOMENT, nullable=True),
        sa.ForeignKeyConstraint(
            ["device_id"], ["field_devices.id"], name=op.f("fk_field_resends_device_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_field_resends")),
    )
    with op.batch_alter_table("field_resends", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_field_resends_device_id"), ["device_id"], unique=False)

    op.create_table(
        "head_counts",
        sa.Column("id", ID, nullable=False),
        sa.Column("act_id", ID, nullable=False),
        sa.Column(
            "disease",
            sa.Enum(
                "pmk",
                "lsd",
                "se",
                "anthrax",
                "brucellosis",
                "rabies",
                "jembrana",
                name="disease",
                native_enum=False,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("village", REGION, nullable=False),
        sa.Column("keeper_id", ID, nullable=True),
        sa.Column(
            "species",
            sa.Enum(
                "cattle",
                "buffalo",
                "horse",
                "goat",
                "sheep",
                "pig",
                name="species",
                native_enum=False,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("heads", sa.BigInteger(), nullable=False),
        sa.Column("given_at", MOMENT, nullable=False),
        sa.Column("given_on", sa.Date(), nullable=False),
        sa.Column(
            "standing",
            sa.Enum("counts", "double", "withdrawn", name="standing", native_enum=False, length=32),
            nullable=False,
        ),
        sa.Column("by_id", ID, nullable=False),
        sa.Column("by_name", sa.String(), nullable=False),
        sa.Column("recorded_at", MOMENT, nullable=False),
        sa.CheckConstraint("heads > 0", name=op.f("ck_head_counts_heads")),
        sa.ForeignKeyConstraint(
            ["act_id"], ["vaccination_acts.id"], name=op.f("fk_head_counts_act_id")
        ),
        sa.ForeignKeyConstraint(
            ["keeper_id"], ["keepers.id"], name=op.f("fk_head_counts_keeper_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_head_counts")),
    )
    with op.batch_alter_table("head_counts", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_head_counts_act_id"), ["act_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_head_counts_keeper_id"), ["keeper_id"], unique=False)
        batch_op.create_index(
            "ix_head_counts_village", ["village", "disease", "given_on"], unique=False
        )

    op.create_table(
        "vaccination_confirmations",
        sa.Column("id", ID, nullable=False),
        sa.Column("act_id", ID, nullable=False),
        sa.Column("keeper_id", ID, nullable=False),
        sa.Column("token_digest", sa.LargeBinary(), nullable=True),
        sa.Column("asked_at", MOMENT, nullable=False),
        sa.Column("expires_at", MOMENT, nullable=True),
        sa.Column("wrong_checks", sa.BigInteger(), nullable=False),
        sa.Column("says_yes", sa.Boolean(), nullable=True),
        sa.Column("words", sa.String(), nullable=False),
        sa.Column(
            "channel",
            sa.Enum("account", "link", "officer", name="channel", native_enum=False, length=32),
            nullable=True,
        ),
        sa.Column("answered_at", MOMENT, nullable=True),
        sa.Column("answered_by_id", ID, nullable=True),
        sa.ForeignKeyConstraint(
            ["act_id"], ["vaccination_acts.id"], name=op.f("fk_vaccination_confirmations_act_id")
        ),
        sa.ForeignKeyConstraint(
            ["keeper_id"], ["keepers.id"], name=op.f("fk_vaccination_confirmations_keeper_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_vaccination_confirmations")),
        sa.UniqueConstraint(
            "act_id", "keeper_id", name=op.f("uq_vaccination_confirmations_act_id_keeper_id")
        ),
        sa.UniqueConstraint("token_digest", name=op.f("uq_vaccination_confirmations_token_digest")),
    )
    with op.batch_alter_table("vaccination_confirmations", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_vaccination_confirmations_keeper_id"), ["keeper_id"], unique=False
        )

    op.create_table(
        "vaccination_findings",
        sa.Column("id", ID, nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "double",
                "lot-unknown",
                "lot-expired",
                "stock-short",
                "too-young",
                "pregnant",
                "too-fast",
                "elsewhere",
                "only-typed",
                "not-present",
                "owner-denies",
                "not-found-again",
                "clock",
                "late",
                "chain",
                name="findingkind",
                native_enum=False,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("subject_id", ID, nullable=False),
        sa.Column("act_id", ID, nullable=True),
        sa.Column("animal_id", ID, nullable=True),
        sa.Column("officer_id", ID, nullable=False),
        sa.Column("officer_name", sa.String(), nullable=False),
        sa.Column("region", REGION, nullable=False),
        sa.Column("facts", sa.JSON(), nullable=False),
        sa.Column("raised_at", MOMENT, nullable=False),
        sa.Column("settled_at", MOMENT, nullable=True),
        sa.Column("settled_by_id", ID, nullable=True),
        sa.Column("settled_by_name", sa.String(), nullable=False),
        sa.Column(
            "decision",
            sa.Enum(
                "explained",
                "mended",
                "proven",
                "other-counts",
                "taken-back",
                name="outcome",
                native_enum=False,
                length=32,
            ),
            nullable=True,
        ),
        sa.Column("words", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["act_id"], ["vaccination_acts.id"], name=op.f("fk_vaccination_findings_act_id")
        ),
        sa.ForeignKeyConstraint(
            ["animal_id"], ["animals.id"], name=op.f("fk_vaccination_findings_animal_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_vaccination_findings")),
    )
    with op.batch_alter_table("vaccination_findings", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_vaccination_findings_act_id"), ["act_id"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_vaccination_findings_animal_id"), ["animal_id"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_vaccination_findings_officer_id"), ["officer_id"], unique=False
        )
        batch_op.create_index(
            "ix_vaccination_findings_open", ["settled_at", "region"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_vaccination_findings_subject_id"), ["subject_id"], unique=False
        )
        batch_op.create_index(
            "uq_vaccination_findings_kind_subject", ["kind", "subject_id"], unique=True
        )

    op.create_table(
        "field_reviews",
        sa.Column("id", ID, nullable=False),
        sa.Column("record_id", ID, nullable=False),
        sa.Column("region", REGION, nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("facts", sa.JSON(), nullable=False),
        sa.Column("opened_at", MOMENT, nullable=False),
        sa.Column("decided_at", MOMENT, nullable=True),
        sa.Column("decided_by_id", ID, nullable=True),
        sa.Column("decided_by_name", sa.String(), nullable=False),
        sa.Column(
            "decision",
            sa.Enum("taken", "refused", name="decision", native_enum=False, length=32),
            nullable=True,
        ),
        sa.Column("note", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["record_id"], ["field_records.id"], name=op.f("fk_field_reviews_record_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_field_reviews")),
        sa.UniqueConstraint("record_id", name=op.f("uq_field_reviews_record_id")),
    )
    with op.batch_alter_table("field_reviews", schema=None) as batch_op:
        batch_op.create_index("ix_field_reviews_open", ["decided_at", "region"], unique=False)

    op.create_table(
        "revisits",
        sa.Column("id", ID, nullable=False),
        sa.Column("draw_id", ID, nullable=False),
        sa.Column("vaccination_id", ID, nullable=False),
        sa.Column(
            "result",
            sa.Enum(
                "confirmed",
                "not-vaccinated",
                "not-found",
                name="revisitresult",
                native_enum=False,
                length=32,
            ),
            nullable=True,
        ),
        sa.Column("note", sa.String(), nullable=False),
        sa.Column("visited_on", sa.Date(), nullable=True),
        sa.Column("by_id", ID, nullable=True),
        sa.Column("by_name", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["draw_id"], ["revisit_draws.id"], name=op.f("fk_revisits_draw_id")
        ),
        sa.ForeignKeyConstraint(
            ["vaccination_id"], ["vaccinations.id"], name=op.f("fk_revisits_vaccination_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_revisits")),
        sa.UniqueConstraint(
            "draw_id", "vaccination_id", name=op.f("uq_revisits_draw_id_vaccination_id")
        ),
    )
    with op.batch_alter_table("revisits", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_revisits_vaccination_id"), ["vaccination_id"], unique=False
        )

    op.create_table(
        "vaccine_reactions",
        sa.Column("id", ID, nullable=False),
        sa.Column("animal_id", ID, nullable=False),
        sa.Column("vaccination_id", ID, nullable=True),
        sa.Column("signs", sa.String(), nullable=False),
        sa.Column(
            "severity",
            sa.Enum("mild", "severe", "died", name="severity", native_enum=False, length=32),
            nullable=False,
        ),
        sa.Column("treatment", sa.String(), nullable=False),
        sa.Column("began_at", MOMENT, nullable=False),
        sa.Column("village", REGION, nullable=False),
        sa.Column("by_id", ID, nullable=False),
        sa.Column("by_name", sa.String(), nullable=False),
        sa.Column("recorded_at", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(
            ["animal_id"], ["animals.id"], name=op.f("fk_vaccine_reactions_animal_id")
        ),
        sa.ForeignKeyConstraint(
            ["vaccination_id"],
            ["vaccinations.id"],
            name=op.f("fk_vaccine_reactions_vaccination_id"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_vaccine_reactions")),
    )
    with op.batch_alter_table("vaccine_reactions", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_vaccine_reactions_animal_id"), ["animal_id"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_vaccine_reactions_vaccination_id"), ["vaccination_id"], unique=False
        )
        batch_op.create_index(batch_op.f("ix_vaccine_reactions_village"), ["village"], unique=False)

    with op.batch_alter_table("vaccination_acts") as batch_op:
        batch_op.add_column(sa.Column("lot_id", ID, nullable=True))
        batch_op.add_column(sa.Column("campaign_id", ID, nullable=True))
        batch_op.create_index("ix_vaccination_acts_campaign_id", ["campaign_id"])
        batch_op.create_index("ix_vaccination_acts_lot_id", ["lot_id"])
        batch_op.create_foreign_key(
            "fk_vaccination_acts_lot_id", "vaccine_lots", ["lot_id"], ["id"]
        )
        batch_op.create_foreign_key(
            "fk_vaccination_acts_campaign_id", "campaigns", ["campaign_id"], ["id"]
        )

    with op.batch_alter_table("vaccinations") as batch_op:
        batch_op.add_column(sa.Column("village", REGION, nullable=True))
        batch_op.add_column(sa.Column("given_at", MOMENT, nullable=True))
        batch_op.add_column(
            sa.Column(
                "standing",
                sa.Enum(
                    "counts", "double", "withdrawn", name="standing", native_enum=False, length=32
                ),
                nullable=True,
            )
        )
        batch_op.add_column(
            sa.Column(
                "read_by",
                sa.Enum("scan", "typed", name="readby", native_enum=False, length=32),
                nullable=True,
            )
        )
        for name in ("latitude", "longitude", "accuracy_m"):
            batch_op.add_column(sa.Column(name, sa.Double(), nullable=True))
    op.execute(FILLED)
    op.execute(ONE_COUNTS)
    with op.batch_alter_table("vaccinations") as batch_op:
        for name in ("village", "given_at", "standing"):
            batch_op.alter_column(name, nullable=False)
        batch_op.drop_constraint("uq_vaccinations_act_id_animal_id", type_="unique")
        batch_op.drop_column("is_double")
    op.create_index("ix_vaccinations_village", "vaccinations", ["village", "disease", "given_on"])
    op.create_index(
        "uq_vaccinations_counting",
        "vaccinations",
        ["animal_id", "disease", "given_on"],
        unique=True,
        postgresql_where=sa.text("standing = 'counts'"),
        sqlite_where=sa.text("standing = 'counts'"),
    )

    with op.batch_alter_table("vaccine_products") as batch_op:
        for name in ("least_age_days", "doses_per_vial", "coldest", "warmest"):
            batch_op.add_column(sa.Column(name, sa.BigInteger(), nullable=True))
        batch_op.add_column(
            sa.Column(
                "pregnancy",
                sa.Enum(
                    "allowed", "avoid", "forbidden",
                    name="pregnancyadvice", native_enum=False, length=32,
                ),
                nullable=True,
            )
        )  # fmt: skip
        batch_op.add_column(
            sa.Column(
                "route",
                sa.Enum("im", "sc", name="route", native_enum=False, length=32),
                nullable=True,
            )
        )
