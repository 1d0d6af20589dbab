"""Money that came by itself: exact money pays, all other money waits for two people."""

import pytest
from flask import Flask
from sqlalchemy import select

from sijinak.accounts.models import Role
from sijinak.core.clock import now
from sijinak.core.db import db, transaction
from sijinak.core.errors import Forbidden
from sijinak.core.money import Rupiah
from sijinak.core.permissions import OPERATOR, WORKER
from sijinak.payments import jobs
from sijinak.payments.adapters.base import Kind, Observation, Trust
from sijinak.payments.discrepancies.queries import cases
from sijinak.payments.models import AttemptState, Discrepancy, DiscrepancyKind, DiscrepancyState
from sijinak.payments.services import record_observations
from sijinak.retribution.models import Skrd, SkrdState
from sijinak.retribution.receipts.queries import receipt_of
from sijinak.retribution.receipts.services import receive_cash
from sijinak.retribution.services import CancelSkrd, SkrdNotOpen, cancel_skrd
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


def found() -> list[DiscrepancyKind]:
    with transaction():
        asked = select(Discrepancy).where(Discrepancy.state == DiscrepancyState.OPEN)
        return [one.kind for one in db.session.scalars(asked.order_by(Discrepancy.id))]


def tell(ref: str, amount: int, trust: Trust = Trust.SIGNED_PUSH) -> None:
    with transaction():
        record_observations("sandbox", [paid(ref, amount, trust)], by=WORKER)


def test_the_exact_money_pays_and_makes_the_receipt():
    skrd = make_skrd(10_000)
    pay(skrd)
    receipt = receipt_of(skrd.id)
    assert receipt is not None
    assert (receipt.channel, receipt.issued_by, receipt.amount) == ("sandbox", WORKER.id, 10_000)
    assert (receipt.round, receipt.no) == (1, 1)
    assert fresh(skrd).state is SkrdState.PAID
    assert found() == []


def test_short_money_makes_no_receipt():
    skrd = make_skrd(10_005)
    pay(skrd)
    assert (receipts(), fresh(skrd).state) == ([], SkrdState.OPEN)
    assert [m.amount for m in money()] == [10_004]
    assert found() == [DiscrepancyKind.SHORT]


def test_too_much_money_makes_no_receipt():
    attempt = begin_payment(make_skrd(10_000))
    tell(attempt.ref, 10_001)
    assert receipts() == []
    assert found() == [DiscrepancyKind.OVER]


def test_double_money_makes_one_receipt():
    skrd = make_skrd(10_006)
    pay(skrd)
    assert [r.amount for r in receipts()] == [10_006]
    assert len(money()) == 2
    assert found() == [DiscrepancyKind.DOUBLE]


def test_money_that_nobody_asked_for_is_kept_and_listed():
    tell("nobody", 7)
    assert (receipts(), found()) == ([], [DiscrepancyKind.UNKNOWN_BILL])


def test_late_money_for_a_withdrawn_bill_is_listed():
    skrd = make_skrd(10_007)
    pay(skrd, minutes=15, seconds=5)
    do(cancel_skrd, CancelSkrd(skrd_id=skrd.id, reason="x"), by=OPERATOR)
    with later(minutes=60):
        jobs.sweep()
        work()
    assert (receipts(), found()) == ([], [DiscrepancyKind.AFTER_CANCEL])


def test_late_money_for_a_bill_paid_in_cash_is_listed():
    skrd = make_skrd(10_007)
    pay(skrd, minutes=15, seconds=5)
    do(receive_cash, cash_for(skrd), by=actor_for(Role.TREASURER))
    with later(minutes=60):
        jobs.sweep()
        work()
    assert [r.channel for r in receipts()] == ["cash"]
    assert found() == [DiscrepancyKind.DOUBLE]


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


def test_the_same_money_told_thrice_pays_once():
    attempt = begin_payment(make_skrd(10_000))
    for _ in range(3):
        tell(attempt.ref, 10_000)
    assert len(receipts()) == len(money()) == 1


def test_what_a_person_says_is_no_money_of_a_bank():
    attempt = begin_payment(make_skrd(10_000))
    tell(attempt.ref, 10_000, trust=Trust.HUMAN)
    assert receipts() == []


def test_who_sees_what_does_not_match():
    keeper = make_keeper()
    pay(make_skrd(10_005, keeper=keeper))
    for role in (Role.TREASURER, Role.AUDITOR, Role.KABID):
        assert len(cases(by=actor_for(role)).items) == 1
        assert cases(by=actor_for(role, EMPANG)).items == []
    for stranger in (make_trader(keeper), actor_for(Role.PERMIT_DESK)):
        with pytest.raises(Forbidden):
            cases(by=stranger)


def paid(ref: str, amount: int, trust: Trust = Trust.SIGNED_PUSH) -> Observation:
    return Observation(
        ref=ref,
        kind=Kind.PAID,
        money_id="M1",
        amount=Rupiah(amount),
        happened_at=now(),
        trust=trust,
    )
