"""Voids of receipts, and which money paid which bill."""

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None

ID = sa.Uuid().with_variant(sa.LargeBinary(16), "sqlite")
REGION = sa.String(13).with_variant(sa.String(13, collation="C"), "postgresql")
MOMENT = sa.DateTime(timezone=True)

# What makes a row the same as one that is there, beside its id.
SAME = {
    "receipts": "id = NEW.id OR number = NEW.number"
    " OR (series = NEW.series AND year = NEW.year AND no = NEW.no)"
    " OR (skrd_id = NEW.skrd_id AND round = NEW.round AND kind = NEW.kind)",
    "allocations": "id = NEW.id"
    " OR (receipt_id = NEW.receipt_id AND collection_id = NEW.collection_id)",
}
GAP = "receipts: the number leaves a gap"
ROUND = "receipts: a second receipt needs the void of the first"
VOID = "receipts: a void repeats what it voids"
TOO_MUCH = "allocations: more than the money"
NEXT_NO = """NEW.no <> (SELECT coalesce(max(no), 0) + 1 FROM receipts
    WHERE series = NEW.series AND year = NEW.year)"""
# Each void ends one round: then there are as many voids as receipts, and the next round may begin.
WRONG_ROUND = """NEW.kind = 'receipt' AND EXISTS (SELECT 1 FROM (SELECT
    count(CASE WHEN kind = 'void' THEN 1 END) AS voids,
    count(CASE WHEN kind = 'receipt' THEN 1 END) AS receipts
    FROM receipts WHERE skrd_id = NEW.skrd_id) AS been
    WHERE been.voids <> been.receipts OR NEW.round <> been.voids + 1)"""
OTHER_VOID = """NEW.kind = 'void' AND NOT EXISTS (SELECT 1 FROM receipts AS r
    WHERE r.id = NEW.voids_id AND r.kind = 'receipt' AND r.series = NEW.series
    AND r.skrd_id = NEW.skrd_id AND r.round = NEW.round AND r.amount = NEW.amount)"""
# Of the money, what pays receipts that were not voided.
OVERSPENT = """NEW.amount > (SELECT amount FROM collections WHERE id = NEW.collection_id) - (
    SELECT coalesce(sum(a.amount), 0) FROM allocations AS a WHERE a.collection_id = NEW.collection_id
    AND NOT EXISTS (SELECT 1 FROM receipts AS v WHERE v.voids_id = a.receipt_id))"""
REFUSALS = {
    "receipts": {"round": (WRONG_ROUND, ROUND), "void": (OTHER_VOID, VOID)},
    "allocations": {"within": (OVERSPENT, TOO_MUCH)},
}


def upgrade() -> None:
    # The money of the receipts that are there becomes their allocation.
    op.execute("CREATE TABLE paid_before AS SELECT id, collection_id, amount FROM receipts")
    _receipts()
    _allocations()
    op.execute(
        "INSERT INTO allocations (id, receipt_id, collection_id, amount)"
        " SELECT id, id, collection_id, amount FROM paid_before"
    )
    op.drop_table("paid_before")
    _void_requests()
    _receipt_links()
    op.add_column(
        "discrepancies", sa.Column("plan", sa.JSON(), nullable=False, server_default="{}")
    )
    if op.get_bind().dialect.name == "sqlite":
        _guard_sqlite()
    else:
        _guard_postgresql()


def _receipts() -> None:
    with op.batch_alter_table("receipts") as batch_op:
        batch_op.add_column(
            sa.Column(
                "kind",
                sa.Enum("receipt", "void", name="receiptkind", native_enum=False, length=32),
                nullable=False,
                server_default="receipt",
            )
        )
        batch_op.add_column(sa.Column("round", sa.BigInteger(), nullable=False, server_default="1"))
        batch_op.add_column(sa.Column("voids_id", ID, nullable=True))
        batch_op.add_column(sa.Column("voided_from", ID, nullable=True))
        batch_op.add_column(sa.Column("reason", sa.String(), nullable=False, server_default=""))
        batch_op.add_column(sa.Column("asked_by", ID, nullable=True))
        batch_op.add_column(
            sa.Column("asked_by_name", sa.String(), nullable=False, server_default="")
        )
        batch_op.create_check_constraint(
            batch_op.f("ck_receipts_voids"), "(kind = 'void') = (voids_id IS NOT NULL)"
        )
        batch_op.create_check_constraint(
            batch_op.f("ck_receipts_asked"), "(kind = 'void') = (asked_by IS NOT NULL)"
        )
        batch_op.create_check_constraint(
            batch_op.f("ck_receipts_four_eyes"), "issued_by <> asked_by"
        )
        batch_op.create_check_constraint(
            batch_op.f("ck_receipts_second_person"), "issued_by <> voided_from"
        )
        batch_op.create_check_constraint(
            batch_op.f("ck_receipts_voided_from"), "(voids_id IS NULL) = (voided_from IS NULL)"
        )
        batch_op.drop_constraint(batch_op.f("uq_receipts_collection_id"), type_="unique")
        batch_op.drop_constraint(batch_op.f("uq_receipts_skrd_id"), type_="unique")
        batch_op.create_unique_constraint(
            batch_op.f("uq_receipts_id_issued_by"), ["id", "issued_by"]
        )
        batch_op.create_unique_constraint(
            batch_op.f("uq_receipts_skrd_id_round_kind"), ["skrd_id", "round", "kind"]
        )
        batch_op.create_unique_constraint(batch_op.f("uq_receipts_voids_id"), ["voids_id"])
        batch_op.drop_constraint(batch_op.f("fk_receipts_collection_id"), type_="foreignkey")
        batch_op.create_foreign_key(
            "fk_receipts_voids", "receipts", ["voids_id", "voided_from"], ["id", "issued_by"]
        )
        batch_op.drop_column("collection_id")


def _allocations() -> None:
    op.create_table(
        "allocations",
        sa.Column("id", ID, nullable=False),
        sa.Column("receipt_id", ID, nullable=False),
        sa.Column("collection_id", ID, nullable=False),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.CheckConstraint("amount > 0", name=op.f("ck_allocations_amount")),
        sa.ForeignKeyConstraint(
            ["collection_id"], ["collections.id"], name=op.f("fk_allocations_collection_id")
        ),
        sa.ForeignKeyConstraint(
            ["receipt_id"], ["receipts.id"], name=op.f("fk_allocations_receipt_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_allocations")),
        sa.UniqueConstraint(
            "receipt_id", "collection_id", name=op.f("uq_allocations_receipt_id_collection_id")
        ),
    )
    op.create_index(op.f("ix_allocations_collection_id"), "allocations", ["collection_id"])


def _void_requests() -> None:
    states = ("asked", "issued", "refused")
    op.create_table(
        "void_requests",
        sa.Column("id", ID, nullable=False),
        sa.Column("receipt_id", ID, nullable=False),
        sa.Column(
            "state",
            sa.Enum(*states, name="voidstate", native_enum=False, length=32),
            nullable=False,
        ),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("asked_by", ID, nullable=False),
        sa.Column("asked_by_name", sa.String(), nullable=False),
        sa.Column("asked_at", MOMENT, nullable=False),
        sa.Column("note", sa.String(), nullable=False),
        sa.Column("answered_by", ID, nullable=True),
        sa.Column("answered_by_name", sa.String(), nullable=False),
        sa.Column("answered_at", MOMENT, nullable=True),
        sa.CheckConstraint("answered_by <> asked_by", name=op.f("ck_void_requests_four_eyes")),
        sa.CheckConstraint(
            "(state = 'asked') = (answered_by IS NULL)", name=op.f("ck_void_requests_answered")
        ),
        sa.ForeignKeyConstraint(
            ["receipt_id"], ["receipts.id"], name=op.f("fk_void_requests_receipt_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_void_requests")),
    )
    op.create_index(op.f("ix_void_requests_receipt_id"), "void_requests", ["receipt_id"])
    asked = sa.text("state = 'asked'")
    op.create_index(
        "uq_void_requests_open",
        "void_requests",
        ["receipt_id"],
        unique=True,
        sqlite_where=asked,
        postgresql_where=asked,
    )


def _receipt_links() -> None:
    op.create_table(
        "receipt_links",
        sa.Column("id", ID, nullable=False),
        sa.Column("receipt_id", ID, nullable=False),
        sa.Column("digest", sa.LargeBinary(), nullable=False),
        sa.Column("made_by", ID, nullable=False),
        sa.Column("made_at", MOMENT, nullable=False),
        sa.Column("expires_at", MOMENT, nullable=False),
        sa.Column("ended_at", MOMENT, nullable=True),
        sa.ForeignKeyConstraint(
            ["receipt_id"], ["receipts.id"], name=op.f("fk_receipt_links_receipt_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_receipt_links")),
        sa.UniqueConstraint("digest", name=op.f("uq_receipt_links_digest")),
    )
    op.create_index(op.f("ix_receipt_links_receipt_id"), "receipt_links", ["receipt_id"])


def _guard_sqlite() -> None:
    """The rebuild of the receipts lost their guards.

    The one that stops INSERT OR REPLACE comes last: SQLite asks the youngest first.
    """
    _refuse("receipts_no_gap", "INSERT ON receipts", NEXT_NO, GAP)
    for table, same in SAME.items():
        for name, (condition, words) in REFUSALS[table].items():
            _refuse(f"{table}_{name}", f"INSERT ON {table}", condition, words)
        append_only = f"{table}: append-only"
        _refuse(f"{table}_no_update", f"UPDATE ON {table}", "1", append_only)
        _refuse(f"{table}_no_delete", f"DELETE ON {table}", "1", append_only)
        known = f"EXISTS (SELECT 1 FROM {table} WHERE {same})"
        _refuse(f"{table}_no_replace", f"INSERT ON {table}", known, append_only)


def _refuse(name: str, when: str, condition: str, words: str) -> None:
    op.execute(
        f"CREATE TRIGGER {name} BEFORE {when} WHEN {condition} "
        f"BEGIN SELECT RAISE(ABORT, '{words}'); END"
    )


def _guard_postgresql() -> None:
    op.execute(
        "CREATE TRIGGER allocations_no_change BEFORE UPDATE OR DELETE ON allocations "
        "FOR EACH ROW EXECUTE FUNCTION refuse_change()"
    )
    op.execute(
        "CREATE TRIGGER allocations_no_truncate BEFORE TRUNCATE ON allocations "
        "FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()"
    )
    # Our tables first: a temporary table of the same name must not stand in for one.
    schema = op.get_bind().exec_driver_sql("SELECT quote_ident(current_schema())").scalar_one()
    for table, refusals in REFUSALS.items():
        checks = " ".join(
            f"IF {condition} THEN RAISE EXCEPTION '{words}'; END IF;"
            for condition, words in refusals.values()
        )
        op.execute(
            f"CREATE FUNCTION refuse_wrong_{table}() RETURNS trigger LANGUAGE plpgsql "
            f"SET search_path = {schema}, pg_temp AS $$ BEGIN {checks} RETURN NEW; END $$"
        )
        op.execute(
            f"CREATE TRIGGER {table}_true BEFORE INSERT ON {table} "
            f"FOR EACH ROW EXECUTE FUNCTION refuse_wrong_{table}()"
        )
