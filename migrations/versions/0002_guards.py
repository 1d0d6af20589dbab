"""What happened stays: append-only tables, and receipts without a gap."""

from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

APPEND_ONLY = ("events", "commands", "collections", "receipts")
NEXT_RECEIPT = """NEW.no <> (SELECT coalesce(max(no), 0) + 1 FROM receipts
    WHERE series = NEW.series AND year = NEW.year)"""


def upgrade() -> None:
    if op.get_bind().dialect.name == "sqlite":
        for table in APPEND_ONLY:
            _guard_sqlite(table)
        op.execute(
            f"CREATE TRIGGER receipts_no_gap BEFORE INSERT ON receipts WHEN {NEXT_RECEIPT} "
            "BEGIN SELECT RAISE(ABORT, 'receipts: the number leaves a gap'); END"
        )
    else:
        op.execute(
            "CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS "
            "$$ BEGIN RAISE EXCEPTION '%: append-only', TG_TABLE_NAME; END $$"
        )
        for table in APPEND_ONLY:
            _guard_postgresql(table)
        op.execute(
            "CREATE FUNCTION refuse_gap() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
            f"IF {NEXT_RECEIPT} THEN RAISE EXCEPTION 'receipts: the number leaves a gap'; END IF; "
            "RETURN NEW; END $$"
        )
        op.execute(
            "CREATE TRIGGER receipts_no_gap BEFORE INSERT ON receipts "
            "FOR EACH ROW EXECUTE FUNCTION refuse_gap()"
        )


def _guard_sqlite(table: str) -> None:
    """The insert guard stops INSERT OR REPLACE on connections without recursive_triggers."""
    refuse = f"BEGIN SELECT RAISE(ABORT, '{table}: append-only'); END"
    op.execute(f"CREATE TRIGGER {table}_no_update BEFORE UPDATE ON {table} {refuse}")
    op.execute(f"CREATE TRIGGER {table}_no_delete BEFORE DELETE ON {table} {refuse}")
    if table == "commands":
        return  # ON CONFLICT DO NOTHING must be able to find the id taken
    op.execute(
        f"CREATE TRIGGER {table}_no_replace BEFORE INSERT ON {table} "
        f"WHEN EXISTS (SELECT 1 FROM {table} WHERE id = NEW.id) {refuse}"
    )


def _guard_postgresql(table: str) -> None:
    op.execute(
        f"CREATE TRIGGER {table}_no_change BEFORE UPDATE OR DELETE ON {table} "
        "FOR EACH ROW EXECUTE FUNCTION refuse_change()"
    )
    op.execute(
        f"CREATE TRIGGER {table}_no_truncate BEFORE TRUNCATE ON {table} "
        "FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()"
    )
