"""the house."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


ID = sa.Uuid().with_variant(sa.LargeBinary(16), "sqlite")
REGION = sa.String(13).with_variant(sa.String(13, collation="C"), "postgresql")
MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "commands",
        sa.Column("id", ID, nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("digest", sa.LargeBinary(), nullable=False),
        sa.Column("actor_id", ID, nullable=False),
        sa.Column("done_at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_commands")),
    )
    op.create_table(
        "destination_rules",
        sa.Column("id", ID, nullable=False),
        sa.Column("region", REGION, nullable=False),
        sa.Column("requires_rbt", sa.Boolean(), nullable=False),
        sa.Column("vaccines", sa.JSON(), nullable=False),
        sa.Column("is_closed", sa.Boolean(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("source", sa.String(), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("valid_until", sa.Date(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_destination_rules")),
        sa.UniqueConstraint(
            "region", "valid_from", name=op.f("uq_destination_rules_region_valid_from")
        ),
    )
    with op.batch_alter_table("destination_rules", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_destination_rules_region"), ["region"], unique=False)

    op.create_table(
        "events",
        sa.Column("id", ID, nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("subject_type", sa.String(), nullable=False),
        sa.Column("subject_id", ID, nullable=False),
        sa.Column("region", REGION, nullable=False),
        sa.Column("actor_id", ID, nullable=False),
        sa.Column("actor_name", sa.String(), nullable=False),
        sa.Column("happened_at", MOMENT, nullable=False),
        sa.Column("facts", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_events")),
    )
    with op.batch_alter_table("events", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_events_actor_id"), ["actor_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_events_name"), ["name"], unique=False)
        batch_op.create_index(batch_op.f("ix_events_region"), ["region"], unique=False)
        batch_op.create_index(batch_op.f("ix_events_subject_id"), ["subject_id"], unique=False)

    op.create_table(
        "import_batches",
        sa.Column("id", ID, nullable=False),
        sa.Column("digest", sa.LargeBinary(), nullable=False),
        sa.Column("file_name", sa.String(), nullable=False),
        sa.Column("region", REGION, nullable=False),
        sa.Column("animals", sa.BigInteger(), nullable=False),
        sa.Column("new_keepers", sa.BigInteger(), nullable=False),
        sa.Column("imported_at", MOMENT, nullable=False),
        sa.Column("imported_by", ID, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_import_batches")),
        sa.UniqueConstraint("digest", name=op.f("uq_import_batches_digest")),
    )
    with op.batch_alter_table("import_batches", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_import_batches_region"), ["region"], unique=False)

    op.create_table(
        "keepers",
        sa.Column("id", ID, nullable=False),
        sa.Column(
            "kind",
            sa.Enum("person", "firm", name="keeperkind", native_enum=False, length=32),
            nullable=False,
        ),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("name_key", sa.String(), nullable=False),
        sa.Column("village", REGION, nullable=False),
        sa.Column("hamlet", sa.String(), nullable=False),
        sa.Column("birth_date", sa.Date(), nullable=True),
        sa.Column("nik_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("nik_lookup", sa.LargeBinary(), nullable=True),
        sa.Column("nik_tail", sa.String(), nullable=False),
        sa.Column("phone_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("phone_lookup", sa.LargeBinary(), nullable=True),
        sa.Column("nib", sa.String(), nullable=True),
        sa.Column("registered_at", MOMENT, nullable=False),
        sa.CheckConstraint(
            "(kind = 'person' AND nik_lookup IS NOT NULL) OR (kind = 'firm' AND nib IS NOT NULL)",
            name=op.f("ck_keepers_number"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_keepers")),
        sa.UniqueConstraint("nib", name=op.f("uq_keepers_nib")),
        sa.UniqueConstraint("nik_lookup", name=op.f("uq_keepers_nik_lookup")),
    )
    with op.batch_alter_table("keepers", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_keepers_name_key"), ["name_key"], unique=False)
        batch_op.create_index(batch_op.f("ix_keepers_phone_lookup"), ["phone_lookup"], unique=False)
        batch_op.create_index(batch_op.f("ix_keepers_village"), ["village"], unique=False)

    op.create_table(
        "label_sheets",
        sa.Column("id", ID, nullable=False),
        sa.Column("region", REGION, nullable=False),
        sa.Column("layout", sa.String(), nullable=False),
        sa.Column("printed_at", MOMENT, nullable=False),
        sa.Column("printed_by", ID, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_label_sheets")),
    )
    with op.batch_alter_table("label_sheets", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_label_sheets_region"), ["region"], unique=False)

    op.create_table(
        "number_series",
        sa.Column("id", ID, nullable=False),
        sa.Column("series", sa.String(), nullable=False),
        sa.Column("year", sa.BigInteger(), nullable=False),
        sa.Column("last_no", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_number_series")),
        sa.UniqueConstraint("series", "year", name=op.f("uq_number_series_series_year")),
    )
    op.create_table(
        "payment_attempts",
        sa.Column("id", ID, nullable=False),
        sa.Column("ref", sa.String(), nullable=False),
        sa.Column("bill_id", ID, nullable=False),
        sa.Column("bill_number", sa.String(), nullable=False),
        sa.Column("region", REGION, nullable=False),
        sa.Column("adapter", sa.String(), nullable=False),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "created",
                "submitted",
                "pending",
                "unknown",
                "rejected",
                "expired",
                "cancelled",
                "succeeded",
                name="attemptstate",
                native_enum=False,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("instructions", sa.String(), nullable=False),
        sa.Column("started_by", ID, nullable=False),
        sa.Column("started_at", MOMENT, nullable=False),
        sa.Column("expires_at", MOMENT, nullable=False),
        sa.Column("ask_again_at", MOMENT, nullable=True),
        sa.Column("asked", sa.BigInteger(), nullable=False),
        sa.CheckConstraint("amount > 0", name=op.f("ck_payment_attempts_amount")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_payment_attempts")),
        sa.UniqueConstraint("ref", name=op.f("uq_payment_attempts_ref")),
    )
    with op.batch_alter_table("payment_attempts", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_payment_attempts_ask_again_at"), ["ask_again_at"], unique=False
        )
        batch_op.create_index(batch_op.f("ix_payment_attempts_bill_id"), ["bill_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_payment_attempts_state"), ["state"], unique=False)
        batch_op.create_index(
            "uq_payment_attempts_live",
            ["bill_id"],
            unique=True,
            sqlite_where=sa.text("state IN ('created', 'submitted', 'pending', 'unknown')"),
            postgresql_where=sa.text("state IN ('created', 'submitted', 'pending', 'unknown')"),
        )

    op.create_table(
        "permit_rules",
        sa.Column("id", ID, nullable=False),
        sa.Column("code", sa.String(), nullable=False),
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
        sa.Column(
            "purpose",
            sa.Enum("slaughter", "breeding", name="purpose", native_enum=False, length=32),
            nullable=False,
        ),
        sa.Column(
            "scope",
            sa.Enum("in-province", "out-of-province", name="scope", native_enum=False, length=32),
            nullable=False,
        ),
        sa.Column(
            "sex",
            sa.Enum("male", "female", name="sex", native_enum=False, length=32),
            nullable=True,
        ),
        sa.Column("min_weight_kg", sa.BigInteger(), nullable=True),
        sa.Column("vaccines", sa.JSON(none_as_null=True), nullable=True),
        sa.Column("legal_basis", sa.String(), nullable=False),
        sa.Column("source", sa.String(), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("valid_until", sa.Date(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_permit_rules")),
        sa.UniqueConstraint("code", "valid_from", name=op.f("uq_permit_rules_code_valid_from")),
    )
    op.create_table(
        "ports",
        sa.Column("id", ID, nullable=False),
        sa.Column("code", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("region", REGION, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ports")),
        sa.UniqueConstraint("code", name=op.f("uq_ports_code")),
    )
    op.create_table(
        "probe",
        sa.Column("id", ID, nullable=False),
        sa.Column("beat", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_probe")),
    )
    op.create_table(
        "regions",
        sa.Column("id", ID, nullable=False),
        sa.Column("code", REGION, nullable=False),
        sa.Column(
            "level",
            sa.Enum(
                "province",
                "regency",
                "city",
                "kecamatan",
                "desa",
                "kelurahan",
                name="level",
                native_enum=False,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("parent", REGION, nullable=False),
        sa.Column("postal", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_regions")),
        sa.UniqueConstraint("code", name=op.f("uq_regions_code")),
    )
    with op.batch_alter_table("regions", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_regions_parent"), ["parent"], unique=False)

    op.create_table(
        "sign_in_tries",
        sa.Column("id", ID, nullable=False),
        sa.Column("account", sa.LargeBinary(), nullable=False),
        sa.Column("origin", sa.LargeBinary(), nullable=False),
        sa.Column("device", sa.LargeBinary(), nullable=True),
        sa.Column("tried_at", MOMENT, nullable=False),
        sa.Column("succeeded", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sign_in_tries")),
    )
    with op.batch_alter_table("sign_in_tries", schema=None) as batch_op:
        batch_op.create_index("ix_sign_in_tries_account", ["account", "tried_at"], unique=False)
        batch_op.create_index("ix_sign_in_tries_origin", ["origin", "tried_at"], unique=False)

    op.create_table(
        "tariffs",
        sa.Column("id", ID, nullable=False),
        sa.Column("code", sa.String(), nullable=False),
        sa.Column("component", sa.String(), nullable=False),
        sa.Column("species", sa.String(), nullable=False),
        sa.Column(
            "applies",
            sa.Enum("always", "rbt", name="when", native_enum=False, length=32),
            nullable=False,
        ),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.Column("legal_basis", sa.String(), nullable=False),
        sa.Column("source", sa.String(), nullable=False),
        sa.Column("is_example", sa.Boolean(), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("valid_until", sa.Date(), nullable=True),
        sa.CheckConstraint("amount > 0", name=op.f("ck_tariffs_amount")),
        sa.CheckConstraint(
            "valid_until IS NULL OR valid_until >= valid_from", name=op.f("ck_tariffs_days")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_tariffs")),
        sa.UniqueConstraint("code", "valid_from", name=op.f("uq_tariffs_code_valid_from")),
    )
    op.create_table(
        "vaccine_products",
        sa.Column("id", ID, nullable=False),
        sa.Column("code", sa.String(), nullable=False),
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
        sa.Column("second_dose_days", sa.BigInteger(), nullable=True),
        sa.Column("interval_days", sa.BigInteger(), nullable=True),
        sa.Column("withdrawal_days", sa.BigInteger(), nullable=True),
        sa.Column("source", sa.String(), nullable=False),
        sa.Column("is_active", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_vaccine_products")),
        sa.UniqueConstraint("code", name=op.f("uq_vaccine_products_code")),
    )
    op.create_table(
        "animals",
        sa.Column("id", ID, nullable=False),
        sa.Column("keeper_id", ID, nullable=False),
        sa.Column("village", REGION, nullable=False),
        sa.Column("hamlet", sa.String(), nullable=False),
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
        sa.Column("breed", sa.String(), nullable=False),
        sa.Column(
            "sex",
            sa.Enum("male", "female", name="sex", native_enum=False, length=32),
            nullable=False,
        ),
        sa.Column("birth_date", sa.Date(), nullable=True),
        sa.Column(
            "birth_precision",
            sa.Enum("exact", "month", "estimated", name="precision", native_enum=False, length=32),
            nullable=True,
        ),
        sa.Column("teeth", sa.BigInteger(), nullable=True),
        sa.Column("colour", sa.String(), nullable=False),
        sa.Column("horns", sa.String(), nullable=False),
        sa.Column("ears", sa.String(), nullable=False),
        sa.Column("whorls", sa.String(), nullable=False),
        sa.Column("brand", sa.String(), nullable=False),
        sa.Column("special_marks", sa.String(), nullable=False),
        sa.Column("calvings", sa.BigInteger(), nullable=True),
        sa.Column("is_pregnant", sa.Boolean(), nullable=True),
        sa.Column(
            "verification",
            sa.Enum("seen", "declared", name="verification", native_enum=False, length=32),
            nullable=False,
        ),
        sa.Column("seen_at", MOMENT, nullable=True),
        sa.Column("seen_by", ID, nullable=True),
        sa.Column("registered_at", MOMENT, nullable=False),
        sa.Column("batch_id", ID, nullable=True),
        sa.CheckConstraint(
            "verification <> 'seen' OR seen_at IS NOT NULL", name=op.f("ck_animals_seen")
        ),
        sa.CheckConstraint("calvings BETWEEN 0 AND 20", name=op.f("ck_animals_calvings")),
        sa.CheckConstraint("teeth BETWEEN 0 AND 4", name=op.f("ck_animals_teeth")),
        sa.ForeignKeyConstraint(
            ["batch_id"], ["import_batches.id"], name=op.f("fk_animals_batch_id")
        ),
        sa.ForeignKeyConstraint(["keeper_id"], ["keepers.id"], name=op.f("fk_animals_keeper_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_animals")),
    )
    with op.batch_alter_table("animals", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_animals_batch_id"), ["batch_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_animals_keeper_id"), ["keeper_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_animals_village"), ["village"], unique=False)

    op.create_table(
        "collections",
        sa.Column("id", ID, nullable=False),
        sa.Column("adapter", sa.String(), nullable=False),
        sa.Column("money_id", sa.String(), nullable=False),
        sa.Column("ref", sa.String(), nullable=False),
        sa.Column("attempt_id", ID, nullable=True),
        sa.Column("bill_id", ID, nullable=True),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.Column("happened_at", MOMENT, nullable=False),
        sa.Column("seen_at", MOMENT, nullable=False),
        sa.Column(
            "trust",
            sa.Enum(
                "authenticated-query",
                "signed-push",
                "statement",
                "human",
                name="trust",
                native_enum=False,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("seen_by", ID, nullable=False),
        sa.CheckConstraint("amount > 0", name=op.f("ck_collections_amount")),
        sa.ForeignKeyConstraint(
            ["attempt_id"], ["payment_attempts.id"], name=op.f("fk_collections_attempt_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_collections")),
        sa.UniqueConstraint("adapter", "money_id", name=op.f("uq_collections_adapter_money_id")),
    )
    with op.batch_alter_table("collections", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_collections_attempt_id"), ["attempt_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_collections_bill_id"), ["bill_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_collections_ref"), ["ref"], unique=False)

    op.create_table(
        "deliveries",
        sa.Column("id", ID, nullable=False),
        sa.Column("event_id", ID, nullable=False),
        sa.Column("handler", sa.String(), nullable=False),
        sa.Column("attempts", sa.BigInteger(), nullable=False),
        sa.Column("try_again_at", MOMENT, nullable=False),
        sa.Column("done_at", MOMENT, nullable=True),
        sa.Column("last_error", sa.String(), nullable=True),
        sa.ForeignKeyConstraint(["event_id"], ["events.id"], name=op.f("fk_deliveries_event_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_deliveries")),
    )
    with op.batch_alter_table("deliveries", schema=None) as batch_op:
        batch_op.create_index("ix_deliveries_open", ["done_at", "try_again_at"], unique=False)

    op.create_table(
        "permits",
        sa.Column("id", ID, nullable=False),
        sa.Column("number", sa.String(), nullable=True),
        sa.Column("keeper_id", ID, nullable=False),
        sa.Column("applied_by", ID, nullable=False),
        sa.Column("region", REGION, nullable=False),
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
        sa.Column(
            "purpose",
            sa.Enum("slaughter", "breeding", name="purpose", native_enum=False, length=32),
            nullable=False,
        ),
        sa.Column("destination", REGION, nullable=False),
        sa.Column("destination_note", sa.String(), nullable=False),
        sa.Column("port", sa.String(), nullable=False),
        sa.Column("planned_on", sa.Date(), nullable=False),
        sa.Column("vehicle_plate", sa.String(), nullable=False),
        sa.Column("tags", sa.JSON(), nullable=False),
        sa.Column("sale_letter", sa.String(), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "draft",
                "submitted",
                "returned",
                "accepted",
                "inspected",
                "billed",
                "paid",
                "approved",
                "issued",
                "rejected",
                "cancelled",
                name="permitstate",
                native_enum=False,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("rule_id", ID, nullable=True),
        sa.Column("needs_rbt", sa.Boolean(), nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("submitted_at", MOMENT, nullable=True),
        sa.Column("inspected_by", ID, nullable=True),
        sa.Column("inspected_by_name", sa.String(), nullable=False),
        sa.Column("inspected_at", MOMENT, nullable=True),
        sa.Column("billed_by", ID, nullable=True),
        sa.Column("decided_by", ID, nullable=True),
        sa.Column("decided_by_name", sa.String(), nullable=False),
        sa.Column("decided_mandate", sa.String(), nullable=False),
        sa.Column("decided_at", MOMENT, nullable=True),
        sa.Column("issued_at", MOMENT, nullable=True),
        sa.Column("valid_until", sa.Date(), nullable=True),
        sa.Column("last_note", sa.String(), nullable=False),
        sa.CheckConstraint(
            "state <> 'issued' OR number IS NOT NULL", name=op.f("ck_permits_issued_has_a_number")
        ),
        sa.CheckConstraint(
            "applied_by <> inspected_by AND applied_by <> billed_by AND applied_by <> decided_by",
            name=op.f("ck_permits_applicant_is_no_officer"),
        ),
        sa.CheckConstraint("billed_by <> decided_by", name=op.f("ck_permits_biller_is_not_signer")),
        sa.CheckConstraint(
            "inspected_by <> billed_by", name=op.f("ck_permits_inspector_is_not_biller")
        ),
        sa.CheckConstraint(
            "inspected_by <> decided_by", name=op.f("ck_permits_inspector_is_not_signer")
        ),
        sa.ForeignKeyConstraint(["keeper_id"], ["keepers.id"], name=op.f("fk_permits_keeper_id")),
        sa.ForeignKeyConstraint(["rule_id"], ["permit_rules.id"], name=op.f("fk_permits_rule_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_permits")),
        sa.UniqueConstraint("number", name=op.f("uq_permits_number")),
    )
    with op.batch_alter_table("permits", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_permits_keeper_id"), ["keeper_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_permits_region"), ["region"], unique=False)
        batch_op.create_index(batch_op.f("ix_permits_state"), ["state"], unique=False)

    op.create_table(
        "skrd",
        sa.Column("id", ID, nullable=False),
        sa.Column("number", sa.String(), nullable=False),
        sa.Column("year", sa.BigInteger(), nullable=False),
        sa.Column("no", sa.BigInteger(), nullable=False),
        sa.Column("permit_id", ID, nullable=False),
        sa.Column("keeper_id", ID, nullable=False),
        sa.Column("payer_name", sa.String(), nullable=False),
        sa.Column("region", REGION, nullable=False),
        sa.Column("total", sa.BigInteger(), nullable=False),
        sa.Column(
            "state",
            sa.Enum("open", "paid", "cancelled", name="skrdstate", native_enum=False, length=32),
            nullable=False,
        ),
        sa.Column("issued_on", sa.Date(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("issued_by", ID, nullable=False),
        sa.Column("issued_by_name", sa.String(), nullable=False),
        sa.CheckConstraint("total > 0", name=op.f("ck_skrd_total")),
        sa.ForeignKeyConstraint(["keeper_id"], ["keepers.id"], name=op.f("fk_skrd_keeper_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_skrd")),
        sa.UniqueConstraint("number", name=op.f("uq_skrd_number")),
        sa.UniqueConstraint("permit_id", name=op.f("uq_skrd_permit_id")),
        sa.UniqueConstraint("year", "no", name=op.f("uq_skrd_year_no")),
    )
    with op.batch_alter_table("skrd", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_skrd_keeper_id"), ["keeper_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_skrd_region"), ["region"], unique=False)
        batch_op.create_index(batch_op.f("ix_skrd_state"), ["state"], unique=False)

    op.create_table(
        "users",
        sa.Column("id", ID, nullable=False),
        sa.Column("username", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("password_hash", sa.String(), nullable=False),
        sa.Column("password_changed_at", MOMENT, nullable=False),
        sa.Column("must_change_password", sa.Boolean(), nullable=False),
        sa.Column("one_time_spent", sa.Boolean(), nullable=False),
        sa.Column("is_active", sa.Boolean(), nullable=False),
        sa.Column("is_demo", sa.Boolean(), nullable=False),
        sa.Column("keeper_id", ID, nullable=True),
        sa.ForeignKeyConstraint(["keeper_id"], ["keepers.id"], name=op.f("fk_users_keeper_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_users")),
        sa.UniqueConstraint("username", name=op.f("uq_users_username")),
    )
    op.create_table(
        "vaccination_acts",
        sa.Column("id", ID, nullable=False),
        sa.Column("product_id", ID, nullable=False),
        sa.Column("lot", sa.String(), nullable=False),
        sa.Column("given_at", MOMENT, nullable=False),
        sa.Column("given_on", sa.Date(), nullable=False),
        sa.Column("region", REGION, nullable=False),
        sa.Column("vaccinator_id", ID, nullable=False),
        sa.Column("vaccinator_name", sa.String(), nullable=False),
        sa.Column("note", sa.String(), nullable=False),
        sa.Column("recorded_at", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(
            ["product_id"], ["vaccine_products.id"], name=op.f("fk_vaccination_acts_product_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_vaccination_acts")),
    )
    with op.batch_alter_table("vaccination_acts", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_vaccination_acts_region"), ["region"], unique=False)
        batch_op.create_index(
            batch_op.f("ix_vaccination_acts_vaccinator_id"), ["vaccinator_id"], unique=False
        )

    op.create_table(
        "appointments",
        sa.Column("id", ID, nullable=False),
        sa.Column("user_id", ID, nullable=False),
        sa.Column(
            "role",
            sa.Enum(
                "trader",
                "vet",
                "paramedic",
                "clerk",
                "permit-desk",
                "kabid",
                "kadis",
                "treasurer",
                "auditor",
                "checkpoint",
                "administrator",
                name="role",
                native_enum=False,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("region", REGION, nullable=False),
        sa.Column("decree", sa.String(), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("valid_until", sa.Date(), nullable=True),
        sa.Column("ended_at", MOMENT, nullable=True),
        sa.CheckConstraint("role = 'trader' OR decree <> ''", name=op.f("ck_appointments_decree")),
        sa.CheckConstraint(
            "valid_until IS NULL OR valid_until >= valid_from", name=op.f("ck_appointments_days")
        ),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_appointments_user_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_appointments")),
    )
    with op.batch_alter_table("appointments", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_appointments_user_id"), ["user_id"], unique=False)

    op.create_table(
        "identifiers",
        sa.Column("id", ID, nullable=False),
        sa.Column("animal_id", ID, nullable=False),
        sa.Column(
            "kind",
            sa.Enum("tag", "eartag", name="identifierkind", native_enum=False, length=32),
            nullable=False,
        ),
        sa.Column("value", sa.String(), nullable=False),
        sa.Column("given_at", MOMENT, nullable=False),
        sa.Column("ended_at", MOMENT, nullable=True),
        sa.ForeignKeyConstraint(
            ["animal_id"], ["animals.id"], name=op.f("fk_identifiers_animal_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_identifiers")),
        sa.UniqueConstraint("value", "kind", name=op.f("uq_identifiers_value_kind")),
    )
    with op.batch_alter_table("identifiers", schema=None) as batch_op:
        batch_op.create_index("ix_identifiers_animal_id", ["animal_id"], unique=False)
        batch_op.create_index(
            "uq_identifiers_live_tag",
            ["animal_id"],
            unique=True,
            sqlite_where=sa.text("kind = 'tag' AND ended_at IS NULL"),
            postgresql_where=sa.text("kind = 'tag' AND ended_at IS NULL"),
        )

    op.create_table(
        "permit_animals",
        sa.Column("id", ID, nullable=False),
        sa.Column("permit_id", ID, nullable=False),
        sa.Column("animal_id", ID, nullable=False),
        sa.Column("position", sa.BigInteger(), nullable=False),
        sa.Column("sale_letter", sa.String(), nullable=False),
        sa.Column("is_open", sa.Boolean(), nullable=False),
        sa.Column("passed", sa.Boolean(), nullable=True),
        sa.Column("weight_kg", sa.BigInteger(), nullable=True),
        sa.Column(
            "rbt_result",
            sa.Enum(
                "negative", "positive", "not-tested", name="rbtresult", native_enum=False, length=32
            ),
            nullable=True,
        ),
        sa.Column("rbt_number", sa.String(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.CheckConstraint(
            "NOT passed OR rbt_result = 'negative'", name=op.f("ck_permit_animals_rbt")
        ),
        sa.CheckConstraint("weight_kg BETWEEN 1 AND 2000", name=op.f("ck_permit_animals_weight")),
        sa.ForeignKeyConstraint(
            ["animal_id"], ["animals.id"], name=op.f("fk_permit_animals_animal_id")
        ),
        sa.ForeignKeyConstraint(
            ["permit_id"], ["permits.id"], name=op.f("fk_permit_animals_permit_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_permit_animals")),
        sa.UniqueConstraint(
            "permit_id", "animal_id", name=op.f("uq_permit_animals_permit_id_animal_id")
        ),
    )
    with op.batch_alter_table("permit_animals", schema=None) as batch_op:
        batch_op.create_index(
            "uq_permit_animals_open",
            ["animal_id"],
            unique=True,
            sqlite_where=sa.text("is_open"),
            postgresql_where=sa.text("is_open"),
        )

    op.create_table(
        "receipts",
        sa.Column("id", ID, nullable=False),
        sa.Column("number", sa.String(), nullable=False),
        sa.Column("series", sa.String(), nullable=False),
        sa.Column("year", sa.BigInteger(), nullable=False),
        sa.Column("no", sa.BigInteger(), nullable=False),
        sa.Column("skrd_id", ID, nullable=False),
        sa.Column("collection_id", ID, nullable=False),
        sa.Column("keeper_id", ID, nullable=False),
        sa.Column("region", REGION, nullable=False),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.Column("payer_name", sa.String(), nullable=False),
        sa.Column("channel", sa.String(), nullable=False),
        sa.Column("issued_at", MOMENT, nullable=False),
        sa.Column("issued_by", ID, nullable=False),
        sa.Column("issued_by_name", sa.String(), nullable=False),
        sa.CheckConstraint("amount > 0", name=op.f("ck_receipts_amount")),
        sa.ForeignKeyConstraint(
            ["collection_id"], ["collections.id"], name=op.f("fk_receipts_collection_id")
        ),
        sa.ForeignKeyConstraint(["keeper_id"], ["keepers.id"], name=op.f("fk_receipts_keeper_id")),
        sa.ForeignKeyConstraint(["skrd_id"], ["skrd.id"], name=op.f("fk_receipts_skrd_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_receipts")),
        sa.UniqueConstraint("collection_id", name=op.f("uq_receipts_collection_id")),
        sa.UniqueConstraint("number", name=op.f("uq_receipts_number")),
        sa.UniqueConstraint("series", "year", "no", name=op.f("uq_receipts_series_year_no")),
        sa.UniqueConstraint("skrd_id", name=op.f("uq_receipts_skrd_id")),
    )
    with op.batch_alter_table("receipts", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_receipts_issued_at"), ["issued_at"], unique=False)
        batch_op.create_index(batch_op.f("ix_receipts_keeper_id"), ["keeper_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_receipts_region"), ["region"], unique=False)

    op.create_table(
        "recovery_codes",
        sa.Column("id", ID, nullable=False),
        sa.Column("user_id", ID, nullable=False),
        sa.Column("digest", sa.LargeBinary(), nullable=False),
        sa.Column("used_at", MOMENT, nullable=True),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_recovery_codes_user_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_recovery_codes")),
        sa.UniqueConstraint("digest", name=op.f("uq_recovery_codes_digest")),
    )
    with op.batch_alter_table("recovery_codes", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_recovery_codes_user_id"), ["user_id"], unique=False)

    op.create_table(
        "second_factors",
        sa.Column("id", ID, nullable=False),
        sa.Column("user_id", ID, nullable=False),
        sa.Column("secret_sealed", sa.LargeBinary(), nullable=False),
        sa.Column("confirmed_at", MOMENT, nullable=True),
        sa.Column("last_step", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_second_factors_user_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_second_factors")),
        sa.UniqueConstraint("user_id", name=op.f("uq_second_factors_user_id")),
    )
    op.create_table(
        "sign_in_sessions",
        sa.Column("id", ID, nullable=False),
        sa.Column("digest", sa.LargeBinary(), nullable=False),
        sa.Column("user_id", ID, nullable=False),
        sa.Column("device", sa.String(), nullable=False),
        sa.Column("started_at", MOMENT, nullable=False),
        sa.Column("seen_at", MOMENT, nullable=False),
        sa.Column("expires_at", MOMENT, nullable=False),
        sa.Column("ended_at", MOMENT, nullable=True),
        sa.ForeignKeyConstraint(
            ["user_id"], ["users.id"], name=op.f("fk_sign_in_sessions_user_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sign_in_sessions")),
        sa.UniqueConstraint("digest", name=op.f("uq_sign_in_sessions_digest")),
    )
    with op.batch_alter_table("sign_in_sessions", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_sign_in_sessions_user_id"), ["user_id"], unique=False)

    op.create_table(
        "skrd_lines",
        sa.Column("id", ID, nullable=False),
        sa.Column("skrd_id", ID, nullable=False),
        sa.Column("position", sa.BigInteger(), nullable=False),
        sa.Column("tariff_id", ID, nullable=False),
        sa.Column("component", sa.String(), nullable=False),
        sa.Column("legal_basis", sa.String(), nullable=False),
        sa.Column("heads", sa.BigInteger(), nullable=False),
        sa.Column("unit_amount", sa.BigInteger(), nullable=False),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.CheckConstraint(
            "amount = heads * unit_amount AND heads > 0", name=op.f("ck_skrd_lines_amount")
        ),
        sa.ForeignKeyConstraint(["skrd_id"], ["skrd.id"], name=op.f("fk_skrd_lines_skrd_id")),
        sa.ForeignKeyConstraint(
            ["tariff_id"], ["tariffs.id"], name=op.f("fk_skrd_lines_tariff_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_skrd_lines")),
        sa.UniqueConstraint("skrd_id", "position", name=op.f("uq_skrd_lines_skrd_id_position")),
    )
    op.create_table(
        "vaccinations",
        sa.Column("id", ID, nullable=False),
        sa.Column("act_id", ID, nullable=False),
        sa.Column("animal_id", ID, nullable=False),
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
        sa.Column("given_on", sa.Date(), nullable=False),
        sa.Column("next_due", sa.Date(), nullable=True),
        sa.Column("is_double", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["act_id"], ["vaccination_acts.id"], name=op.f("fk_vaccinations_act_id")
        ),
        sa.ForeignKeyConstraint(
            ["animal_id"], ["animals.id"], name=op.f("fk_vaccinations_animal_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_vaccinations")),
        sa.UniqueConstraint("act_id", "animal_id", name=op.f("uq_vaccinations_act_id_animal_id")),
    )
    with op.batch_alter_table("vaccinations", schema=None) as batch_op:
        batch_op.create_index("ix_vaccinations_animal_id", ["animal_id", "given_on"], unique=False)
        batch_op.create_index(batch_op.f("ix_vaccinations_given_on"), ["given_on"], unique=False)
        batch_op.create_index(batch_op.f("ix_vaccinations_next_due"), ["next_due"], unique=False)

    op.create_table(
        "labels",
        sa.Column("id", ID, nullable=False),
        sa.Column("sheet_id", ID, nullable=False),
        sa.Column("position", sa.BigInteger(), nullable=False),
        sa.Column("identifier_id", ID, nullable=False),
        sa.ForeignKeyConstraint(
            ["identifier_id"], ["identifiers.id"], name=op.f("fk_labels_identifier_id")
        ),
        sa.ForeignKeyConstraint(["sheet_id"], ["label_sheets.id"], name=op.f("fk_labels_sheet_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_labels")),
        sa.UniqueConstraint("sheet_id", "position", name=op.f("uq_labels_sheet_id_position")),
    )
    with op.batch_alter_table("labels", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_labels_identifier_id"), ["identifier_id"], unique=False
        )
