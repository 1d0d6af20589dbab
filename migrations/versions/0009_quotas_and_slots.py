"""Quota with a ledger that adds up, and departure slots at the ports."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

ID = sa.Uuid().with_variant(sa.LargeBinary(16), "sqlite")
REGION = sa.String(13).with_variant(sa.String(13, collation="C"), "postgresql")
MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "quota_accounts",
        sa.Column("id", ID, nullable=False),
        sa.Column("year", sa.BigInteger(), nullable=False),
        sa.Column("origin", REGION, nullable=False),
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
        sa.Column("cap", sa.BigInteger(), nullable=False),
        sa.Column("held", sa.BigInteger(), nullable=False),
        sa.Column("used", sa.BigInteger(), nullable=False),
        sa.Column("last_no", sa.BigInteger(), nullable=False),
        sa.Column("is_frozen", sa.Boolean(), nullable=False),
        sa.CheckConstraint("cap >= 0", name=op.f("ck_quota_accounts_cap")),
        sa.CheckConstraint("held >= 0 AND held <= cap", name=op.f("ck_quota_accounts_held")),
        sa.CheckConstraint("used >= 0 AND used <= held", name=op.f("ck_quota_accounts_used")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_quota_accounts")),
        sa.UniqueConstraint(
            "year",
            "origin",
            "species",
            "purpose",
            "scope",
            name=op.f("uq_quota_accounts_year_origin_species_purpose_scope"),
        ),
    )
    with op.batch_alter_table("quota_accounts", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_quota_accounts_origin"), ["origin"], unique=False)

    op.create_table(
        "quota_decrees",
        sa.Column("id", ID, nullable=False),
        sa.Column("number", sa.String(), nullable=False),
        sa.Column("dated_on", sa.Date(), nullable=True),
        sa.Column("year", sa.BigInteger(), nullable=False),
        sa.Column("legal_basis", sa.String(), nullable=False),
        sa.Column("source", sa.String(), nullable=False),
        sa.Column("file_id", ID, nullable=True),
        sa.Column("region", REGION, nullable=False),
        sa.Column("by_id", ID, nullable=False),
        sa.Column("by_name", sa.String(), nullable=False),
        sa.Column("recorded_at", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(
            ["file_id"], ["stored_files.id"], name=op.f("fk_quota_decrees_file_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_quota_decrees")),
        sa.UniqueConstraint("number", "year", name=op.f("uq_quota_decrees_number_year")),
    )
    with op.batch_alter_table("quota_decrees", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_quota_decrees_region"), ["region"], unique=False)

    op.create_table(
        "slot_days",
        sa.Column("id", ID, nullable=False),
        sa.Column("port", sa.String(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("region", REGION, nullable=False),
        sa.Column(
            "unit",
            sa.Enum("trucks", "heads", name="slotunit", native_enum=False, length=32),
            nullable=False,
        ),
        sa.Column("capacity", sa.BigInteger(), nullable=True),
        sa.Column("booked", sa.BigInteger(), nullable=False),
        sa.Column("note", sa.String(), nullable=False),
        sa.CheckConstraint("booked >= 0 AND booked <= capacity", name=op.f("ck_slot_days_booked")),
        sa.CheckConstraint("capacity >= 0", name=op.f("ck_slot_days_capacity")),
        sa.ForeignKeyConstraint(["port"], ["ports.code"], name=op.f("fk_slot_days_port")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_slot_days")),
        sa.UniqueConstraint("port", "day", name=op.f("uq_slot_days_port_day")),
    )
    with op.batch_alter_table("slot_days", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_slot_days_region"), ["region"], unique=False)

    op.create_table(
        "quota_claims",
        sa.Column("id", ID, nullable=False),
        sa.Column("permit_id", ID, nullable=False),
        sa.Column("account_id", ID, nullable=False),
        sa.Column("keeper_id", ID, nullable=False),
        sa.Column("region", REGION, nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "waiting",
                "reserved",
                "consumed",
                "released",
                name="claimstate",
                native_enum=False,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("heads", sa.BigInteger(), nullable=False),
        sa.Column("ticket", sa.BigInteger(), nullable=False),
        sa.Column("asked_at", MOMENT, nullable=False),
        sa.Column("settled_at", MOMENT, nullable=True),
        sa.Column("let_by", ID, nullable=True),
        sa.Column("let_by_name", sa.String(), nullable=False),
        sa.Column("let_why", sa.String(), nullable=False),
        sa.CheckConstraint(
            "heads > 0 OR state = 'released'", name=op.f("ck_quota_claims_live_has_heads")
        ),
        sa.CheckConstraint("heads >= 0", name=op.f("ck_quota_claims_heads")),
        sa.ForeignKeyConstraint(
            ["account_id"], ["quota_accounts.id"], name=op.f("fk_quota_claims_account_id")
        ),
        sa.ForeignKeyConstraint(
            ["keeper_id"], ["keepers.id"], name=op.f("fk_quota_claims_keeper_id")
        ),
        sa.ForeignKeyConstraint(
            ["permit_id"], ["permits.id"], name=op.f("fk_quota_claims_permit_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_quota_claims")),
        sa.UniqueConstraint("account_id", "ticket", name=op.f("uq_quota_claims_account_id_ticket")),
        sa.UniqueConstraint("permit_id", name=op.f("uq_quota_claims_permit_id")),
    )
    with op.batch_alter_table("quota_claims", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_quota_claims_keeper_id"), ["keeper_id"], unique=False)
        batch_op.create_index(
            "ix_quota_claims_queue", ["account_id", "state", "ticket"], unique=False
        )

    op.create_table(
        "slot_bookings",
        sa.Column("id", ID, nullable=False),
        sa.Column("permit_id", ID, nullable=False),
        sa.Column("slot_day_id", ID, nullable=False),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.Column("is_live", sa.Boolean(), nullable=False),
        sa.Column("booked_at", MOMENT, nullable=False),
        sa.Column("booked_by", ID, nullable=False),
        sa.Column("booked_by_name", sa.String(), nullable=False),
        sa.Column("ended_at", MOMENT, nullable=True),
        sa.Column("ended_by_name", sa.String(), nullable=False),
        sa.Column("ended_why", sa.String(), nullable=False),
        sa.CheckConstraint("amount > 0", name=op.f("ck_slot_bookings_amount")),
        sa.CheckConstraint("is_live OR ended_at IS NOT NULL", name=op.f("ck_slot_bookings_ended")),
        sa.ForeignKeyConstraint(
            ["permit_id"], ["permits.id"], name=op.f("fk_slot_bookings_permit_id")
        ),
        sa.ForeignKeyConstraint(
            ["slot_day_id"], ["slot_days.id"], name=op.f("fk_slot_bookings_slot_day_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_slot_bookings")),
    )
    with op.batch_alter_table("slot_bookings", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_slot_bookings_permit_id"), ["permit_id"], unique=False)
        batch_op.create_index(
            batch_op.f("ix_slot_bookings_slot_day_id"), ["slot_day_id"], unique=False
        )
        batch_op.create_index(
            "uq_slot_bookings_live",
            ["permit_id"],
            unique=True,
            sqlite_where=sa.text("is_live"),
            postgresql_where=sa.text("is_live"),
        )

    op.create_table(
        "quota_entries",
        sa.Column("id", ID, nullable=False),
        sa.Column("account_id", ID, nullable=False),
        sa.Column("no", sa.BigInteger(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "grant",
                "adjust",
                "transfer-in",
                "transfer-out",
                "freeze",
                "thaw",
                "reserve",
                "consume",
                "release",
                name="entrykind",
                native_enum=False,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("cap_change", sa.BigInteger(), nullable=False),
        sa.Column("reserved_change", sa.BigInteger(), nullable=False),
        sa.Column("used_change", sa.BigInteger(), nullable=False),
        sa.Column("claim_id", ID, nullable=True),
        sa.Column("decree_id", ID, nullable=True),
        sa.Column("other_origin", sa.String(), nullable=False),
        sa.Column("note", sa.String(), nullable=False),
        sa.Column("by_id", ID, nullable=False),
        sa.Column("by_name", sa.String(), nullable=False),
        sa.Column("recorded_at", MOMENT, nullable=False),
        sa.CheckConstraint(
            "(claim_id IS NULL) = (kind NOT IN ('reserve', 'consume', 'release'))",
            name=op.f("ck_quota_entries_whose"),
        ),
        sa.CheckConstraint(
            "(kind IN ('grant', 'transfer-in') AND cap_change > 0 AND reserved_change = 0 AND used_change = 0) OR (kind = 'adjust' AND cap_change <> 0 AND reserved_change = 0 AND used_change = 0) OR (kind = 'transfer-out' AND cap_change < 0 AND reserved_change = 0 AND used_change = 0) OR (kind IN ('freeze', 'thaw') AND cap_change = 0 AND reserved_change = 0 AND used_change = 0) OR (kind = 'reserve' AND cap_change = 0 AND reserved_change > 0 AND used_change = 0) OR (kind = 'consume' AND cap_change = 0 AND used_change > 0 AND reserved_change = -used_change) OR (kind = 'release' AND cap_change = 0 AND reserved_change < 0 AND used_change = 0)",
            name=op.f("ck_quota_entries_shape"),
        ),
        sa.CheckConstraint(
            "(claim_id IS NULL) <> (decree_id IS NULL)", name=op.f("ck_quota_entries_why")
        ),
        sa.ForeignKeyConstraint(
            ["account_id"], ["quota_accounts.id"], name=op.f("fk_quota_entries_account_id")
        ),
        sa.ForeignKeyConstraint(
            ["claim_id"], ["quota_claims.id"], name=op.f("fk_quota_entries_claim_id")
        ),
        sa.ForeignKeyConstraint(
            ["decree_id"], ["quota_decrees.id"], name=op.f("fk_quota_entries_decree_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_quota_entries")),
        sa.UniqueConstraint("account_id", "no", name=op.f("uq_quota_entries_account_id_no")),
    )
    with op.batch_alter_table("quota_entries", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_quota_entries_claim_id"), ["claim_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_quota_entries_decree_id"), ["decree_id"], unique=False)

    if op.get_bind().dialect.name == "sqlite":
        _guard_sqlite()
    else:
        _guard_postgresql()


def _guard_sqlite() -> None:
    """The insert guard stops INSERT OR REPLACE on connections without recursive_triggers."""
    refuse = "BEGIN SELECT RAISE(ABORT, 'quota_entries: append-only'); END"
    op.execute(f"CREATE TRIGGER quota_entries_no_update BEFORE UPDATE ON quota_entries {refuse}")
    op.execute(f"CREATE TRIGGER quota_entries_no_delete BEFORE DELETE ON quota_entries {refuse}")
    op.execute(
        "CREATE TRIGGER quota_entries_no_replace BEFORE INSERT ON quota_entries WHEN EXISTS "
        "(SELECT 1 FROM quota_entries WHERE id = NEW.id "
        f"OR (account_id = NEW.account_id AND no = NEW.no)) {refuse}"
    )


def _guard_postgresql() -> None:
    op.execute(
        "CREATE TRIGGER quota_entries_no_change BEFORE UPDATE OR DELETE ON quota_entries "
        "FOR EACH ROW EXECUTE FUNCTION refuse_change()"
    )
    op.execute(
        "CREATE TRIGGER quota_entries_no_truncate BEFORE TRUNCATE ON quota_entries "
        "FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()"
    )
