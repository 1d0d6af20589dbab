"""What happened stays: append-only tables, and receipts without a gap."""

from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

APPEND_ONLY = ("events", "commands", "collections", "receipts")
# What makes a row the same as one that is there, beside its id.
SAME = {
    "events": "id = NEW.id",
    "collections": "id = NEW.id OR (adapter = NEW.adapter AND money_id = NEW.money_id)",
    "receipts": "id = NEW.id OR number = NEW.number OR skrd_id = NEW.skrd_id"
    " OR collection_id = NEW.collection_id"
    " OR (series = NEW.series AND year = NEW.year AND no = NEW.no)",
}
NEXT_SQLITE = """NEW.no <> (SELECT coalesce(max(no), 0) + 1 FROM receipts
    WHERE series = NEW.series AND year = NEW.year)"""
# The table by its own id: a temporary table of the same name must not stand in for it.
REFUSE_GAP = """DECLARE next bigint; BEGIN
    EXECUTE format('SELECT coalesce(max(no), 0) + 1 FROM %s WHERE series = $1 AND year = $2',
        TG_RELID::regclass) INTO next USING NEW.series, NEW.year;
    IF NEW.no <> next THEN RAISE EXCEPTION 'receipts: the number leaves a gap'; END IF;
    RETURN NEW; END"""


def upgrade() -> None:
    if op.get_bind().dialect.name == "sqlite":
        for table in APPEND_ONLY:
            _guard_sqlite(table)
        op.execute(
            f"CREATE TRIGGER receipts_no_gap BEFORE INSERT ON receipts WHEN {NEXT_SQLITE} "
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
            f"CREATE FUNCTION refuse_gap() RETURNS trigger LANGUAGE plpgsql AS $$ {REFUSE_GAP} $$"
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
        f"WHEN EXISTS (SELECT 1 FROM {table} WHERE {SAME[table]}) {refuse}"
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
