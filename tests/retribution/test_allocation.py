"""Money that came by itself: exact money pays, all other money is listed."""

import pytest
from flask import Flask
from sqlalchemy import select

from sijinak.accounts.models import Role
from sijinak.core.clock import now
from sijinak.core.db import db, transaction
from sijinak.core.errors import Forbidden
from sijinak.core.events import Event
from sijinak.core.money import Rupiah
from sijinak.core.permissions import OPERATOR, WORKER
from sijinak.payments import jobs
from sijinak.payments.adapters.base import Kind, Observation, Trust
from sijinak.payments.models import AttemptState
from sijinak.payments.services import record_observations
from sijinak.retribution.jobs import allocate
from sijinak.retribution.models import Skrd, SkrdState
from sijinak.retribution.queries import Fault, count_loose_money, loose_money, receipt_of
from sijinak.retribution.services import (
    CancelSkrd,
    SkrdNotOpen,
    allocate_money,
    cancel_skrd,
    receive_cash,
)
from tests.factories import actor_for
from tests.retribution.factories import (
    begin_payment,
    cash_for,
    do,
    fresh,
    fresh_attempt,
    later,
    make_keeper,
    make_skrd,
    make_trader,
    money,
    receipts,
    work,
)

EMPANG = "52.04.06"


@pytest.fixture(autouse=True)
def _context(context: Flask) -> Flask:
    return context


def pay(skrd: Skrd, **pause: float) -> None:
    """Through the sandbox, to its end."""
    begin_payment(skrd)
    work()
    with later(**(pause or {"seconds": 6})):
        jobs.sweep()
        work()


def faults() -> list[Fault]:
    with transaction():
        return [one.fault for one in loose_money(by=OPERATOR)]


def received() -> Event:
    with transaction():
        return db.session.scalars(select(Event).where(Event.name == "money.received")).one()


def test_the_exact_money_pays_and_makes_the_receipt():
    skrd = make_skrd(10_000)
    pay(skrd)
    receipt = receipt_of(skrd.id)
    assert receipt is not None
    assert (receipt.channel, receipt.issued_by, receipt.amount) == ("sandbox", WORKER.id, 10_000)
    assert fresh(skrd).state is SkrdState.PAID
    assert faults() == []


def test_short_money_makes_no_receipt():
    skrd = make_skrd(10_005)
    pay(skrd)
    assert (receipts(), fresh(skrd).state) == ([], SkrdState.OPEN)
    assert [m.amount for m in money()] == [10_004]
    assert faults() == [Fault.SHORT]


def test_too_much_money_makes_no_receipt():
    attempt = begin_payment(make_skrd(10_000))
    with transaction():
        record_observations("sandbox", [paid(attempt.ref, 10_001)], by=WORKER)
    work()
    assert receipts() == []
    assert faults() == [Fault.OVER]


def test_double_money_makes_one_receipt():
    skrd = make_skrd(10_006)
    pay(skrd)
    assert [r.amount for r in receipts()] == [10_006]
    assert len(money()) == 2
    assert faults() == [Fault.DOUBLE]


def test_money_that_nobody_asked_for_is_kept_and_listed():
    with transaction():
        record_observations("sandbox", [paid("nobody", 7)], by=WORKER)
    work()
    assert (receipts(), faults()) == ([], [Fault.UNKNOWN])


def test_late_money_for_a_withdrawn_bill_is_listed():
    skrd = make_skrd(10_007)
    pay(skrd, minutes=15, seconds=5)
    do(cancel_skrd, CancelSkrd(skrd_id=skrd.id, reason="x"), by=OPERATOR)
    with later(minutes=60):
        jobs.sweep()
        work()
    assert (receipts(), faults()) == ([], [Fault.CANCELLED])


def test_late_money_for_a_bill_paid_in_cash_is_listed():
    skrd = make_skrd(10_007)
    pay(skrd, minutes=15, seconds=5)
    do(receive_cash, cash_for(skrd), by=actor_for(Role.TREASURER))
    with later(minutes=60):
        jobs.sweep()
        work()
    assert [r.channel for r in receipts()] == ["cash"]
    assert faults() == [Fault.DOUBLE]


def test_cash_calls_the_live_attempt_back():
    skrd = make_skrd(10_003)
    attempt = begin_payment(skrd)
    work()
    do(receive_cash, cash_for(skrd), by=actor_for(Role.TREASURER))
    work()
    assert fresh_attempt(attempt).state is AttemptState.CANCELLED


def test_cash_comes_too_late_after_the_online_money():
    skrd = make_skrd(10_000)
    pay(skrd)
    with pytest.raises(SkrdNotOpen):
        do(receive_cash, cash_for(skrd), by=actor_for(Role.TREASURER))
    assert len(receipts()) == 1


def test_the_job_may_run_twice():
    attempt = begin_payment(make_skrd(10_000))
    with transaction():
        record_observations("sandbox", [paid(attempt.ref, 10_000)], by=WORKER)
    for _ in range(3):
        allocate(received())
    assert len(receipts()) == 1


def test_a_worker_that_dies_before_allocating_leaves_a_debt_that_is_paid():
    attempt = begin_payment(make_skrd(10_000))
    with transaction():
        record_observations("sandbox", [paid(attempt.ref, 10_000)], by=WORKER)
    assert faults() == [Fault.WAITING], "until then it is on the list"
    work()
    assert (len(receipts()), faults()) == (1, [])


def test_what_a_person_says_is_no_money_of_a_bank():
    attempt = begin_payment(make_skrd(10_000))
    with transaction():
        said = paid(attempt.ref, 10_000, trust=Trust.HUMAN)
        found = record_observations("sandbox", [said], by=WORKER)
    assert do(allocate_money, found[0].id, by=WORKER) is None
    assert receipts() == []


def test_no_person_allocates():
    attempt = begin_payment(make_skrd(10_000))
    with transaction():
        found = record_observations("sandbox", [paid(attempt.ref, 10_000)], by=WORKER)
    with pytest.raises(Forbidden):
        do(allocate_money, found[0].id, by=actor_for(Role.TREASURER))


def test_who_sees_loose_money():
    keeper = make_keeper()
    pay(make_skrd(10_005, keeper=keeper))
    for role in (Role.TREASURER, Role.AUDITOR):
        assert count_loose_money(by=actor_for(role)) == 1
        assert loose_money(by=actor_for(role, EMPANG)) == []
    assert count_loose_money(by=make_trader(keeper)) == 0
    assert count_loose_money(by=actor_for(Role.PERMIT_DESK)) == 0


def paid(ref: str, amount: int, trust: Trust = Trust.SIGNED_PUSH) -> Observation:
    return Observation(
        ref=ref,
        kind=Kind.PAID,
        money_id="M1",
        amount=Rupiah(amount),
        happened_at=now(),
        trust=trust,
    )
