"""From what a bank says to what we say: money, states, and nothing that was not said."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Self

from sijinak.payments.adapters.base import IDR, Kind, Observation, Trust, on_rail
from sijinak.payments.adapters.reading import (
    Unreadable,
    list_at,
    masked,
    moment_in,
    rupiah_in,
    text_at,
)
from sijinak.payments.adapters.snap.profile import Money

PAID, REFUNDED, TAKEN_BACK = "00", "04", "06"  # of one payment
MONEY = frozenset({Kind.PAID, Kind.REFUNDED, Kind.REVERSED})


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """About which order, on which rail, how we know, and when it was said."""

    ref: str
    rail: str = ""
    trust: Trust
    at: datetime
    pay_code: str = ""

    def of(self, kind: Kind, amount: int, **facts: Any) -> Observation:
        return Observation(
            ref=self.ref,
            pay_code=self.pay_code,
            kind=kind,
            trust=self.trust,
            **{"money_id": "", "happened_at": self.at, "amount": amount, **facts},
        )

    def about(self, *, ref: str, rail: str, pay_code: str = "") -> Self:
        return replace(self, ref=ref, rail=rail, pay_code=pay_code)

    def state(self, kind: Kind, amount: int) -> Observation:
        """A word without money. Of money no word is enough: it says that somebody should ask."""
        return self.of(Kind.PENDING if kind in MONEY else kind, amount)


def all_money(told: Told, fields: Mapping[str, Any], money: Money) -> tuple[Observation, ...]:
    """Each payment in the list that the bank gives; the one it speaks of when it gives none."""
    ones = list_at(fields, money.list) if money.list else [dict(fields)]
    return tuple(seen for one in ones for seen in _payment(told, one, money))


def taken_back(told: Told, fields: Mapping[str, Any], money: Money) -> Observation:
    """The payment of a notice that says it was reversed."""
    when = text_at(fields, money.reversed_at) if money.reversed_at else ""
    return _one(told, fields, money, Kind.REVERSED, when)


def paid(told: Told, fields: Mapping[str, Any], money: Money) -> Observation:
    return _one(told, fields, money, Kind.PAID, text_at(fields, money.paid_at))


def _payment(told: Told, one: Mapping[str, Any], money: Money) -> Iterator[Observation]:
    how = text_at(one, money.state) if money.state else PAID
    if how not in {PAID, REFUNDED, TAKEN_BACK}:
        return
    came = paid(told, one, money)
    yield came
    for back in list_at(one, money.refunds) if money.refunds else ():
        yield told.of(
            Kind.REFUNDED,
            _rupiah(back, money.refund_amount)[0],
            money_id=came.money_id,
            refund_ref=text_at(back, money.refund_ref),
            happened_at=_moment(told, text_at(back, money.refunded_at)),
        )
    if how == TAKEN_BACK:
        yield taken_back(told, one, money)


def _one(told: Told, one: Mapping[str, Any], money: Money, kind: Kind, when: str) -> Observation:
    amount, currency = _rupiah(one, money.amount)
    money_id = text_at(one, money.id)
    if not money_id or amount <= 0:
        raise Unreadable("money without its id, or none")
    return told.of(
        kind,
        amount,
        money_id=on_rail(told.rail, money_id),
        currency=currency,
        happened_at=_moment(told, when),
        payer=masked(text_at(one, money.payer)) if money.payer else "",
        channel=text_at(one, money.channel) if money.channel else "",
    )


def _rupiah(one: Mapping[str, Any], path: str) -> tuple[int, str]:
    currency = text_at(one, f"{path}.currency") or IDR
    return rupiah_in(text_at(one, f"{path}.value"), currency), currency


def _moment(told: Told, when: str) -> datetime:
    """When they say nothing of the time, the time at which they spoke."""
    return moment_in(when) if when else told.at
