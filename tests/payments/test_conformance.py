"""Our adapters pass the suite, and the suite fails bad ones."""

from datetime import UTC, datetime, timedelta

import pytest

from sijinak.core.clock import clock, now
from sijinak.core.ids import uuid7
from sijinak.core.money import Rupiah
from sijinak.payments.adapters.base import (
    LIFETIME,
    Can,
    Instructions,
    Kind,
    Observation,
    Order,
    PaymentAdapter,
    Rejected,
    Trust,
    Unknown,
)
from sijinak.payments.adapters.cash import CashAdapter
from sijinak.payments.adapters.registry import HistoricalAdapter
from sijinak.payments.adapters.sandbox import SandboxAdapter
from sijinak.payments.conformance import AdapterConformance, run


class TestCash(AdapterConformance):
    def adapter(self) -> PaymentAdapter:
        return CashAdapter()


class TestHistorical(AdapterConformance):
    def adapter(self) -> PaymentAdapter:
        return HistoricalAdapter("gone")


@pytest.mark.parametrize("fate", [0, 1, 2, 3, 5, 6, 7])
class TestSandbox:
    def test_it_conforms(self, fate: int):
        class Suite(AdapterConformance):
            amount = Rupiah(10_000 + fate)

            def adapter(self) -> PaymentAdapter:
                return SandboxAdapter()

        run(Suite())
        with clock.reading(now() + timedelta(hours=1)):
            suite = Suite()
            suite.test_what_it_sees_is_well_formed()
            suite.test_asking_twice_invents_no_money()


class Shaky(SandboxAdapter):
    """A new answer to every start: two payable codes for one bill."""

    def start(self, order: Order) -> Instructions:  # noqa: ARG002
        return Instructions(code="x", facts={"code": str(uuid7())})


class Floating(SandboxAdapter):
    def query(self, ref: str, amount: Rupiah) -> tuple[Observation, ...]:
        return (_paid(ref, amount * 1.0, f"M-{ref}"),)


class Inventive(SandboxAdapter):
    def query(self, ref: str, amount: Rupiah) -> tuple[Observation, ...]:
        return (_paid(ref, amount, str(uuid7())),)


class Trusting(SandboxAdapter):
    def read_notice(self, request: object) -> tuple[Observation, ...]:  # noqa: ARG002
        return ()


class Crashing(SandboxAdapter):
    def start(self, order: Order) -> Instructions:  # noqa: ARG002
        raise TimeoutError


def _paid(ref: str, amount: float, money_id: str) -> Observation:
    return Observation(
        ref=ref,
        kind=Kind.PAID,
        money_id=money_id,
        amount=amount,  # type: ignore[arg-type]
        happened_at=now(),
        trust=Trust.AUTHENTICATED_QUERY,
    )


@pytest.mark.parametrize("kind", [Shaky, Floating, Inventive, Trusting, Crashing])
def test_the_suite_fails_a_bad_adapter(kind: type[SandboxAdapter]):
    class Suite(AdapterConformance):
        def adapter(self) -> PaymentAdapter:
            return kind()

    with pytest.raises((AssertionError, TimeoutError)):
        run(Suite())


def order(amount: int) -> Order:
    ref = f"SJ-{uuid7().hex}"
    return Order(ref=ref, amount=Rupiah(amount), description="x", expires_at=now() + LIFETIME)


def seen(amount: int, **pause: float) -> list[tuple[Kind, int]]:
    one = order(amount)
    with clock.reading(now() + timedelta(**pause)):
        return [(o.kind, o.amount) for o in SandboxAdapter().query(one.ref, one.amount)]


def test_the_table_of_fates():
    box = SandboxAdapter()
    with pytest.raises(Rejected):
        box.start(order(10_001))
    with pytest.raises(Unknown):
        box.start(order(10_002))
    assert seen(10_000, seconds=1) == [(Kind.PENDING, 10_000)]
    assert seen(10_000, seconds=4) == [(Kind.PAID, 10_000)]
    assert seen(10_001, seconds=4) == [(Kind.NOT_FOUND, 10_001)]
    assert seen(10_002, seconds=4) == [(Kind.PAID, 10_002)]
    assert seen(10_003, minutes=10) == [(Kind.PENDING, 10_003)]
    assert seen(10_003, minutes=16) == [(Kind.EXPIRED, 10_003)]
    assert seen(10_005, seconds=4) == [(Kind.PAID, 10_004)]
    assert seen(10_006, seconds=4) == [(Kind.PAID, 10_006)] * 2
    assert seen(10_007, minutes=15, seconds=30) == [(Kind.EXPIRED, 10_007)]
    assert seen(10_007, minutes=17) == [(Kind.PAID, 10_007)]


def test_cash_is_what_a_person_saw():
    one = CashAdapter().counted("SKRD/1", "m", Rupiah(5), datetime(2026, 1, 1, tzinfo=UTC))
    assert (one.trust, one.kind, CashAdapter().can) == (Trust.HUMAN, Kind.PAID, Can.OFFLINE)
