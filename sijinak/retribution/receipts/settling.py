"""How money becomes receipts by itself: exactly the named bills, all open, or nothing."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import func, select

from sijinak.core.db import db
from sijinak.core.permissions import Actor
from sijinak.ledger.chart import WALLET
from sijinak.payments.adapters.base import Can
from sijinak.payments.adapters.registry import registry
from sijinak.payments.booking import into
from sijinak.payments.discrepancies.services import Found, open_discrepancy
from sijinak.payments.models import Collection, DiscrepancyKind
from sijinak.payments.queries import hold_money
from sijinak.retribution.models import Skrd, SkrdState
from sijinak.retribution.queries import skrds_for_update
from sijinak.retribution.receipts.issuing import REVERSAL, Share, Voiding, issue_void, pay_bills
from sijinak.retribution.receipts.models import Receipt
from sijinak.retribution.receipts.policy import When, policy
from sijinak.retribution.receipts.queries import (
    bills_of_money,
    live_receipts_by,
    moneys_of,
    waiting_among,
    waits_for_bank,
)

TAKEN_BACK = "Uang ditarik kembali oleh bank"  # the void is a paper of law: Indonesian

_GIVEN_UP = {SkrdState.CANCELLED, SkrdState.WRITTEN_OFF}


class Settling:
    """The bills, as the payments below ask for them: see payments/billing.py."""

    def settle(
        self, money: Collection, bill_ids: Sequence[UUID], *, by: Actor
    ) -> DiscrepancyKind | None:
        if _waits_for_statement(money):
            return None
        return _pay(money, bill_ids, by=by)

    def reopen(self, money: Collection, *, by: Actor) -> None:
        """Other money of the same receipts, if any, needs a person again."""
        why = Voiding(reason=TAKEN_BACK, asked_by=by.id, asked_by_name=by.name)
        skrds_for_update([receipt.skrd_id for receipt in live_receipts_by(money.id)])
        for receipt in live_receipts_by(money.id):  # somebody may have voided one until now
            issue_void(receipt, why, by=REVERSAL)
            set_free(receipt, by=by, without=money)

    def are_open(self, bill_ids: Sequence[UUID]) -> bool:
        wanted = set(bill_ids)
        asked = select(func.count(Skrd.id)).where(Skrd.id.in_(wanted), Skrd.state == SkrdState.OPEN)
        if not wanted or db.session.scalar(asked) != len(wanted):
            return False
        return policy.when is When.PROVIDER or not waits_for_bank(wanted)

    def keeper_of(self, bill_ids: Sequence[UUID]) -> UUID | None:
        asked = select(Skrd.keeper_id).where(Skrd.id.in_(bill_ids)).distinct()
        found = db.session.scalars(asked.order_by(Skrd.keeper_id).limit(2)).all()
        return found[0] if len(found) == 1 else None


def settle_waiting(collection_ids: Sequence[UUID], *, by: Actor) -> None:
    """They are on the bank's statement now. What already paid, or has a case, stays."""
    for money in waiting_among(collection_ids):
        _settle_waiting(money, by=by)


def _settle_waiting(money: Collection, *, by: Actor) -> None:
    bill_ids = bills_of_money(money)
    hold_money(money.id)
    skrds_for_update(bill_ids)  # whoever does the same at the same moment waits here
    if not waiting_among([money.id]):
        return
    fault = _pay(money, bill_ids, by=by)
    if fault is not None:
        found = Found(
            kind=fault,
            about=money,
            region=money.region,
            amount=money.amount,
            collection_id=money.id,
            bill_id=bill_ids[0] if len(bill_ids) == 1 else None,
        )
        open_discrepancy(found, by=by)


def set_free(receipt: Receipt, *, by: Actor, without: Collection | None = None) -> None:
    """After a void: each money that had paid needs two people to say what becomes of it."""
    for allocation, money in moneys_of(receipt):
        if without is None or money.id != without.id:
            found = Found(
                kind=DiscrepancyKind.VOIDED,
                about=allocation,
                region=receipt.region,
                amount=allocation.amount,
                collection_id=money.id,
                bill_id=receipt.skrd_id,
                facts={"receipt": receipt.number},
            )
            open_discrepancy(found, by=by)


def _pay(money: Collection, bill_ids: Sequence[UUID], *, by: Actor) -> DiscrepancyKind | None:
    bills = skrds_for_update(bill_ids)
    fault = _fault(money, bills, expected=len(set(bill_ids)))
    if fault is None:
        pay_bills(bills, [Share(money, money.amount)], by=by)
    return fault


def _fault(money: Collection, bills: Sequence[Skrd], *, expected: int) -> DiscrepancyKind | None:
    states, due = {bill.state for bill in bills}, sum(bill.total for bill in bills)
    wrong = {
        DiscrepancyKind.UNKNOWN_BILL: not bills or len(bills) != expected,
        DiscrepancyKind.AFTER_CANCEL: bool(states & _GIVEN_UP),
        DiscrepancyKind.DOUBLE: SkrdState.PAID in states,
        DiscrepancyKind.SHORT: money.amount < due,
        DiscrepancyKind.OVER: money.amount > due,
    }
    return next((kind for kind, holds in wrong.items() if holds), None)


def _waits_for_statement(money: Collection) -> bool:
    """Cash is counted by a person, and our own books need no bank to say so."""
    if policy.when is not When.STATEMENT or into(money).account == WALLET:
        return False
    return Can.OFFLINE not in registry.known(money.adapter).can


settling = Settling()
