"""What every payment adapter must do, as tests that its author can run.

Subclass it, answer ``adapter()``, and let pytest or unittest find the methods; or call
``run(MyConformance())``. It needs no database and no application.
"""

# ruff: noqa: S101 - assertions are the point

from collections.abc import Callable
from datetime import timedelta
from functools import partial
from importlib import import_module
from typing import Any

from sijinak.core.clock import now
from sijinak.core.ids import uuid7
from sijinak.core.money import Rupiah
from sijinak.payments.adapters.base import (
    API_VERSION,
    Can,
    Instructions,
    Kind,
    NotAuthentic,
    Observation,
    Order,
    PaymentAdapter,
    RawRequest,
    Rejected,
    Trust,
    Unknown,
)
from sijinak.payments.adapters.registry import METHODS

GARBAGE = (b"", b"{", b"{}", b"null", b"[]", b"\xff\xfe", b'{"ref": "x", "amount": 1}', b"0" * 4096)


class AdapterConformance:
    amount = Rupiah(159_000)

    def adapter(self) -> PaymentAdapter:
        raise NotImplementedError

    def order(self) -> Order:
        return Order(
            ref=f"SJ-{uuid7().hex}",
            amount=self.amount,
            description="SKRD/2026/000001-X",
            expires_at=now() + timedelta(minutes=15),
        )

    def test_it_says_what_it_is(self) -> None:
        adapter = self.adapter()
        assert adapter.name.isidentifier(), "the name is stored in every row: keep it plain"
        assert adapter.api_version == API_VERSION
        assert isinstance(adapter.can, Can)
        for method in METHODS:
            assert callable(getattr(adapter, method, None)), f"{method} is missing"

    def test_starting_has_three_ends(self) -> None:
        """Instructions, Rejected or Unknown; any other exception fails here."""
        made = self._started(self.order())
        assert made is None or _is_plain(made), "a code, and facts that are texts"

    def test_starting_twice_starts_once(self) -> None:
        order, adapter = self.order(), self.adapter()
        first, second = _started(adapter, order), _started(adapter, order)
        assert first == second, "the ref is the key: the second start finds the first"

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

    def test_a_notice_that_is_garbage_is_refused(self) -> None:
        for body in GARBAGE:
            request = RawRequest(method="POST", path="/", headers={}, body=body)
            assert _raises(NotAuthentic, partial(self.adapter().read_notice, request))

    def test_what_it_cannot_do_it_refuses(self) -> None:
        adapter, order = self.adapter(), self.order()
        if Can.CANCEL not in adapter.can:
            assert _raises(Rejected, lambda: adapter.cancel(order.ref, order.amount))
        if Can.REFUND not in adapter.can:
            assert _raises(Rejected, lambda: adapter.refund("none", order.amount, "none"))
        if Can.SETTLEMENTS not in adapter.can:
            assert not list(adapter.settlements(now().date()))

    def test_it_reaches_for_nothing_of_ours(self) -> None:
        """It gets facts and gives facts: no model, no session, no page."""
        module = import_module(type(self.adapter()).__module__)
        homes = {getattr(thing, "__module__", None) or "" for thing in vars(module).values()}
        for home in homes:
            assert not home.startswith(("flask", "sqlalchemy", "sijinak.core.db")), home
            assert not home.endswith((".models", ".services", ".queries", ".pages")), home

    def _started(self, order: Order) -> Instructions | None:
        return _started(self.adapter(), order)

    def _asked(self, adapter: PaymentAdapter, order: Order) -> tuple[Observation, ...]:
        try:
            return adapter.query(order.ref, order.amount)
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
    texts = [made.code, *made.facts, *made.facts.values()]
    return bool(made.code) and all(type(text) is str for text in texts)


def _check(one: Observation) -> None:
    assert isinstance(one.kind, Kind)
    assert isinstance(one.trust, Trust)
    assert one.happened_at.tzinfo is not None, "a moment has its zone"
    if one.kind is Kind.PAID:
        assert one.money_id, "money has an id of theirs"
        assert type(one.amount) is int, "whole rupiah, no float and no Decimal"
        assert one.amount > 0


def _raises(error: type[Exception], call: Callable[[], Any]) -> bool:
    try:
        call()
    except error:
        return True
    return False
