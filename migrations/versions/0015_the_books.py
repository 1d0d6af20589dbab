"""The books: accounts, journals, postings, and days that are closed."""

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None

ID = sa.Uuid().with_variant(sa.LargeBinary(16), "sqlite")
REGION = sa.String(13).with_variant(sa.String(13, collation="C"), "postgresql")
MOMENT = sa.DateTime(timezone=True)

# What makes a row the same as one that is there. Most journals reverse nothing: asked for all three
# at once, SQLite would rather read the whole table than its indexes.
SAME = {
    "ledger_accounts": ("id = NEW.id OR code = NEW.code",),
    "journals": ("id = NEW.id OR idem = NEW.idem", "reverses_id = NEW.reverses_id"),
    "postings": ("id = NEW.id OR (journal_id = NEW.journal_id AND position = NEW.position)",),
    "closed_days": ("id = NEW.id OR day = NEW.day",),
}
CLOSED = "NEW.effective_on <= (SELECT max(day) FROM closed_days)"
OUT_OF_ORDER = "NEW.day <= (SELECT max(day) FROM closed_days)"
# By the server's clock. The office's day begins before that of Greenwich.
TOMORROW_SQLITE = "date('now', '+1 day')"
TOMORROW_POSTGRESQL = "(now() AT TIME ZONE 'UTC')::date + 1"
# On SQLite a sum can be written by anybody, but only the true one.
UNTRUE = (
    "NEW.total <> (SELECT coalesce(sum(amount), 0) FROM postings WHERE journal_id = NEW.id) "
    "OR NEW.size <> (SELECT count(*) FROM postings WHERE journal_id = NEW.id)"
)
ADD_SQLITE = """CREATE TRIGGER postings_are_summed AFTER INSERT ON postings BEGIN
    INSERT INTO journal_sums (id, total, size) SELECT NEW.journal_id, NEW.amount, 1
        WHERE NOT EXISTS (SELECT 1 FROM journal_sums WHERE id = NEW.journal_id);
    UPDATE journal_sums SET
        total = (SELECT sum(amount) FROM postings WHERE journal_id = NEW.journal_id),
        size = (SELECT count(*) FROM postings WHERE journal_id = NEW.journal_id)
        WHERE id = NEW.journal_id; END"""
ADD_POSTGRESQL = """BEGIN
    INSERT INTO journal_sums (id, total, size)
        SELECT journal_id, sum(amount), count(*) FROM added GROUP BY journal_id
        ON CONFLICT (id) DO UPDATE SET
            total = journal_sums.total + excluded.total, size = journal_sums.size + excluded.size;
    RETURN NULL; END"""
# Who writes shares the books, who closes a day has them alone. Waiting comes before looking: each
# statement of such a function sees what was committed before it began.
SHARE = "PERFORM pg_advisory_xact_lock_shared(1510, hashtext(current_schema()))"
HOLD = "PERFORM pg_advisory_xact_lock(1510, hashtext(current_schema()))"
OPEN_DAY = f"""DECLARE closed date; BEGIN
    {SHARE};
    SELECT max(day) INTO closed FROM closed_days;
    RETURN CASE WHEN asked <= closed THEN closed + 1 ELSE asked END; END"""
REFUSE_CLOSED = f"""BEGIN
    {SHARE};
    IF {CLOSED} THEN RAISE EXCEPTION 'journals: the day is closed'; END IF;
    RETURN NEW; END"""
REFUSE_EARLIER = f"""BEGIN
    {HOLD};
    IF {OUT_OF_ORDER} THEN RAISE EXCEPTION 'closed_days: a later day is closed'; END IF;
    IF NEW.day > {TOMORROW_POSTGRESQL} THEN
        RAISE EXCEPTION 'closed_days: a day to come';
    END IF;
    RETURN NEW; END"""


def upgrade() -> None:
    _tables()
    if op.get_bind().dialect.name == "sqlite":
        _guard_sqlite()
    else:
        _guard_postgresql()


def _tables() -> None:
    op.create_table(
        "journal_sums",
        sa.Column("id", ID, nullable=False),
        sa.Column("total", sa.BigInteger(), nullable=False),
        sa.Column("size", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_journal_sums")),
        sa.UniqueConstraint("id", "total", "size", name=op.f("uq_journal_sums_id_total_size")),
    )
    op.create_table(
        "ledger_accounts",
        sa.Column("id", ID, nullable=False),
        sa.Column("code", sa.String(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "asset",
                "liability",
                "revenue",
                "expense",
                name="accountkind",
                native_enum=False,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("law_code", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ledger_accounts")),
        sa.UniqueConstraint("code", name=op.f("uq_ledger_accounts_code")),
    )
    op.create_table(
        "journals",
        sa.Column("id", ID, nullable=False),
        sa.Column("idem", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("effective_on", sa.Date(), nullable=False),
        sa.Column("recorded_at", MOMENT, nullable=False),
        sa.Column("region", REGION, nullable=False),
        sa.Column("actor_id", ID, nullable=False),
        sa.Column("actor_name", sa.String(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("reverses_id", ID, nullable=True),
        sa.Column("size", sa.BigInteger(), nullable=False),
        sa.Column("zero", sa.BigInteger(), nullable=False),
        sa.CheckConstraint("zero = 0", name=op.f("ck_journals_zero")),
        sa.CheckConstraint("size >= 2", name=op.f("ck_journals_size")),
        sa.ForeignKeyConstraint(
            ["id", "zero", "size"],
            ["journal_sums.id", "journal_sums.total", "journal_sums.size"],
            name="fk_journals_sum",
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.ForeignKeyConstraint(
            ["reverses_id"], ["journals.id"], name=op.f("fk_journals_reverses_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_journals")),
        sa.UniqueConstraint("idem", name=op.f("uq_journals_idem")),
        sa.UniqueConstraint("reverses_id", name=op.f("uq_journals_reverses_id")),
        sa.UniqueConstraint("effective_on", "id", name=op.f("uq_journals_effective_on_id")),
    )
    op.create_table(
        "postings",
        sa.Column("id", ID, nullable=False),
        sa.Column("journal_id", ID, nullable=False),
        sa.Column("position", sa.BigInteger(), nullable=False),
        sa.Column("effective_on", sa.Date(), nullable=False),
        sa.Column("account", sa.String(), nullable=False),
        sa.Column("about", ID, nullable=True),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.CheckConstraint("amount <> 0", name=op.f("ck_postings_amount")),
        sa.ForeignKeyConstraint(
            ["account"], ["ledger_accounts.code"], name=op.f("fk_postings_account")
        ),
        sa.ForeignKeyConstraint(
            ["journal_id", "effective_on"],
            ["journals.id", "journals.effective_on"],
            name="fk_postings_journal",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_postings")),
        sa.UniqueConstraint("journal_id", "position", name=op.f("uq_postings_journal_id_position")),
    )
    op.create_index("ix_postings_account_about", "postings", ["account", "about", "amount"])
    op.create_index("ix_postings_account_day", "postings", ["account", "effective_on", "amount"])
    op.create_table(
        "closed_days",
        sa.Column("id", ID, nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("closed_at", MOMENT, nullable=False),
        sa.Column("closed_by", ID, nullable=False),
        sa.Column("closed_by_name", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_closed_days")),
        sa.UniqueConstraint("day", name=op.f("uq_closed_days_day")),
    )


def _guard_sqlite() -> None:
    for table, same in SAME.items():
        refuse = f"BEGIN SELECT RAISE(ABORT, '{table}: append-only'); END"
        op.execute(f"CREATE TRIGGER {table}_no_update BEFORE UPDATE ON {table} {refuse}")
        op.execute(f"CREATE TRIGGER {table}_no_delete BEFORE DELETE ON {table} {refuse}")
        there = " OR ".join(f"EXISTS (SELECT 1 FROM {table} WHERE {one})" for one in same)
        op.execute(
            f"CREATE TRIGGER {table}_no_replace BEFORE INSERT ON {table} WHEN {there} {refuse}"
        )
    _refuse("journals_open_day", "BEFORE INSERT ON journals", CLOSED, "journals: the day is closed")
    _refuse(
        "closed_days_in_order",
        "BEFORE INSERT ON closed_days",
        OUT_OF_ORDER,
        "closed_days: a later day is closed",
    )
    _refuse(
        "closed_days_not_ahead",
        "BEFORE INSERT ON closed_days",
        f"NEW.day > {TOMORROW_SQLITE}",
        "closed_days: a day to come",
    )
    by_hand = "journal_sums: kept by a trigger"
    _refuse("journal_sums_no_delete", "BEFORE DELETE ON journal_sums", "1", by_hand)
    for change in ("INSERT", "UPDATE"):
        name, when = f"journal_sums_true_{change.lower()}", f"BEFORE {change} ON journal_sums"
        _refuse(name, when, UNTRUE, by_hand)
    op.execute(ADD_SQLITE)


def _refuse(name: str, when: str, condition: str, words: str) -> None:
    op.execute(
        f"CREATE TRIGGER {name} {when} WHEN {condition} BEGIN SELECT RAISE(ABORT, '{words}'); END"
    )


def _guard_postgresql() -> None:
    for table in SAME:
        op.execute(
            f"CREATE TRIGGER {table}_no_change BEFORE UPDATE OR DELETE ON {table} "
            "FOR EACH ROW EXECUTE FUNCTION refuse_change()"
        )
        op.execute(
            f"CREATE TRIGGER {table}_no_truncate BEFORE TRUNCATE ON {table} "
            "FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()"
        )
    _function("ledger_open_day(asked date) RETURNS date", OPEN_DAY)
    _function("refuse_closed_day() RETURNS trigger", REFUSE_CLOSED)
    _function("refuse_earlier_day() RETURNS trigger", REFUSE_EARLIER)
    _function("sum_postings() RETURNS trigger SECURITY DEFINER", ADD_POSTGRESQL)
    # Else anybody could let it run on a table of their own.
    op.execute("REVOKE EXECUTE ON FUNCTION sum_postings() FROM PUBLIC")
    op.execute(
        "CREATE TRIGGER journals_open_day BEFORE INSERT ON journals "
        "FOR EACH ROW EXECUTE FUNCTION refuse_closed_day()"
    )
    op.execute(
        "CREATE TRIGGER closed_days_in_order BEFORE INSERT ON closed_days "
        "FOR EACH ROW EXECUTE FUNCTION refuse_earlier_day()"
    )
    op.execute(
        "CREATE TRIGGER postings_are_summed AFTER INSERT ON postings "
        "REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION sum_postings()"
    )
    # Depth 0 is a statement that somebody sent; the trigger of the postings is deeper.
    op.execute(
        "CREATE TRIGGER journal_sums_by_trigger BEFORE INSERT OR UPDATE OR DELETE OR TRUNCATE "
        "ON journal_sums FOR EACH STATEMENT WHEN (pg_trigger_depth() = 0) "
        "EXECUTE FUNCTION refuse_change()"
    )


def _function(signature: str, body: str) -> None:
    """It finds our tables first: a temporary table of the same name must not stand in for one."""
    schema = op.get_bind().exec_driver_sql("SELECT quote_ident(current_schema())").scalar_one()
    op.execute(
        f"CREATE FUNCTION {signature} LANGUAGE plpgsql "
        f"SET search_path = {schema}, pg_temp AS $$ {body} $$"
    )
