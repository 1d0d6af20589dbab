"""Wallets, what moved in them, and orders to fill them.

The balance is changed by a conditional UPDATE only, in the transaction that writes the journal: the
ledger's account of the wallet is the proof of it.
"""

from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from sijinak.core.flow import Flow, Step
from sijinak.core.model import Model, RegionCode
from sijinak.core.money import Rupiah
from sijinak.core.permissions import Permission
from sijinak.payments.models import Collection


class WalletState(StrEnum):
    OPEN = "open"
    FROZEN = "frozen"
    CLOSED = "closed"


S = WalletState
_KEEP = Permission.TREASURY_KEEP
WALLET_FLOW = Flow(
    Step(S.OPEN, "freeze", S.FROZEN, _KEEP),
    Step(S.FROZEN, "thaw", S.OPEN, _KEEP),
    Step(S.OPEN, "close", S.CLOSED, _KEEP),
    Step(S.FROZEN, "close", S.CLOSED, _KEEP),
)


class Wallet(Model):
    """``account`` is the number at the bank, when the money lies there and we only mirror it."""

    __tablename__ = "wallets"
    __table_args__ = (
        CheckConstraint("balance >= 0", name="balance"),
        CheckConstraint("state <> 'closed' OR balance = 0", name="closed_empty"),
    )

    keeper_id: Mapped[UUID] = mapped_column(ForeignKey("keepers.id"), unique=True)
    region: Mapped[str] = mapped_column(RegionCode)
    state: Mapped[WalletState]
    is_registered: Mapped[bool]  # its owner's identity was seen: more may lie in it
    account: Mapped[str]
    balance: Mapped[Rupiah]
    moves: Mapped[int]  # how many there are
    bank_balance: Mapped[Rupiah | None]  # as the bank last said; never decided by
    bank_balance_at: Mapped[datetime | None]
    opened_at: Mapped[datetime]
    opened_by: Mapped[UUID]
    opened_by_name: Mapped[str]


class MoveKind(StrEnum):
    TOP_UP = "top-up"
    SPEND = "spend"
    REFUND = "refund"  # what was spent came back
    TAKE_BACK = "take-back"  # the bank took a top-up back
    PAY_OUT = "pay-out"  # to be given back to its owner, by two people
    PUT_BACK = "put-back"  # a pay-out that did not happen


class WalletMove(Model):
    """One change of a balance, in the order in which they happened. Inserted, never updated."""

    __tablename__ = "wallet_moves"
    __table_args__ = (
        UniqueConstraint("wallet_id", "no"),
        UniqueConstraint("kind", "cause_id"),
        CheckConstraint("amount <> 0", name="amount"),
        CheckConstraint("balance_after >= 0", name="balance_after"),
    )

    wallet_id: Mapped[UUID] = mapped_column(ForeignKey(Wallet.id))
    no: Mapped[int]
    kind: Mapped[MoveKind]
    cause_id: Mapped[UUID]  # the spending's command, the money, or the refund
    amount: Mapped[int]
    balance_after: Mapped[Rupiah]
    title: Mapped[str]
    happened_at: Mapped[datetime]
    actor_id: Mapped[UUID]


class WalletTopUp(Model):
    """An order to fill a wallet: what an attempt through another adapter is to pay."""

    __tablename__ = "wallet_top_ups"
    __table_args__ = (CheckConstraint("amount > 0", name="amount"),)

    wallet_id: Mapped[UUID] = mapped_column(ForeignKey(Wallet.id), index=True)
    number: Mapped[str] = mapped_column(unique=True)
    amount: Mapped[Rupiah]
    ordered_at: Mapped[datetime]
    collection_id: Mapped[UUID | None] = mapped_column(ForeignKey(Collection.id), unique=True)
