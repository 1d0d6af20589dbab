"""Our adapters pass the suite, and the suite fails bad ones. SNAP and Midtrans: see adapters/."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from sijinak.core.clock import clock, now
from sijinak.core.ids import uuid7
from sijinak.core.money import Rupiah
from sijinak.payments.adapters.base import (
    Answer,
    Can,
    Due,
    Instructions,
    Kind,
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
from sijinak.payments.adapters.cash import CashAdapter, counted
from sijinak.payments.adapters.registry import HistoricalAdapter
from sijinak.payments.adapters.sandbox import SandboxAdapter
from sijinak.payments.conformance import AdapterConformance, run
from tests.payments.adapters.kit import order, tools


class TestCash(AdapterConformance):
    def adapter(self) -> PaymentAdapter:
        return CashAdapter(tools())


class TestHistorical(AdapterConformance):
    def adapter(self) -> PaymentAdapter:
        return HistoricalAdapter("gone")


@pytest.mark.parametrize("fate", [0, 1, 2, 3, 5, 6, 7])
class TestSandbox:
    def test_it_conforms(self, fate: int):
        class Suite(AdapterConformance):
            amount = Rupiah(10_000 + fate)

            def adapter(self) -> PaymentAdapter:
                return SandboxAdapter(tools())

        run(Suite())
        with clock.reading(now() + timedelta(hours=1)):
            suite = Suite()
            suite.test_what_it_sees_is_well_formed()
            suite.test_asking_twice_invents_no_money()


class Talking(SandboxAdapter):
    """Good so far: it sends notices, whose signature is their own text turned round."""

    can = SandboxAdapter.can | Can.NOTIFIES
    believes_old = believes_unsigned = False

    def read_notice(self, request: RawRequest) -> Notice:
        ref, stamp = request.body.decode("latin-1").partition("|")[::2]
        at = datetime.fromisoformat(stamp) if len(stamp) > 30 else now()
        fresh = self.believes_old or abs(now() - at) < timedelta(minutes=5)
        trust = Trust.SIGNED_PUSH if fresh else Trust.HINT
        sign = request.headers.get("sign", "")[::-1].encode("latin-1", "replace")
        signed = bool(ref) and sign == request.body and request.method == "POST"
        if not signed and not (self.believes_unsigned and ref.startswith("SJ-")):
            return super().read_notice(request)
        return Notice(seen=(replace(_paid(ref, 1, "M"), trust=trust),))


class Trusting(Talking):
    believes_unsigned = True


class Forgetting(Talking):
    believes_old = True


class Silent(Talking):
    """It says that it sends notices, and shows none."""


class Shaky(SandboxAdapter):
    """A new answer to every start: two payable codes for one bill."""

    def start(self, order: Order) -> Instructions:  # noqa: ARG002
        return Instructions(code="x", facts={"code": str(uuid7())})


class Floating(SandboxAdapter):
    started: set[str] = set()

    def start(self, order: Order) -> Instructions:
        self.started.add(order.ref)
        return super().start(order)

    def query(self, ref: str, amount: Rupiah) -> tuple[Observation, ...]:
        return (_paid(ref, amount * 1.0, f"M-{ref}"),) if ref in self.started else ()


class Inventive(SandboxAdapter):
    def query(self, ref: str, amount: Rupiah) -> tuple[Observation, ...]:
        return (_paid(ref, amount, str(uuid7())),)


class Crashing(SandboxAdapter):
    def start(self, order: Order) -> Instructions:  # noqa: ARG002
        raise TimeoutError


class Unlimited(SandboxAdapter):
    def most(self, way: str) -> Rupiah | None:  # noqa: ARG002
        return Rupiah(0)


class Welcoming(SandboxAdapter):
    def answer(self, request: RawRequest, outcome: Outcome, due: Due | None) -> Answer:  # noqa: ARG002
        return Answer(status=200, body=b"welcome, whoever you are")


def _paid(ref: str, amount: float, money_id: str) -> Observation:
    return Observation(
        ref=ref,
        kind=Kind.PAID,
        money_id=money_id,
        amount=amount,  # type: ignore[arg-type]
        happened_at=now(),
        trust=Trust.AUTHENTICATED_QUERY,
    )


def suite_of(kind: type[SandboxAdapter]) -> AdapterConformance:
    class Suite(AdapterConformance):
        def adapter(self) -> PaymentAdapter:
            return kind(tools())

        def signed_notice(self, order: Order, at: datetime) -> RawRequest | None:
            if kind is Silent or not issubclass(kind, Talking):
                return None
            text = f"{order.ref}|{at.isoformat()}"
            head = {"sign": text[::-1]}
            return RawRequest(method="POST", path="/", headers=head, body=text.encode())

    return Suite()


BAD = {
    Shaky: "remembers nothing",
    Floating: "whole rupiah",
    Inventive: "stays seen",
    Unlimited: "a limit",
    Welcoming: "told so",
    Trusting: "and believed",
    Forgetting: "replay",
    Silent: "signed_notice",
}


@pytest.mark.parametrize(("kind", "says"), BAD.items(), ids=lambda x: getattr(x, "__name__", ""))
def test_the_suite_fails_a_bad_adapter(kind: type[SandboxAdapter], says: str):
    with pytest.raises(AssertionError, match=says):
        run(suite_of(kind))


def test_an_exception_that_is_no_end_fails():
    with pytest.raises(TimeoutError):
        run(suite_of(Crashing))


def seen(amount: int, **pause: float) -> list[tuple[Kind, int]]:
    one = order(amount)
    with clock.reading(now() + timedelta(**pause)):
        return [(o.kind, o.amount) for o in SandboxAdapter(tools()).query(one.ref, one.amount)]


def test_the_table_of_fates():
    box = SandboxAdapter(tools())
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
    one = counted("SKRD/1", "m", Rupiah(5), datetime(2026, 1, 1, tzinfo=UTC))
    assert (one.trust, one.kind, CashAdapter.can) == (Trust.HUMAN, Kind.PAID, Can.OFFLINE)
