"""A bank that speaks SNAP, as an adapter. How the bank differs from others is in its profile."""

from collections.abc import Iterable
from datetime import date
from typing import Any
from urllib.parse import urlencode

from sijinak.core.money import Rupiah
from sijinak.payments.adapters.base import (
    API_VERSION,
    Answer,
    Can,
    Due,
    Instructions,
    Kind,
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
    on_rail,
)
from sijinak.payments.adapters.reading import Unreadable, list_at, rupiah_in, text_at
from sijinak.payments.adapters.snap.codes import End
from sijinak.payments.adapters.snap.inbound import Inbound
from sijinak.payments.adapters.snap.profile import QRIS, VA, Lines, Profile
from sijinak.payments.adapters.snap.rails import Bank, QrRail, Rail, VaRail
from sijinak.payments.adapters.snap.seen import Told
from sijinak.payments.adapters.snap.settings import NAME, read


class SnapAdapter:
    name = NAME
    api_version = API_VERSION

    def __init__(self, tools: Tools) -> None:
        agreed = read(tools)
        bank = Bank(tools, agreed)
        self._tools, self._settings, self._profile = tools, agreed.settings, agreed.profile
        self._client, self._qr, self._inbound = bank.client, QrRail(bank), Inbound(tools, agreed)
        rails: dict[str, Rail] = {QRIS: self._qr, VA: VaRail(bank)}
        self.ways = agreed.ways
        self._rails = {way: rails[way] for way in self.ways}
        self.can = _abilities(self._profile, self._rails)

    def most(self, way: str) -> Rupiah | None:
        most = self._settings.most_qris if way == QRIS else self._settings.most_va
        return Rupiah(most) if most else None

    def start(self, order: Order) -> Instructions:
        most = self.most(order.way)
        if order.way not in self._rails or (most is not None and order.amount > most):
            raise Rejected(f"{order.amount} cannot be paid by {order.way or 'no way'}")
        return self._rails[order.way].start(order)

    def query(self, ref: str, amount: Rupiah) -> tuple[Observation, ...]:
        """The bank keeps QR and accounts apart, and a ref does not say which it is."""
        for rail in self._rails.values():
            said = rail.ask(ref)
            if said.end is End.OK:
                try:
                    return rail.seen(self._told(ref), amount, said.fields)
                except Unreadable as error:
                    self._tools.log.error("%s: the bank's words are no good: %s", ref, error)  # noqa: TRY400
                    raise Unknown(f"{ref}: {error}") from None
            if said.end is not End.NOT_FOUND:
                raise Unknown(f"{said.code} to a question about {ref}")
        all_asked = all(rail.can_ask() for rail in self._rails.values())
        return (self._told(ref).of(Kind.NOT_FOUND, amount),) if all_asked else ()

    def read_notice(self, request: RawRequest) -> Notice:
        return self._inbound.read(request)

    def answer(self, request: RawRequest, outcome: Outcome, due: Due | None) -> Answer:
        return self._inbound.answer(request, outcome, due)

    def cancel(self, ref: str, amount: Rupiah) -> tuple[Observation, ...]:
        """Perhaps they do not call it back because it is paid, or over: that they are asked."""
        for rail in self._rails.values():
            said = rail.call_back(ref)
            if said.end is End.OK:
                return (self._told(ref).of(Kind.CANCELLED, amount),)
            if said.end is not End.NOT_FOUND:
                break
        known = self.query(ref, amount)
        if {one.kind for one in known} <= {Kind.PENDING, Kind.NOT_FOUND}:
            raise Rejected(f"{ref} is not called back")
        return known

    def refund(
        self, ref: str, money_id: str, amount: Rupiah, refund_ref: str
    ) -> tuple[Observation, ...]:
        said = self._qr.give_back(ref, money_id, amount, refund_ref)
        if said.end is End.EXISTS:
            return tuple(o for o in self.query(ref, amount) if o.refund_ref == refund_ref)
        if said.end is not End.OK:
            raise Rejected(f"refund {refund_ref}: {said.code or 'the bank has no such service'}")
        facts = {"money_id": money_id, "refund_ref": refund_ref}
        return (self._told(ref).of(Kind.REFUNDED, amount, **facts),)

    def settlements(self, day: date) -> Iterable[SettlementLine]:
        part, lines = self._profile.settlements, self._profile.lines
        if part is None or lines is None:
            return ()
        said = self._client.ask(part, {}, urlencode({"day": day.isoformat()}))
        try:
            if said.end is End.OK:
                return [_line(one, lines) for one in list_at(said.fields, lines.list)]
        except ValueError as error:
            raise Unknown(f"settlements of {day}: {error}") from None
        raise Unknown(f"settlements of {day}: {said.code}")

    def _told(self, ref: str) -> Told:
        return Told(ref=ref, trust=Trust.AUTHENTICATED_QUERY, at=self._tools.now())


def _abilities(profile: Profile, rails: dict[str, Rail]) -> Can:
    doors = profile.door_qr, VA in rails and profile.door_payment
    back = profile.qr_cancel, VA in rails and (profile.va_cancel or not profile.va_create)
    found = Can(0)
    for there, ability in (
        (any(rail.can_ask() for rail in rails.values()), Can.QUERY),
        (any(back), Can.CANCEL),
        (profile.qr_refund, Can.REFUND | Can.PARTIAL_REFUND),
        (any(doors), Can.NOTIFIES),
        (profile.settlements and profile.lines, Can.SETTLEMENTS),
        (VA in rails and profile.door_inquiry, Can.BANK_CALLS_US),
    ):
        found |= ability if there else Can(0)
    return found


def _line(one: dict[str, Any], lines: Lines) -> SettlementLine:
    money_id = text_at(one, lines.money_id)
    if not money_id:
        raise Unreadable("a line without its money")
    return SettlementLine(
        money_id=on_rail(lines.rail, money_id),
        gross=rupiah_in(text_at(one, f"{lines.gross}.value")),
        fee=rupiah_in(text_at(one, f"{lines.fee}.value")),
        settled_on=date.fromisoformat(text_at(one, lines.settled_on)),
        batch=text_at(one, lines.batch),
    )
