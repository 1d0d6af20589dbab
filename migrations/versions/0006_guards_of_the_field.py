"""What phones brought, and every dose that moved, stays as it came."""

from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

# What makes a row the same as one that is there, beside its id.
SAME = {
    "field_records": "",
    "dose_moves": "",
    "cold_readings": "",
    "vaccine_reactions": "",
}


def upgrade() -> None:
    guard = _guard_sqlite if op.get_bind().dialect.name == "sqlite" else _guard_postgresql
    for table in SAME:
        guard(table)


def _guard_sqlite(table: str) -> None:
    """The insert guard stops INSERT OR REPLACE on connections without recursive_triggers."""
    refuse = f"BEGIN SELECT RAISE(ABORT, '{table}: append-only'); END"
    op.execute(f"CREATE TRIGGER {table}_no_update BEFORE UPDATE ON {table} {refuse}")
    op.execute(f"CREATE TRIGGER {table}_no_delete BEFORE DELETE ON {table} {refuse}")
    op.execute(
        f"CREATE TRIGGER {table}_no_replace BEFORE INSERT ON {table} WHEN EXISTS "
        f"(SELECT 1 FROM {table} WHERE id = NEW.id{SAME[table]}) {refuse}"
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
