"""Day by day: what was set, receipted, paid in or settled, and seen on the bank's statement."""

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from uuid import UUID

from sqlalchemy import select

from sijinak.core.clock import clock, local
from sijinak.core.db import db
from sijinak.core.permissions import Actor, Permission, require, within_reach
from sijinak.payments.models import Collection, SettlementRow
from sijinak.retribution.models import Skrd
from sijinak.retribution.receipts.models import Allocation, Receipt
from sijinak.retribution.receipts.queries import is_live
from sijinak.treasury.deposits.models import Deposit, DepositLine, DepositState
from sijinak.treasury.matching.gathering import goes_through_bank
from sijinak.treasury.matching.models import MatchHold

CASH = "cash"


@dataclass
class Day:
    """Whole rupiah of the receipts of one day, and how far their money has come.

    ``bills`` is what the paid bills say; ``sent`` what was deposited by STS or settled by its
    channel; ``banked`` what stands on the statement. All four are the same when all is well.
    """

    day: date
    bills: int = 0
    receipts: int = 0
    sent: int = 0
    banked: int = 0
    inside: int = 0  # paid from a wallet: it was in the bank before
    channels: dict[str, int] = field(default_factory=lambda: defaultdict(int))

    @property
    def under_way(self) -> int:
        return self.receipts - self.inside - self.banked

    @property
    def agrees(self) -> bool:
        return self.bills == self.receipts and not self.under_way


def three_ways(first: date, last: date, *, by: Actor) -> list[Day]:
    """One row for each day with a receipt, from the first to the last."""
    require(by, Permission.TREASURY_READ)
    days: dict[date, Day] = {}
    rows = _rows(first, last, by)
    sent, banked = _deposited([number for *_, number in rows])
    settled, held = _settled(), _held([money.id for _, _, money, *_ in rows])
    counted: set[UUID] = set()
    for receipt, bill_total, money, amount, number in rows:
        day = days.setdefault(_day(receipt), Day(_day(receipt)))
        if receipt.id not in counted:
            counted.add(receipt.id)
            day.bills += bill_total
            day.receipts += receipt.amount
        day.channels[money.adapter] += amount
        if money.adapter == CASH:
            day.sent += amount if number in sent else 0
            day.banked += amount if number in banked else 0
        elif not goes_through_bank(money.adapter):
            day.inside += amount
        else:
            in_bank = money.id in held
            is_sent = in_bank or (money.adapter, money.money_id) in settled
            day.sent += amount if is_sent else 0
            day.banked += amount if in_bank else 0
    return [days[day] for day in sorted(days)]


def _rows(first: date, last: date, by: Actor) -> list[tuple[Receipt, int, Collection, int, str]]:
    begins = datetime.combine(first, time.min, clock.zone)
    ends = datetime.combine(last, time.min, clock.zone) + timedelta(days=1)
    asked = (
        select(Receipt, Skrd.total, Collection, Allocation.amount, Receipt.number)
        .join(Allocation, Allocation.receipt_id == Receipt.id)
        .join(Collection, Collection.id == Allocation.collection_id)
        .join(Skrd, Skrd.id == Receipt.skrd_id)
        .where(is_live(), Receipt.issued_at >= begins, Receipt.issued_at < ends)
        .where(within_reach(by, Permission.TREASURY_READ, Receipt.region))
        .order_by(Receipt.issued_at, Receipt.id, Allocation.id)
    )
    rows = db.session.execute(asked)
    return [(receipt, total, money, part, number) for receipt, total, money, part, number in rows]


def _day(receipt: Receipt) -> date:
    return local(receipt.issued_at).date()


def _deposited(numbers: list[str]) -> tuple[set[str], set[str]]:
    """Receipts whose cash was taken to the bank, and of those the ones it has booked."""
    asked = (
        select(DepositLine.reference, Deposit.state)
        .join(Deposit, Deposit.id == DepositLine.deposit_id)
        .where(DepositLine.reference.in_(numbers))
        .order_by(DepositLine.id)
    )
    rows = [(reference, state) for reference, state in db.session.execute(asked)]
    banked = {reference for reference, state in rows if state is DepositState.MATCHED}
    return banked | {ref for ref, state in rows if state is DepositState.DEPOSITED}, banked


def _settled() -> set[tuple[str, str]]:
    asked = select(SettlementRow.adapter, SettlementRow.money_id).order_by(SettlementRow.id)
    return {(adapter, money_id) for adapter, money_id in db.session.execute(asked)}


def _held(ids: list[UUID]) -> set[UUID]:
    asked = select(MatchHold.id).where(MatchHold.id.in_(ids)).order_by(MatchHold.id)
    return set(db.session.scalars(asked))
