"""Wallets of traders, what moved in them, and orders to fill them."""

import sqlalchemy as sa
from alembic import op

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None

ID = sa.Uuid().with_variant(sa.LargeBinary(16), "sqlite")
REGION = sa.String(13).with_variant(sa.String(13, collation="C"), "postgresql")
MOMENT = sa.DateTime(timezone=True)
KINDS = ("top-up", "spend", "refund", "take-back", "pay-out", "put-back")
SAME = (
    "id = NEW.id OR (wallet_id = NEW.wallet_id AND no = NEW.no)"
    " OR (kind = NEW.kind AND cause_id = NEW.cause_id)"
)


def upgrade() -> None:
    op.create_table(
        "wallets",
        sa.Column("id", ID, nullable=False),
        sa.Column("keeper_id", ID, nullable=False),
        sa.Column("region", REGION, nullable=False),
        sa.Column("state", _one_of("walletstate", "open", "frozen", "closed"), nullable=False),
        sa.Column("is_registered", sa.Boolean(), nullable=False),
        sa.Column("account", sa.String(), nullable=False),
        sa.Column("balance", sa.BigInteger(), nullable=False),
        sa.Column("moves", sa.BigInteger(), nullable=False),
        sa.Column("bank_balance", sa.BigInteger(), nullable=True),
        sa.Column("bank_balance_at", MOMENT, nullable=True),
        sa.Column("opened_at", MOMENT, nullable=False),
        sa.Column("opened_by", ID, nullable=False),
        sa.Column("opened_by_name", sa.String(), nullable=False),
        sa.CheckConstraint("balance >= 0", name=op.f("ck_wallets_balance")),
        sa.CheckConstraint(
            "state <> 'closed' OR balance = 0", name=op.f("ck_wallets_closed_empty")
        ),
        sa.ForeignKeyConstraint(["keeper_id"], ["keepers.id"], name=op.f("fk_wallets_keeper_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_wallets")),
        sa.UniqueConstraint("keeper_id", name=op.f("uq_wallets_keeper_id")),
    )
    op.create_table(
        "wallet_moves",
        sa.Column("id", ID, nullable=False),
        sa.Column("wallet_id", ID, nullable=False),
        sa.Column("no", sa.BigInteger(), nullable=False),
        sa.Column("kind", _one_of("movekind", *KINDS), nullable=False),
        sa.Column("cause_id", ID, nullable=False),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.Column("balance_after", sa.BigInteger(), nullable=False),
        sa.Column("title", sa.String(), nullable=False),
        sa.Column("happened_at", MOMENT, nullable=False),
        sa.Column("actor_id", ID, nullable=False),
        sa.CheckConstraint("amount <> 0", name=op.f("ck_wallet_moves_amount")),
        sa.CheckConstraint("balance_after >= 0", name=op.f("ck_wallet_moves_balance_after")),
        sa.ForeignKeyConstraint(
            ["wallet_id"], ["wallets.id"], name=op.f("fk_wallet_moves_wallet_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_wallet_moves")),
        sa.UniqueConstraint("wallet_id", "no", name=op.f("uq_wallet_moves_wallet_id_no")),
        sa.UniqueConstraint("kind", "cause_id", name=op.f("uq_wallet_moves_kind_cause_id")),
    )
    op.create_table(
        "wallet_top_ups",
        sa.Column("id", ID, nullable=False),
        sa.Column("wallet_id", ID, nullable=False),
        sa.Column("number", sa.String(), nullable=False),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.Column("ordered_at", MOMENT, nullable=False),
        sa.Column("collection_id", ID, nullable=True),
        sa.CheckConstraint("amount > 0", name=op.f("ck_wallet_top_ups_amount")),
        sa.ForeignKeyConstraint(
            ["wallet_id"], ["wallets.id"], name=op.f("fk_wallet_top_ups_wallet_id")
        ),
        sa.ForeignKeyConstraint(
            ["collection_id"], ["collections.id"], name=op.f("fk_wallet_top_ups_collection_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_wallet_top_ups")),
        sa.UniqueConstraint("number", name=op.f("uq_wallet_top_ups_number")),
        sa.UniqueConstraint("collection_id", name=op.f("uq_wallet_top_ups_collection_id")),
    )
    op.create_index(op.f("ix_wallet_top_ups_wallet_id"), "wallet_top_ups", ["wallet_id"])
    _guard()


def _one_of(name: str, *values: str) -> sa.Enum:
    return sa.Enum(*values, name=name, native_enum=False, length=32)


def _guard() -> None:
    """What moved stays."""
    if op.get_bind().dialect.name != "sqlite":
        op.execute(
            "CREATE TRIGGER wallet_moves_no_change BEFORE UPDATE OR DELETE ON wallet_moves "
            "FOR EACH ROW EXECUTE FUNCTION refuse_change()"
        )
        op.execute(
            "CREATE TRIGGER wallet_moves_no_truncate BEFORE TRUNCATE ON wallet_moves "
            "FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()"
        )
        return
    refuse = "BEGIN SELECT RAISE(ABORT, 'wallet_moves: append-only'); END"
    op.execute(f"CREATE TRIGGER wallet_moves_no_update BEFORE UPDATE ON wallet_moves {refuse}")
    op.execute(f"CREATE TRIGGER wallet_moves_no_delete BEFORE DELETE ON wallet_moves {refuse}")
    op.execute(
        "CREATE TRIGGER wallet_moves_no_replace BEFORE INSERT ON wallet_moves "
        f"WHEN EXISTS (SELECT 1 FROM wallet_moves WHERE {SAME}) {refuse}"
    )
