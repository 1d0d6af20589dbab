"""The log of what was written, and a key for each person whose words stand in it."""

from hashlib import sha256

import sqlalchemy as sa
from alembic import op

revision = "0024"
down_revision = "0023"
branch_labels = None
depends_on = None

ID = sa.Uuid().with_variant(sa.LargeBinary(16), "sqlite")
MOMENT = sa.DateTime(timezone=True)
# What makes a row known, so that SQLite refuses INSERT OR REPLACE of it.
APPEND_ONLY = {
    "log_leaves": "id = NEW.id OR position = NEW.position",
    "log_nodes": "level = NEW.level AND position = NEW.position",
    "log_checkpoints": "id = NEW.id OR size = NEW.size",
}
NOT_MERGED = "NOT EXISTS (SELECT 1 FROM log_leaves WHERE id = OLD.id AND body = OLD.body)"
BACKWARDS = "NEW.id <> OLD.id OR NEW.size <= OLD.size"
COMES_BACK = (
    "NEW.id <> OLD.id OR NEW.made_at <> OLD.made_at OR NEW.key_sealed IS NOT NULL "
    "OR NEW.destroyed_at IS NULL OR OLD.destroyed_at IS NOT NULL"
)


def upgrade() -> None:
    op.create_table(
        "log_waiting",
        *_leaf_columns(),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_log_waiting")),
    )
    op.create_table(
        "log_leaves",
        *_leaf_columns(),
        sa.Column("position", sa.BigInteger(), nullable=False),
        sa.Column("hash", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_log_leaves")),
        sa.UniqueConstraint("position", name=op.f("uq_log_leaves_position")),
    )
    op.create_index("ix_log_leaves_subject", "log_leaves", ["kind", "subject_id", "position"])
    op.create_table(
        "log_nodes",
        sa.Column("level", sa.SmallInteger(), autoincrement=False, nullable=False),
        sa.Column("position", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("hash", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("level", "position", name=op.f("pk_log_nodes")),
    )
    head = op.create_table(
        "log_head",
        sa.Column("id", sa.SmallInteger(), autoincrement=False, nullable=False),
        sa.Column("size", sa.BigInteger(), nullable=False),
        sa.Column("root", sa.LargeBinary(), nullable=False),
        sa.Column("merged_at", MOMENT, nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_log_head")),
    )
    op.bulk_insert(head, [{"id": 1, "size": 0, "root": sha256(b"").digest(), "merged_at": None}])
    op.create_table(
        "log_checkpoints",
        sa.Column("id", ID, nullable=False),
        sa.Column("size", sa.BigInteger(), nullable=False),
        sa.Column("root", sa.LargeBinary(), nullable=False),
        sa.Column("note", sa.String(), nullable=False),
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("why", sa.String(), nullable=False),
        sa.Column("made_at", MOMENT, nullable=False),
        sa.Column("made_by", ID, nullable=False),
        sa.Column("made_by_name", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_log_checkpoints")),
        sa.UniqueConstraint("size", name=op.f("uq_log_checkpoints_size")),
    )
    op.create_table(
        "person_keys",
        sa.Column("id", ID, nullable=False),
        sa.Column("key_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("made_at", MOMENT, nullable=False),
        sa.Column("destroyed_at", MOMENT, nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_person_keys")),
    )
    _guard()


def _leaf_columns() -> list[sa.Column]:
    return [
        sa.Column("id", ID, nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("subject_id", ID, nullable=False),
        sa.Column("written_at", MOMENT, nullable=False),
        sa.Column("body", sa.String(), nullable=False),
    ]


def _guard() -> None:
    for table, known in APPEND_ONLY.items():
        if _on_sqlite():
            _refuse(f"{table}_no_update", f"UPDATE ON {table}")
            _refuse(f"{table}_no_delete", f"DELETE ON {table}")
            same = f"EXISTS (SELECT 1 FROM {table} WHERE {known})"
            _refuse(f"{table}_no_replace", f"INSERT ON {table}", same)
        else:
            _refuse(f"{table}_no_change", f"UPDATE OR DELETE ON {table}")
    _refuse("log_waiting_no_update", "UPDATE ON log_waiting")
    _refuse("log_head_forward", "UPDATE ON log_head", BACKWARDS)
    _refuse("log_head_no_delete", "DELETE ON log_head")
    _refuse("person_keys_go", "UPDATE ON person_keys", COMES_BACK)
    _refuse("person_keys_not_deleted", "DELETE ON person_keys")
    if _on_sqlite():
        _refuse("log_waiting_merged", "DELETE ON log_waiting", NOT_MERGED)
        same = "EXISTS (SELECT 1 FROM log_waiting WHERE id = NEW.id)"
        _refuse("log_waiting_no_replace", "INSERT ON log_waiting", same)
        return
    for table in (*APPEND_ONLY, "log_waiting", "log_head", "person_keys"):
        op.execute(
            f"CREATE TRIGGER {table}_no_truncate BEFORE TRUNCATE ON {table} "
            "FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()"
        )
    op.execute(
        "CREATE FUNCTION refuse_unmerged() RETURNS trigger LANGUAGE plpgsql "
        f"SET search_path = {_schema()}, pg_temp AS $$ BEGIN "
        f"IF {NOT_MERGED} THEN RAISE EXCEPTION 'log_waiting: append-only'; END IF; "
        "RETURN OLD; END $$"
    )
    op.execute(
        "CREATE TRIGGER log_waiting_merged BEFORE DELETE ON log_waiting "
        "FOR EACH ROW EXECUTE FUNCTION refuse_unmerged()"
    )


def _on_sqlite() -> bool:
    return op.get_bind().dialect.name == "sqlite"


def _schema() -> str:
    asked = op.get_bind().exec_driver_sql("SELECT quote_ident(current_schema())")
    return str(asked.scalar_one())


def _refuse(name: str, event: str, condition: str = "1 = 1") -> None:
    if _on_sqlite():
        table = event.rpartition(" ")[2]
        end = f"BEGIN SELECT RAISE(ABORT, '{table}: append-only'); END"
        op.execute(f"CREATE TRIGGER {name} BEFORE {event} WHEN {condition} {end}")
        return
    op.execute(
        f"CREATE TRIGGER {name} BEFORE {event} FOR EACH ROW WHEN ({condition}) "
        "EXECUTE FUNCTION refuse_change()"
    )


def downgrade() -> None:
    for table in (
        *("person_keys", "log_checkpoints", "log_head", "log_nodes", "log_leaves", "log_waiting"),
    ):
        op.drop_table(table)
