"""The month in figures: read from the books, and proved against the receipts."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from uuid import UUID

from sqlalchemy import ColumnElement, func, or_, select

from sijinak.core.clock import clock
from sijinak.core.db import db
from sijinak.core.permissions import Actor, Permission, require
from sijinak.ledger.chart import FEE, RECEIVABLE, law_code_of
from sijinak.ledger.models import Account, Journal, Posting
from sijinak.ledger.queries import last_closed_day, revenue_between
from sijinak.retribution.models import SkrdLine
from sijinak.retribution.receipts.models import Receipt, ReceiptKind
from sijinak.treasury.deposits.queries import Speed, speeds
from sijinak.treasury.desk.banked import banked_between
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
    """``receipts`` are what receipts say less voids: the books must say the same."""

    month: date
    last: date
    rows: list[Row]
    receipts: int
    booked: int
    channels: dict[str, int]
    into_bank: int
    fees: int
    speeds: list[Speed]
    regional: RegionalFigure | None
    is_closed: bool
    total: Row = field(default_factory=lambda: Row(""))

    @property
    def difference(self) -> int:
        """Between books and receipts: nothing, when all is right."""
        return self.booked - self.receipts

    @property
    def cashless_percent(self) -> float:
        everything = sum(self.channels.values())
        cash = self.channels.get(CASH, 0) + self.channels.get(TICKETS, 0)
        return round(100 * (everything - cash) / everything, 1) if everything else 0.0


def month_report(month: date, *, by: Actor) -> MonthReport:
    """``month`` is its first day."""
    require(by, Permission.TREASURY_READ)
    last = last_of(month)
    tickets = _tickets(month, last)
    paid = _paid(month, last)
    rows = _rows(month, last, tickets, paid)
    closed = last_closed_day()
    channels = _channels(month, last)
    if tickets:
        channels[TICKETS] = sum(tickets.values())
    return MonthReport(
        month=month,
        last=last,
        rows=rows,
        total=_total(rows),
        receipts=sum(channels.values()) - channels.get(TICKETS, 0),
        booked=sum(paid.values()),
        channels=channels,
        into_bank=_sum(Posting.account.startswith("bank:"), month, last),
        fees=_sum(Posting.account == FEE, month, last),
        speeds=speeds(month, last, by=by),
        regional=regional_figure(month),
        is_closed=closed is not None and closed >= last,
    )


def last_of(month: date) -> date:
    return (month.replace(day=28) + timedelta(days=4)).replace(day=1) - timedelta(days=1)


def _rows(
    month: date, last: date, tickets: Mapping[str, int], paid: Mapping[UUID, int]
) -> list[Row]:
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
    add("received", _by_code(paid))
    add("received", tickets)
    add("received_this_year", _by_code(_paid(new_year, last)))
    add("received_this_year", _tickets(new_year, last))
    add("banked", banked_between(month, last))
    add("arrears", _by_code(_owed(last)))
    return [rows[code] for code in sorted(rows)]


def _total(rows: Iterable[Row]) -> Row:
    total = Row("")
    for row in rows:
        for name in Row.__slots__:
            if name != "law_code":
                setattr(total, name, getattr(total, name) + getattr(row, name))
    return total


def _paid(first: date, last: date) -> dict[UUID, int]:
    """By bill, what its receipts took off what it owes, less what voids put back."""
    named = or_(Journal.idem.startswith("paid:"), Journal.idem.startswith("reversal:paid:"))
    return _about_bills(named, Posting.effective_on.between(first, last), sign=-1)


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


def _by_code(amounts: Mapping[UUID, int]) -> dict[str, int]:
    """A bill's amount by its lines; a bill is paid whole, and what is odd goes with the first."""
    lines: dict[UUID, list[tuple[str, int]]] = defaultdict(list)
    asked = select(SkrdLine.skrd_id, SkrdLine.law_code, SkrdLine.amount)
    asked = asked.where(SkrdLine.skrd_id.in_([bill for bill, amount in amounts.items() if amount]))
    for bill, code, part in db.session.execute(asked.order_by(SkrdLine.position)):
        lines[bill].append((code, part))
    found: dict[str, int] = defaultdict(int)
    for bill, amount in amounts.items():
        parts = lines.get(bill, [("", 0)])
        whole = sum(part for _, part in parts)
        shares = [(code, amount * part // whole if whole else 0) for code, part in parts]
        for code, share in shares:
            found[code] += share
        found[parts[0][0]] += amount - sum(share for _, share in shares)
    return {code: amount for code, amount in found.items() if amount}


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
    """What receipts say by channel, less voids."""
    begins = datetime.combine(first, time.min, clock.zone)
    ends = datetime.combine(last, time.min, clock.zone) + timedelta(days=1)
    asked = select(Receipt.channel, Receipt.kind, func.sum(Receipt.amount))
    asked = asked.where(Receipt.issued_at >= begins, Receipt.issued_at < ends)
    found: dict[str, int] = defaultdict(int)
    for channel, kind, amount in db.session.execute(
        asked.group_by(Receipt.channel, Receipt.kind).order_by(Receipt.channel, Receipt.kind)
    ):
        found[channel] += int(amount) if kind is ReceiptKind.RECEIPT else -int(amount)
    return dict(found)


def _sum(where: ColumnElement[bool], first: date, last: date) -> int:
    asked = select(func.coalesce(func.sum(Posting.amount), 0)).where(
        where, Posting.effective_on.between(first, last)
    )
    return int(db.session.execute(asked).scalar_one())


def _summed(pairs: Iterable[tuple[str, int]]) -> dict[str, int]:
    found: dict[str, int] = defaultdict(int)
    for code, amount in pairs:
        found[code] += amount
    return dict(found)
