"""Arrivals by link, permits that are chased, bans on moving animals, and tracing."""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None

ID = sa.Uuid().with_variant(sa.LargeBinary(16), "sqlite")
REGION = sa.String(13).with_variant(sa.String(13, collation="C"), "postgresql")
MOMENT = sa.DateTime(timezone=True)
# What makes a row the same as one that is there, beside its id.
SAME = {
    "permit_reminders": "",
    "arrival_statements": " OR supersedes_id = NEW.supersedes_id"
    " OR (supersedes_id IS NULL AND NEW.supersedes_id IS NULL AND permit_id = NEW.permit_id)",
    "arrival_lines": " OR (statement_id = NEW.statement_id AND animal_id = NEW.animal_id)",
}


def _words(name: str, *values: str) -> sa.Enum:
    return sa.Enum(*values, name=name, native_enum=False, length=32)


def _text(name: str) -> sa.Column[str]:
    return sa.Column(name, sa.String(), nullable=False)


def _id(name: str, *, nullable: bool = False) -> sa.Column[object]:
    return sa.Column(name, ID, nullable=nullable)


def _refers(table: str, column: str, to: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [f"{to}.id"], name=op.f(f"fk_{table}_{column}"))


def _key(table: str) -> sa.PrimaryKeyConstraint:
    return sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{table}"))


def upgrade() -> None:
    _bans()
    _chasing()
    _arrivals()
    op.create_index(op.f("ix_permit_animals_animal_id"), "permit_animals", ["animal_id"])
    op.create_index(op.f("ix_mutations_to_village"), "mutations", ["to_village"])
    op.create_index(op.f("ix_permits_departed_at"), "permits", ["departed_at"])
    guard = _guard_sqlite if op.get_bind().dialect.name == "sqlite" else _guard_postgresql
    for table in SAME:
        guard(table)


def _bans() -> None:
    table = "movement_bans"
    species = ("cattle", "buffalo", "horse", "goat", "sheep", "pig")
    diseases = ("pmk", "lsd", "se", "anthrax", "brucellosis", "rabies", "jembrana")
    op.create_table(
        table,
        _id("id"),
        sa.Column("region", REGION, nullable=False),
        sa.Column("species", _words("species", *species)),
        sa.Column("disease", _words("disease", *diseases), nullable=False),
        sa.Column("directions", sa.JSON(), nullable=False),
        _text("legal_basis"),
        _text("note"),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("valid_until", sa.Date()),
        sa.Column("entered_at", MOMENT, nullable=False),
        _id("entered_by"),
        _text("entered_by_name"),
        sa.Column("lifted_on", sa.Date()),
        sa.Column("lifted_at", MOMENT),
        _id("lifted_by", nullable=True),
        _text("lifted_by_name"),
        _text("lifted_because"),
        sa.CheckConstraint(
            "valid_until IS NULL OR valid_until >= valid_from", name=op.f(f"ck_{table}_days")
        ),
        sa.CheckConstraint(
            "(lifted_at IS NULL) = (lifted_by IS NULL) AND "
            "(lifted_at IS NULL) = (lifted_on IS NULL)",
            name=op.f(f"ck_{table}_lifted"),
        ),
        _key(table),
    )
    op.create_index(f"ix_{table}_days", table, ["valid_from", "valid_until"])


def _chasing() -> None:
    table = "open_permit_limits"
    op.create_table(
        table,
        _id("id"),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("remind_after_days", sa.BigInteger(), nullable=False),
        sa.Column("late_after_days", sa.BigInteger(), nullable=False),
        sa.Column("most_late", sa.BigInteger(), nullable=False),
        _text("legal_basis"),
        _text("source"),
        sa.CheckConstraint("remind_after_days >= 1", name=op.f(f"ck_{table}_remind")),
        sa.CheckConstraint("late_after_days >= remind_after_days", name=op.f(f"ck_{table}_late")),
        sa.CheckConstraint("most_late >= 0", name=op.f(f"ck_{table}_most")),
        _key(table),
        sa.UniqueConstraint("valid_from", name=op.f(f"uq_{table}_valid_from")),
    )
    table = "permit_reminders"
    op.create_table(
        table,
        _id("id"),
        _id("permit_id"),
        sa.Column(
            "way", _words("reminderway", "whatsapp", "telephone", "letter", "visit"), nullable=False
        ),
        _text("words"),
        sa.Column("reminded_at", MOMENT, nullable=False),
        _id("by_id"),
        _text("by_name"),
        _refers(table, "permit_id", "permits"),
        _key(table),
    )
    op.create_index(op.f(f"ix_{table}_permit_id"), table, ["permit_id"])
    _appeals("block_appeals")


def _appeals(table: str) -> None:
    op.create_table(
        table,
        _id("id"),
        _id("keeper_id"),
        _text("words"),
        sa.Column("asked_at", MOMENT, nullable=False),
        _id("asked_by"),
        _text("asked_by_name"),
        sa.Column("heard_at", MOMENT),
        _id("heard_by", nullable=True),
        _text("heard_by_name"),
        sa.Column("until", sa.Date()),
        _text("answer"),
        sa.CheckConstraint(
            "(heard_at IS NULL) = (heard_by IS NULL)", name=op.f(f"ck_{table}_heard")
        ),
        sa.CheckConstraint("until IS NULL OR heard_at IS NOT NULL", name=op.f(f"ck_{table}_until")),
        _refers(table, "keeper_id", "keepers"),
        _key(table),
    )
    op.create_index(op.f(f"ix_{table}_keeper_id"), table, ["keeper_id"])
    _partly_unique(f"uq_{table}_waiting", table, "keeper_id", "heard_at IS NULL")


def _arrivals() -> None:
    table = "arrival_links"
    op.create_table(
        table,
        _id("id"),
        _id("permit_id"),
        sa.Column("digest", sa.LargeBinary(), nullable=False),
        sa.Column("code_digest", sa.LargeBinary(), nullable=False),
        sa.Column("made_at", MOMENT, nullable=False),
        _id("made_by"),
        sa.Column("expires_at", MOMENT, nullable=False),
        sa.Column("tries", sa.BigInteger(), nullable=False),
        sa.Column("ended_at", MOMENT),
        _refers(table, "permit_id", "permits"),
        _key(table),
        sa.UniqueConstraint("digest", name=op.f(f"uq_{table}_digest")),
    )
    op.create_index(op.f(f"ix_{table}_permit_id"), table, ["permit_id"])
    _partly_unique(f"uq_{table}_live", table, "permit_id", "ended_at IS NULL")
    _statements("arrival_statements")
    _lines("arrival_lines")


def _statements(table: str) -> None:
    op.create_table(
        table,
        _id("id"),
        _id("permit_id"),
        _id("supersedes_id", nullable=True),
        _id("link_id", nullable=True),
        sa.Column("said_by", _words("saidby", "link", "officer"), nullable=False),
        sa.Column("arrived_at", MOMENT, nullable=False),
        sa.Column("said_at", MOMENT, nullable=False),
        _id("by_id"),
        _text("by_name"),
        _text("note"),
        sa.Column("extras", sa.JSON(), nullable=False),
        sa.CheckConstraint(
            "(said_by = 'link') = (link_id IS NOT NULL)", name=op.f(f"ck_{table}_link")
        ),
        _refers(table, "permit_id", "permits"),
        _refers(table, "supersedes_id", table),
        _refers(table, "link_id", "arrival_links"),
        _key(table),
        sa.UniqueConstraint("supersedes_id", name=op.f(f"uq_{table}_supersedes_id")),
    )
    op.create_index(op.f(f"ix_{table}_permit_id"), table, ["permit_id"])
    _partly_unique(f"uq_{table}_first", table, "permit_id", "supersedes_id IS NULL")


def _lines(table: str) -> None:
    op.create_table(
        table,
        _id("id"),
        _id("statement_id"),
        _id("animal_id"),
        sa.Column("outcome", _words("arrival", "received", "dead", "rejected"), nullable=False),
        _text("words"),
        sa.CheckConstraint("outcome = 'received' OR words <> ''", name=op.f(f"ck_{table}_words")),
        _refers(table, "statement_id", "arrival_statements"),
        _refers(table, "animal_id", "animals"),
        _key(table),
        sa.UniqueConstraint(
            "statement_id", "animal_id", name=op.f(f"uq_{table}_statement_id_animal_id")
        ),
    )
    op.create_index(op.f(f"ix_{table}_animal_id"), table, ["animal_id"])


def _partly_unique(name: str, table: str, column: str, where: str) -> None:
    op.create_index(
        name, table, [column], unique=True,
        sqlite_where=sa.text(where), postgresql_where=sa.text(where),
    )  # fmt: skip


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
