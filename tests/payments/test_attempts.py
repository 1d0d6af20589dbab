from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from flask import Flask

from sijinak.accounts.models import Role
from sijinak.core.clock import clock, now
from sijinak.core.db import Clash, db, transaction
from sijinak.core.errors import Forbidden
from sijinak.core.ids import uuid7
from sijinak.core.money import Rupiah
from sijinak.core.permissions import OPERATOR, WORKER
from sijinak.payments import jobs
from sijinak.payments.adapters.base import Instructions, Kind, Observation, Order, Trust
from sijinak.payments.adapters.registry import NotOffered, registry
from sijinak.payments.adapters.sandbox import SandboxAdapter
from sijinak.payments.adapters.tools import tools_of
from sijinak.payments.models import Attempt, AttemptState
from sijinak.payments.progress import note_answer, submit
from sijinak.payments.services import (
    BillToPay,
    PaymentUnderway,
    StartAttempt,
    record_observations,
    start_attempt,
    take_notice,
)
from tests.factories import LUNYUK_REA, actor_for
from tests.retribution.factories import (
    begin_payment,
    fresh_attempt,
    later,
    make_keeper,
    make_skrd,
    make_trader,
    money,
    receipts,
    work,
)


@pytest.fixture(autouse=True)
def _context(context: Flask) -> Flask:
    return context


class Watching(SandboxAdapter):
    """A sandbox that notices open transactions, and dies when told to."""

    def __init__(self) -> None:
        super().__init__(tools_of("sandbox", {}))
        self.calls: list[str] = []
        self.dies = False

    def _watch(self, call: str) -> None:
        self.calls.append(call)
        assert not db.session().in_transaction(), f"{call} inside a transaction"
        if self.dies:
            raise ConnectionAbortedError

    def start(self, order: Order) -> Instructions:
        self._watch("start")
        return super().start(order)

    def query(self, ref: str, amount: Rupiah) -> tuple[Observation, ...]:
        self._watch("query")
        return super().query(ref, amount)

    def cancel(self, ref: str, amount: Rupiah) -> tuple[Observation, ...]:
        self._watch("cancel")
        return super().cancel(ref, amount)


@pytest.fixture
def watching(monkeypatch: pytest.MonkeyPatch) -> Watching:
    adapter = Watching()
    monkeypatch.setitem(registry._adapters, "sandbox", adapter)  # noqa: SLF001
    return adapter


def sweep_after(*seconds: int) -> None:
    for pause in seconds:
        with later(seconds=pause):
            jobs.sweep()
            work()


def state(attempt: Attempt) -> AttemptState:
    return fresh_attempt(attempt).state


def command(bill_id: UUID | None = None, **fields: Any) -> StartAttempt:
    bill = BillToPay(bill_id=bill_id or uuid7(), number="SKRD/2026/1", amount=Rupiah(10_000))
    defaults: dict[str, Any] = {
        "bills": (bill,),
        "region": LUNYUK_REA,
        "payer_id": uuid7(),
        "adapter": "sandbox",
    }
    return StartAttempt(**{**defaults, **fields})


def paid(ref: str, amount: int, money_id: str = "M1") -> Observation:
    return Observation(
        ref=ref,
        kind=Kind.PAID,
        money_id=money_id,
        amount=Rupiah(amount),
        happened_at=now(),
        trust=Trust.SIGNED_PUSH,
    )


def test_adapters_are_called_with_no_transaction_open(watching: Watching):
    attempt = begin_payment(make_skrd(10_003))
    work()
    jobs.ask(attempt.id)
    jobs.stop(attempt.id)
    assert watching.calls == ["start", "query", "cancel"]
    assert state(attempt) is AttemptState.CANCELLED


def test_the_ref_is_committed_before_anybody_is_asked(watching: Watching):
    watching.dies = True
    attempt = begin_payment(make_skrd(10_000))
    work()
    assert watching.calls == ["start"]
    assert state(attempt) is AttemptState.SUBMITTED


def test_one_live_attempt_per_bill():
    bill = uuid7()
    with transaction():
        start_attempt(command(bill_id=bill), by=OPERATOR)
    with pytest.raises(PaymentUnderway), transaction():
        start_attempt(command(bill_id=bill), by=OPERATOR)


def test_the_database_has_the_last_word_on_live_attempts(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("sijinak.payments.services.live_attempt_of", lambda _: None)
    bill = uuid7()
    with transaction():
        start_attempt(command(bill_id=bill), by=OPERATOR)
    with pytest.raises(Clash), transaction():
        start_attempt(command(bill_id=bill), by=OPERATOR)


def test_two_clicks_start_one_attempt():
    asked = command()
    with transaction():
        first = start_attempt(asked, by=OPERATOR)
    with transaction():
        assert start_attempt(asked, by=OPERATOR) is first


def test_cash_and_what_is_not_offered_start_nothing():
    for adapter in ("cash", "nobody"):
        with pytest.raises(NotOffered), transaction():
            start_attempt(command(adapter=adapter), by=OPERATOR)


def test_only_who_may_pay_starts():
    trader, treasurer = make_trader(make_keeper()), actor_for(Role.TREASURER)
    for actor in (trader, treasurer):
        with pytest.raises(Forbidden), transaction():
            start_attempt(command(), by=actor)


def test_no_person_settles():
    treasurer = actor_for(Role.TREASURER)
    attempt = begin_payment(make_skrd(10_000))
    with pytest.raises(Forbidden), transaction():
        record_observations("sandbox", [paid(attempt.ref, 10_000)], by=treasurer)
    with pytest.raises(Forbidden), transaction():
        note_answer(attempt.id, [paid(attempt.ref, 10_000)], by=treasurer)


@pytest.mark.parametrize("dies_in", ["start", "query"])
def test_the_sweep_goes_on_after_a_death(watching: Watching, dies_in: str):
    attempt = begin_payment(make_skrd(10_000))
    watching.dies = dies_in == "start"
    work()
    watching.dies = True
    with later(seconds=31), pytest.raises(ConnectionAbortedError):
        jobs.sweep()
    watching.dies = False
    sweep_after(70, 80)
    assert state(attempt) is AttemptState.SUCCEEDED
    assert len(receipts()) == 1


def test_a_death_before_the_first_call_heals():
    attempt = begin_payment(make_skrd(10_000))
    with transaction():
        submit(attempt.id, by=WORKER)
    sweep_after(31, 40)
    assert state(attempt) is AttemptState.SUCCEEDED


def test_a_start_that_is_under_way_is_not_called_again(watching: Watching):
    attempt = begin_payment(make_skrd(10_000))
    with transaction():
        submit(attempt.id, by=WORKER)
    sweep_after(6, 20)
    assert watching.calls == []
    assert state(attempt) is AttemptState.SUBMITTED


def test_of_a_second_call_a_refusal_says_nothing_about_the_first():
    """The first may have been accepted: only the other side can say that it knows nothing."""
    attempt = begin_payment(make_skrd(10_001))
    with transaction():
        submit(attempt.id, by=WORKER)
    sweep_after(31)
    assert state(attempt) is AttemptState.UNKNOWN
    sweep_after(40, 100)
    assert state(attempt) is AttemptState.UNKNOWN, "missing once, or not for long, is not missing"
    sweep_after(200)
    assert state(attempt) is AttemptState.REJECTED


def test_an_event_that_is_never_delivered_heals():
    attempt = begin_payment(make_skrd(10_003))
    with later(seconds=6):
        jobs.sweep()
    assert state(attempt) is AttemptState.PENDING


def test_an_event_delivered_twice_starts_once(watching: Watching):
    attempt = begin_payment(make_skrd(10_003))
    jobs.begin(attempt.id)
    jobs.begin(attempt.id)
    assert watching.calls == ["start"]


def test_a_rejected_start_is_an_end():
    attempt = begin_payment(make_skrd(10_001))
    work()
    assert state(attempt) is AttemptState.REJECTED


def test_a_lost_answer_is_not_a_failure():
    attempt = begin_payment(make_skrd(10_002))
    work()
    assert state(attempt) is AttemptState.UNKNOWN
    with later(seconds=6):
        jobs.sweep()
    assert state(attempt) is AttemptState.SUCCEEDED


def test_it_asks_before_it_expires(watching: Watching):
    attempt = begin_payment(make_skrd(10_000))
    work()
    watching.calls.clear()
    with later(minutes=16):
        jobs.sweep()
    assert watching.calls[0] == "query"
    assert state(attempt) is AttemptState.SUCCEEDED, "the money came in time; only we asked late"


def test_an_attempt_that_nobody_pays_expires():
    attempt = begin_payment(make_skrd(10_003))
    work()
    with later(minutes=14):
        jobs.sweep()
        assert state(attempt) is AttemptState.PENDING
    with later(minutes=15, seconds=1):
        jobs.sweep()
    assert state(attempt) is AttemptState.EXPIRED


def test_nobody_asked_nothing_owed_when_the_worker_slept():
    attempt = begin_payment(make_skrd(10_001))
    with later(minutes=20):
        jobs.sweep()
        jobs.sweep()
    assert state(attempt) is AttemptState.REJECTED


def test_late_money_is_money():
    skrd = make_skrd(10_007)
    attempt = begin_payment(skrd)
    work()
    with later(minutes=15, seconds=5):
        jobs.sweep()
        assert state(attempt) is AttemptState.EXPIRED
    with later(minutes=40):
        jobs.sweep()
        work()
    assert state(attempt) is AttemptState.SUCCEEDED
    assert [receipt.skrd_id for receipt in receipts()] == [skrd.id]


def test_while_a_payer_waits_nobody_pauses_longer_than_a_minute():
    attempt = begin_payment(make_skrd(10_003))
    work()
    gaps = []
    for seconds in (10, 60, 300, 890):
        with later(seconds=seconds):
            jobs.sweep()
            gaps.append((fresh_attempt(attempt).ask_again_at or now()) - now())
    assert timedelta(seconds=5) <= gaps[0] <= gaps[1] <= gaps[2] <= timedelta(minutes=1)
    assert gaps[3] <= timedelta(seconds=10), "asked at the moment at which it expires"


def test_afterwards_pauses_grow_and_questions_end():
    """1, 5, 15 and 60 minutes, then daily, for 14 days: money may be late."""
    attempt = begin_payment(make_skrd(10_003))
    work()
    due: datetime | None = now() + timedelta(minutes=15)
    gaps: list[int | None] = []
    while due is not None:
        with clock.reading(due):
            jobs.sweep()
            again = fresh_attempt(attempt).ask_again_at
        gaps.append(round((again - due).total_seconds() / 60) if again else None)
        due = again
    assert gaps[:5] == [1, 5, 15, 60, 24 * 60]
    assert set(gaps[5:-1]) == {24 * 60}
    assert len(gaps) == 5 + 13 + 1
    assert gaps[-1] is None


def test_money_is_written_down_once():
    attempt = begin_payment(make_skrd(10_000))
    for _ in range(3):
        with transaction():
            record_observations("sandbox", [paid(attempt.ref, 10_000)] * 2, by=WORKER)
    assert len(money()) == 1


def test_the_same_id_from_another_adapter_is_other_money():
    with transaction():
        record_observations("a", [paid("x", 5)], by=WORKER)
        record_observations("b", [paid("x", 5)], by=WORKER)
    assert len(money()) == 2


def test_another_adapters_word_does_not_end_our_attempt():
    attempt = begin_payment(make_skrd(10_000))
    with transaction():
        found = record_observations("cash", [paid(attempt.ref, 10_000)], by=WORKER)
    assert found[0].bill_id is None
    assert state(attempt) is AttemptState.CREATED


def test_an_answer_about_another_ref_is_not_believed():
    attempt, other = begin_payment(make_skrd(10_003)), begin_payment(make_skrd(10_003))
    work()
    with transaction():
        note_answer(attempt.id, [paid(other.ref, 10_003)], by=WORKER)
    assert (state(attempt), state(other)) == (AttemptState.PENDING, AttemptState.PENDING)
    assert money() == []


def test_a_notice_without_money_is_a_reason_to_ask():
    attempt = begin_payment(make_skrd(10_003))
    work()
    hint = Observation(
        ref=attempt.ref,
        kind=Kind.PENDING,
        money_id="",
        amount=attempt.amount,
        happened_at=now(),
        trust=Trust.SIGNED_PUSH,
    )
    with transaction():
        take_notice("sandbox", [hint], by=WORKER)
    asked_at = fresh_attempt(attempt).ask_again_at
    assert asked_at is not None
    assert asked_at <= now()


def test_an_adapter_that_was_taken_away_does_not_hold_the_bill(monkeypatch: pytest.MonkeyPatch):
    skrd = make_skrd(10_003)
    attempt = begin_payment(skrd)
    work()
    monkeypatch.delitem(registry._adapters, "sandbox")  # noqa: SLF001
    with later(minutes=16):
        jobs.sweep()
    assert state(attempt) is AttemptState.EXPIRED
