"""From what Midtrans says of an order to what we say. One order takes one money."""

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

from sijinak.core.money import Rupiah
from sijinak.payments.adapters.base import IDR, Kind, Observation, Trust
from sijinak.payments.adapters.reading import WIB, Unreadable, list_at, rupiah_in, text_at

ACCEPTED = "accept"
_STATES = {
    "pending": Kind.PENDING,
    "authorize": Kind.PENDING,
    "expire": Kind.EXPIRED,
    "cancel": Kind.CANCELLED,
    "failure": Kind.FAILED,
    "deny": Kind.FAILED,
}
_GIVEN_BACK = {"refund", "partial_refund"}
_TAKEN_BACK = {"chargeback", "partial_chargeback"}
_CAME = {"settlement", *_GIVEN_BACK, *_TAKEN_BACK}
# The code that goes with a status: it is signed and the status is not, so they must agree.
_CODES = {
    "200": {*_CAME, "capture", "cancel"},
    "201": {"pending", "authorize", "capture"},
    "202": {"deny", "expire", "cancel", "failure"},
    "407": {"expire"},
}


def agree(code: str, status: str) -> bool:
    return status in _CODES.get(code, ())


def observations(fields: Mapping[str, Any], trust: Trust, at: datetime) -> tuple[Observation, ...]:
    """Raises Unreadable."""
    return tuple(_Reader(fields, trust, at).all())


class _Reader:
    def __init__(self, fields: Mapping[str, Any], trust: Trust, at: datetime) -> None:
        self._fields, self._trust, self._at = fields, trust, at
        self._currency = text_at(fields, "currency") or IDR
        self._amount = rupiah_in(text_at(fields, "gross_amount"), self._currency)

    def all(self) -> Iterator[Observation]:
        status = text_at(self._fields, "transaction_status")
        if status == "capture":
            accepted = text_at(self._fields, "fraud_status") == ACCEPTED
            status = "settlement" if accepted else "pending"
        taken_back = status == "deny" and bool(text_at(self._fields, "settlement_time"))
        if status in _CAME or taken_back:
            yield self._money(Kind.PAID, self._amount, "settlement_time")
        elif status in _STATES:
            yield self._seen(_STATES[status], self._amount)
        else:
            raise Unreadable(f"the status {status or 'nothing'}")
        if status in _TAKEN_BACK or taken_back:
            yield self._money(Kind.REVERSED, self._gone(status), "")
        if status in _GIVEN_BACK:
            yield from self._refunds()

    def _gone(self, status: str) -> Rupiah:
        """How much was taken back; of a part they must say which."""
        if status != "partial_chargeback":
            return self._amount
        return rupiah_in(text_at(self._fields, "refund_amount"), self._currency)

    def _refunds(self) -> Iterator[Observation]:
        for one in list_at(self._fields, "refunds"):
            amount = rupiah_in(text_at(one, "refund_amount"), self._currency)
            back = self._money(Kind.REFUNDED, amount, "", refund_ref=text_at(one, "refund_key"))
            yield back

    def _money(self, kind: Kind, amount: Rupiah, when: str, *, refund_ref: str = "") -> Observation:
        money_id = text_at(self._fields, "transaction_id")
        if not money_id or amount <= 0:
            raise Unreadable("money without its id, or none")
        stamp = text_at(self._fields, when) if when else ""
        at = moment(stamp or text_at(self._fields, "transaction_time")) if when else self._at
        return self._seen(kind, amount, money_id=money_id, refund_ref=refund_ref, happened_at=at)

    def _seen(self, kind: Kind, amount: Rupiah, **facts: Any) -> Observation:
        return Observation(
            ref=text_at(self._fields, "order_id"),
            kind=kind,
            amount=amount,
            trust=self._trust,
            currency=self._currency,
            channel=text_at(self._fields, "payment_type"),
            **{"money_id": "", "happened_at": self._at, **facts},
        )


def moment(text: str) -> datetime:
    """'2026-11-22 21:00:00', always in WIB."""
    try:
        return datetime.strptime(text, "%Y-%m-%d %H:%M:%S").replace(tzinfo=WIB)
    except ValueError:
        raise Unreadable("no moment") from None
