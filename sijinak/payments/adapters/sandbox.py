"""Play money, to try everything without a bank. It keeps nothing: the ref says when it began.

The last two digits of the amount choose what happens; all others are paid 3 seconds after start.

==  ======================================================================
01  start is rejected
02  the answer to start is lost, again and again; paid all the same
03  never paid: expires
05  paid, but one rupiah short
06  paid twice: two money ids
07  paid late: one minute after it expired
==  ======================================================================
"""

from datetime import UTC, datetime, timedelta
from uuid import UUID

from sijinak.core.money import Rupiah
from sijinak.payments.adapters.base import (
    API_VERSION,
    LIFETIME,
    Can,
    Instructions,
    Kind,
    Observation,
    Order,
    Rejected,
    Tools,
    Trust,
    Unknown,
)
from sijinak.payments.adapters.silent import Silent

REJECTED, LOST, NEVER, SHORT, TWICE, LATE = 1, 2, 3, 5, 6, 7
PAID_AFTER = timedelta(seconds=3)
LATE_AFTER = LIFETIME + timedelta(minutes=1)


class SandboxAdapter(Silent):
    name = "sandbox"
    api_version = API_VERSION
    can = Can.QUERY | Can.CANCEL
    ways = ("play",)

    def __init__(self, tools: Tools) -> None:
        self._now = tools.now

    def start(self, order: Order) -> Instructions:
        fate = order.amount % 100
        if fate == REJECTED:
            raise Rejected("the amount ends with 01")
        if fate == LOST:
            raise Unknown("the amount ends with 02")
        return Instructions(code="sandbox", facts={"ref": order.ref})

    def query(self, ref: str, amount: Rupiah) -> tuple[Observation, ...]:
        began, moment = _began(ref), self._now()
        if began is None or amount % 100 == REJECTED:
            return (_seen(ref, Kind.NOT_FOUND, amount, moment),)
        if paid := _paid(ref, amount, began, moment):
            return paid
        kind = Kind.EXPIRED if moment >= began + LIFETIME else Kind.PENDING
        return (_seen(ref, kind, amount, moment),)

    def cancel(self, ref: str, amount: Rupiah) -> tuple[Observation, ...]:
        began, moment = _began(ref), self._now()
        if began is None:
            raise Rejected("no such order")
        paid = _paid(ref, amount, began, moment)
        return paid or (_seen(ref, Kind.CANCELLED, amount, moment),)


def _paid(ref: str, amount: Rupiah, began: datetime, moment: datetime) -> tuple[Observation, ...]:
    """All money there is for a ref by a moment."""
    fate = amount % 100
    at = began + (LATE_AFTER if fate == LATE else PAID_AFTER)
    if fate in {REJECTED, NEVER} or moment < at:
        return ()
    times = 2 if fate == TWICE else 1
    given = Rupiah(amount - 1) if fate == SHORT else amount
    return tuple(
        _seen(ref, Kind.PAID, given, at, money_id=f"PLAY-{ref}-{n}") for n in range(1, times + 1)
    )


def _seen(ref: str, kind: Kind, amount: Rupiah, at: datetime, money_id: str = "") -> Observation:
    return Observation(
        ref=ref,
        kind=kind,
        money_id=money_id,
        amount=amount,
        happened_at=at,
        trust=Trust.AUTHENTICATED_QUERY,
    )


def _began(ref: str) -> datetime | None:
    """The moment that the UUIDv7 at the end of a ref holds, None when there is none."""
    try:
        number = UUID(ref[-32:])
    except ValueError:
        return None
    return datetime.fromtimestamp((number.int >> 80) / 1000, UTC)
