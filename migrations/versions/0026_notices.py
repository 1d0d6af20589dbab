"""Messages that go out, and to whom."""

import sqlalchemy as sa
from alembic import op

revision = "0026"
down_revision = "0025"
branch_labels = None
depends_on = None

ID = sa.Uuid().with_variant(sa.LargeBinary(16), "sqlite")
MOMENT = sa.DateTime(timezone=True)
ADDRESSES = "notice_addresses"
STAYS = ("id", "who", "email_lookup", "purpose", "since", "entered_at")
END = ("until", "ended_by", "ending_asked_by", "ending_asked_at")
STATES = ("queued", "sending", "sent", "kept", "unknown", "failed")


def upgrade() -> None:
    op.create_table(
        "notice_addresses",
        sa.Column("id", ID, nullable=False),
        sa.Column("who", sa.String(), nullable=False),
        sa.Column("email_sealed", sa.LargeBinary(), nullable=False),
        sa.Column("email_lookup", sa.LargeBinary(), nullable=False),
        sa.Column("purpose", _words("purpose", "checkpoint"), nullable=False),
        sa.Column("since", sa.Date(), nullable=False),
        sa.Column("until", sa.Date()),
        sa.Column("entered_at", MOMENT, nullable=False),
        sa.Column("entered_by_name", sa.String(), nullable=False),
        sa.Column("ending_asked_at", MOMENT),
        sa.Column("ending_asked_by", ID),
        sa.Column("ending_asked_by_name", sa.String(), nullable=False),
        sa.Column("ended_by", ID),
        sa.Column("ended_by_name", sa.String(), nullable=False),
        sa.CheckConstraint(
            "ended_by <> ending_asked_by", name=op.f("ck_notice_addresses_four_eyes")
        ),
        sa.CheckConstraint(
            "ended_by IS NULL OR ending_asked_by IS NOT NULL",
            name=op.f("ck_notice_addresses_asked"),
        ),
        sa.CheckConstraint(
            "(until IS NULL) = (ended_by IS NULL)", name=op.f("ck_notice_addresses_ended")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_notice_addresses")),
    )
    op.create_index(op.f("ix_notice_addresses_email_lookup"), "notice_addresses", ["email_lookup"])
    op.create_table(
        "notices",
        sa.Column("id", ID, nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("who", sa.String(), nullable=False),
        sa.Column("email_sealed", sa.LargeBinary(), nullable=False),
        sa.Column("email_lookup", sa.LargeBinary(), nullable=False),
        sa.Column("subject", sa.String(), nullable=False),
        sa.Column("body", sa.String(), nullable=False),
        sa.Column("attachments", sa.JSON(), nullable=False),
        sa.Column("state", _words("noticestate", *STATES), nullable=False),
        sa.Column("queued_at", MOMENT, nullable=False),
        sa.Column("try_again_at", MOMENT, nullable=False),
        sa.Column("attempts", sa.BigInteger(), nullable=False),
        sa.Column("ended_at", MOMENT),
        sa.Column("last_error", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_notices")),
        sa.UniqueConstraint("reason", "email_lookup", name=op.f("uq_notices_reason_email_lookup")),
    )
    op.create_index("ix_notices_due", "notices", ["state", "try_again_at"])
    (_keep_sqlite if op.get_bind().dialect.name == "sqlite" else _keep_postgresql)()


def downgrade() -> None:
    op.drop_table("notices")
    op.drop_table("notice_addresses")
    if op.get_bind().dialect.name == "postgresql":
        op.execute("DROP FUNCTION keep_notice_address()")


def _changed(test: str) -> str:
    """Another place to send to, or an end that is none any more: names may be emptied."""
    other = " OR ".join(f"NEW.{name} {test} OLD.{name}" for name in STAYS)
    over = " OR ".join(f"NEW.{name} {test} OLD.{name}" for name in END)
    return f"{other} OR (OLD.until IS NOT NULL AND ({over}))"


def _keep_sqlite() -> None:
    refuse = f"BEGIN SELECT RAISE(ABORT, '{ADDRESSES}: stays as it is'); END"
    op.execute(
        f"CREATE TRIGGER {ADDRESSES}_steps BEFORE UPDATE ON {ADDRESSES} "
        f"WHEN {_changed('IS NOT')} {refuse}"
    )
    op.execute(f"CREATE TRIGGER {ADDRESSES}_stay BEFORE DELETE ON {ADDRESSES} {refuse}")
    op.execute(
        f"CREATE TRIGGER {ADDRESSES}_no_replace BEFORE INSERT ON {ADDRESSES} "
        f"WHEN EXISTS (SELECT 1 FROM {ADDRESSES} WHERE id = NEW.id) {refuse}"
    )


def _keep_postgresql() -> None:
    op.execute(
        "CREATE FUNCTION keep_notice_address() RETURNS trigger LANGUAGE plpgsql "
        f"SET search_path = {_schema()}, pg_temp AS $$BEGIN IF {_changed('IS DISTINCT FROM')} THEN "
        f"RAISE EXCEPTION '{ADDRESSES}: stays as it is' USING ERRCODE = '23514'; END IF; "
        "RETURN NEW; END$$"
    )
    op.execute(
        f"CREATE TRIGGER {ADDRESSES}_steps BEFORE UPDATE ON {ADDRESSES} "
        "FOR EACH ROW EXECUTE FUNCTION keep_notice_address()"
    )
    op.execute(
        f"CREATE TRIGGER {ADDRESSES}_stay BEFORE DELETE ON {ADDRESSES} "
        "FOR EACH ROW EXECUTE FUNCTION refuse_change()"
    )
    op.execute(
        f"CREATE TRIGGER {ADDRESSES}_no_truncate BEFORE TRUNCATE ON {ADDRESSES} "
        "FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()"
    )


def _words(name: str, *values: str) -> sa.Enum:
    return sa.Enum(*values, name=name, native_enum=False, length=32)


def _schema() -> str:
    asked = op.get_bind().exec_driver_sql("SELECT quote_ident(current_schema())")
    return str(asked.scalar_one())
