"""What the bank does with money: take it for an order, take it back, return it when asked."""

from dataclasses import dataclass

from sijinak.core.clock import now
from sijinak.core.money import Rupiah
from sijinak.sandboxbank.books import Books, new_number
from sijinak.sandboxbank.model import Money, Order, Return, seconds

PAYER, ISSUER = "BUDI SANTOSO", "Bank Uji"
FOREIGN = "MYR"


class NotPayable(Exception):
    """The order is over, or has its money; ``why`` is a word of the phone's."""

    def __init__(self, why: str) -> None:
        super().__init__(why)
        self.why = why


class TooMuch(Exception):
    """More is to go back than there is."""


class SaidOtherwise(Exception):
    """The same key came before with another amount."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """How the person at the phone wants to pay: None is what the bill says, once, now."""

    amount: int | None = None
    times: int | None = None
    late: bool = False


def take(books: Books, order: Order, wish: Wish) -> list[Money]:
    """Move the money. Raises NotPayable."""
    fates = books.knobs.fates(order.amount)
    with books.lock:
        if order.cancelled_at is not None and not wish.late:
            raise NotPayable("cancelled")
        if order.is_over and not wish.late:
            raise NotPayable("expired")
        if order.money and (wish.times or 1) == 1:
            raise NotPayable("paid")
        times = wish.times or (2 if "twice" in fates else 1)
        times = 1 if order.rail.by_gateway else times
        taken = [_money(order, wish.amount, fates) for _ in range(times)]
        order.money.extend(taken)
        books.keep(order, order.ref)
    return taken


def take_back(books: Books, order: Order, money: Money) -> bool:
    """The payer's bank reverses what it paid; doing it twice is doing it once."""
    with books.lock:
        if money.reversed_at is not None:
            return False
        money.reversed_at = now()
        books.keep(order, order.ref)
    return True


def give_back(books: Books, order: Order, money: Money, wanted: Return) -> Return:
    """Raises TooMuch or SaidOtherwise. The same key again is the same return."""
    with books.lock:
        known = next((one for one in money.returns if one.key == wanted.key), None)
        if known is not None:
            if known.amount != wanted.amount:
                raise SaidOtherwise(wanted.key)
            return known
        if wanted.amount > money.left:
            raise TooMuch(money.rrn)
        money.returns.append(wanted)
        books.keep(order, order.ref)
    return wanted


def is_late(books: Books, order: Order) -> bool:
    return "late" in books.knobs.fates(order.amount)


def late_by(books: Books) -> float:
    return seconds(books.knobs.number("late_seconds")).total_seconds()


def _money(order: Order, amount: int | None, fates: frozenset[str]) -> Money:
    if amount is None:
        amount = order.amount + ("over" in fates) - ("short" in fates)
    return Money(
        rrn=new_number(),
        amount=Rupiah(amount),
        currency=FOREIGN if "currency" in fates else "IDR",
        paid_at=now(),
        payer=PAYER,
        issuer=ISSUER,
    )
