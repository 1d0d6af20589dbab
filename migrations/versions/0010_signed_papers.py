"""Signed papers, the keys that prove them, and the lists that say what became of them."""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

ID = sa.Uuid().with_variant(sa.LargeBinary(16), "sqlite")
MOMENT = sa.DateTime(timezone=True)
GUARDED = "signed_papers"


def upgrade() -> None:
    op.create_table(
        "paper_keys",
        sa.Column("id", ID, nullable=False),
        sa.Column("kid", sa.String(), nullable=False),
        sa.Column("use", _words("keyuse", "qr", "pdf"), nullable=False),
        sa.Column("spki", sa.LargeBinary(), nullable=False),
        sa.Column("certificate", sa.LargeBinary()),
        sa.Column("is_demo", sa.Boolean(), nullable=False),
        sa.Column("valid_from", MOMENT, nullable=False),
        sa.Column("retired_at", MOMENT),
        sa.Column("valid_until", MOMENT),
        sa.Column("revoked_at", MOMENT),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("seal", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_paper_keys")),
        sa.UniqueConstraint("kid", name=op.f("uq_paper_keys_kid")),
    )
    op.create_table(
        "paper_orders",
        *_named_paper(),
        sa.Column("status_list", sa.BigInteger(), nullable=False),
        sa.Column("status_index", sa.BigInteger(), nullable=False),
        sa.Column("ordered_at", MOMENT, nullable=False),
        *_one_of_each("paper_orders"),
        sa.UniqueConstraint(
            "status_list", "status_index", name=op.f("uq_paper_orders_status_list_status_index")
        ),
    )
    op.create_table(
        GUARDED,
        *_named_paper(),
        sa.Column("number", sa.String(), nullable=False),
        sa.Column("sha256", sa.LargeBinary(), nullable=False),
        sa.Column("size", sa.BigInteger(), nullable=False),
        sa.Column("kid", sa.String(), nullable=False),
        sa.Column("signed_with", sa.String(), nullable=False),
        sa.Column("status_list", sa.BigInteger(), nullable=False),
        sa.Column("status_index", sa.BigInteger(), nullable=False),
        sa.Column("qr", sa.LargeBinary(), nullable=False),
        sa.Column("made_at", MOMENT, nullable=False),
        sa.Column("seal", sa.LargeBinary(), nullable=False),
        *_one_of_each(GUARDED),
    )
    op.create_table(
        "status_lists",
        sa.Column("id", ID, nullable=False),
        sa.Column("number", sa.BigInteger(), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.Column("digest", sa.LargeBinary(), nullable=False),
        sa.Column("kid", sa.String(), nullable=False),
        sa.Column("made_at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_status_lists")),
        sa.UniqueConstraint("number", name=op.f("uq_status_lists_number")),
    )
    if op.get_bind().dialect.name == "sqlite":
        _guard_sqlite()
    else:
        _guard_postgresql()


def downgrade() -> None:
    for table in ("status_lists", GUARDED, "paper_orders", "paper_keys"):
        op.drop_table(table)


def _words(name: str, *values: str) -> sa.Enum:
    return sa.Enum(*values, name=name, native_enum=False, length=32)


def _named_paper() -> list[sa.Column]:
    kind = _words("papertype", "recommendation", "health-letter")
    return [
        sa.Column("id", ID, nullable=False),
        sa.Column("permit_id", ID, nullable=False),
        sa.Column("kind", kind, nullable=False),
        sa.Column("version", sa.BigInteger(), nullable=False),
    ]


def _one_of_each(table: str) -> list[sa.Constraint]:
    return [
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{table}")),
        sa.ForeignKeyConstraint(
            ["permit_id"], ["permits.id"], name=op.f(f"fk_{table}_permit_id_permits")
        ),
        sa.UniqueConstraint(
            "permit_id", "kind", "version", name=op.f(f"uq_{table}_permit_id_kind_version")
        ),
    ]


def _guard_sqlite() -> None:
    """The insert guard stops INSERT OR REPLACE on connections without recursive_triggers."""
    refuse = f"BEGIN SELECT RAISE(ABORT, '{GUARDED}: append-only'); END"
    same = (
        "id = NEW.id OR (permit_id = NEW.permit_id AND kind = NEW.kind AND version = NEW.version)"
    )
    op.execute(f"CREATE TRIGGER {GUARDED}_no_update BEFORE UPDATE ON {GUARDED} {refuse}")
    op.execute(f"CREATE TRIGGER {GUARDED}_no_delete BEFORE DELETE ON {GUARDED} {refuse}")
    op.execute(
        f"CREATE TRIGGER {GUARDED}_no_replace BEFORE INSERT ON {GUARDED} WHEN EXISTS "
        f"(SELECT 1 FROM {GUARDED} WHERE {same}) {refuse}"
    )


def _guard_postgresql() -> None:
    op.execute(
        f"CREATE TRIGGER {GUARDED}_no_change BEFORE UPDATE OR DELETE ON {GUARDED} "
        "FOR EACH ROW EXECUTE FUNCTION refuse_change()"
    )
    op.execute(
        f"CREATE TRIGGER {GUARDED}_no_truncate BEFORE TRUNCATE ON {GUARDED} "
        "FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()"
    )
