"""Cash in hands, days off, tickets, and deposits."""

import sqlalchemy as sa
from alembic import op

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None

ID = sa.Uuid().with_variant(sa.LargeBinary(16), "sqlite")
REGION = sa.String(13).with_variant(sa.String(13, collation="C"), "postgresql")
MOMENT = sa.DateTime(timezone=True)

# What makes a row the same as one that is there.
SAME = {
    "ticket_uses": "id = NEW.id OR (block_id = NEW.block_id AND (last = NEW.last"
    " OR after = NEW.after OR (after IS NULL AND NEW.after IS NULL)))",
    "ticket_sales": "id = NEW.id",
    "ticket_spoilt_counts": "id = NEW.id OR use_id = NEW.use_id",
}
# What is over stays as it is: only in these states a row may change. None is ever deleted.
CHANGING = {
    "handovers": "OLD.state = 'offered'",
    "cash_closings": "OLD.state = 'counted'",
    "deposits": "OLD.state <> 'withdrawn'",
    "change_floats": "OLD.state NOT IN ('returned', 'withdrawn')",
    "cash_moves": "OLD.state = 'reserved'",
    "deposit_lines": "1 = 0",
    "ticket_ways": "OLD.state = 'open'",
    "ticket_blocks": "OLD.state <> 'destroyed'",
    "holidays": "OLD.removed_at IS NULL",
}
OVERLAPS = (
    "EXISTS (SELECT 1 FROM ticket_blocks WHERE series = NEW.series"
    " AND first <= NEW.last AND last >= NEW.first)"
)
HOLDS = "NEW.account IN ('cash', 'float') AND NEW.about IS NOT NULL"
DAY_CLOSED = (
    "NEW.account = 'cash' AND EXISTS (SELECT 1 FROM cash_holders"
    " WHERE id = NEW.about AND closed_on >= NEW.effective_on)"
)
ADD = """UPDATE cash_holders SET
    held = held + CASE WHEN NEW.account = 'cash' THEN NEW.amount ELSE 0 END,
    floats = floats + CASE WHEN NEW.account = 'float' THEN NEW.amount ELSE 0 END
    WHERE id = NEW.about"""
KEEP_SQLITE = f"""CREATE TRIGGER postings_are_held AFTER INSERT ON postings WHEN {HOLDS} BEGIN
    INSERT INTO cash_holders (id, held, floats) SELECT NEW.about, 0, 0
        WHERE NOT EXISTS (SELECT 1 FROM cash_holders WHERE id = NEW.about);
    {ADD}; END"""
# The row is locked by the UPDATE, and only then looked at: a closing beside it was either before
# or waits.
KEEP_POSTGRESQL = f"""BEGIN
    INSERT INTO cash_holders (id, held, floats) VALUES (NEW.about, 0, 0) ON CONFLICT DO NOTHING;
    {ADD};
    IF {DAY_CLOSED} THEN
        RAISE EXCEPTION 'postings: the holder has closed this day' USING ERRCODE = '23514';
    END IF;
    RETURN NULL; END"""
# On SQLite anybody can write what is held, but only the true sum.
UNTRUE = " OR ".join(
    f"NEW.{column} <> (SELECT coalesce(sum(amount), 0) FROM postings"
    f" WHERE account = '{account}' AND about = NEW.id)"
    for column, account in (("held", "cash"), ("floats", "float"))
)


def upgrade() -> None:
    for make in TABLES:
        make()
    if op.get_bind().dialect.name == "sqlite":
        _guard_sqlite()
    else:
        _guard_postgresql()


def _words(name: str, *values: str) -> sa.Enum:
    return sa.Enum(*values, name=name, native_enum=False, length=32)


def _cash_holders() -> None:
    op.create_table(
        "cash_holders",
        sa.Column("id", ID, nullable=False),
        sa.Column("held", sa.BigInteger(), nullable=False),
        sa.Column("floats", sa.BigInteger(), nullable=False),
        sa.Column("closed_on", sa.Date(), nullable=True),
        sa.CheckConstraint("floats >= 0", name=op.f("ck_cash_holders_floats")),
        sa.CheckConstraint("held >= 0", name=op.f("ck_cash_holders_held")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_cash_holders")),
    )


def _holidays() -> None:
    op.create_table(
        "holidays",
        sa.Column("id", ID, nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column(
            "kind", _words("holidaykind", "national", "collective", "regional"), nullable=False
        ),
        sa.Column("source", sa.String(), nullable=False),
        sa.Column("is_example", sa.Boolean(), nullable=False),
        sa.Column("entered_at", MOMENT, nullable=False),
        sa.Column("entered_by", ID, nullable=False),
        sa.Column("entered_by_name", sa.String(), nullable=False),
        sa.Column("asked_by", ID, nullable=True),
        sa.Column("asked_by_name", sa.String(), nullable=False),
        sa.Column("agreed_by", ID, nullable=True),
        sa.Column("agreed_by_name", sa.String(), nullable=False),
        sa.Column("removed_at", MOMENT, nullable=True),
        sa.Column("removed_by_name", sa.String(), nullable=False),
        sa.Column("removed_why", sa.String(), nullable=False),
        sa.CheckConstraint(
            "removed_at IS NULL OR removed_why <> ''", name=op.f("ck_holidays_removed")
        ),
        sa.CheckConstraint("agreed_by <> asked_by", name=op.f("ck_holidays_four_eyes")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_holidays")),
    )
    op.create_index(
        "uq_holidays_day",
        "holidays",
        ["day"],
        unique=True,
        sqlite_where=sa.text("removed_at IS NULL"),
        postgresql_where=sa.text("removed_at IS NULL"),
    )


def _cash_moves() -> None:
    op.create_table(
        "cash_moves",
        sa.Column("id", ID, nullable=False),
        sa.Column("act_id", ID, nullable=False),
        sa.Column("source_id", ID, nullable=False),
        sa.Column("giver_id", ID, nullable=False),
        sa.Column("taker_id", ID, nullable=True),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.Column("state", _words("movestate", "reserved", "moved", "dropped"), nullable=False),
        sa.CheckConstraint("amount > 0", name=op.f("ck_cash_moves_amount")),
        sa.CheckConstraint("giver_id <> taker_id", name=op.f("ck_cash_moves_sides")),
        sa.ForeignKeyConstraint(
            ["source_id"], ["journals.id"], name=op.f("fk_cash_moves_source_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_cash_moves")),
        sa.UniqueConstraint("act_id", "source_id", name=op.f("uq_cash_moves_act_id_source_id")),
    )
    op.create_index("ix_cash_moves_giver", "cash_moves", ["giver_id", "state"], unique=False)
    op.create_index(op.f("ix_cash_moves_source_id"), "cash_moves", ["source_id"], unique=False)
    op.create_index("ix_cash_moves_taker", "cash_moves", ["taker_id", "state"], unique=False)


def _handovers() -> None:
    op.create_table(
        "handovers",
        sa.Column("id", ID, nullable=False),
        sa.Column("number", sa.String(), nullable=True),
        sa.Column("year", sa.BigInteger(), nullable=True),
        sa.Column("no", sa.BigInteger(), nullable=True),
        sa.Column("giver_id", ID, nullable=False),
        sa.Column("giver_name", sa.String(), nullable=False),
        sa.Column("taker_id", ID, nullable=False),
        sa.Column("taker_name", sa.String(), nullable=False),
        sa.Column("region", REGION, nullable=False),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.Column("notes", sa.JSON(), nullable=False),
        sa.Column("counted", sa.BigInteger(), nullable=True),
        sa.Column(
            "state",
            _words("handoverstate", "offered", "accepted", "refused", "withdrawn"),
            nullable=False,
        ),
        sa.Column("why", sa.String(), nullable=False),
        sa.Column("offered_at", MOMENT, nullable=False),
        sa.Column("ended_at", MOMENT, nullable=True),
        sa.CheckConstraint(
            "(state = 'accepted') = (counted IS NOT NULL)", name=op.f("ck_handovers_counted")
        ),
        sa.CheckConstraint(
            "counted IS NULL OR counted = amount OR why <> ''", name=op.f("ck_handovers_why")
        ),
        sa.CheckConstraint(
            "(counted IS NULL) = (number IS NULL)", name=op.f("ck_handovers_number")
        ),
        sa.CheckConstraint("amount > 0", name=op.f("ck_handovers_amount")),
        sa.CheckConstraint("counted >= 0", name=op.f("ck_handovers_count")),
        sa.CheckConstraint("giver_id <> taker_id", name=op.f("ck_handovers_four_eyes")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_handovers")),
        sa.UniqueConstraint("number", name=op.f("uq_handovers_number")),
        sa.UniqueConstraint("year", "no", name=op.f("uq_handovers_year_no")),
    )
    op.create_index("ix_handovers_giver", "handovers", ["giver_id", "state"], unique=False)
    op.create_index(op.f("ix_handovers_region"), "handovers", ["region"], unique=False)
    op.create_index("ix_handovers_taker", "handovers", ["taker_id", "state"], unique=False)


def _change_floats() -> None:
    op.create_table(
        "change_floats",
        sa.Column("id", ID, nullable=False),
        sa.Column("holder_id", ID, nullable=False),
        sa.Column("holder_name", sa.String(), nullable=False),
        sa.Column("giver_id", ID, nullable=False),
        sa.Column("giver_name", sa.String(), nullable=False),
        sa.Column("region", REGION, nullable=False),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.Column("origin", sa.String(), nullable=False),
        sa.Column(
            "state",
            _words("floatstate", "offered", "held", "returning", "returned", "withdrawn"),
            nullable=False,
        ),
        sa.Column("offered_at", MOMENT, nullable=False),
        sa.Column("accepted_at", MOMENT, nullable=True),
        sa.Column("taken_back_by", ID, nullable=True),
        sa.Column("taken_back_by_name", sa.String(), nullable=False),
        sa.Column("ended_at", MOMENT, nullable=True),
        sa.CheckConstraint(
            "(state = 'returned') = (taken_back_by IS NOT NULL)",
            name=op.f("ck_change_floats_returned"),
        ),
        sa.CheckConstraint("amount > 0", name=op.f("ck_change_floats_amount")),
        sa.CheckConstraint("giver_id <> holder_id", name=op.f("ck_change_floats_four_eyes")),
        sa.CheckConstraint(
            "taken_back_by IS NULL OR taken_back_by <> holder_id",
            name=op.f("ck_change_floats_back"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_change_floats")),
    )
    op.create_index(
        op.f("ix_change_floats_holder_id"), "change_floats", ["holder_id"], unique=False
    )


def _cash_closings() -> None:
    op.create_table(
        "cash_closings",
        sa.Column("id", ID, nullable=False),
        sa.Column("holder_id", ID, nullable=False),
        sa.Column("holder_name", sa.String(), nullable=False),
        sa.Column("region", REGION, nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("opening", sa.BigInteger(), nullable=False),
        sa.Column("came", sa.BigInteger(), nullable=False),
        sa.Column("went", sa.BigInteger(), nullable=False),
        sa.Column("expected", sa.BigInteger(), nullable=False),
        sa.Column("flows", sa.JSON(), nullable=False),
        sa.Column("floats", sa.BigInteger(), nullable=False),
        sa.Column("counted", sa.BigInteger(), nullable=False),
        sa.Column("difference", sa.BigInteger(), nullable=False),
        sa.Column("notes", sa.JSON(), nullable=False),
        sa.Column("why", sa.String(), nullable=False),
        sa.Column("state", _words("closingstate", "counted", "closed", "rejected"), nullable=False),
        sa.Column("counted_at", MOMENT, nullable=False),
        sa.Column("signed_by", ID, nullable=True),
        sa.Column("signed_by_name", sa.String(), nullable=False),
        sa.Column("signed_at", MOMENT, nullable=True),
        sa.Column("rejected_why", sa.String(), nullable=False),
        sa.CheckConstraint(
            "(state = 'counted') = (signed_by IS NULL)", name=op.f("ck_cash_closings_signed")
        ),
        sa.CheckConstraint("difference = 0 OR why <> ''", name=op.f("ck_cash_closings_why")),
        sa.CheckConstraint("counted >= 0", name=op.f("ck_cash_closings_count")),
        sa.CheckConstraint(
            "expected + difference = counted", name=op.f("ck_cash_closings_counted")
        ),
        sa.CheckConstraint(
            "opening + came - went = expected", name=op.f("ck_cash_closings_adds_up")
        ),
        sa.CheckConstraint("signed_by <> holder_id", name=op.f("ck_cash_closings_four_eyes")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_cash_closings")),
    )
    op.create_index(
        op.f("ix_cash_closings_holder_id"), "cash_closings", ["holder_id"], unique=False
    )
    op.create_index(op.f("ix_cash_closings_region"), "cash_closings", ["region"], unique=False)
    op.create_index(
        "uq_cash_closings_day",
        "cash_closings",
        ["holder_id", "day"],
        unique=True,
        sqlite_where=sa.text("state <> 'rejected'"),
        postgresql_where=sa.text("state <> 'rejected'"),
    )


def _ticket_series() -> None:
    op.create_table(
        "ticket_series",
        sa.Column("id", ID, nullable=False),
        sa.Column("code", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ticket_series")),
        sa.UniqueConstraint("code", name=op.f("uq_ticket_series_code")),
    )


def _ticket_blocks() -> None:
    op.create_table(
        "ticket_blocks",
        sa.Column("id", ID, nullable=False),
        sa.Column("series", sa.String(), nullable=False),
        sa.Column("first", sa.BigInteger(), nullable=False),
        sa.Column("last", sa.BigInteger(), nullable=False),
        sa.Column("next", sa.BigInteger(), nullable=False),
        sa.Column("tariff_id", ID, nullable=False),
        sa.Column("component", sa.String(), nullable=False),
        sa.Column("law_code", sa.String(), nullable=False),
        sa.Column("legal_basis", sa.String(), nullable=False),
        sa.Column("nominal", sa.BigInteger(), nullable=False),
        sa.Column("decree", sa.String(), nullable=False),
        sa.Column("printer", sa.String(), nullable=False),
        sa.Column("region", REGION, nullable=False),
        sa.Column(
            "state",
            _words(
                "blockstate",
                "stored",
                "offered",
                "held",
                "returning",
                "used-up",
                "condemned",
                "destroyed",
            ),
            nullable=False,
        ),
        sa.Column("holder_id", ID, nullable=True),
        sa.Column("holder_name", sa.String(), nullable=False),
        sa.Column("entered_on", sa.Date(), nullable=False),
        sa.Column("entered_by", ID, nullable=False),
        sa.Column("entered_by_name", sa.String(), nullable=False),
        sa.Column("condemned_by", ID, nullable=True),
        sa.Column("condemned_by_name", sa.String(), nullable=False),
        sa.Column("destroyed_by", ID, nullable=True),
        sa.Column("destroyed_by_name", sa.String(), nullable=False),
        sa.Column("destroyed_why", sa.String(), nullable=False),
        sa.CheckConstraint(
            "(state IN ('offered', 'held', 'returning')) = (holder_id IS NOT NULL)",
            name=op.f("ck_ticket_blocks_holder"),
        ),
        sa.CheckConstraint(
            "(state IN ('condemned', 'destroyed')) = (condemned_by IS NOT NULL)",
            name=op.f("ck_ticket_blocks_condemned"),
        ),
        sa.CheckConstraint(
            "(state = 'destroyed') = (destroyed_by IS NOT NULL)",
            name=op.f("ck_ticket_blocks_destroyed"),
        ),
        sa.CheckConstraint(
            "destroyed_by <> entered_by AND destroyed_by <> condemned_by",
            name=op.f("ck_ticket_blocks_four_eyes"),
        ),
        sa.CheckConstraint("first >= 1 AND last >= first", name=op.f("ck_ticket_blocks_serials")),
        sa.CheckConstraint(
            "next >= first AND next <= last + 1", name=op.f("ck_ticket_blocks_next")
        ),
        sa.CheckConstraint("nominal > 0", name=op.f("ck_ticket_blocks_nominal")),
        sa.ForeignKeyConstraint(
            ["series"], ["ticket_series.code"], name=op.f("fk_ticket_blocks_series")
        ),
        sa.ForeignKeyConstraint(
            ["tariff_id"], ["tariffs.id"], name=op.f("fk_ticket_blocks_tariff_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ticket_blocks")),
        sa.UniqueConstraint("id", "last", name=op.f("uq_ticket_blocks_id_last")),
        sa.UniqueConstraint("series", "first", name=op.f("uq_ticket_blocks_series_first")),
        sa.UniqueConstraint("series", "last", name=op.f("uq_ticket_blocks_series_last")),
    )
    op.create_index(
        "ix_ticket_blocks_holder", "ticket_blocks", ["holder_id", "state"], unique=False
    )
    op.create_index(op.f("ix_ticket_blocks_region"), "ticket_blocks", ["region"], unique=False)


def _ticket_ways() -> None:
    op.create_table(
        "ticket_ways",
        sa.Column("id", ID, nullable=False),
        sa.Column("block_id", ID, nullable=False),
        sa.Column("is_return", sa.Boolean(), nullable=False),
        sa.Column("first", sa.BigInteger(), nullable=False),
        sa.Column("giver_id", ID, nullable=False),
        sa.Column("giver_name", sa.String(), nullable=False),
        sa.Column("meant_for", ID, nullable=True),
        sa.Column("taker_id", ID, nullable=True),
        sa.Column("taker_name", sa.String(), nullable=False),
        sa.Column("state", _words("waystate", "open", "done", "ended"), nullable=False),
        sa.Column("offered_at", MOMENT, nullable=False),
        sa.Column("ended_at", MOMENT, nullable=True),
        sa.CheckConstraint(
            "(state = 'done') = (taker_id IS NOT NULL)", name=op.f("ck_ticket_ways_taker")
        ),
        sa.CheckConstraint("giver_id <> meant_for", name=op.f("ck_ticket_ways_for_another")),
        sa.CheckConstraint("giver_id <> taker_id", name=op.f("ck_ticket_ways_four_eyes")),
        sa.CheckConstraint(
            "is_return OR meant_for IS NOT NULL", name=op.f("ck_ticket_ways_meant_for")
        ),
        sa.ForeignKeyConstraint(
            ["block_id"], ["ticket_blocks.id"], name=op.f("fk_ticket_ways_block_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ticket_ways")),
    )
    op.create_index(op.f("ix_ticket_ways_block_id"), "ticket_ways", ["block_id"], unique=False)


def _ticket_sales() -> None:
    op.create_table(
        "ticket_sales",
        sa.Column("id", ID, nullable=False),
        sa.Column("block_id", ID, nullable=False),
        sa.Column("seller_id", ID, nullable=False),
        sa.Column("seller_name", sa.String(), nullable=False),
        sa.Column("region", REGION, nullable=False),
        sa.Column("first", sa.BigInteger(), nullable=False),
        sa.Column("last", sa.BigInteger(), nullable=False),
        sa.Column("count", sa.BigInteger(), nullable=False),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.Column("sold_at", MOMENT, nullable=False),
        sa.CheckConstraint("amount >= 0 AND count >= 0", name=op.f("ck_ticket_sales_amount")),
        sa.CheckConstraint("last >= first", name=op.f("ck_ticket_sales_serials")),
        sa.ForeignKeyConstraint(
            ["block_id"], ["ticket_blocks.id"], name=op.f("fk_ticket_sales_block_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ticket_sales")),
    )
    op.create_index(op.f("ix_ticket_sales_block_id"), "ticket_sales", ["block_id"], unique=False)
    op.create_index(op.f("ix_ticket_sales_seller_id"), "ticket_sales", ["seller_id"], unique=False)
    op.create_index(op.f("ix_ticket_sales_sold_at"), "ticket_sales", ["sold_at"], unique=False)


def _ticket_uses() -> None:
    op.create_table(
        "ticket_uses",
        sa.Column("id", ID, nullable=False),
        sa.Column("block_id", ID, nullable=False),
        sa.Column("block_last", sa.BigInteger(), nullable=False),
        sa.Column("sale_id", ID, nullable=True),
        sa.Column("kind", _words("usekind", "start", "sold", "void", "missing"), nullable=False),
        sa.Column("after", sa.BigInteger(), nullable=True),
        sa.Column("first", sa.BigInteger(), nullable=False),
        sa.Column("last", sa.BigInteger(), nullable=False),
        sa.Column("why", sa.String(), nullable=False),
        sa.Column("by_id", ID, nullable=False),
        sa.Column("by_name", sa.String(), nullable=False),
        sa.Column("used_at", MOMENT, nullable=False),
        sa.CheckConstraint("(kind = 'start') = (after IS NULL)", name=op.f("ck_ticket_uses_start")),
        sa.CheckConstraint(
            "kind = 'start' OR (first = after + 1 AND last >= first)",
            name=op.f("ck_ticket_uses_serials"),
        ),
        sa.CheckConstraint(
            "kind NOT IN ('void', 'missing') OR why <> ''", name=op.f("ck_ticket_uses_why")
        ),
        sa.CheckConstraint("last <= block_last", name=op.f("ck_ticket_uses_inside")),
        sa.ForeignKeyConstraint(
            ["block_id", "after"],
            ["ticket_uses.block_id", "ticket_uses.last"],
            name="fk_ticket_uses_after",
        ),
        sa.ForeignKeyConstraint(
            ["block_id", "block_last"],
            ["ticket_blocks.id", "ticket_blocks.last"],
            name="fk_ticket_uses_block",
        ),
        sa.ForeignKeyConstraint(
            ["sale_id"], ["ticket_sales.id"], name=op.f("fk_ticket_uses_sale_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ticket_uses")),
        sa.UniqueConstraint("block_id", "after", name=op.f("uq_ticket_uses_block_id_after")),
        sa.UniqueConstraint("block_id", "last", name=op.f("uq_ticket_uses_block_id_last")),
    )
    op.create_index(op.f("ix_ticket_uses_sale_id"), "ticket_uses", ["sale_id"], unique=False)
    op.create_index(
        "uq_ticket_uses_start",
        "ticket_uses",
        ["block_id"],
        unique=True,
        sqlite_where=sa.text("kind = 'start'"),
        postgresql_where=sa.text("kind = 'start'"),
    )


def _ticket_spoilt_counts() -> None:
    op.create_table(
        "ticket_spoilt_counts",
        sa.Column("id", ID, nullable=False),
        sa.Column("use_id", ID, nullable=False),
        sa.Column("seller_id", ID, nullable=False),
        sa.Column("by_id", ID, nullable=False),
        sa.Column("by_name", sa.String(), nullable=False),
        sa.Column("counted_at", MOMENT, nullable=False),
        sa.CheckConstraint("by_id <> seller_id", name=op.f("ck_ticket_spoilt_counts_four_eyes")),
        sa.ForeignKeyConstraint(
            ["use_id"], ["ticket_uses.id"], name=op.f("fk_ticket_spoilt_counts_use_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ticket_spoilt_counts")),
        sa.UniqueConstraint("use_id", name=op.f("uq_ticket_spoilt_counts_use_id")),
    )


def _deposits() -> None:
    op.create_table(
        "deposits",
        sa.Column("id", ID, nullable=False),
        sa.Column("number", sa.String(), nullable=False),
        sa.Column("year", sa.BigInteger(), nullable=False),
        sa.Column("no", sa.BigInteger(), nullable=False),
        sa.Column("holder_id", ID, nullable=False),
        sa.Column("holder_name", sa.String(), nullable=False),
        sa.Column("region", REGION, nullable=False),
        sa.Column("account", sa.String(), nullable=False),
        sa.Column("account_name", sa.String(), nullable=False),
        sa.Column("account_number", sa.String(), nullable=False),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.Column(
            "state",
            _words("depositstate", "prepared", "deposited", "matched", "withdrawn"),
            nullable=False,
        ),
        sa.Column("prepared_at", MOMENT, nullable=False),
        sa.Column("deposited_on", sa.Date(), nullable=True),
        sa.Column("booked_on", sa.Date(), nullable=True),
        sa.Column("slip", sa.String(), nullable=True),
        sa.Column("slip_file_id", ID, nullable=True),
        sa.Column("late_days", sa.BigInteger(), nullable=False),
        sa.Column("ended_at", MOMENT, nullable=True),
        sa.Column("match_id", ID, nullable=True),
        sa.Column("line_id", ID, nullable=True),
        sa.Column("why", sa.String(), nullable=False),
        sa.CheckConstraint(
            "(booked_on IS NULL) = (match_id IS NULL)", name=op.f("ck_deposits_booked")
        ),
        sa.CheckConstraint("(line_id IS NULL) = (match_id IS NULL)", name=op.f("ck_deposits_line")),
        sa.CheckConstraint(
            "(state = 'matched') = (match_id IS NOT NULL)", name=op.f("ck_deposits_matched")
        ),
        sa.CheckConstraint(
            "(state IN ('deposited', 'matched')) = (deposited_on IS NOT NULL)",
            name=op.f("ck_deposits_day"),
        ),
        sa.CheckConstraint("state <> 'withdrawn' OR why <> ''", name=op.f("ck_deposits_why")),
        sa.CheckConstraint(
            "(deposited_on IS NULL) = (slip IS NULL)", name=op.f("ck_deposits_slip")
        ),
        sa.CheckConstraint("amount > 0", name=op.f("ck_deposits_amount")),
        sa.ForeignKeyConstraint(
            ["slip_file_id"], ["stored_files.id"], name=op.f("fk_deposits_slip_file_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_deposits")),
        sa.UniqueConstraint("account", "slip", name=op.f("uq_deposits_account_slip")),
        sa.UniqueConstraint("number", name=op.f("uq_deposits_number")),
        sa.UniqueConstraint("year", "no", name=op.f("uq_deposits_year_no")),
    )
    op.create_index(op.f("ix_deposits_holder_id"), "deposits", ["holder_id"], unique=False)
    op.create_index(op.f("ix_deposits_region"), "deposits", ["region"], unique=False)


def _deposit_lines() -> None:
    op.create_table(
        "deposit_lines",
        sa.Column("id", ID, nullable=False),
        sa.Column("deposit_id", ID, nullable=False),
        sa.Column("position", sa.BigInteger(), nullable=False),
        sa.Column("source_id", ID, nullable=False),
        sa.Column("kind", _words("linekind", "receipt", "tickets", "other"), nullable=False),
        sa.Column("reference", sa.String(), nullable=False),
        sa.Column("component", sa.String(), nullable=False),
        sa.Column("law_code", sa.String(), nullable=False),
        sa.Column("received_on", sa.Date(), nullable=False),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.CheckConstraint("amount > 0", name=op.f("ck_deposit_lines_amount")),
        sa.ForeignKeyConstraint(
            ["deposit_id"], ["deposits.id"], name=op.f("fk_deposit_lines_deposit_id")
        ),
        sa.ForeignKeyConstraint(
            ["source_id"], ["journals.id"], name=op.f("fk_deposit_lines_source_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_deposit_lines")),
        sa.UniqueConstraint(
            "deposit_id", "position", name=op.f("uq_deposit_lines_deposit_id_position")
        ),
    )
    op.create_index(
        op.f("ix_deposit_lines_source_id"), "deposit_lines", ["source_id"], unique=False
    )


TABLES = (
    _cash_holders,
    _holidays,
    _cash_moves,
    _handovers,
    _change_floats,
    _cash_closings,
    _ticket_series,
    _ticket_blocks,
    _ticket_ways,
    _ticket_sales,
    _ticket_uses,
    _ticket_spoilt_counts,
    _deposits,
    _deposit_lines,
)


def _guard_sqlite() -> None:
    for table, same in SAME.items():
        refuse = f"BEGIN SELECT RAISE(ABORT, '{table}: append-only'); END"
        op.execute(f"CREATE TRIGGER {table}_no_update BEFORE UPDATE ON {table} {refuse}")
        op.execute(f"CREATE TRIGGER {table}_no_delete BEFORE DELETE ON {table} {refuse}")
        op.execute(
            f"CREATE TRIGGER {table}_no_replace BEFORE INSERT ON {table} "
            f"WHEN EXISTS (SELECT 1 FROM {table} WHERE {same}) {refuse}"
        )
    for table, while_ in CHANGING.items():
        words = f"{table}: what is over stays"
        _refuse(f"{table}_over", f"BEFORE UPDATE ON {table}", f"NOT ({while_})", words)
        _refuse(f"{table}_stay", f"BEFORE DELETE ON {table}", "1", words)
    twice = "ticket_blocks: a serial twice"
    _refuse("ticket_blocks_apart", "BEFORE INSERT ON ticket_blocks", OVERLAPS, twice)
    closed = "postings: the holder has closed this day"
    _refuse("postings_open_holder", "BEFORE INSERT ON postings", DAY_CLOSED, closed)
    by_hand = "cash_holders: kept by a trigger"
    _refuse("cash_holders_no_delete", "BEFORE DELETE ON cash_holders", "1", by_hand)
    _refuse("cash_holders_true", "BEFORE UPDATE OF held, floats ON cash_holders", UNTRUE, by_hand)
    _refuse("cash_holders_new", "BEFORE INSERT ON cash_holders", UNTRUE_AT_FIRST, by_hand)
    op.execute(KEEP_SQLITE)


UNTRUE_AT_FIRST = (
    "NEW.held <> 0 OR NEW.floats <> 0 OR EXISTS (SELECT 1 FROM cash_holders WHERE id = NEW.id)"
)


def _refuse(name: str, when: str, condition: str, words: str) -> None:
    op.execute(
        f"CREATE TRIGGER {name} {when} WHEN {condition} BEGIN SELECT RAISE(ABORT, '{words}'); END"
    )


def _guard_postgresql() -> None:
    for table in SAME:
        _refuse_change(f"{table}_no_change", f"BEFORE UPDATE OR DELETE ON {table} FOR EACH ROW")
    for table, while_ in CHANGING.items():
        unless = f"FOR EACH ROW WHEN (NOT ({while_}))"
        _refuse_change(f"{table}_over", f"BEFORE UPDATE ON {table} {unless}")
        _refuse_change(f"{table}_stay", f"BEFORE DELETE ON {table} FOR EACH ROW")
    for table in (*SAME, *CHANGING, "cash_holders"):
        _refuse_change(f"{table}_no_truncate", f"BEFORE TRUNCATE ON {table} FOR EACH STATEMENT")
    _function("hold_cash() RETURNS trigger SECURITY DEFINER", KEEP_POSTGRESQL)
    _function("refuse_overlap() RETURNS trigger", REFUSE_OVERLAP)
    # Else anybody could let it run on a table of their own.
    op.execute("REVOKE EXECUTE ON FUNCTION hold_cash() FROM PUBLIC")
    op.execute(
        "CREATE TRIGGER postings_are_held AFTER INSERT ON postings FOR EACH ROW "
        f"WHEN ({HOLDS}) EXECUTE FUNCTION hold_cash()"
    )
    op.execute(
        "CREATE TRIGGER ticket_blocks_apart BEFORE INSERT ON ticket_blocks FOR EACH ROW "
        "EXECUTE FUNCTION refuse_overlap()"
    )
    # That only the function above changes what is held is a matter of rights (sijinak/grants.py).
    # This stops the owner's slips.
    held = "BEFORE UPDATE OF held, floats ON cash_holders FOR EACH ROW"
    moved = "(NEW.held <> OLD.held OR NEW.floats <> OLD.floats)"
    by_hand = f"WHEN (pg_trigger_depth() = 0 AND {moved})"
    _refuse_change("cash_holders_by_trigger", f"{held} {by_hand}")
    _refuse_change("cash_holders_no_delete", "BEFORE DELETE ON cash_holders FOR EACH ROW")
    begun = "FOR EACH ROW WHEN (NEW.held <> 0 OR NEW.floats <> 0)"
    _refuse_change("cash_holders_new", f"BEFORE INSERT ON cash_holders {begun}")


REFUSE_OVERLAP = f"""BEGIN
    IF {OVERLAPS} THEN
        RAISE EXCEPTION 'ticket_blocks: a serial twice' USING ERRCODE = '23P01';
    END IF;
    RETURN NEW; END"""


def _refuse_change(name: str, when: str) -> None:
    op.execute(f"CREATE TRIGGER {name} {when} EXECUTE FUNCTION refuse_change()")


def _function(signature: str, body: str) -> None:
    """It finds our tables first: a temporary table of the same name must not stand in for one."""
    schema = op.get_bind().exec_driver_sql("SELECT quote_ident(current_schema())").scalar_one()
    op.execute(
        f"CREATE FUNCTION {signature} LANGUAGE plpgsql "
        f"SET search_path = {schema}, pg_temp AS $$ {body} $$"
    )
