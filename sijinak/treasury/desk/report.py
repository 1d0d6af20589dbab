"""The month in figures: read from the books, and proved against the receipts."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from uuid import UUID

from sqlalchemy import ColumnElement, func, or_, select
from sqlalchemy.orm import aliased

from sijinak.core.clock import clock
from sijinak.core.db import db
from sijinak.core.permissions import Actor, Permission, require
from sijinak.ledger.chart import RECEIVABLE, law_code_of
from sijinak.ledger.models import Account, Journal, Posting
from sijinak.ledger.queries import last_closed_day, revenue_between
from sijinak.payments.models import Collection
from sijinak.retribution.receipts.models import Allocation, Receipt, ReceiptKind
from sijinak.treasury.deposits.queries import Speed, speeds
from sijinak.treasury.desk.banked import banked_between, by_code
from sijinak.treasury.desk.bridge import PLAY, Bridge, bridge_of, is_play_money
from sijinak.treasury.desk.models import RegionalFigure
from sijinak.treasury.desk.queries import regional_figure, targets_of

CASH, TICKETS = "cash", "tickets"


@dataclass(slots=True)
class Row:
    """Of one kode rekening. ``arrears`` is what is owed at the month's end."""

    law_code: str
    target: int = 0
    year_target: int = 0
    issued: int = 0
    received: int = 0
    banked: int = 0
    arrears: int = 0
    received_this_year: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class MonthReport:
    """``receipts`` are what receipts say less voids: the books must say the same.

    Play money is in none of the figures but ``play``.
    """

    month: date
    last: date
    rows: list[Row]
    receipts: int
    booked: int
    channels: dict[str, int]
    bridge: Bridge
    speeds: list[Speed]
    regional: RegionalFigure | None
    is_closed: bool
    total: Row = field(default_factory=lambda: Row(""))

    @property
    def difference(self) -> int:
        """Between books and receipts: nothing, when all is right."""
        return self.booked - self.receipts

    @property
    def into_bank(self) -> int:
        return self.bridge.moves.bank

    @property
    def fees(self) -> int:
        return self.bridge.moves.fees

    @property
    def play(self) -> int:
        return self.bridge.moves.play

    @property
    def cashless_percent(self) -> float:
        everything = sum(self.channels.values())
        cash = self.channels.get(CASH, 0) + self.channels.get(TICKETS, 0)
        return round(100 * (everything - cash) / everything, 1) if everything else 0.0


def month_report(month: date, *, by: Actor) -> MonthReport:
    """``month`` is its first day."""
    require(by, Permission.TREASURY_READ)
    last = last_of(month)
    tickets, paid, banked = _tickets(month, last), _paid(month, last), banked_between(month, last)
    rows = _rows(month, last, {"tickets": tickets, "paid": by_code(paid), "banked": banked.by_code})
    total = _total(rows)
    closed = last_closed_day()
    channels = _channels(month, last)
    receipts = sum(channels.values())
    if tickets:
        channels[TICKETS] = sum(tickets.values())
    return MonthReport(
        month=month,
        last=last,
        rows=rows,
        total=total,
        receipts=receipts,
        booked=sum(paid.values()),
        channels=channels,
        bridge=bridge_of(month, last, total.received, banked),
        speeds=speeds(month, last, by=by),
        regional=regional_figure(month),
        is_closed=closed is not None and closed >= last,
    )


def last_of(month: date) -> date:
    return (month.replace(day=28) + timedelta(days=4)).replace(day=1) - timedelta(days=1)


def _rows(month: date, last: date, found: Mapping[str, Mapping[str, int]]) -> list[Row]:
    """``found`` by code: what tickets and receipts brought, and what is banked."""
    rows: dict[str, Row] = {}

    def add(name: str, amounts: Mapping[str, int]) -> None:
        for code, amount in amounts.items():
            row = rows.setdefault(code, Row(code))
            setattr(row, name, getattr(row, name) + amount)

    new_year = month.replace(month=1)
    targets = targets_of(month.year)
    add("year_target", _summed((code, row.amount) for (code, _), row in targets.items()))
    add("target", {c: row.amount for (c, m), row in targets.items() if m == month.month})
    add("issued", revenue_between(month, last))
    add("received", found["paid"])
    add("received", found["tickets"])
    add("received_this_year", by_code(_paid(new_year, last)))
    add("received_this_year", _tickets(new_year, last))
    add("banked", found["banked"])
    add("arrears", by_code(_owed(last)))
    return [rows[code] for code in sorted(rows)]


def _total(rows: Iterable[Row]) -> Row:
    total = Row("")
    for row in rows:
        for name in Row.__slots__:
            if name != "law_code":
                setattr(total, name, getattr(total, name) + getattr(row, name))
    return total


def _paid(first: date, last: date) -> dict[UUID, int]:
    """By bill, what its receipts took off what it owes, less what voids put back.

    What play money paid is no revenue, though the bill is paid.
    """
    named = or_(Journal.idem.startswith("paid:"), Journal.idem.startswith("reversal:paid:"))
    found = _about_bills(named, Posting.effective_on.between(first, last), sign=-1)
    for bill, amount in _played(named, first, last):
        found[bill] -= amount
    return found


def _played(named: ColumnElement[bool], first: date, last: date) -> list[tuple[UUID, int]]:
    """By bill, what play money paid of it."""
    bill = aliased(Posting)
    asked = (
        select(bill.about, func.sum(Posting.amount))
        .join(Journal, Journal.id == Posting.journal_id)
        .join(bill, (bill.journal_id == Journal.id) & (bill.account == RECEIVABLE))
        .where(is_play_money(), named, Posting.effective_on.between(first, last))
        .group_by(bill.about)
        .order_by(bill.about)
    )
    return [(about, int(total)) for about, total in db.session.execute(asked) if about]


def _owed(last: date) -> dict[UUID, int]:
    """By bill, what was still owed at the end of a day."""
    return _about_bills(Posting.effective_on <= last, sign=1)


def _about_bills(*where: ColumnElement[bool], sign: int) -> dict[UUID, int]:
    asked = (
        select(Posting.about, func.sum(Posting.amount))
        .join(Journal, Journal.id == Posting.journal_id)
        .where(Posting.account == RECEIVABLE, *where)
        .group_by(Posting.about)
        .order_by(Posting.about)
    )
    return {about: sign * int(total) for about, total in db.session.execute(asked) if about}


def _tickets(first: date, last: date) -> dict[str, int]:
    """Revenue from tickets by kode rekening: set and received in one."""
    named = or_(Journal.idem.startswith("tickets:"), Journal.idem.startswith("reversal:tickets:"))
    asked = (
        select(Posting.account, -func.sum(Posting.amount))
        .join(Journal, Journal.id == Posting.journal_id)
        .join(Account, Account.code == Posting.account)
        .where(Account.law_code != "", named, Posting.effective_on.between(first, last))
        .group_by(Posting.account)
        .order_by(Posting.account)
    )
    return {law_code_of(code): int(total) for code, total in db.session.execute(asked)}


def _channels(first: date, last: date) -> dict[str, int]:
    """What receipts say by the channel of their money, less voids; without play money."""
    begins = datetime.combine(first, time.min, clock.zone)
    ends = datetime.combine(last, time.min, clock.zone) + timedelta(days=1)
    of_receipt = func.coalesce(Receipt.voids_id, Receipt.id)  # a void has none of its own
    asked = (
        select(Collection.adapter, Receipt.kind, func.sum(Allocation.amount))
        .join(Allocation, Allocation.receipt_id == of_receipt)
        .join(Collection, Collection.id == Allocation.collection_id)
        .where(Receipt.issued_at >= begins, Receipt.issued_at < ends, Collection.adapter != PLAY)
        .group_by(Collection.adapter, Receipt.kind)
        .order_by(Collection.adapter, Receipt.kind)
    )
    found: dict[str, int] = defaultdict(int)
    for channel, kind, amount in db.session.execute(asked):
        found[channel] += int(amount) if kind is ReceiptKind.RECEIPT else -int(amount)
    return dict(found)


def _summed(pairs: Iterable[tuple[str, int]]) -> dict[str, int]:
    found: dict[str, int] = defaultdict(int)
    for code, amount in pairs:
        found[code] += amount
    return dict(found)
