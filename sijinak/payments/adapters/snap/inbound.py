"""A bank at our door: it signs in, asks for a bill, and tells of money.

Nothing here asks anybody or keeps anything: the same message is read in the same way for ever.
"""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from sijinak.payments.adapters.base import (
    Answer,
    Due,
    Kind,
    NotAuthentic,
    Notice,
    Observation,
    Outcome,
    RawRequest,
    Tools,
    Trust,
)
from sijinak.payments.adapters.reading import (
    Unreadable,
    header,
    moment_in,
    parsed,
    text_at,
)
from sijinak.payments.adapters.snap import tokens
from sijinak.payments.adapters.snap.answers import Answers
from sijinak.payments.adapters.snap.profile import QRIS, VA, Door, Money
from sijinak.payments.adapters.snap.seen import Told, paid, taken_back
from sijinak.payments.adapters.snap.settings import Agreement
from sijinak.payments.adapters.snap.signatures import (
    is_asymmetric,
    is_symmetric,
    text_of_call,
    text_of_token,
)

FRESH = timedelta(minutes=5)
LONGEST_ID = 64


class Inbound:
    def __init__(self, tools: Tools, agreed: Agreement) -> None:
        self._tools, self._key = tools, agreed.bank_key
        self._settings, self._profile = agreed.settings, agreed.profile
        self._answers = Answers(tools, agreed)

    def read(self, request: RawRequest) -> Notice:
        """Raises NotAuthentic."""
        door = self._door(request)
        if door is None or request.method != "POST":
            raise NotAuthentic("no such door")
        self._prove(door, request)
        if door is self._profile.door_token:
            return Notice(wants_token=True)
        message_id = header(request.headers, "X-EXTERNAL-ID")
        if not message_id.isprintable() or len(message_id) > LONGEST_ID:
            raise NotAuthentic("the message's id is none")
        try:
            fields = self._profile.ours(parsed(request.body))
            return self._read(door, fields, self._told(request), message_id)
        except Unreadable as error:
            raise NotAuthentic(f"signed, but not to be read: {error}") from None

    def answer(self, request: RawRequest, outcome: Outcome, due: Due | None) -> Answer:
        door, token = self._door(request), _token(request)
        if outcome is Outcome.NOT_AUTHENTIC and token and not self._is_token(token):
            return self._answers.no_token(door)
        return self._answers.to(door, request, outcome, due)

    def _door(self, request: RawRequest) -> Door | None:
        p, path = self._profile, request.path.partition("?")[0]
        doors = (p.door_token, p.door_qr, p.door_inquiry, p.door_payment)
        return next((door for door in doors if door and path.endswith(door.path)), None)

    def _prove(self, door: Door, request: RawRequest) -> None:
        stamp = header(request.headers, "X-TIMESTAMP")
        signature = header(request.headers, "X-SIGNATURE")
        if door is self._profile.door_token:
            good = self._signs_in(header(request.headers, "X-CLIENT-KEY"), stamp, signature)
        else:
            good = self._is_signed(door, request, stamp, signature)
        if not good:
            raise NotAuthentic("the signature is not that of our bank")

    def _signs_in(self, client: str, stamp: str, signature: str) -> bool:
        """An old request gets no token; messages may be old, but then they are only hints."""
        return (
            bool(client)
            and client == self._settings.inbound_client_id
            and self._is_fresh(stamp)
            and is_asymmetric(self._key, text_of_token(client, stamp), signature)
        )

    def _is_signed(self, door: Door, request: RawRequest, stamp: str, signature: str) -> bool:
        token = _token(request)
        if ("symmetric" if token else "asymmetric") not in door.sign:
            return False
        text = text_of_call(request.method, request.path, request.body, stamp, token)
        if not token:
            return is_asymmetric(self._key, text, signature)
        secret = self._settings.inbound_client_secret
        return self._is_token(token) and is_symmetric(secret, text, signature)

    def _is_token(self, token: str) -> bool:
        """Without a secret nobody signs in: an empty one would be known to all."""
        secret = self._settings.inbound_client_secret
        client = self._settings.inbound_client_id
        return bool(secret) and tokens.is_good(secret, client, token, self._tools.now())

    def _is_fresh(self, stamp: str) -> bool:
        try:
            return abs(self._tools.now() - moment_in(stamp)) <= FRESH
        except Unreadable:
            return False

    def _told(self, request: RawRequest) -> Told:
        """Of an old message only that somebody should ask: it may be a replay, or a wrong clock."""
        fresh = self._is_fresh(header(request.headers, "X-TIMESTAMP"))
        trust = Trust.SIGNED_PUSH if fresh else Trust.HINT
        return Told(ref="", trust=trust, at=self._tools.now())

    def _read(self, door: Door, fields: Mapping[str, Any], told: Told, message_id: str) -> Notice:
        if door is self._profile.door_inquiry:
            return Notice(asks_for=_pay_code(fields), message_id=message_id)
        seen = self._qr(fields, told) if door is self._profile.door_qr else self._va(fields, told)
        return Notice(seen=(seen,), message_id=message_id)

    def _qr(self, fields: Mapping[str, Any], told: Told) -> Observation:
        told = told.about(ref=text_at(fields, "originalPartnerReferenceNo"), rail=QRIS)
        if not told.ref:
            raise Unreadable("no reference")
        state = text_at(fields, "latestTransactionStatus")
        kind = self._profile.qr_states.get(state, Kind.PENDING)
        if kind is Kind.FAILED and text_at(fields, self._profile.notice_money.id):
            kind = Kind.REVERSED
        return self._word(told, kind, fields, self._profile.notice_money)

    def _va(self, fields: Mapping[str, Any], told: Told) -> Observation:
        told = told.about(ref=text_at(fields, "trxId"), rail=VA, pay_code=_pay_code(fields))
        if self._profile.payment_money is None:
            raise Unreadable("the profile does not say where the money stands")
        return self._word(told, Kind.PAID, fields, self._profile.payment_money)

    def _word(self, told: Told, kind: Kind, fields: Mapping[str, Any], money: Money) -> Observation:
        """Money that is told but cannot be read is a reason to ask, and no reason to forget it."""
        if kind not in {Kind.PAID, Kind.REVERSED}:
            return told.state(kind, 0)
        try:
            return (
                paid(told, fields, money) if kind is Kind.PAID else taken_back(told, fields, money)
            )
        except Unreadable as error:
            self._tools.log.error("%s%s: %s", told.ref, told.pay_code, error)  # noqa: TRY400
            return told.state(kind, 0)


def _pay_code(fields: Mapping[str, Any]) -> str:
    """The number as a payer types it: on the wire it has spaces on its left."""
    number = text_at(fields, "virtualAccountNo").strip()
    if not (number.isascii() and number.isdecimal()):
        raise Unreadable("no number of an account")
    return number


def _token(request: RawRequest) -> str:
    return header(request.headers, "Authorization").removeprefix("Bearer ").strip()
