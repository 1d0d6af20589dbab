"""Tariffs with all that the law says, interest on late bills, and bills that are given up."""

from datetime import UTC, datetime
from uuid import UUID

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None

ID = sa.Uuid().with_variant(sa.LargeBinary(16), "sqlite")
REGION = sa.String(13).with_variant(sa.String(13, collation="C"), "postgresql")
MOMENT = sa.DateTime(timezone=True)
LINES = "skrd_lines"
PROPOSER, APPROVER = (UUID(int=2), "sijinak command line"), (UUID(int=1), "sijinak worker")
# Retribusi pemakaian kekayaan daerah: all that was billed before was livestock that left.
LAW_CODE = "4.1.02.02.01"

# Of an approved tariff only the last day may change; of a bill only its state.
TARIFF_SAYS = (
    "id, code, service, component, species, sex, unit, applies, amount, perda, article, legal_basis, "
    "law_code, source, is_example, valid_from, proposed_by, approved_by, refused_why"
)
BILL_SAYS = (
    "id, kind, number, year, no, permit_id, late_id, keeper_id, payer_name, region, heads, total, "
    "issued_on, due_on, issued_by, issued_by_name, took_part"
)
SAME_DAYS = """SELECT 1 FROM tariffs AS other WHERE other.id <> NEW.id
    AND other.approved_by IS NOT NULL AND other.code = NEW.code AND other.species = NEW.species
    AND other.sex = NEW.sex AND other.applies = NEW.applies
    AND (NEW.valid_until IS NULL OR other.valid_from <= NEW.valid_until)
    AND (other.valid_until IS NULL OR other.valid_until >= NEW.valid_from)"""
# Of two rows of one code the later counted; now the earlier one ends on the day before.
LATER = """(SELECT min(other.valid_from) FROM tariffs AS other WHERE other.code = tariffs.code
    AND other.valid_from > tariffs.valid_from)"""
# Two who approve the first rows of one key at once: the second sees the first.
FIND_OVERLAP = f"""BEGIN
    PERFORM pg_advisory_xact_lock(hashtext('tariffs ' || NEW.code));
    IF EXISTS ({SAME_DAYS}) THEN RAISE EXCEPTION 'tariffs: two rows of one key on one day'; END IF;
    RETURN NEW; END"""


def upgrade() -> None:
    _tariffs()
    _bills()
    _write_offs()
    if _on_sqlite():
        _guard_sqlite()
    else:
        _guard_postgresql()


def _on_sqlite() -> bool:
    return op.get_bind().dialect.name == "sqlite"


def _choice(name: str, *values: str) -> sa.Enum:
    return sa.Enum(*values, name=name, native_enum=False, length=32)


def _text(name: str, default: str = "") -> sa.Column[str]:
    return sa.Column(name, sa.String(), nullable=False, server_default=default)


def _tariffs() -> None:
    services = _choice("service", "shipping", "slaughter", "market", "other")
    units = _choice("unit", "head", "day", "ticket", "weighing")
    with op.batch_alter_table("tariffs") as tariffs:
        tariffs.add_column(
            sa.Column("service", services, nullable=False, server_default="shipping")
        )
        tariffs.add_column(sa.Column("unit", units, nullable=False, server_default="head"))
        for name in ("sex", "perda", "article", "proposed_by_name", "approved_by_name"):
            tariffs.add_column(_text(name))
        tariffs.add_column(_text("law_code", LAW_CODE))
        tariffs.add_column(_text("refused_why"))
        tariffs.add_column(_text("past_why"))
        for name in ("proposed_by", "approved_by"):
            tariffs.add_column(sa.Column(name, ID, nullable=True))
        for name in ("proposed_at", "approved_at"):
            tariffs.add_column(sa.Column(name, MOMENT, nullable=True))
    _sign_old_tariffs()
    day_before = f"date({LATER}, '-1 day')" if _on_sqlite() else f"{LATER} - 1"
    op.execute(
        f"UPDATE tariffs SET valid_until = {day_before} "
        f"WHERE {LATER} <= coalesce(valid_until, {LATER})"
    )
    with op.batch_alter_table("tariffs") as tariffs:
        tariffs.alter_column("proposed_by", existing_type=ID, nullable=False)
        tariffs.alter_column("proposed_at", existing_type=MOMENT, nullable=False)
        tariffs.drop_constraint("uq_tariffs_code_valid_from", type_="unique")
        for name, rule in (
            ("four_eyes", "approved_by IS NULL OR approved_by <> proposed_by"),
            ("answer", "approved_by IS NULL OR refused_why = ''"),
        ):
            tariffs.create_check_constraint(op.f(f"ck_tariffs_{name}"), rule)
    _index_where(
        "uq_tariffs_key",
        "tariffs",
        ["code", "species", "sex", "applies", "valid_from"],
        "refused_why = ''",
    )


def _sign_old_tariffs() -> None:
    """They came with the program, or from its command line."""
    tariffs = sa.table(
        "tariffs",
        *(sa.column(name, ID) for name in ("proposed_by", "approved_by")),
        *(sa.column(name, MOMENT) for name in ("proposed_at", "approved_at")),
        *(
            sa.column(name, sa.String())
            for name in ("proposed_by_name", "approved_by_name", "perda", "legal_basis")
        ),
    )
    now, sqlite = datetime.now(UTC), _on_sqlite()
    op.execute(
        tariffs.update().values(
            proposed_by=PROPOSER[0].bytes if sqlite else PROPOSER[0],
            proposed_by_name=PROPOSER[1],
            proposed_at=now,
            approved_by=APPROVER[0].bytes if sqlite else APPROVER[0],
            approved_by_name=APPROVER[1],
            approved_at=now,
            perda=tariffs.c.legal_basis,
        )
    )


def _bills() -> None:
    kinds = _choice("billkind", "skrd", "strd")
    with op.batch_alter_table("skrd") as skrd:
        skrd.add_column(sa.Column("kind", kinds, nullable=False, server_default="skrd"))
        skrd.add_column(sa.Column("late_id", ID, nullable=True))
        skrd.add_column(sa.Column("heads", sa.BigInteger(), nullable=True))
        skrd.alter_column("permit_id", existing_type=ID, nullable=True)
        skrd.drop_constraint("uq_skrd_year_no", type_="unique")
        skrd.create_check_constraint(
            op.f("ck_skrd_late"), "(kind = 'strd') = (late_id IS NOT NULL)"
        )
        skrd.create_unique_constraint("uq_skrd_kind_year_no", ["kind", "year", "no"])
        skrd.create_foreign_key("fk_skrd_late_id", "skrd", ["late_id"], ["id"])
    op.create_index("ix_skrd_late_id", "skrd", ["late_id"])
    _index_where(
        "uq_skrd_open_strd",
        "skrd",
        ["late_id", "issued_on", "total"],
        "kind = 'strd' AND state = 'open'",
    )
    op.execute(
        f"UPDATE skrd SET heads = (SELECT heads FROM {LINES} WHERE skrd_id = skrd.id"
        " AND position = 1)"
    )
    with op.batch_alter_table(LINES) as lines:
        lines.add_column(_text("law_code", LAW_CODE))
        lines.alter_column("tariff_id", existing_type=ID, nullable=True)


def _write_offs() -> None:
    op.create_table(
        "write_offs",
        sa.Column("id", ID, nullable=False),
        sa.Column("skrd_id", ID, nullable=False),
        sa.Column("region", REGION, nullable=False),
        sa.Column("decree", sa.String(), nullable=False),
        sa.Column("decree_on", sa.Date(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("proposed_by", ID, nullable=False),
        sa.Column("proposed_by_name", sa.String(), nullable=False),
        sa.Column("proposed_at", MOMENT, nullable=False),
        sa.Column("approved_by", ID, nullable=True),
        sa.Column("approved_by_name", sa.String(), nullable=False),
        sa.Column("refused_why", sa.String(), nullable=False),
        sa.Column("ended_at", MOMENT, nullable=True),
        sa.CheckConstraint(
            "approved_by IS NULL OR approved_by <> proposed_by",
            name=op.f("ck_write_offs_four_eyes"),
        ),
        sa.CheckConstraint("decree <> ''", name=op.f("ck_write_offs_decree")),
        sa.CheckConstraint(
            "approved_by IS NULL OR ended_at IS NOT NULL", name=op.f("ck_write_offs_ended")
        ),
        sa.ForeignKeyConstraint(["skrd_id"], ["skrd.id"], name=op.f("fk_write_offs_skrd_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_write_offs")),
    )
    op.create_index("ix_write_offs_skrd_id", "write_offs", ["skrd_id"])
    _index_where("uq_write_offs_waiting", "write_offs", ["skrd_id"], "ended_at IS NULL")


def _index_where(name: str, table: str, columns: list[str], where: str) -> None:
    rule = sa.text(where)
    op.create_index(name, table, columns, unique=True, sqlite_where=rule, postgresql_where=rule)


def _guard_sqlite() -> None:
    """The insert guard stops INSERT OR REPLACE on connections without recursive_triggers."""
    append_only = f"BEGIN SELECT RAISE(ABORT, '{LINES}: append-only'); END"
    op.execute(f"CREATE TRIGGER {LINES}_no_update BEFORE UPDATE ON {LINES} {append_only}")
    op.execute(f"CREATE TRIGGER {LINES}_no_delete BEFORE DELETE ON {LINES} {append_only}")
    same = "id = NEW.id OR (skrd_id = NEW.skrd_id AND position = NEW.position)"
    op.execute(
        f"CREATE TRIGGER {LINES}_no_replace BEFORE INSERT ON {LINES} WHEN EXISTS "
        f"(SELECT 1 FROM {LINES} WHERE {same}) {append_only}"
    )
    kept = "BEGIN SELECT RAISE(ABORT, '{}: append-only'); END"
    op.execute(
        f"CREATE TRIGGER skrd_is_kept BEFORE UPDATE OF {BILL_SAYS} ON skrd {kept.format('skrd')}"
    )
    op.execute(f"CREATE TRIGGER skrd_no_delete BEFORE DELETE ON skrd {kept.format('skrd')}")
    op.execute(
        f"CREATE TRIGGER tariffs_is_kept BEFORE UPDATE OF {TARIFF_SAYS} ON tariffs "
        f"WHEN OLD.approved_by IS NOT NULL {kept.format('tariffs')}"
    )
    op.execute(
        "CREATE TRIGGER tariffs_no_delete BEFORE DELETE ON tariffs "
        f"WHEN OLD.approved_by IS NOT NULL {kept.format('tariffs')}"
    )
    overlap = "BEGIN SELECT RAISE(ABORT, 'tariffs: two rows of one key on one day'); END"
    for event in ("INSERT", "UPDATE"):
        op.execute(
            f"CREATE TRIGGER tariffs_no_overlap_{event.lower()} BEFORE {event} ON tariffs "
            f"WHEN NEW.approved_by IS NOT NULL AND EXISTS ({SAME_DAYS}) {overlap}"
        )


def _guard_postgresql() -> None:
    row, call = "FOR EACH ROW", "EXECUTE FUNCTION refuse_change()"
    for name, event, when in (
        (f"{LINES}_no_change", f"UPDATE OR DELETE ON {LINES}", ""),
        ("skrd_is_kept", f"UPDATE OF {BILL_SAYS} ON skrd", ""),
        ("skrd_no_delete", "DELETE ON skrd", ""),
        (
            "tariffs_is_kept",
            f"UPDATE OF {TARIFF_SAYS} ON tariffs",
            "WHEN (OLD.approved_by IS NOT NULL)",
        ),
        ("tariffs_no_delete", "DELETE ON tariffs", "WHEN (OLD.approved_by IS NOT NULL)"),
    ):
        op.execute(f"CREATE TRIGGER {name} BEFORE {event} {row} {when} {call}")
    for table in (LINES, "skrd", "tariffs"):
        op.execute(
            f"CREATE TRIGGER {table}_no_truncate BEFORE TRUNCATE ON {table} "
            f"FOR EACH STATEMENT {call}"
        )
    schema = op.get_bind().exec_driver_sql("SELECT quote_ident(current_schema())").scalar_one()
    op.execute(
        "CREATE FUNCTION refuse_tariff_overlap() RETURNS trigger LANGUAGE plpgsql "
        f"SET search_path = {schema}, pg_temp AS $$ {FIND_OVERLAP} $$"
    )
    op.execute(
        f"CREATE TRIGGER tariffs_no_overlap BEFORE INSERT OR UPDATE ON tariffs {row} "
        "WHEN (NEW.approved_by IS NOT NULL) EXECUTE FUNCTION refuse_tariff_overlap()"
    )
