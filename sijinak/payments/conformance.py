"""What every payment adapter must do, as tests that its author can run.

Subclass it, answer ``adapter()``, and let pytest or unittest find the methods; or call
``run(MyConformance())``. It needs no database and no application. Against a live double, let
``adapter()`` hand in Tools with a real Outbound, and ``signed_notice()`` a message as theirs.
"""

# ruff: noqa: S101 - assertions are the point

import json
from collections.abc import Callable, Iterator
from dataclasses import asdict, replace
from datetime import datetime, timedelta
from functools import partial
from importlib import import_module
from time import monotonic
from typing import Any, TypeVar

from sijinak.core.clock import now
from sijinak.core.ids import uuid7
from sijinak.core.money import Rupiah
from sijinak.payments.adapters.base import (
    API_VERSION,
    CERTAIN,
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
    PaymentAdapter,
    RawRequest,
    Rejected,
    Trust,
    Unknown,
)
from sijinak.payments.adapters.registry import METHODS
from sijinak.payments.malformed import bodies, headers, with_each_byte_flipped

T = TypeVar("T")
LONGEST_CALL = 15  # seconds: connect 3, total 10, and a second request for a token
SKEW, LONG_AGO = timedelta(minutes=4), timedelta(hours=2)


class AdapterConformance:
    amount = Rupiah(159_000)

    def adapter(self) -> PaymentAdapter:
        raise NotImplementedError

    def signed_notice(self, order: Order, at: datetime) -> RawRequest | None:  # noqa: ARG002
        """A message that money came for an order, signed at a moment; None: it sends none."""
        return None

    def order(self) -> Order:
        return Order(
            ref=f"SJ-{uuid7().hex}",
            amount=self.amount,
            description="SKRD/2026/000001-X",
            expires_at=now() + timedelta(minutes=15),
            way=self.adapter().ways[0] if self.adapter().ways else "",
        )

    def test_it_says_what_it_is(self) -> None:
        adapter = self.adapter()
        assert adapter.name.isidentifier(), "the name is stored in every row: keep it plain"
        assert adapter.api_version == API_VERSION
        assert isinstance(adapter.can, Can)
        assert all(type(way) is str and way for way in adapter.ways), "ways are texts"
        for method in METHODS:
            assert callable(getattr(adapter, method, None)), f"{method} is missing"

    def test_its_largest_amounts_are_whole_rupiah(self) -> None:
        for most in map(self.adapter().most, self.adapter().ways):
            assert most is None or (type(most) is int and most > 0), "a limit, or None"

    def test_starting_has_three_ends(self) -> None:
        """Instructions, Rejected or Unknown; any other exception fails here."""
        order, adapter = self.order(), self.adapter()
        for way in adapter.ways or ("",):
            one = replace(order, ref=f"SJ-{uuid7().hex}", way=way)
            made = _timed(partial(_started, adapter, one))
            assert made is None or _is_plain(made), "a code, and facts that are texts"

    def test_starting_twice_starts_once(self) -> None:
        order, adapter = self.order(), self.adapter()
        first, second = _started(adapter, order), _started(adapter, order)
        assert first == second, "the ref is the key: the second start finds the first"

    def test_starting_again_after_a_restart_starts_once(self) -> None:
        order = self.order()
        first, second = _started(self.adapter(), order), _started(self.adapter(), order)
        assert first == second, "an adapter remembers nothing: what it needs is in the ref"

    def test_what_it_sees_is_well_formed(self) -> None:
        order, adapter = self.order(), self.adapter()
        _started(adapter, order)
        for one in self._asked(adapter, order):
            assert one.ref == order.ref, "it speaks of the ref it was asked about"
            _check(one)

    def test_asking_twice_invents_no_money(self) -> None:
        order, adapter = self.order(), self.adapter()
        _started(adapter, order)
        first, second = self._money(adapter, order), self._money(adapter, order)
        assert first <= second, "money that was seen stays seen, under the same id"

    def test_it_knows_no_money_of_a_strange_ref(self) -> None:
        strange = self.order()
        assert not self._money(self.adapter(), strange), "nobody started this"

    def test_calling_back_has_three_ends(self) -> None:
        order, adapter = self.order(), self.adapter()
        if Can.CANCEL not in adapter.can:
            assert _raises(Rejected, lambda: adapter.cancel(order.ref, order.amount))
            return
        _started(adapter, order)
        try:
            seen = _timed(partial(adapter.cancel, order.ref, order.amount))
        except (Rejected, Unknown):
            return
        for one in seen:
            assert one.ref == order.ref
            _check(one)

    def test_what_it_cannot_do_it_refuses(self) -> None:
        adapter, order = self.adapter(), self.order()
        if Can.REFUND not in adapter.can:
            assert _raises(
                Rejected, lambda: adapter.refund(order.ref, "none", order.amount, "none")
            )
        if Can.SETTLEMENTS not in adapter.can:
            assert not list(adapter.settlements(now().date()))

    def test_a_notice_that_is_garbage_is_refused(self) -> None:
        adapter = self.adapter()
        for body in bodies():
            for head in headers():
                request = RawRequest(method="POST", path="/", headers=head, body=body)
                assert _raises(NotAuthentic, partial(adapter.read_notice, request)), body

    def test_a_good_notice_is_read(self) -> None:
        for order, request in self._signed(now()):
            notice = self._read(request)
            assert any(one.ref == order.ref for one in notice.seen), "it names the order"
            for one in notice.seen:
                _check(one)

    def test_no_byte_of_a_notice_can_be_altered(self) -> None:
        """Method, path, body and every header that the signature covers."""
        adapter = self.adapter()
        for order, request in self._signed(now()):
            said = adapter.read_notice(request)
            for other in with_each_byte_flipped(request):
                try:
                    heard = adapter.read_notice(other)
                except NotAuthentic:
                    continue
                assert _same(said, heard), f"altered for {order.ref}, and believed: {other}"

    def test_an_old_notice_is_a_hint(self) -> None:
        for _, request in self._signed(now() - LONG_AGO):
            self._is_never_certain(request)
        for _, request in self._signed(now() + LONG_AGO):
            self._is_never_certain(request)

    def test_a_notice_a_little_early_or_late_is_as_good(self) -> None:
        here = [self._read(request).seen for _, request in self._signed(now())]
        for skew in (-SKEW, SKEW):
            there = [self._read(request).seen for _, request in self._signed(now() + skew)]
            assert [[o.trust for o in s] for s in here] == [[o.trust for o in s] for s in there]

    def test_its_answers_are_well_formed(self) -> None:
        adapter, order = self.adapter(), self.order()
        requests = [request for _, request in self._signed(now())]
        for request in [*requests, RawRequest(method="POST", path="/", headers={}, body=b"{")]:
            for outcome in Outcome:
                for due in (None, _due(order)):
                    _check_answer(adapter.answer(request, outcome, due), outcome)

    def test_it_reaches_for_nothing_of_ours(self) -> None:
        """It gets facts and gives facts: no model, no session, no page, no socket."""
        module = import_module(type(self.adapter()).__module__)
        homes = {getattr(thing, "__module__", None) or "" for thing in vars(module).values()}
        names = {getattr(thing, "__name__", "") for thing in vars(module).values()}
        for home in homes | names:
            assert not home.startswith(("flask", "sqlalchemy", "sijinak.core.db")), home
            assert not home.startswith(("socket", "http.client", "urllib.request")), home
            assert not home.endswith((".models", ".services", ".queries", ".pages")), home

    def _signed(self, at: datetime) -> Iterator[tuple[Order, RawRequest]]:
        order = self.order()
        request = self.signed_notice(order, at)
        if Can.NOTIFIES in self.adapter().can:
            assert request is not None, "it sends notices: let signed_notice() make one"
        if request is not None:
            yield order, request

    def _read(self, request: RawRequest) -> Notice:
        return self.adapter().read_notice(request)

    def _is_never_certain(self, request: RawRequest) -> None:
        try:
            seen = self._read(request).seen
        except NotAuthentic:
            return
        assert all(one.trust not in CERTAIN for one in seen), "it may be a replay"

    def _asked(self, adapter: PaymentAdapter, order: Order) -> tuple[Observation, ...]:
        try:
            return _timed(partial(adapter.query, order.ref, order.amount))
        except Unknown:
            return ()

    def _money(self, adapter: PaymentAdapter, order: Order) -> set[tuple[str, int]]:
        seen = self._asked(adapter, order)
        return {(one.money_id, one.amount) for one in seen if one.kind is Kind.PAID}


def run(suite: AdapterConformance) -> None:
    """Every test of a suite, for authors without a test runner."""
    for name in sorted(dir(suite)):
        if name.startswith("test_"):
            getattr(suite, name)()


def _started(adapter: PaymentAdapter, order: Order) -> Instructions | None:
    try:
        return adapter.start(order)
    except (Rejected, Unknown):
        return None


def _is_plain(made: Instructions) -> bool:
    texts = [made.code, made.qr, made.pay_code, *made.facts, *made.facts.values()]
    json.dumps(asdict(made))
    return bool(made.code) and all(type(text) is str for text in texts)


def _check(one: Observation) -> None:
    assert isinstance(one.kind, Kind)
    assert isinstance(one.trust, Trust)
    assert one.happened_at.tzinfo is not None, "a moment has its zone"
    assert type(one.amount) is int, "whole rupiah, no float and no Decimal"
    if one.kind in {Kind.PAID, Kind.REFUNDED, Kind.REVERSED}:
        assert one.money_id, "money has an id of theirs"
        assert one.amount > 0
        assert one.ref or one.pay_code, "somebody must find out what it is for"


def _check_answer(answer: Answer, outcome: Outcome) -> None:
    assert type(answer.body) is bytes
    assert all(type(text) is str for pair in answer.headers.items() for text in pair)
    if outcome is Outcome.NOT_AUTHENTIC:
        assert 400 <= answer.status < 500, "who is not believed is told so"  # noqa: PLR2004
    elif outcome is Outcome.FAILED and answer.status != 401:  # noqa: PLR2004
        assert answer.status >= 500, "our failure is ours: they should try again"  # noqa: PLR2004


def _due(order: Order) -> Due:
    return Due(
        ref=order.ref,
        pay_code="8810012345678",
        amount=order.amount,
        description=order.description,
        payer="CV Ternak Maju",
        expires_at=order.expires_at,
    )


def _same(said: Notice, heard: Notice) -> bool:
    """What is not signed may be altered, if it says nothing else or is not believed."""
    if (said.asks_for, said.wants_token) != (heard.asks_for, heard.wants_token):
        return False
    return said.seen == heard.seen or all(one.trust not in CERTAIN for one in heard.seen)


def _timed(call: Callable[[], T]) -> T:
    began = monotonic()
    try:
        return call()
    finally:
        assert monotonic() - began < LONGEST_CALL, "a call has a deadline"


def _raises(error: type[Exception], call: Callable[[], Any]) -> bool:
    try:
        call()
    except error:
        return True
    return False
