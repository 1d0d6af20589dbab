"""The two ways to pay at a SNAP bank: a QR that says how much, and a virtual account."""

import hashlib
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any, Protocol

from sijinak.core.money import Rupiah
from sijinak.payments.adapters.base import (
    Instructions,
    Kind,
    Observation,
    Order,
    Rejected,
    Tools,
    Unknown,
    Untrue,
    number_of,
)
from sijinak.payments.adapters.qris import BadQris, verify
from sijinak.payments.adapters.reading import Unreadable, rupiah_in, text_at
from sijinak.payments.adapters.snap.client import Said, SnapClient, amount_of
from sijinak.payments.adapters.snap.codes import End
from sijinak.payments.adapters.snap.profile import QRIS, VA, Money, Part
from sijinak.payments.adapters.snap.seen import MONEY, Told, all_money
from sijinak.payments.adapters.snap.settings import Agreement

LONGEST_BILL, LONGEST_NAME, SERVICE_ID = 25, 255, 8


class Bank:
    """The bank, and what is agreed with it."""

    def __init__(self, tools: Tools, agreed: Agreement) -> None:
        self.settings, self.profile, self.log = agreed.settings, agreed.profile, tools.log
        self.client = SnapClient(tools, agreed)

    def ask(self, part: Part | None, fields: Mapping[str, Any]) -> Said:
        """What a bank has no service for is not found there."""
        if part is None:
            return Said(end=End.NOT_FOUND, code="", fields={})
        return self.client.ask(part, fields)


class Rail(Protocol):
    def start(self, order: Order) -> Instructions: ...

    def can_ask(self) -> bool: ...

    def ask(self, ref: str) -> Said: ...

    def seen(self, told: Told, amount: int, fields: Mapping[str, Any]) -> tuple[Observation, ...]:
        """Raises Unreadable."""

    def call_back(self, ref: str) -> Said: ...


class QrRail:
    def __init__(self, bank: Bank) -> None:
        self._bank, self._profile = bank, bank.profile

    def start(self, order: Order) -> Instructions:
        settings = self._bank.settings
        said = self._bank.ask(
            self._profile.qr_create,
            {
                "partnerReferenceNo": order.ref,
                "amount": amount_of(order.amount),
                "merchantId": settings.merchant_id,
                "terminalId": settings.terminal_id,
                "validityPeriod": self._bank.client.stamp(order.expires_at),
                "additionalInfo": {"billNumber": order.description[:LONGEST_BILL]},
            },
        )
        place = self._profile.qr_content
        if said.end is End.EXISTS:
            said, place = self.ask(order.ref), self._profile.qr_again
        elif said.end is not End.OK:
            raise Rejected(f"no QR for {order.ref}: {said.code}")
        qr = said.fields.get(place) if place and said.end is End.OK else None
        if not isinstance(qr, str):
            raise Unknown(f"no QR in the answer for {order.ref}")
        return self._shown(order, qr)

    def can_ask(self) -> bool:
        return self._profile.qr_query is not None

    def ask(self, ref: str) -> Said:
        return self._bank.ask(
            self._profile.qr_query, self._fields(ref) | {"serviceCode": self._profile.query_service}
        )

    def seen(self, told: Told, amount: int, fields: Mapping[str, Any]) -> tuple[Observation, ...]:
        if text_at(fields, "originalPartnerReferenceNo") not in {"", told.ref}:
            raise Unreadable("an answer about another order")
        how = _state(self._profile.qr_states, text_at(fields, "latestTransactionStatus"))
        return _seen(replace(told, rail=QRIS), amount, fields, (how, self._profile.qr_money))

    def call_back(self, ref: str) -> Said:
        return self._bank.ask(self._profile.qr_cancel, self._fields(ref) | {"reason": "Dibatalkan"})

    def give_back(self, ref: str, money_id: str, amount: Rupiah, refund_ref: str) -> Said:
        return self._bank.ask(
            self._profile.qr_refund,
            self._fields(ref)
            | {
                "partnerRefundNo": refund_ref,
                "refundAmount": amount_of(amount),
                "reason": "Pengembalian retribusi",
            }
            | _at(self._profile.refund_of, number_of(money_id)),
        )

    def _fields(self, ref: str) -> dict[str, Any]:
        merchant = self._bank.settings.merchant_id
        return {"originalPartnerReferenceNo": ref, "merchantId": merchant}

    def _shown(self, order: Order, qr: str) -> Instructions:
        """Only a code of our amount for our merchant."""
        try:
            found = verify(qr, order.amount, self._bank.settings.nmid)
        except BadQris as error:
            self._bank.log.error("not shown: a QR for %s: %s", order.ref, error)  # noqa: TRY400
            raise Untrue(str(error)) from None
        facts = {"merchant": found.merchant, "nmid": found.nmid}
        return Instructions(code="qris", facts=facts | _until(order.expires_at), qr=qr)


class VaRail:
    def __init__(self, bank: Bank) -> None:
        self._bank, self._profile = bank, bank.profile

    def start(self, order: Order) -> Instructions:
        """Where the bank only asks us for bills, the number is all there is."""
        part, number = self._profile.va_create, self.number_of(order.ref)
        if part is not None:
            self._create(part, order)
        facts = {"va": number, "bank": self._bank.settings.bank_name or self._profile.about}
        return Instructions(code="va", facts=facts | _until(order.expires_at), pay_code=number)

    def number_of(self, ref: str) -> str:
        return self._bank.settings.va_prefix + customer_number(ref, self._profile.va_digits)

    def can_ask(self) -> bool:
        return self._profile.va_query is not None and self._profile.va_money is not None

    def ask(self, ref: str) -> Said:
        return self._bank.ask(self._profile.va_query, self._fields(ref))

    def seen(self, told: Told, amount: int, fields: Mapping[str, Any]) -> tuple[Observation, ...]:
        account = _account(fields)
        if text_at(account, "trxId") not in {"", told.ref} or self._profile.va_money is None:
            raise Unreadable("an answer about another order")
        how = _state(self._profile.va_states, text_at(account, "paymentFlagStatus"))
        place = fields if self._profile.va_money.list else account
        return _seen(replace(told, rail=VA), amount, place, (how, self._profile.va_money))

    def call_back(self, ref: str) -> Said:
        if self._profile.va_create is None:  # it lives in our answers, and ends with them
            return Said(end=End.OK, code="", fields={})
        return self._bank.ask(self._profile.va_cancel, self._fields(ref))

    def _create(self, part: Part, order: Order) -> None:
        said = self._bank.ask(
            part,
            self._fields(order.ref)
            | {
                "virtualAccountName": order.description[:LONGEST_NAME],
                "totalAmount": amount_of(order.amount),
                "virtualAccountTrxType": "C",
                "expiredDate": self._bank.client.stamp(order.expires_at),
            },
        )
        if said.end is End.EXISTS and not self._is_ours(order):
            raise Rejected(f"the number for {order.ref} is another order's")
        if said.end not in {End.OK, End.EXISTS}:
            raise Rejected(f"no virtual account for {order.ref}: {said.code}")

    def _is_ours(self, order: Order) -> bool:
        """Whether the account that exists is this order's: two refs may have made one number."""
        if not self.can_ask():
            raise Unknown(f"an account for {order.ref} exists, and nobody says whose")
        said = self.ask(order.ref)
        try:
            account = _account(said.fields)
            total = rupiah_in(text_at(account, "totalAmount.value"))
            return text_at(account, "trxId") == order.ref and total == order.amount
        except Unreadable:
            return False

    def _fields(self, ref: str) -> dict[str, Any]:
        """The prefix has 8 places on the wire, with spaces on its left."""
        service = self._bank.settings.va_prefix.rjust(SERVICE_ID)
        customer = customer_number(ref, self._profile.va_digits)
        return {
            "partnerServiceId": service,
            "customerNo": customer,
            "virtualAccountNo": service + customer,
            "trxId": ref,
        }


def customer_number(ref: str, digits: int) -> str:
    """Digits that follow from the ref, so that a restart finds the same number again.

    Two refs may make the same: with 15 digits once in about 40 million orders. A bank that keeps
    accounts then says that it exists, and the order is rejected; see VaRail._is_ours.
    """
    return str(int(hashlib.sha256(ref.encode()).hexdigest(), 16) % 10**digits).zfill(digits)


def _seen(
    told: Told, amount: int, fields: Mapping[str, Any], what: tuple[Kind, Money]
) -> tuple[Observation, ...]:
    """All money; a word about the state only when there is none."""
    kind, money = what
    found = all_money(told, fields, money) if money.list or kind in MONEY else ()
    if kind is Kind.PAID and not found:
        raise Unreadable("paid, and no money")
    return found or (told.state(kind, amount),)


def _state(states: Mapping[str, Kind], code: str) -> Kind:
    if code not in states:
        raise Unreadable(f"the state {code or 'nothing'}")
    return states[code]


def _account(fields: Mapping[str, Any]) -> Mapping[str, Any]:
    account = fields.get("virtualAccountData")
    if not isinstance(account, dict):
        raise Unreadable("no account")
    return account


def _at(path: str, text: str) -> dict[str, Any]:
    """The text at a dotted path."""
    first, _, rest = path.partition(".")
    return {first: _at(rest, text) if rest else text}


def _until(moment: datetime) -> dict[str, str]:
    return {"expires": moment.isoformat()}
