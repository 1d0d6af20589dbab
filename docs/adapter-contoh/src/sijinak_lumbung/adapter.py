"""Lumbung: a gateway with one address for orders, and messages signed over moment and body.

PUT  /orders/<ref>  {"amount": 75000, "until": "…"}  201, or 200 when it was there
GET  /orders/<ref>  {"ref", "code", "state", "money": [{"id", "amount", "at"}]}, or 404
POST to us          the same; Lumbung-Sign is the hex HMAC-SHA-256 of POST<Lumbung-At>.<body>
"""

import hmac
import json
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, timedelta

from sijinak.core.money import Rupiah
from sijinak.payments.adapters.base import (
    API_VERSION,
    Answer,
    Can,
    Due,
    Instructions,
    Kind,
    NoAnswer,
    NotAuthentic,
    Notice,
    NotSent,
    Observation,
    Order,
    Outcome,
    RawRequest,
    Rejected,
    SettlementLine,
    Tools,
    Trust,
    Unknown,
)
from sijinak.payments.adapters.reading import (
    Unreadable,
    header,
    is_safe_id,
    list_at,
    moment_in,
    parsed,
    text_at,
)
from sijinak.payments.adapters.tools import settings_as

FRESH = timedelta(minutes=5)
STATES = {"open": Kind.PENDING, "over": Kind.EXPIRED}


@dataclass(frozen=True, kw_only=True)
class Settings:
    """SIJINAK_LUMBUNG_ and the name in capitals. Only hosts in settings called …url are reached."""

    url: str
    key: str = field(repr=False)


class LumbungAdapter:
    name = "lumbung"
    api_version = API_VERSION
    can = Can.QUERY | Can.NOTIFIES
    ways = ("code",)

    def __init__(self, tools: Tools) -> None:
        self._tools = tools
        self._settings = settings_as(Settings, self.name, tools.settings)

    def most(self, way: str) -> Rupiah | None:
        return Rupiah(2_000_000)

    def start(self, order: Order) -> Instructions:
        status, said = self._ask(
            "PUT", order.ref, {"amount": order.amount, "until": order.expires_at.isoformat()}
        )
        if status not in {200, 201}:
            raise Rejected(f"{order.ref}: {status}")
        try:
            return Instructions(code="lumbung", facts={"code": text_at(said, "code")})
        except Unreadable as error:
            raise Unknown(f"{order.ref}: {error}") from None

    def query(self, ref: str, amount: Rupiah) -> tuple[Observation, ...]:
        status, said = self._ask("GET", ref)
        if status == 404:
            return (self._word(ref, Kind.NOT_FOUND, amount),)
        try:
            return self._seen(said, Trust.AUTHENTICATED_QUERY)
        except Unreadable as error:
            raise Unknown(f"{ref}: {error}") from None

    def read_notice(self, request: RawRequest) -> Notice:
        at = header(request.headers, "Lumbung-At")
        given = header(request.headers, "Lumbung-Sign")
        text = request.method.encode() + at.encode("utf-8", "replace") + b"." + request.body
        wanted = hmac.new(self._settings.key.encode(), text, "sha256").hexdigest()
        if not hmac.compare_digest(wanted.encode(), given.encode("utf-8", "replace")):
            raise NotAuthentic("not signed by Lumbung")
        try:
            fresh = abs(self._tools.now() - moment_in(at)) <= FRESH
            trust = Trust.SIGNED_PUSH if fresh else Trust.HINT
            return Notice(seen=self._seen(parsed(request.body), trust))
        except Unreadable as error:
            raise NotAuthentic(str(error)) from None

    def answer(self, request: RawRequest, outcome: Outcome, due: Due | None) -> Answer:
        status = {Outcome.NOT_AUTHENTIC: 401, Outcome.FAILED: 500}.get(outcome, 200)
        return Answer(status=status, body=b"")

    def cancel(self, ref: str, amount: Rupiah) -> tuple[Observation, ...]:
        raise Rejected("Lumbung calls nothing back")

    def refund(
        self, ref: str, money_id: str, amount: Rupiah, refund_ref: str
    ) -> tuple[Observation, ...]:
        raise Rejected("Lumbung gives nothing back")

    def settlements(self, day: date) -> Iterable[SettlementLine]:
        return ()

    def _ask(self, method: str, ref: str, fields: object = None) -> tuple[int, dict[str, object]]:
        """Whatever is not a clear yes or no may be either: Unknown."""
        if not is_safe_id(ref):
            raise Unknown(f"{ref!r} may not stand in an address")
        url = f"{self._settings.url.rstrip('/')}/orders/{ref}"
        body = b"" if fields is None else json.dumps(fields).encode()
        head = {"Authorization": f"Bearer {self._settings.key}", "Content-Type": "application/json"}
        try:
            answer = self._tools.http.send(method, url, head, body)
            if answer.status in {200, 201, 404} or 400 <= answer.status < 408:
                return answer.status, parsed(answer.body)
        except (NotSent, NoAnswer, Unreadable) as error:
            raise Unknown(f"{ref}: {error}") from None
        raise Unknown(f"{ref}: {answer.status}")

    def _seen(self, said: dict[str, object], trust: Trust) -> tuple[Observation, ...]:
        """All money there is; only without any does the state count. Raises Unreadable."""
        ref = text_at(said, "ref")
        money = tuple(self._money(ref, one, trust) for one in list_at(said, "money"))
        state = text_at(said, "state")
        if not ref or (not money and state not in STATES):
            raise Unreadable("no order, or a state that we do not know")
        return money or (self._word(ref, STATES[state], Rupiah(0), trust),)

    def _money(self, ref: str, one: dict[str, object], trust: Trust) -> Observation:
        amount, money_id = one.get("amount"), text_at(one, "id")
        if type(amount) is not int or amount <= 0 or not money_id:
            raise Unreadable("money without a whole amount or an id")
        return Observation(
            ref=ref, kind=Kind.PAID, money_id=money_id, amount=Rupiah(amount),
            happened_at=moment_in(text_at(one, "at")), trust=trust,
        )  # fmt: skip

    def _word(
        self, ref: str, kind: Kind, amount: Rupiah, trust: Trust = Trust.AUTHENTICATED_QUERY
    ) -> Observation:
        at = self._tools.now()
        return Observation(
            ref=ref, kind=kind, money_id="", amount=amount, happened_at=at, trust=trust
        )
