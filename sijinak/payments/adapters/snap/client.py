"""Asking a bank over SNAP: a token, a signature, a new id for each request."""

import json
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, NamedTuple
from urllib.parse import urlsplit

from sijinak.core.money import Rupiah
from sijinak.payments.adapters.base import IDR, HttpAnswer, NoAnswer, NotSent, Tools, Unknown
from sijinak.payments.adapters.reading import WIB, Unreadable, parsed, text_at
from sijinak.payments.adapters.snap.codes import End, end_of
from sijinak.payments.adapters.snap.profile import Part
from sijinak.payments.adapters.snap.settings import Agreement
from sijinak.payments.adapters.snap.signatures import (
    asymmetric,
    symmetric,
    text_of_call,
    text_of_token,
)

EARLY = timedelta(seconds=60)  # a token is renewed so long before its end
DIGITS = 36
OK = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """An answer of the bank: how it ended, and its fields by our names."""

    end: End
    code: str
    fields: Mapping[str, Any]


class _Token(NamedTuple):
    text: str
    until: datetime


class SnapClient:
    def __init__(self, tools: Tools, agreed: Agreement) -> None:
        self._tools, self._key = tools, agreed.our_key
        self._settings, self._profile = agreed.settings, agreed.profile
        self._token = _Token("", datetime.min.replace(tzinfo=UTC))

    def ask(self, part: Part, fields: Mapping[str, Any], query: str = "") -> Said:
        """Put one question; once more with a new token or id, if that was all that was wrong.

        Raises Unknown when nobody knows whether they took it, also when a first try was not sent:
        an earlier one may have been.
        """
        said = self._once(part, fields, query)
        if said.end is End.NO_TOKEN:
            self._token = _Token("", self._tools.now())
        if said.end in {End.NO_TOKEN, End.SAME_ID}:
            said = self._once(part, fields, query)
        if said.end in {End.UNCLEAR, End.SAME_ID}:
            raise Unknown(f"{part.path} says {said.code or 'nothing we know'}")
        return said

    def stamp(self, moment: datetime) -> str:
        if self._profile.milliseconds:
            utc = moment.astimezone(UTC).isoformat(timespec="milliseconds")
            return utc.replace("+00:00", "Z")
        return moment.astimezone(WIB).isoformat(timespec="seconds")

    def _once(self, part: Part, fields: Mapping[str, Any], query: str) -> Said:
        body = b"" if part.method == "GET" else _json(self._profile.theirs(fields))
        path = part.path + (f"?{query}" if query else "")
        head = self._head(part, path, body)
        return self._said(self._send(part.method, path, head, body), part)

    def _head(self, part: Part, path: str, body: bytes) -> dict[str, str]:
        stamp, whole = self.stamp(self._tools.now()), self._place + path
        head = {
            "Content-Type": "application/json",
            "X-TIMESTAMP": stamp,
            "X-PARTNER-ID": self._settings.partner_id or self._settings.client_id,
            "X-EXTERNAL-ID": str(secrets.randbelow(10**DIGITS)).zfill(DIGITS),
            "CHANNEL-ID": self._settings.channel_id,
        }
        if part.sign == "asymmetric":
            text = text_of_call(part.method, whole, body, stamp)
            return {**head, "X-SIGNATURE": asymmetric(self._key, text)}
        token = self._signed_in()
        text = text_of_call(part.method, whole, body, stamp, token)
        signature = symmetric(self._settings.client_secret, text)
        return {**head, "Authorization": f"Bearer {token}", "X-SIGNATURE": signature}

    def _signed_in(self) -> str:
        """The token, kept until shortly before its end."""
        part, moment, kept = self._profile.token, self._tools.now(), self._token
        if part is None or moment < kept.until:
            return kept.text
        stamp = self.stamp(moment)
        signature = asymmetric(self._key, text_of_token(self._settings.client_id, stamp))
        head = {
            "Content-Type": "application/json",
            "X-TIMESTAMP": stamp,
            "X-CLIENT-KEY": self._settings.client_id,
            "X-SIGNATURE": signature,
        }
        said = self._said(
            self._send(part.method, part.path, head, b'{"grantType":"client_credentials"}'), part
        )
        token = said.fields.get("accessToken")
        if said.end is not End.OK or not isinstance(token, str) or not token.isascii():
            self._tools.log.error("no token: the bank says %s", said.code or "nothing we know")
            raise Unknown(f"no token: {said.code}")
        until = moment + timedelta(seconds=_seconds(said.fields)) - EARLY
        self._token = _Token(token, until)  # one step: other threads read it meanwhile
        return token

    @property
    def _place(self) -> str:
        """The part of the address that is signed with each path."""
        return urlsplit(self._settings.url).path.rstrip("/")

    def _send(self, method: str, path: str, head: Mapping[str, str], body: bytes) -> HttpAnswer:
        try:
            return self._tools.http.send(method, self._settings.url.rstrip("/") + path, head, body)
        except (NotSent, NoAnswer) as error:
            self._tools.log.warning("%s: %s %s", path, type(error).__name__, error)
            raise Unknown(f"{path}: {type(error).__name__}") from None

    def _said(self, answer: HttpAnswer, part: Part) -> Said:
        try:
            fields = self._profile.ours(parsed(answer.body))
            code = text_at(fields, "responseCode")
        except Unreadable:
            return Said(end=End.UNCLEAR, code=str(answer.status), fields={})
        return Said(end=end_of(answer.status, code, part.codes), code=code, fields=fields)


def amount_of(amount: Rupiah) -> dict[str, str]:
    return {"value": f"{amount}.00", "currency": IDR}


def _json(fields: Mapping[str, Any]) -> bytes:
    """As it goes out, and as it is hashed."""
    return json.dumps(fields, separators=(",", ":"), ensure_ascii=False).encode()


def _seconds(fields: Mapping[str, Any]) -> int:
    """How long a token is good; what cannot be read is good for one question."""
    text = str(fields.get("expiresIn"))
    return min(int(text), 86_400) if text.isascii() and text.isdecimal() and len(text) < 9 else 0  # noqa: PLR2004
