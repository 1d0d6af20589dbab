"""Answers for top-ups when money comes; all other bills are handed on."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select

from sijinak.core.clock import today
from sijinak.core.db import db
from sijinak.core.permissions import Actor
from sijinak.ledger import chart
from sijinak.ledger.services import Entry, Line, post
from sijinak.payments.billing import Bills
from sijinak.payments.models import Collection, DiscrepancyKind
from sijinak.payments.wallet.models import MoveKind, Wallet, WalletState, WalletTopUp
from sijinak.payments.wallet.moving import Cause, hold_float, move, take_step, warn_when_high
from sijinak.payments.wallet.policy import policy
from sijinak.payments.wallet.queries import (
    top_up_for_update,
    top_up_paid_by,
    wallet_for_update,
)


@dataclass(frozen=True, slots=True)
class TopUps:
    """``inner`` answers for every bill that is no top-up."""

    inner: Bills

    def settle(
        self, money: Collection, bill_ids: Sequence[UUID], *, by: Actor
    ) -> DiscrepancyKind | None:
        order = top_up_for_update(list(bill_ids))
        if order is None:
            return self.inner.settle(money, bill_ids, by=by)
        return _fault(order, money) or _fill(order, money, by=by)

    def reopen(self, money: Collection, *, by: Actor) -> None:
        """What is left of it goes back; a wallet that spent it already is frozen."""
        order = top_up_paid_by(money.id)
        if order is None:
            self.inner.reopen(money, by=by)
            return
        wallet = wallet_for_update(order.wallet_id)
        if taken := min(wallet.balance, money.amount):
            cause = Cause(kind=MoveKind.TAKE_BACK, id=money.id, title=order.number)
            move(wallet.id, -taken, cause, by=by, frozen_too=True)
            _book(f"taken-back:{money.id}", wallet, money, -taken, by=by)
        if taken < money.amount and wallet.state is WalletState.OPEN:
            take_step(wallet, "freeze", by=by, note=order.number)

    def are_open(self, bill_ids: Sequence[UUID]) -> bool:
        order = top_up_for_update(list(bill_ids))
        return self.inner.are_open(bill_ids) if order is None else order.collection_id is None

    def keeper_of(self, bill_ids: Sequence[UUID]) -> UUID | None:
        asked = select(Wallet.keeper_id).join(WalletTopUp, WalletTopUp.wallet_id == Wallet.id)
        asked = asked.where(WalletTopUp.id.in_(bill_ids)).order_by(Wallet.id)
        return db.session.scalar(asked.limit(1)) or self.inner.keeper_of(bill_ids)


def _fault(order: WalletTopUp, money: Collection) -> DiscrepancyKind | None:
    if order.collection_id is not None:
        return DiscrepancyKind.DOUBLE
    if money.amount != order.amount:
        short = money.amount < order.amount
        return DiscrepancyKind.SHORT if short else DiscrepancyKind.OVER
    return None


def _fill(order: WalletTopUp, money: Collection, *, by: Actor) -> DiscrepancyKind | None:
    """More than may lie in a wallet, or in all, waits in suspense for two people."""
    before = hold_float()
    wallet = wallet_for_update(order.wallet_id)
    if wallet.state is not WalletState.OPEN:
        return DiscrepancyKind.AFTER_CANCEL
    if wallet.balance + money.amount > policy.most(wallet):
        return DiscrepancyKind.OVER
    if before + money.amount > policy.ceiling:
        return DiscrepancyKind.OVER
    cause = Cause(kind=MoveKind.TOP_UP, id=money.id, title=order.number)
    move(wallet.id, money.amount, cause, by=by)
    _book(f"topup:{money.id}", wallet, money, money.amount, by=by)
    order.collection_id = money.id
    db.session.flush()
    warn_when_high(wallet, before, by=by)
    return None


def _book(idem: str, wallet: Wallet, money: Collection, amount: int, *, by: Actor) -> None:
    lines = [
        Line(chart.SUSPENSE, amount, money.id),
        Line(chart.WALLET, -amount, wallet.id),
    ]
    kind = idem.partition(":")[0]
    post(Entry(idem=idem, kind=kind, on=today(), region=wallet.region, lines=lines), by=by)
