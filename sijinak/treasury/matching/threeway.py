"""Day by day: what was set, receipted, paid in or settled, and seen on the bank's statement."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from uuid import UUID

from sqlalchemy import select

from sijinak.core.clock import clock, local
from sijinak.core.db import db
from sijinak.core.permissions import Actor, Permission, require, within_reach
from sijinak.ledger.models import Journal
from sijinak.payments.adapters.sandbox import SandboxAdapter
from sijinak.payments.models import Collection, SettlementRow
from sijinak.retribution.models import Skrd
from sijinak.retribution.receipts.models import Allocation, Receipt
from sijinak.retribution.receipts.queries import is_live
from sijinak.treasury.deposits.models import Deposit, DepositLine, DepositState
from sijinak.treasury.matching.gathering import goes_through_bank
from sijinak.treasury.matching.models import MatchHold
from sijinak.treasury.tickets.models import TicketSale

CASH = "cash"
PLAY = SandboxAdapter.name
Sums = defaultdict[str, int]  # by the name of the journal that brought it


@dataclass
class Day:
    """Whole rupiah that one day brought, and how far it has come.

    ``bills`` is what the paid bills say; ``sent`` what was deposited by STS or settled by its
    channel; ``banked`` what stands on the statement. Each row adds up: receipts and tickets are
    what never goes through the bank, what is in the bank, and what is under way.
    """

    day: date
    bills: int = 0
    receipts: int = 0
    tickets: int = 0
    sent: int = 0
    banked: int = 0
    inside: int = 0  # paid from a wallet: it was in the bank before
    play: int = 0  # of the sandbox: no money
    channels: dict[str, int] = field(default_factory=lambda: defaultdict(int))

    @property
    def left_out(self) -> int:
        """What no line of the bank will ever show."""
        return self.inside + self.play

    @property
    def under_way(self) -> int:
        return self.receipts + self.tickets - self.left_out - self.banked

    @property
    def agrees(self) -> bool:
        return self.bills == self.receipts and not self.under_way


def three_ways(first: date, last: date, *, by: Actor) -> list[Day]:
    """One row for each day with a receipt or a ticket, from the first to the last."""
    require(by, Permission.TREASURY_READ)
    days: dict[date, Day] = {}
    _add_receipts(days, _rows(first, last, by))
    _add_tickets(days, first, last, by)
    return [days[day] for day in sorted(days)]


def _add_receipts(
    days: dict[date, Day], rows: Sequence[tuple[Receipt, int, Collection, int]]
) -> None:
    cash = [f"money:{money.id}" for _, _, money, _ in rows if money.adapter == CASH]
    (sent, banked), settled = _deposited(cash), _settled()
    held = _held([money.id for _, _, money, _ in rows])
    counted: set[UUID] = set()
    for receipt, bill_total, money, amount in rows:
        day = _day_in(days, receipt.issued_at)
        if receipt.id not in counted:
            counted.add(receipt.id)
            day.bills += bill_total
            day.receipts += receipt.amount
        day.channels[money.adapter] += amount
        if money.adapter == CASH:
            day.sent += _taken(sent, f"money:{money.id}", amount)
            day.banked += _taken(banked, f"money:{money.id}", amount)
        elif money.adapter == PLAY:
            day.play += amount
        elif not goes_through_bank(money.adapter):
            day.inside += amount
        else:
            in_bank = money.id in held
            is_sent = in_bank or (money.adapter, money.money_id) in settled
            day.sent += amount if is_sent else 0
            day.banked += amount if in_bank else 0


def _add_tickets(days: dict[date, Day], first: date, last: date, by: Actor) -> None:
    begins, ends = _span(first, last)
    asked = select(TicketSale).where(
        TicketSale.sold_at >= begins,
        TicketSale.sold_at < ends,
        TicketSale.amount > 0,
        within_reach(by, Permission.TREASURY_READ, TicketSale.region),
    )
    sales = db.session.scalars(asked.order_by(TicketSale.sold_at, TicketSale.id)).all()
    sent, banked = _deposited([f"tickets:{sale.id}" for sale in sales])
    for sale in sales:
        day, idem = _day_in(days, sale.sold_at), f"tickets:{sale.id}"
        day.tickets += sale.amount
        day.sent += _taken(sent, idem, sale.amount)
        day.banked += _taken(banked, idem, sale.amount)


def _rows(first: date, last: date, by: Actor) -> list[tuple[Receipt, int, Collection, int]]:
    begins, ends = _span(first, last)
    asked = (
        select(Receipt, Skrd.total, Collection, Allocation.amount)
        .join(Allocation, Allocation.receipt_id == Receipt.id)
        .join(Collection, Collection.id == Allocation.collection_id)
        .join(Skrd, Skrd.id == Receipt.skrd_id)
        .where(is_live(), Receipt.issued_at >= begins, Receipt.issued_at < ends)
        .where(within_reach(by, Permission.TREASURY_READ, Receipt.region))
        .order_by(Receipt.issued_at, Receipt.id, Allocation.id)
    )
    rows = db.session.execute(asked)
    return [(receipt, total, money, part) for receipt, total, money, part in rows]


def _span(first: date, last: date) -> tuple[datetime, datetime]:
    begins = datetime.combine(first, time.min, clock.zone)
    return begins, datetime.combine(last, time.min, clock.zone) + timedelta(days=1)


def _day_in(days: dict[date, Day], moment: datetime) -> Day:
    on = local(moment).date()
    return days.setdefault(on, Day(on))


def _deposited(idems: list[str]) -> tuple[Sums, Sums]:
    """Cash that was taken to the bank, and of it what the bank has booked."""
    asked = (
        select(Journal.idem, DepositLine.amount, Deposit.state)
        .join(Journal, Journal.id == DepositLine.source_id)
        .join(Deposit, Deposit.id == DepositLine.deposit_id)
        .where(Journal.idem.in_(idems))
        .where(Deposit.state.in_((DepositState.DEPOSITED, DepositState.MATCHED)))
        .order_by(DepositLine.id)
    )
    sent: Sums = defaultdict(int)
    banked: Sums = defaultdict(int)
    for idem, amount, state in db.session.execute(asked):
        sent[idem] += amount
        if state is DepositState.MATCHED:
            banked[idem] += amount
    return sent, banked


def _taken(sums: Sums, idem: str, amount: int) -> int:
    """So much of an amount has gone there; another receipt of the same money has the rest."""
    part = min(sums[idem], amount)
    sums[idem] -= part
    return part


def _settled() -> set[tuple[str, str]]:
    asked = select(SettlementRow.adapter, SettlementRow.money_id).order_by(SettlementRow.id)
    return {(adapter, money_id) for adapter, money_id in db.session.execute(asked)}


def _held(ids: list[UUID]) -> set[UUID]:
    asked = select(MatchHold.id).where(MatchHold.id.in_(ids)).order_by(MatchHold.id)
    return set(db.session.scalars(asked))
