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

from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta
from uuid import UUID

from sijinak.core.clock import now
from sijinak.core.money import Rupiah
from sijinak.payments.adapters.base import (
    API_VERSION,
    LIFETIME,
    Can,
    Instructions,
    Kind,
    NotAuthentic,
    Observation,
    Order,
    RawRequest,
    Rejected,
    SettlementLine,
    Trust,
    Unknown,
)

REJECTED, LOST, NEVER, SHORT, TWICE, LATE = 1, 2, 3, 5, 6, 7
PAID_AFTER = timedelta(seconds=3)
LATE_AFTER = LIFETIME + timedelta(minutes=1)


class SandboxAdapter:
    name = "sandbox"
    api_version = API_VERSION
    can = Can.QUERY | Can.CANCEL

    def start(self, order: Order) -> Instructions:
        fate = order.amount % 100
        if fate == REJECTED:
            raise Rejected("the amount ends with 01")
        if fate == LOST:
            raise Unknown("the amount ends with 02")
        return Instructions(code="sandbox", facts={"ref": order.ref})

    def query(self, ref: str, amount: Rupiah) -> tuple[Observation, ...]:
        began = _began(ref)
        if began is None or amount % 100 == REJECTED:
            return (_seen(ref, Kind.NOT_FOUND, amount, now()),)
        if paid := _paid(ref, amount, began):
            return paid
        kind = Kind.EXPIRED if now() >= began + LIFETIME else Kind.PENDING
        return (_seen(ref, kind, amount, now()),)

    def cancel(self, ref: str, amount: Rupiah) -> tuple[Observation, ...]:
        began = _began(ref)
        if began is None:
            raise Rejected("no such order")
        return _paid(ref, amount, began) or (_seen(ref, Kind.CANCELLED, amount, now()),)

    def read_notice(self, request: RawRequest) -> tuple[Observation, ...]:  # noqa: ARG002
        raise NotAuthentic("the sandbox sends no notices")

    def refund(self, money_id: str, amount: Rupiah, refund_ref: str) -> tuple[Observation, ...]:  # noqa: ARG002
        raise Rejected("play money is not given back")

    def settlements(self, day: date) -> Iterable[SettlementLine]:  # noqa: ARG002
        return ()


def _paid(ref: str, amount: Rupiah, began: datetime) -> tuple[Observation, ...]:
    """All money there is for a ref by now."""
    fate = amount % 100
    at = began + (LATE_AFTER if fate == LATE else PAID_AFTER)
    if fate in {REJECTED, NEVER} or now() < at:
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
