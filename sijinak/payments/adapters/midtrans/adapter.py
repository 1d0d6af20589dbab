"""Midtrans as an adapter.

Its notices are signed over the order, the status code and the amount, but not over the status
itself: one that was caught can be sent again with another. So a notice is only a reason to ask.
"""

import hashlib
import hmac
import json
from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from sijinak.core.money import Rupiah
from sijinak.payments.adapters.base import (
    API_VERSION,
    Answer,
    Can,
    Due,
    Instructions,
    Kind,
    NotAuthentic,
    Notice,
    Observation,
    Order,
    Outcome,
    RawRequest,
    Rejected,
    SettlementLine,
    Tools,
    Trust,
    Unknown,
    Untrue,
)
from sijinak.payments.adapters.midtrans.client import MidtransClient, Said
from sijinak.payments.adapters.midtrans.seen import agree, observations
from sijinak.payments.adapters.midtrans.settings import NAME, read, ways_of
from sijinak.payments.adapters.qris import BadQris, verify
from sijinak.payments.adapters.reading import (
    Unreadable,
    is_safe_id,
    list_at,
    parsed,
    rupiah_in,
    text_at,
)

USED, MISSING, TOO_LATE, GONE = "406", "404", "412", "407"
_STATUS = {Outcome.NOT_AUTHENTIC: 401, Outcome.FAILED: 500}
_PARTS = ("order_id", "status_code", "gross_amount")


class MidtransAdapter:
    name = NAME
    api_version = API_VERSION

    def __init__(self, tools: Tools) -> None:
        self._tools, self._settings = tools, read(tools)
        self._client = MidtransClient(tools, self._settings)
        self.ways = ways_of(self._settings)
        self.can = Can.QUERY | Can.CANCEL | Can.REFUND | Can.PARTIAL_REFUND | Can.NOTIFIES
        if self._settings.has_settlements:
            self.can |= Can.SETTLEMENTS

    def most(self, way: str) -> Rupiah | None:
        most = self._settings.most_qris if way == "qris" else self._settings.most_va
        return Rupiah(most) if most else None

    def start(self, order: Order) -> Instructions:
        most = self.most(order.way)
        if order.way not in self.ways or (most is not None and order.amount > most):
            raise Rejected(f"{order.amount} cannot be paid by {order.way or 'no way'}")
        said = self._client.charge(self._charge(order))
        if said.code == USED:
            said = self._client.about(order.ref)
        if said.code == MISSING:
            raise Unknown(f"{order.ref} was used before, and nobody knows it")
        if not said.is_good:
            raise Rejected(f"{order.ref}: {said.code}")
        return self._qris(order, said) if order.way == "qris" else self._va(order, said)

    def query(self, ref: str, amount: Rupiah) -> tuple[Observation, ...]:
        said = self._client.about(ref)
        if said.code == MISSING:
            return (self._word(ref, Kind.NOT_FOUND, amount),)
        if text_at(said.fields, "order_id") != ref:
            raise Unknown(f"{said.code} to a question about {ref}")
        try:
            moment = self._tools.now()
            return observations(said.fields, Trust.AUTHENTICATED_QUERY, moment)
        except Unreadable as error:
            self._tools.log.error("%s: the gateway's words are no good: %s", ref, error)  # noqa: TRY400
            raise Unknown(f"{ref}: {error}") from None

    def read_notice(self, request: RawRequest) -> Notice:
        try:
            fields = parsed(request.body)
            self._prove(fields)
            return Notice(seen=self._heard(fields))
        except Unreadable as error:
            raise NotAuthentic(str(error)) from None

    def answer(self, request: RawRequest, outcome: Outcome, due: Due | None) -> Answer:  # noqa: ARG002
        """Whatever is wrong with it for us: they have told us, and need not again."""
        body = json.dumps({"status": outcome.value}).encode()
        head = {"Content-Type": "application/json"}
        return Answer(status=_STATUS.get(outcome, 200), body=body, headers=head)

    def cancel(self, ref: str, amount: Rupiah) -> tuple[Observation, ...]:
        """What cannot be cancelled is perhaps paid; if it still waits, it is made to expire."""
        said = self._client.tell(ref, "cancel")
        if said.is_good:
            return (self._word(ref, Kind.CANCELLED, amount),)
        known = self.query(ref, amount)
        kinds = {one.kind for one in known}
        if kinds == {Kind.PENDING} and self._client.tell(ref, "expire").code in {GONE, "200"}:
            return (self._word(ref, Kind.EXPIRED, amount),)
        if kinds <= {Kind.PENDING, Kind.NOT_FOUND}:
            raise Rejected(f"{ref} is not called back: {said.code}")
        return known

    def refund(
        self, ref: str, money_id: str, amount: Rupiah, refund_ref: str
    ) -> tuple[Observation, ...]:
        fields = {"refund_key": refund_ref, "amount": amount, "reason": "Pengembalian retribusi"}
        said = self._client.tell(ref, "refund", fields)
        if not said.is_good:
            raise Rejected(f"refund {refund_ref}: {said.code}")
        back = self._word(ref, Kind.REFUNDED, amount, money_id=money_id, refund_ref=refund_ref)
        return (back,)

    def settlements(self, day: date) -> Iterable[SettlementLine]:
        if not self._settings.has_settlements:
            return ()
        said = self._client.settlements(day.isoformat())
        try:
            return [_line(one) for one in list_at(said.fields, "lines")]
        except (ValueError, KeyError, TypeError) as error:
            raise Unknown(f"settlements of {day}: {error}") from None

    def _charge(self, order: Order) -> dict[str, Any]:
        """It may end with them a little before it ends with us, never later."""
        left = order.expires_at - self._tools.now()
        fields: dict[str, Any] = {
            "transaction_details": {"order_id": order.ref, "gross_amount": order.amount},
            "custom_expiry": {
                "expiry_duration": max(1, int(left.total_seconds()) // 60),
                "unit": "minute",
            },
        }
        if order.way == "qris":
            how = {"payment_type": "qris", "qris": {"acquirer": self._settings.acquirer}}
        else:
            bank = {"bank": self._settings.va_bank}
            how = {"payment_type": "bank_transfer", "bank_transfer": bank}
        return how | fields

    def _qris(self, order: Order, said: Said) -> Instructions:
        qr = said.fields.get("qr_string")
        if not isinstance(qr, str):
            raise Unknown(f"no QR in the answer for {order.ref}")
        try:
            found = verify(qr, order.amount, self._settings.nmid)
        except BadQris as error:
            self._tools.log.error("a QR that must not be shown for %s: %s", order.ref, error)  # noqa: TRY400
            raise Untrue(str(error)) from None
        facts = {"merchant": found.merchant, "nmid": found.nmid}
        return Instructions(code="qris", facts=facts | _until(order), qr=qr)

    def _va(self, order: Order, said: Said) -> Instructions:
        try:
            amount = rupiah_in(text_at(said.fields, "gross_amount"))
            account = list_at(said.fields, "va_numbers")[0]
            number, bank = text_at(account, "va_number"), text_at(account, "bank")
        except (Unreadable, IndexError):
            raise Unknown(f"no account in the answer for {order.ref}") from None
        if amount != order.amount or not number.isdecimal():
            raise Untrue(f"an account for {amount}, not {order.amount}")
        facts = {"va": number, "bank": bank.upper()}
        return Instructions(code="va", facts=facts | _until(order), pay_code=number)

    def _prove(self, fields: Mapping[str, Any]) -> None:
        """The signature covers the texts as they stand: an amount is never written anew."""
        texts = [text_at(fields, part) for part in _PARTS]
        signed = "".join([*texts, self._settings.server_key]).encode("utf-8", "surrogatepass")
        given = text_at(fields, "signature_key").encode("utf-8", "surrogatepass")
        if not all(texts) or not is_safe_id(texts[0]):
            raise NotAuthentic("no order")
        if not hmac.compare_digest(hashlib.sha512(signed).hexdigest().encode(), given):
            raise NotAuthentic("the signature is not theirs")
        if not agree(texts[1], text_at(fields, "transaction_status")):
            raise NotAuthentic("the status is not that of the signed code")
        ours = self._settings.merchant_id
        if ours and text_at(fields, "merchant_id") not in {"", ours}:
            raise NotAuthentic("it is for another merchant")

    def _heard(self, fields: Mapping[str, Any]) -> tuple[Observation, ...]:
        try:
            return observations(fields, Trust.HINT, self._tools.now())
        except Unreadable:  # signed, and still odd: ask
            return (self._word(text_at(fields, "order_id"), Kind.PENDING, Rupiah(0), Trust.HINT),)

    def _word(
        self,
        ref: str,
        kind: Kind,
        amount: Rupiah,
        trust: Trust = Trust.AUTHENTICATED_QUERY,
        **facts: str,
    ) -> Observation:
        at = self._tools.now()
        return Observation(
            ref=ref,
            kind=kind,
            amount=amount,
            happened_at=at,
            trust=trust,
            **{"money_id": "", **facts},
        )


def _until(order: Order) -> dict[str, str]:
    return {"expires": order.expires_at.isoformat()}


def _line(one: Mapping[str, Any]) -> SettlementLine:
    gross, fee = one["gross"], one["fee"]
    if type(gross) is not int or type(fee) is not int:
        raise Unreadable("no whole amount")
    return SettlementLine(
        money_id=text_at(one, "transaction_id"),
        gross=Rupiah(gross),
        fee=Rupiah(fee),
        settled_on=date.fromisoformat(text_at(one, "settled_on")),
        batch=text_at(one, "batch"),
    )
