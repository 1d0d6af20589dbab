"""Checks at posts, kept as they came; one departure for each permit."""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

ID = sa.Uuid().with_variant(sa.LargeBinary(16), "sqlite")
REGION = sa.String(13).with_variant(sa.String(13, collation="C"), "postgresql")
MOMENT = sa.DateTime(timezone=True)
TABLE = "checkpoint_checks"
DEPARTED = sa.text("outcome = 'departed'")
VERDICTS = (
    "valid", "altered", "expired", "revoked", "used", "replaced", "wrong-key", "wrong-host",
    "unreadable",
)  # fmt: skip
DECISIONS = ("pass", "hold", "refuse")
OUTCOMES = ("departed", "double-use", "not-departed", "stopped")


def upgrade() -> None:
    op.create_table(
        TABLE,
        sa.Column("id", ID, nullable=False),
        sa.Column("permit_id", ID, nullable=True),
        sa.Column("number", sa.String(), nullable=False),
        sa.Column("paper", sa.String(), nullable=False),
        sa.Column("verdict", _one_of("paperverdict", VERDICTS), nullable=False),
        sa.Column("proved", sa.Boolean(), nullable=False),
        sa.Column("decision", _one_of("checkdecision", DECISIONS), nullable=False),
        sa.Column("outcome", _one_of("checkoutcome", OUTCOMES), nullable=False),
        sa.Column("why", sa.String(), nullable=False),
        sa.Column("reasons", sa.JSON(), nullable=False),
        sa.Column("note_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("plate", sa.String(), nullable=False),
        sa.Column("males", sa.BigInteger(), nullable=False),
        sa.Column("females", sa.BigInteger(), nullable=False),
        sa.Column("others", sa.BigInteger(), nullable=False),
        sa.Column("seed", sa.String(), nullable=False),
        sa.Column("heads", sa.BigInteger(), nullable=False),
        sa.Column("positions", sa.JSON(), nullable=False),
        sa.Column("draw_holds", sa.Boolean(), nullable=False),
        sa.Column("scanned", sa.JSON(), nullable=False),
        sa.Column("listed_at", MOMENT, nullable=True),
        sa.Column("port", sa.String(), nullable=False),
        sa.Column("post", sa.String(), nullable=False),
        sa.Column("region", REGION, nullable=False),
        sa.Column("latitude", sa.Double(), nullable=True),
        sa.Column("longitude", sa.Double(), nullable=True),
        sa.Column("device_id", ID, nullable=True),
        sa.Column("officer_id", ID, nullable=False),
        sa.Column("officer_name", sa.String(), nullable=False),
        sa.Column("checked_at", MOMENT, nullable=False),
        sa.Column("received_at", MOMENT, nullable=False),
        sa.CheckConstraint(
            "decision <> 'pass' OR outcome <> 'stopped'",
            name=op.f("ck_checkpoint_checks_passed_is_not_stopped"),
        ),
        sa.CheckConstraint(
            "decision = 'pass' OR outcome = 'stopped'",
            name=op.f("ck_checkpoint_checks_stopped_did_not_pass"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_checkpoint_checks")),
    )
    op.create_index("ix_checkpoint_checks_officer_id", TABLE, ["officer_id"])
    op.create_index("ix_checkpoint_checks_permit_id", TABLE, ["permit_id"])
    op.create_index("ix_checkpoint_checks_region", TABLE, ["region", "checked_at"])
    op.create_index(
        "uq_checkpoint_checks_departed",
        TABLE,
        ["permit_id"],
        unique=True,
        sqlite_where=DEPARTED,
        postgresql_where=DEPARTED,
    )
    guard = _guard_sqlite if op.get_bind().dialect.name == "sqlite" else _guard_postgresql
    guard()


def _one_of(name: str, values: tuple[str, ...]) -> sa.Enum:
    return sa.Enum(*values, name=name, native_enum=False, length=32)


def _guard_sqlite() -> None:
    """The insert guard stops INSERT OR REPLACE on connections without recursive_triggers."""
    refuse = f"BEGIN SELECT RAISE(ABORT, '{TABLE}: append-only'); END"
    op.execute(f"CREATE TRIGGER {TABLE}_no_update BEFORE UPDATE ON {TABLE} {refuse}")
    op.execute(f"CREATE TRIGGER {TABLE}_no_delete BEFORE DELETE ON {TABLE} {refuse}")
    op.execute(
        f"CREATE TRIGGER {TABLE}_no_replace BEFORE INSERT ON {TABLE} WHEN EXISTS "
        f"(SELECT 1 FROM {TABLE} WHERE id = NEW.id) {refuse}"
    )


def _guard_postgresql() -> None:
    op.execute(
        f"CREATE TRIGGER {TABLE}_no_change BEFORE UPDATE OR DELETE ON {TABLE} "
        "FOR EACH ROW EXECUTE FUNCTION refuse_change()"
    )
    op.execute(
        f"CREATE TRIGGER {TABLE}_no_truncate BEFORE TRUNCATE ON {TABLE} "
        "FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()"
    )
