"""What we say to a bank at our door, in the words of the standard."""

import json
from collections.abc import Mapping
from typing import Any

from sijinak.payments.adapters.base import Answer, Due, Outcome, RawRequest, Tools
from sijinak.payments.adapters.reading import WIB, Unreadable, parsed
from sijinak.payments.adapters.snap import tokens
from sijinak.payments.adapters.snap.client import amount_of
from sijinak.payments.adapters.snap.profile import Door
from sijinak.payments.adapters.snap.settings import Agreement

# HTTP status, case and words; the service's number stands between the first two.
_SAYS = {
    Outcome.TAKEN: (200, "00", "Successful"),
    Outcome.SAID_OTHERWISE: (404, "18", "Inconsistent Request"),
    Outcome.NOT_AUTHENTIC: (401, "00", "Unauthorized. Invalid Signature"),
    Outcome.UNKNOWN_BILL: (404, "12", "Invalid Bill/Virtual Account [Not Found]"),
    Outcome.PAID_BILL: (404, "14", "Paid Bill"),
    Outcome.EXPIRED_BILL: (404, "19", "Invalid Bill/Virtual Account [Expired]"),
    Outcome.WRONG_AMOUNT: (404, "13", "Invalid Amount"),
    Outcome.FAILED: (500, "00", "General Error"),
}
_NO_TOKEN = (401, "01", "Invalid Token (B2B)")
_REFUSED = {Outcome.UNKNOWN_BILL, Outcome.PAID_BILL, Outcome.EXPIRED_BILL, Outcome.WRONG_AMOUNT}
_GOOD = {"english": "Success", "indonesia": "Sukses"}
_NUMBERS = (
    "partnerServiceId",
    "customerNo",
    "virtualAccountNo",
    "inquiryRequestId",
    "paymentRequestId",
    "referenceNo",
    "trxDateTime",
)


class Answers:
    def __init__(self, tools: Tools, agreed: Agreement) -> None:
        self._tools, self._settings, self._profile = tools, agreed.settings, agreed.profile

    def to(
        self, door: Door | None, request: RawRequest, outcome: Outcome, due: Due | None
    ) -> Answer:
        if outcome in _REFUSED and door is not None and door is self._profile.door_qr:
            outcome = Outcome.TAKEN  # the money is there: no refusal of a notice brings it back
        if outcome is Outcome.SAID_OTHERWISE and door is self._profile.door_payment:
            outcome = Outcome.TAKEN  # it is booked: refused, the bank would give it back as well
        matter = self._matter(door, request, due) if door and outcome is Outcome.TAKEN else {}
        return self._said(_SAYS[outcome], door, matter)

    def no_token(self, door: Door | None) -> Answer:
        """They should sign in again."""
        return self._said(_NO_TOKEN, door, {})

    def _said(
        self, words: tuple[int, str, str], door: Door | None, matter: Mapping[str, Any]
    ) -> Answer:
        status, case, message = words
        code = f"{status}{door.code if door else '00'}{case}"
        body = {"responseCode": code, "responseMessage": message, **matter}
        head = {
            "Content-Type": "application/json",
            "X-TIMESTAMP": self._tools.now().astimezone(WIB).isoformat(timespec="seconds"),
        }
        return Answer(status=status, body=json.dumps(body).encode(), headers=head)

    def _matter(self, door: Door, request: RawRequest, due: Due | None) -> Mapping[str, Any]:
        """What an answer brings beside its code."""
        if door is self._profile.door_token:
            return self._signed_in()
        if door is self._profile.door_payment:
            return _receipt(_asked(request))
        return _bill(_asked(request), due) if due is not None else {}

    def _signed_in(self) -> dict[str, str]:
        s = self._settings
        made = tokens.made(s.inbound_client_secret, s.inbound_client_id, self._tools.now())
        return {"accessToken": made, "tokenType": "Bearer", "expiresIn": str(tokens.SECONDS)}


def _asked(request: RawRequest) -> dict[str, Any]:
    try:
        return parsed(request.body)
    except Unreadable:
        return {}


def _numbers(asked: Mapping[str, Any]) -> dict[str, str]:
    return {name: asked[name] for name in _NUMBERS if isinstance(asked.get(name), str)}


def _receipt(asked: Mapping[str, Any]) -> dict[str, Any]:
    sums = {name: asked[name] for name in ("paidAmount", "totalAmount") if name in asked}
    state = {"paymentFlagStatus": "00", "paymentFlagReason": _GOOD}
    return {"virtualAccountData": _numbers(asked) | sums | state}


def _bill(asked: Mapping[str, Any], due: Due) -> dict[str, Any]:
    account = {
        **_numbers(asked),
        "inquiryStatus": "00",
        "inquiryReason": _GOOD,
        "virtualAccountName": due.payer,
        "totalAmount": amount_of(due.amount),
        "virtualAccountTrxType": "C",
        "billDetails": [{"billDescription": {"indonesia": due.description}}],
    }
    until = due.expires_at.astimezone(WIB).isoformat(timespec="seconds")
    more = {"trxId": due.ref, "expiredDate": until}
    return {"virtualAccountData": account, "additionalInfo": more}
