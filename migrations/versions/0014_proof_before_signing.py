"""Delegations, passkeys, and the proof that somebody gave before they signed."""

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None

ID = sa.Uuid().with_variant(sa.LargeBinary(16), "sqlite")
REGION = sa.String(13).with_variant(sa.String(13, collation="C"), "postgresql")
MOMENT = sa.DateTime(timezone=True)
PROOFS = "signing_proofs"
# Who took the money took no other part.
APART = ("applied_by", "inspected_by", "certified_by", "billed_by", "decided_by")
# What is known of the cashier of permits that were paid before.
CASHED = """UPDATE permits SET cashed_by = (
    SELECT receipts.issued_by FROM receipts JOIN skrd ON skrd.id = receipts.skrd_id
    WHERE skrd.permit_id = permits.id AND receipts.channel = 'cash')"""


def upgrade() -> None:
    _delegations()
    _passkeys()
    _proofs()
    _cashiers()
    with op.batch_alter_table("second_factors") as factors:
        factors.add_column(
            sa.Column("signs_only", sa.Boolean(), nullable=False, server_default=sa.false())
        )
    if op.get_bind().dialect.name == "sqlite":
        _guard_sqlite()
    else:
        _guard_postgresql()


def _choice(name: str, *values: str) -> sa.Enum:
    return sa.Enum(*values, name=name, native_enum=False, length=32)


def _user(table: str, column: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], ["users.id"], name=op.f(f"fk_{table}_{column}_users"))


def _index(table: str, *columns: str) -> None:
    for column in columns:
        op.create_index(op.f(f"ix_{table}_{column}"), table, [column])


def _delegations() -> None:
    op.create_table(
        "delegations",
        sa.Column("id", ID, nullable=False),
        sa.Column("appointment_id", ID, nullable=False),
        sa.Column("giver_id", ID, nullable=False),
        sa.Column("taker_id", ID, nullable=False),
        sa.Column("manner", _choice("manner", "plh", "plt", "an"), nullable=False),
        sa.Column("permissions", sa.JSON(), nullable=False),
        sa.Column("region", REGION, nullable=False),
        sa.Column("decree", sa.String(), nullable=False),
        sa.Column("decree_on", sa.Date(), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("valid_until", sa.Date(), nullable=False),
        sa.Column("given_by", ID, nullable=False),
        sa.Column("ended_at", MOMENT, nullable=True),
        sa.Column("end_reason", sa.String(), nullable=False),
        sa.CheckConstraint("valid_until >= valid_from", name=op.f("ck_delegations_days")),
        sa.CheckConstraint("decree <> ''", name=op.f("ck_delegations_decree")),
        sa.CheckConstraint("taker_id <> giver_id", name=op.f("ck_delegations_two_people")),
        sa.CheckConstraint(
            "ended_at IS NULL OR end_reason <> ''", name=op.f("ck_delegations_reason")
        ),
        sa.ForeignKeyConstraint(
            ["appointment_id"],
            ["appointments.id"],
            name=op.f("fk_delegations_appointment_id_appointments"),
        ),
        *(_user("delegations", column) for column in ("giver_id", "taker_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_delegations")),
    )
    _index("delegations", "appointment_id", "giver_id", "taker_id")


def _passkeys() -> None:
    op.create_table(
        "passkeys",
        sa.Column("id", ID, nullable=False),
        sa.Column("user_id", ID, nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("credential_id", sa.LargeBinary(), nullable=False),
        sa.Column("public_key", sa.LargeBinary(), nullable=False),
        sa.Column("sign_count", sa.BigInteger(), nullable=False),
        sa.Column("transports", sa.JSON(), nullable=False),
        sa.Column("added_at", MOMENT, nullable=False),
        sa.Column("used_at", MOMENT, nullable=True),
        _user("passkeys", "user_id"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_passkeys")),
        sa.UniqueConstraint("credential_id", name=op.f("uq_passkeys_credential_id")),
    )
    _index("passkeys", "user_id")
    op.create_table(
        "passkey_challenges",
        sa.Column("id", ID, nullable=False),
        sa.Column("user_id", ID, nullable=False),
        sa.Column("use", _choice("passkeyuse", "register", "sign-in", "sign"), nullable=False),
        sa.Column("challenge", sa.LargeBinary(), nullable=False),
        sa.Column("session_id", ID, nullable=True),
        sa.Column("command_id", ID, nullable=True),
        sa.Column("made_at", MOMENT, nullable=False),
        sa.Column("used_at", MOMENT, nullable=True),
        sa.CheckConstraint(
            "(use = 'sign') = (command_id IS NOT NULL)", name=op.f("ck_passkey_challenges_command")
        ),
        _user("passkey_challenges", "user_id"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_passkey_challenges")),
        sa.UniqueConstraint("challenge", name=op.f("uq_passkey_challenges_challenge")),
    )
    _index("passkey_challenges", "user_id", "made_at")


def _proofs() -> None:
    op.create_table(
        PROOFS,
        sa.Column("id", ID, nullable=False),
        sa.Column("command_id", ID, nullable=False),
        sa.Column("user_id", ID, nullable=False),
        sa.Column("kind", _choice("proofkind", "code", "passkey"), nullable=False),
        sa.Column("passkey_id", ID, nullable=True),
        sa.Column("permission", sa.String(), nullable=False),
        sa.Column("decree", sa.String(), nullable=False),
        sa.Column("delegation_id", ID, nullable=True),
        sa.Column("proven_at", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(
            ["delegation_id"],
            ["delegations.id"],
            name=op.f("fk_signing_proofs_delegation_id_delegations"),
        ),
        _user(PROOFS, "user_id"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_signing_proofs")),
        sa.UniqueConstraint("command_id", name=op.f("uq_signing_proofs_command_id")),
    )
    _index(PROOFS, "user_id")


def _cashiers() -> None:
    """Four eyes between the counter and the others, also where the same person has two offices."""
    with op.batch_alter_table("skrd") as skrd:
        skrd.add_column(sa.Column("took_part", sa.JSON(), nullable=False, server_default="[]"))
    with op.batch_alter_table("permits") as permits:
        permits.add_column(sa.Column("cashed_by", ID, nullable=True))
    op.execute(CASHED)
    op.execute(f"UPDATE permits SET cashed_by = NULL WHERE cashed_by IN ({', '.join(APART)})")
    differs = " AND ".join(f"cashed_by <> {column}" for column in APART)
    with op.batch_alter_table("permits") as permits:
        permits.create_check_constraint(op.f("ck_permits_cashier_takes_no_other_part"), differs)


def _guard_sqlite() -> None:
    """The insert guard stops INSERT OR REPLACE on connections without recursive_triggers."""
    refuse = f"BEGIN SELECT RAISE(ABORT, '{PROOFS}: append-only'); END"
    op.execute(f"CREATE TRIGGER {PROOFS}_no_update BEFORE UPDATE ON {PROOFS} {refuse}")
    op.execute(f"CREATE TRIGGER {PROOFS}_no_delete BEFORE DELETE ON {PROOFS} {refuse}")
    op.execute(
        f"CREATE TRIGGER {PROOFS}_no_replace BEFORE INSERT ON {PROOFS} WHEN EXISTS "
        f"(SELECT 1 FROM {PROOFS} WHERE id = NEW.id OR command_id = NEW.command_id) {refuse}"
    )


def _guard_postgresql() -> None:
    op.execute(
        f"CREATE TRIGGER {PROOFS}_no_change BEFORE UPDATE OR DELETE ON {PROOFS} "
        "FOR EACH ROW EXECUTE FUNCTION refuse_change()"
    )
    op.execute(
        f"CREATE TRIGGER {PROOFS}_no_truncate BEFORE TRUNCATE ON {PROOFS} "
        "FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()"
    )
