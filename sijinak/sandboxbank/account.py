"""The merchant's account: what was settled into it, when, and what the bank kept."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from itertools import groupby

from sijinak.sandboxbank.books import NUMBER, Books
from sijinak.sandboxbank.model import WIB, Money, Order, Rail

HOLDER = "BENDAHARA PENERIMAAN DISNAKKESWAN"
EARLY = time(6)  # when the batch of the days before is paid in
LETTERS = {Rail.QRIS: "Q", Rail.GATEWAY_QRIS: "G", Rail.GATEWAY_VA: "G"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Share:
    """One payment inside a batch."""

    order: Order
    money: Money
    fee: int
    settled_on: date
    batch: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    at: datetime
    amount: int  # below zero: out of the account
    reference: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Statement:
    """``number`` counts the days of a year that have lines."""

    account: str = NUMBER
    day: date
    number: int
    opening: int
    lines: list[Line]

    @property
    def closing(self) -> int:
        return self.opening + sum(line.amount for line in self.lines)


def shares(books: Books) -> list[Share]:
    """What comes in batches, in the order of the batches. A virtual account is paid in at once."""
    found = [
        share
        for order in books.orders.values()
        for money in order.money
        if (share := _share(books, order, money)) is not None
    ]
    return sorted(found, key=lambda share: (share.settled_on, share.batch, share.money.rrn))


def statement_of(books: Books, day: date) -> Statement | None:
    """None when nothing was booked on that day."""
    begins, lines = books.opening(), _told(books)
    mine = [line for line in lines if _day(line.at) == day]
    before = [line for line in lines if _day(line.at) < day]
    days = {_day(line.at) for line in lines if _day(line.at).year == day.year}
    if not mine:
        return None
    return Statement(
        account=begins.account,
        day=day,
        number=sum(1 for one in days if one <= day),
        opening=begins.balance + sum(line.amount for line in before),
        lines=mine,
    )


def days_of(books: Books) -> list[date]:
    """Days with a statement, the latest first."""
    return sorted({_day(line.at) for line in _told(books)}, reverse=True)


def _share(books: Books, order: Order, money: Money) -> Share | None:
    if order.rail is Rail.VA or money.currency != "IDR":
        return None
    paid_on = _day(money.paid_at)
    settled_on = paid_on + timedelta(days=books.knobs.number("settle_days"))
    if money.reversed_at is not None and _day(money.reversed_at) < settled_on:
        return None
    return Share(
        order=order,
        money=money,
        fee=money.amount * books.knobs.number("fee_permille") // 1000,
        settled_on=settled_on,
        batch=f"SBX{paid_on:%Y%m%d}{LETTERS[order.rail]}",
    )


def _told(books: Books) -> list[Line]:
    """In their order, since the day on which the account opens."""
    since = books.opening().day
    with books.lock:
        lines = [line for line in _lines(books) if _day(line.at) > since]
    return sorted(lines, key=lambda line: (line.at, line.reference))


def _lines(books: Books) -> Iterator[Line]:
    for (day, batch), members in groupby(shares(books), lambda one: (one.settled_on, one.batch)):
        yield _batch(day, batch, list(members))
    for order in books.orders.values():
        for money in order.money:
            yield from _single(books, order, money)
    for deposit in books.deposits:
        yield Line(
            at=deposit.at,
            amount=deposit.amount,
            reference=deposit.slip[:16],
            text=f"SETOR TUNAI {deposit.slip}",
        )


def _batch(day: date, batch: str, members: list[Share]) -> Line:
    gross, fee = sum(one.money.amount for one in members), sum(one.fee for one in members)
    kept = f" GROSS {gross} MDR {fee}" if fee else ""
    at = datetime.combine(day, EARLY, WIB)
    text = f"SETTLEMENT {batch} {len(members)} TRX{kept}"
    return Line(at=at, amount=gross - fee, reference=batch, text=text)


def _single(books: Books, order: Order, money: Money) -> Iterator[Line]:
    """A virtual account's money, and what went out again."""
    is_in = money.currency == "IDR"
    if order.rail is Rail.VA and is_in:
        text = f"VA {order.code} {order.title}"
        yield Line(at=money.paid_at, amount=money.amount, reference=money.rrn, text=text)
    was_settled = order.rail is Rail.VA or _share(books, order, money) is not None
    if money.reversed_at is not None and is_in and was_settled:
        text = f"PEMBALIKAN {money.rrn}"
        yield Line(at=money.reversed_at, amount=-money.amount, reference=money.rrn, text=text)
    for one in money.returns:
        text = f"REFUND {money.rrn} {one.key}"
        yield Line(at=one.at, amount=-one.amount, reference=one.own_key, text=text)


def _day(moment: datetime) -> date:
    return moment.astimezone(WIB).date()
