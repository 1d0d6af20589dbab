"""Attempts for several bills, messages and facts as they came, refunds, discrepancies."""

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None

ID = sa.Uuid().with_variant(sa.LargeBinary(16), "sqlite")
REGION = sa.String(13).with_variant(sa.String(13, collation="C"), "postgresql")
MOMENT = sa.DateTime(timezone=True)
LIVE = "('created', 'submitted', 'pending', 'unknown')"

# What makes a row the same as one that is there, beside its id.
SAME = {
    "collections": "id = NEW.id OR (adapter = NEW.adapter AND money_id = NEW.money_id)",
    "payment_messages": "id = NEW.id OR (adapter = NEW.adapter AND day = NEW.day"
    " AND key = NEW.key AND digest = NEW.digest)",
    "payment_facts": "id = NEW.id OR (adapter = NEW.adapter AND digest = NEW.digest)",
    "settlement_lines": "id = NEW.id OR (adapter = NEW.adapter AND money_id = NEW.money_id"
    " AND batch = NEW.batch)",
}
NOT_BACK = "('refused', 'failed')"
# Who gives money back holds a lock of its collection: two at once must see each other.
REFUSE_TOO_MUCH = f"""DECLARE back bigint; came bigint; BEGIN
    PERFORM pg_advisory_xact_lock(hashtextextended(NEW.collection_id::text, 0));
    EXECUTE format('SELECT coalesce(sum(amount), 0) FROM %s WHERE collection_id = $1 AND id <> $2
        AND state NOT IN {NOT_BACK.replace("'", "''")}', TG_RELID::regclass)
        INTO back USING NEW.collection_id, NEW.id;
    SELECT amount INTO came FROM collections WHERE id = NEW.collection_id;
    IF NEW.state NOT IN {NOT_BACK} AND back + NEW.amount > came THEN
        RAISE EXCEPTION 'refunds: more than came' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW; END"""
REFUSE_OTHER = """BEGIN
    IF TG_OP = 'DELETE' OR (NEW.collection_id, NEW.amount, NEW.refund_ref, NEW.requested_by)
        IS DISTINCT FROM (OLD.collection_id, OLD.amount, OLD.refund_ref, OLD.requested_by)
    THEN RAISE EXCEPTION 'refunds: what was asked for stays' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW; END"""
TOO_MUCH_SQLITE = f"""NEW.state NOT IN {NOT_BACK} AND NEW.amount + (SELECT coalesce(sum(amount), 0)
    FROM refunds WHERE collection_id = NEW.collection_id AND id <> NEW.id
    AND state NOT IN {NOT_BACK})
    > (SELECT amount FROM collections WHERE id = NEW.collection_id)"""
OTHER_SQLITE = " OR ".join(
    f"NEW.{name} IS NOT OLD.{name}"
    for name in ("collection_id", "amount", "refund_ref", "requested_by")
)
PLACE_OF_MONEY = """UPDATE collections SET region =
    coalesce((SELECT region FROM skrd WHERE skrd.id = collections.bill_id), '')"""


def upgrade() -> None:
    op.create_table(
        "payment_messages",
        sa.Column("id", ID, nullable=False),
        sa.Column("adapter", sa.String(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("digest", sa.LargeBinary(), nullable=False),
        sa.Column("path", sa.String(), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.Column("received_at", MOMENT, nullable=False),
        sa.Column("answer_status", sa.BigInteger(), nullable=False),
        sa.Column("answer_body", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_payment_messages")),
        sa.UniqueConstraint(
            "adapter",
            "day",
            "key",
            "digest",
            name=op.f("uq_payment_messages_adapter_day_key_digest"),
        ),
    )
    op.create_table(
        "attempt_bills",
        sa.Column("id", ID, nullable=False),
        sa.Column("attempt_id", ID, nullable=False),
        sa.Column("position", sa.BigInteger(), nullable=False),
        sa.Column("bill_id", ID, nullable=False),
        sa.Column("bill_number", sa.String(), nullable=False),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.Column("is_live", sa.Boolean(), nullable=False),
        sa.CheckConstraint("amount > 0", name=op.f("ck_attempt_bills_amount")),
        sa.ForeignKeyConstraint(
            ["attempt_id"], ["payment_attempts.id"], name=op.f("fk_attempt_bills_attempt_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_attempt_bills")),
        sa.UniqueConstraint(
            "attempt_id", "bill_id", name=op.f("uq_attempt_bills_attempt_id_bill_id")
        ),
        sa.UniqueConstraint(
            "attempt_id", "position", name=op.f("uq_attempt_bills_attempt_id_position")
        ),
    )
    with op.batch_alter_table("attempt_bills") as batch_op:
        batch_op.create_index(batch_op.f("ix_attempt_bills_bill_id"), ["bill_id"], unique=False)
        batch_op.create_index(
            "uq_attempt_bills_live",
            ["bill_id"],
            unique=True,
            sqlite_where=sa.text("is_live"),
            postgresql_where=sa.text("is_live"),
        )
    op.create_table(
        "payment_facts",
        sa.Column("id", ID, nullable=False),
        sa.Column("adapter", sa.String(), nullable=False),
        sa.Column("digest", sa.LargeBinary(), nullable=False),
        sa.Column("ref", sa.String(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "paid",
                "pending",
                "expired",
                "cancelled",
                "failed",
                "not-found",
                "refunded",
                "reversed",
                name="kind",
                native_enum=False,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("money_id", sa.String(), nullable=False),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.Column("currency", sa.String(), nullable=False),
        sa.Column("happened_at", MOMENT, nullable=False),
        sa.Column("seen_at", MOMENT, nullable=False),
        sa.Column(
            "trust",
            sa.Enum(
                "authenticated-query",
                "signed-push",
                "statement",
                "human",
                "hint",
                name="trust",
                native_enum=False,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("message_id", ID, nullable=True),
        sa.ForeignKeyConstraint(
            ["message_id"], ["payment_messages.id"], name=op.f("fk_payment_facts_message_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_payment_facts")),
        sa.UniqueConstraint("adapter", "digest", name=op.f("uq_payment_facts_adapter_digest")),
    )
    with op.batch_alter_table("payment_facts") as batch_op:
        batch_op.create_index(batch_op.f("ix_payment_facts_ref"), ["ref"], unique=False)
    with op.batch_alter_table("collections") as batch_op:
        batch_op.add_column(sa.Column("region", REGION, nullable=False, server_default=""))
        batch_op.add_column(sa.Column("payer", sa.String(), nullable=False, server_default=""))
        batch_op.add_column(sa.Column("channel", sa.String(), nullable=False, server_default=""))
    with op.batch_alter_table("payment_attempts") as batch_op:
        batch_op.add_column(sa.Column("title", sa.String(), nullable=False, server_default=""))
        batch_op.add_column(sa.Column("way", sa.String(), nullable=False, server_default=""))
        batch_op.add_column(sa.Column("pay_code", sa.String(), nullable=False, server_default=""))
        batch_op.add_column(sa.Column("payer_name", sa.String(), nullable=False, server_default=""))
        batch_op.add_column(sa.Column("missing_since", MOMENT, nullable=True))
        batch_op.add_column(
            sa.Column("is_unwanted", sa.Boolean(), nullable=False, server_default=sa.false())
        )
    _convert_attempts()
    with op.batch_alter_table("payment_attempts") as batch_op:
        batch_op.drop_index(batch_op.f("ix_payment_attempts_bill_id"))
        batch_op.drop_index(
            batch_op.f("uq_payment_attempts_live"),
            sqlite_where=sa.text("state IN ('created', 'submitted', 'pending', 'unknown')"),
        )
        batch_op.create_index("ix_payment_attempts_pay_code", ["adapter", "pay_code"], unique=False)
        batch_op.drop_column("bill_number")
        batch_op.drop_column("bill_id")
    op.create_table(
        "settlement_lines",
        sa.Column("id", ID, nullable=False),
        sa.Column("adapter", sa.String(), nullable=False),
        sa.Column("money_id", sa.String(), nullable=False),
        sa.Column("gross", sa.BigInteger(), nullable=False),
        sa.Column("fee", sa.BigInteger(), nullable=False),
        sa.Column("settled_on", sa.Date(), nullable=False),
        sa.Column("batch", sa.String(), nullable=False),
        sa.Column("fetched_at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_settlement_lines")),
        sa.UniqueConstraint(
            "adapter", "money_id", "batch", name=op.f("uq_settlement_lines_adapter_money_id_batch")
        ),
    )
    op.create_index(
        "ix_settlement_lines_batch", "settlement_lines", ["adapter", "settled_on", "batch"]
    )
    op.create_table(
        "refunds",
        sa.Column("id", ID, nullable=False),
        sa.Column("collection_id", ID, nullable=False),
        sa.Column("discrepancy_id", ID, nullable=True),
        sa.Column("refund_ref", sa.String(), nullable=False),
        sa.Column("number", sa.String(), nullable=True),
        sa.Column("adapter", sa.String(), nullable=False),
        sa.Column("region", REGION, nullable=False),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "requested",
                "approved",
                "refused",
                "submitted",
                "unknown",
                "done",
                "failed",
                name="refundstate",
                native_enum=False,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("decree", sa.String(), nullable=False),
        sa.Column("paid_by_hand", sa.Boolean(), nullable=False),
        sa.Column("proof", sa.String(), nullable=False),
        sa.Column("requested_by", ID, nullable=False),
        sa.Column("requested_by_name", sa.String(), nullable=False),
        sa.Column("requested_at", MOMENT, nullable=False),
        sa.Column("approved_by", ID, nullable=True),
        sa.Column("approved_by_name", sa.String(), nullable=False),
        sa.Column("ask_again_at", MOMENT, nullable=True),
        sa.Column("asked", sa.BigInteger(), nullable=False),
        sa.Column("done_at", MOMENT, nullable=True),
        sa.CheckConstraint(
            "state IN ('requested', 'refused') OR approved_by IS NOT NULL",
            name=op.f("ck_refunds_approved"),
        ),
        sa.CheckConstraint("amount > 0", name=op.f("ck_refunds_amount")),
        sa.CheckConstraint(
            "approved_by IS NULL OR approved_by <> requested_by", name=op.f("ck_refunds_four_eyes")
        ),
        sa.ForeignKeyConstraint(
            ["collection_id"], ["collections.id"], name=op.f("fk_refunds_collection_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_refunds")),
        sa.UniqueConstraint("number", name=op.f("uq_refunds_number")),
        sa.UniqueConstraint("refund_ref", name=op.f("uq_refunds_refund_ref")),
    )
    with op.batch_alter_table("refunds") as batch_op:
        batch_op.create_index(batch_op.f("ix_refunds_ask_again_at"), ["ask_again_at"], unique=False)
        batch_op.create_index(
            batch_op.f("ix_refunds_collection_id"), ["collection_id"], unique=False
        )
        batch_op.create_index(batch_op.f("ix_refunds_state"), ["state"], unique=False)
    op.create_table(
        "discrepancies",
        sa.Column("id", ID, nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "unknown-bill",
                "short",
                "over",
                "double",
                "after-cancel",
                "currency",
                "conflicting",
                "reversed",
                "part-left",
                "voided",
                "bad-code",
                "refund-failed",
                "bank-line",
                "missing-in-bank",
                "fee",
                "statement-gap",
                "statement-changed",
                "cash-short",
                "cash-over",
                "deposit-late",
                "deposit-differs",
                "tickets",
                name="discrepancykind",
                native_enum=False,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("about_id", ID, nullable=False),
        sa.Column("about_type", sa.String(), nullable=False),
        sa.Column("collection_id", ID, nullable=True),
        sa.Column("bill_id", ID, nullable=True),
        sa.Column("region", REGION, nullable=False),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "open",
                "proposed",
                "resolved",
                "settled",
                name="discrepancystate",
                native_enum=False,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("opened_at", MOMENT, nullable=False),
        sa.Column("owner_id", ID, nullable=True),
        sa.Column("owner_name", sa.String(), nullable=False),
        sa.Column(
            "resolution",
            sa.Enum(
                "allocate",
                "refund",
                "write-off",
                "bank-correction",
                "made-good",
                "explained",
                name="resolution",
                native_enum=False,
                length=32,
            ),
            nullable=True,
        ),
        sa.Column("facts", sa.JSON(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("decree", sa.String(), nullable=False),
        sa.Column("proposed_by", ID, nullable=True),
        sa.Column("proposed_by_name", sa.String(), nullable=False),
        sa.Column("proposed_at", MOMENT, nullable=True),
        sa.Column("approved_by", ID, nullable=True),
        sa.Column("approved_by_name", sa.String(), nullable=False),
        sa.Column("ended_at", MOMENT, nullable=True),
        sa.CheckConstraint(
            "state <> 'resolved' OR approved_by IS NOT NULL", name=op.f("ck_discrepancies_approved")
        ),
        sa.CheckConstraint(
            "state IN ('open', 'settled') OR proposed_by IS NOT NULL",
            name=op.f("ck_discrepancies_proposed"),
        ),
        sa.CheckConstraint(
            "approved_by IS NULL OR approved_by <> proposed_by",
            name=op.f("ck_discrepancies_four_eyes"),
        ),
        sa.ForeignKeyConstraint(
            ["collection_id"], ["collections.id"], name=op.f("fk_discrepancies_collection_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_discrepancies")),
        sa.UniqueConstraint("kind", "about_id", name=op.f("uq_discrepancies_kind_about_id")),
    )
    with op.batch_alter_table("discrepancies") as batch_op:
        batch_op.create_index(batch_op.f("ix_discrepancies_bill_id"), ["bill_id"], unique=False)
        batch_op.create_index(
            batch_op.f("ix_discrepancies_collection_id"), ["collection_id"], unique=False
        )
        batch_op.create_index(batch_op.f("ix_discrepancies_region"), ["region"], unique=False)
        batch_op.create_index(batch_op.f("ix_discrepancies_state"), ["state"], unique=False)
    _guard()


def _convert_attempts() -> None:
    """Each old attempt was for one bill. Its time of asking stays as it was."""
    new_id = "randomblob(16)" if op.get_bind().dialect.name == "sqlite" else "gen_random_uuid()"
    op.execute(
        "INSERT INTO attempt_bills (id, attempt_id, position, bill_id, bill_number, amount, is_live) "
        f"SELECT {new_id}, id, 1, bill_id, bill_number, amount, state IN {LIVE} "
        "FROM payment_attempts"
    )
    op.execute("UPDATE payment_attempts SET title = bill_number")
    if op.get_bind().dialect.name == "sqlite":
        for guard in ("no_update", "no_delete", "no_replace"):  # they come back with the others
            op.execute(f"DROP TRIGGER IF EXISTS collections_{guard}")
        op.execute(PLACE_OF_MONEY)
    else:
        op.execute("ALTER TABLE collections DISABLE TRIGGER collections_no_change")
        op.execute(PLACE_OF_MONEY)
        op.execute("ALTER TABLE collections ENABLE TRIGGER collections_no_change")


def _guard() -> None:
    if op.get_bind().dialect.name == "sqlite":
        for table in SAME:
            _guard_sqlite(table)
        _guard_refunds_sqlite()
    else:
        for table in SAME:
            _guard_postgresql(table)
        _guard_refunds_postgresql()


def _guard_sqlite(table: str) -> None:
    refuse = f"BEGIN SELECT RAISE(ABORT, '{table}: append-only'); END"
    op.execute(f"CREATE TRIGGER {table}_no_update BEFORE UPDATE ON {table} {refuse}")
    op.execute(f"CREATE TRIGGER {table}_no_delete BEFORE DELETE ON {table} {refuse}")
    op.execute(
        f"CREATE TRIGGER {table}_no_replace BEFORE INSERT ON {table} "
        f"WHEN EXISTS (SELECT 1 FROM {table} WHERE {SAME[table]}) {refuse}"
    )


def _guard_postgresql(table: str) -> None:
    if table == "collections":
        return  # its guards were never taken away
    op.execute(
        f"CREATE TRIGGER {table}_no_change BEFORE UPDATE OR DELETE ON {table} "
        "FOR EACH ROW EXECUTE FUNCTION refuse_change()"
    )
    op.execute(
        f"CREATE TRIGGER {table}_no_truncate BEFORE TRUNCATE ON {table} "
        "FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()"
    )


def _guard_refunds_sqlite() -> None:
    too_much = "BEGIN SELECT RAISE(ABORT, 'refunds: more than came'); END"
    stays = "BEGIN SELECT RAISE(ABORT, 'refunds: what was asked for stays'); END"
    for when in ("INSERT", "UPDATE"):
        op.execute(
            f"CREATE TRIGGER refunds_not_more_{when.lower()} BEFORE {when} ON refunds "
            f"WHEN {TOO_MUCH_SQLITE} {too_much}"
        )
    op.execute(
        f"CREATE TRIGGER refunds_no_other BEFORE UPDATE ON refunds WHEN {OTHER_SQLITE} {stays}"
    )
    op.execute(f"CREATE TRIGGER refunds_no_delete BEFORE DELETE ON refunds {stays}")
    op.execute(
        "CREATE TRIGGER refunds_no_replace BEFORE INSERT ON refunds WHEN EXISTS "
        f"(SELECT 1 FROM refunds WHERE id = NEW.id OR refund_ref = NEW.refund_ref) {stays}"
    )


def _guard_refunds_postgresql() -> None:
    schema = op.get_bind().exec_driver_sql("SELECT quote_ident(current_schema())").scalar_one()
    for name, body, when in (
        ("refuse_too_much", REFUSE_TOO_MUCH, "INSERT OR UPDATE"),
        ("refuse_other_refund", REFUSE_OTHER, "UPDATE OR DELETE"),
    ):
        op.execute(
            f"CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql "
            f"SET search_path = {schema}, pg_temp AS $$ {body} $$"
        )
        op.execute(
            f"CREATE TRIGGER refunds_{name} BEFORE {when} ON refunds "
            f"FOR EACH ROW EXECUTE FUNCTION {name}()"
        )
    op.execute(
        "CREATE TRIGGER refunds_no_truncate BEFORE TRUNCATE ON refunds "
        "FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()"
    )
