"""Money goes back once, by two people, and never more than lies there."""

from typing import Any
from uuid import UUID

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError

from sijinak.accounts.models import Role
from sijinak.core.clock import now
from sijinak.core.db import Clash, db, transaction
from sijinak.core.errors import Forbidden
from sijinak.core.ids import uuid7
from sijinak.core.money import Rupiah
from sijinak.core.permissions import WORKER
from sijinak.ledger import chart
from sijinak.ledger.queries import balance
from sijinak.payments.adapters.base import Kind, Observation, Trust
from sijinak.payments.adapters.registry import registry
from sijinak.payments.discrepancies.resolving import NeedsDecree
from sijinak.payments.models import Attempt, AttemptState, Collection
from sijinak.payments.refunds import jobs
from sijinak.payments.refunds.models import Refund, RefundState
from sijinak.payments.refunds.queries import refundable, refunds_of
from sijinak.payments.refunds.services import (
    ByHandOnly,
    DecideRefund,
    PayOutRefund,
    RequestRefund,
    SecondPersonNeeded,
    TooMuchToRefund,
    decide_refund,
    pay_out_refund,
    request_refund,
)
from sijinak.payments.services import record_observations
from tests.factories import LUNYUK_REA, actor_for
from tests.payments.desk import cases, deliver, in_clearing, in_suspense
from tests.payments.fakebank import Died, FakeBank
from tests.retribution.factories import begin_payment, do, later, make_skrd, work


@pytest.fixture
def surplus(context: Flask, bank: FakeBank, door: FlaskClient) -> Collection:
    """Rp 75.000 too much: the second payment of one bill."""
    attempt = begin_payment(make_skrd(75_000), bank.name)
    work()
    for _ in range(2):
        paid = bank.pay(attempt.ref)
        deliver(door, bank.told(paid))
    work()
    with transaction():
        (money,) = db.session.query(Collection).filter_by(money_id=paid.money_id)
    return money


def asking(money: Collection, amount: int = 75_000, **fields: Any) -> RequestRefund:
    told = {"collection_id": money.id, "amount": Rupiah(amount), "reason": "Bayar dua kali"}
    return RequestRefund(**{**told, **fields})


def asked(money: Collection, amount: int = 75_000, **fields: Any) -> Refund:
    return do(request_refund, asking(money, amount, **fields), by=actor_for(Role.TREASURER))


def approved(money: Collection, amount: int = 75_000, **fields: Any) -> Refund:
    refund = asked(money, amount, **fields)
    yes = DecideRefund(refund_id=refund.id, action="approve", decree="SK 7/2026")
    return do(decide_refund, yes, by=actor_for(Role.KABID))


def now_is(refund: Refund) -> RefundState:
    with transaction():
        return db.session.get_one(Refund, refund.id, populate_existing=True).state


def test_it_goes_out_of_where_it_came(surplus: Collection, bank: FakeBank):
    assert (in_suspense(), in_clearing()) == (75_000, 150_000)
    refund = approved(surplus)
    work()
    assert now_is(refund) is RefundState.DONE
    assert (in_suspense(), in_clearing()) == (0, 75_000)
    assert bank.truth.money[surplus.money_id].refunds == {refund.refund_ref: 75_000}


@pytest.mark.parametrize("ends", ["lost-before", "lost-after", "crash-before", "crash-after"])
def test_whoever_dies_or_hears_nothing_sends_it_once(
    surplus: Collection, bank: FakeBank, ends: str
):
    bank.next_refund = ends
    refund = approved(surplus)
    if ends.startswith("crash"):
        with pytest.raises(Died):
            work()
        db.session.remove()
    work()
    assert now_is(refund) in {RefundState.UNKNOWN, RefundState.SUBMITTED}
    assert in_suspense() == 75_000
    for minutes in (2, 10, 30):
        with later(minutes=minutes):
            jobs.sweep()
            work()
    assert now_is(refund) is RefundState.DONE
    assert in_suspense() == 0
    assert len(bank.truth.money[surplus.money_id].refunds) == 1


def test_what_the_bank_refuses_lies_there_again_and_waits_for_people(
    surplus: Collection, bank: FakeBank
):
    bank.next_refund = "reject"
    refund = approved(surplus)
    work()
    assert now_is(refund) is RefundState.FAILED
    assert [case.about_id for case in cases("refund-failed")] == [refund.id]
    assert in_suspense() == 75_000
    again = approved(surplus)
    work()
    assert now_is(again) is RefundState.DONE


def test_money_that_the_bank_took_back_meanwhile_is_not_sent(
    surplus: Collection, bank: FakeBank, door: FlaskClient
):
    refund = approved(surplus)
    paid = bank.take_back(surplus.money_id)
    deliver(door, bank.told(paid, Kind.REVERSED))
    work()
    assert now_is(refund) is RefundState.FAILED
    assert "refund" not in bank.calls
    assert in_suspense() == 0
    assert [case.kind for case in cases()] == ["reversed"], "nothing is left to give back"


def test_of_a_refund_whose_money_went_in_part_the_rest_is_decided_anew(
    surplus: Collection, bank: FakeBank, door: FlaskClient
):
    asked(surplus, 20_000)  # waits for its second person
    refund = approved(surplus, 55_000)
    paid = bank.take_back(surplus.money_id, 25_000)
    deliver(door, bank.told(paid, Kind.REVERSED))
    work()
    assert now_is(refund) is RefundState.FAILED
    assert [(case.kind, case.amount) for case in cases("refund-failed", "part-left")] == [
        ("refund-failed", 30_000)
    ]
    assert in_suspense() == 50_000


def test_of_two_payments_the_bank_takes_one_back_and_the_attempt_keeps_the_other(
    surplus: Collection, bank: FakeBank, door: FlaskClient
):
    (first, _) = bank.truth.money.values()
    deliver(door, bank.told(bank.take_back(first.money_id), Kind.REVERSED))
    with transaction():
        attempt = db.session.get_one(Attempt, surplus.attempt_id, populate_existing=True)
        kept = attempt.state
    deliver(door, bank.told(bank.take_back(surplus.money_id), Kind.REVERSED))
    with transaction():
        db.session.refresh(attempt)
    assert (kept, attempt.state) == (AttemptState.SUCCEEDED, AttemptState.REVERSED)


def test_who_pays_out_by_hand_finds_that_the_bank_was_quicker(
    surplus: Collection, bank: FakeBank, door: FlaskClient
):
    refund, waiting = approved(surplus, 50_000, by_hand=True), asked(surplus, 25_000)
    deliver(door, bank.told(bank.take_back(surplus.money_id), Kind.REVERSED))
    assert now_is(refund) is RefundState.FAILED
    yes = DecideRefund(refund_id=waiting.id, action="approve", decree="SK 7/2026")
    with pytest.raises(TooMuchToRefund):
        do(decide_refund, yes, by=actor_for(Role.KABID))


def test_another_amount_than_ours_is_no_end(surplus: Collection, bank: FakeBank):
    bank.next_refund = "lost-before"
    refund = approved(surplus)
    work()
    strange = Observation(
        ref=surplus.ref, kind=Kind.REFUNDED, money_id=surplus.money_id, amount=Rupiah(70_000),
        happened_at=surplus.happened_at, trust=Trust.SIGNED_PUSH, refund_ref=refund.refund_ref,
    )  # fmt: skip
    with transaction():
        record_observations(bank.name, [strange], by=WORKER)
    assert now_is(refund) is RefundState.UNKNOWN
    assert in_suspense() == 75_000


def test_refunds_that_nobody_of_us_asked_for_are_taken_back_once_and_told_of_twice(
    surplus: Collection, bank: FakeBank
):
    for place, amount in enumerate((5_000, 5_000, 7_000)):
        strange = Observation(
            ref=surplus.ref, kind=Kind.REFUNDED, money_id=surplus.money_id, amount=Rupiah(amount),
            happened_at=surplus.happened_at, trust=Trust.SIGNED_PUSH, refund_ref=f"THEIRS{place}",
        )  # fmt: skip
        with transaction():
            record_observations(bank.name, [strange], by=WORKER)
    assert (in_suspense(), in_clearing()) == (70_000, 145_000)
    assert sorted((case.kind, case.amount) for case in cases()) == [
        ("conflicting", 7_000), ("part-left", 70_000), ("reversed", -5_000),
    ]  # fmt: skip


def test_a_refund_that_is_told_before_its_money_is_taken_back_with_it(bank: FakeBank):
    attempt = begin_payment(make_skrd(75_000), bank.name)
    work()
    for kind in (Kind.REFUNDED, Kind.PAID):
        said = Observation(
            ref=attempt.ref, kind=kind, money_id="M1", amount=Rupiah(75_000),
            happened_at=attempt.started_at, trust=Trust.SIGNED_PUSH,
        )  # fmt: skip
        with transaction():
            record_observations(bank.name, [said], by=WORKER)
    assert (in_suspense(), in_clearing()) == (0, 0)
    assert [case.kind for case in cases()] == ["reversed"]


def test_a_refund_that_nobody_of_us_asked_for_is_money_taken_back(
    surplus: Collection, bank: FakeBank
):
    strange = Observation(
        ref=surplus.ref, kind=Kind.REFUNDED, money_id=surplus.money_id, amount=Rupiah(75_000),
        happened_at=surplus.happened_at, trust=Trust.SIGNED_PUSH, refund_ref="THEIRS",
    )  # fmt: skip
    with transaction():
        record_observations(bank.name, [strange], by=WORKER)
    assert (in_suspense(), in_clearing()) == (0, 75_000)
    assert len(cases("reversed")) == 1


@pytest.mark.parametrize("amount", [75_001, 0, -1])
def test_only_what_lies_in_suspense_goes_back(surplus: Collection, amount: int):
    with pytest.raises(TooMuchToRefund):
        asked(surplus, amount)


def test_what_is_on_its_way_is_not_there_any_more(surplus: Collection):
    asked(surplus, 50_000)
    with transaction():
        assert refundable(surplus) == 25_000
    with pytest.raises(TooMuchToRefund):
        asked(surplus, 25_001)
    asked(surplus, 25_000)
    with transaction():
        assert [one.amount for one in refunds_of(surplus.id)] == [50_000, 25_000]


def test_who_asks_does_not_approve(surplus: Collection):
    treasurer = actor_for(Role.TREASURER)
    refund = do(request_refund, asking(surplus), by=treasurer)
    with pytest.raises(SecondPersonNeeded):
        do(decide_refund, DecideRefund(refund_id=refund.id, action="approve"), by=treasurer)
    assert now_is(refund) is RefundState.REQUESTED


@pytest.mark.parametrize("decree", ["", "  "])
def test_nothing_goes_back_without_a_decree(surplus: Collection, decree: str):
    refund = asked(surplus, decree=decree)
    yes = DecideRefund(refund_id=refund.id, action="approve", decree=decree)
    with pytest.raises(NeedsDecree):
        do(decide_refund, yes, by=actor_for(Role.KABID))
    assert now_is(refund) is RefundState.REQUESTED


def test_a_refused_refund_moves_nothing(surplus: Collection):
    refund = asked(surplus)
    do(decide_refund, DecideRefund(refund_id=refund.id, action="refuse"), by=actor_for(Role.KABID))
    work()
    assert now_is(refund) is RefundState.REFUSED
    with transaction():
        assert refundable(surplus) == 75_000


@pytest.mark.parametrize("role", [Role.TRADER, Role.COLLECTOR, Role.AUDITOR, Role.PERMIT_DESK])
def test_only_who_resolves_money_asks(surplus: Collection, role: Role):
    with pytest.raises(Forbidden):
        do(request_refund, asking(surplus), by=actor_for(role))


def test_two_clicks_ask_once(surplus: Collection):
    treasurer, command = actor_for(Role.TREASURER), asking(surplus)
    assert (
        do(request_refund, command, by=treasurer).id == do(request_refund, command, by=treasurer).id
    )
    with transaction():
        assert len(refunds_of(surplus.id)) == 1


def test_by_hand_it_leaves_the_hands_of_who_pays_it(surplus: Collection, bank: FakeBank):
    refund = approved(surplus, by_hand=True)
    work()
    assert now_is(refund) is RefundState.APPROVED
    assert "refund" not in bank.calls
    keeper = actor_for(Role.TREASURER)
    proof = PayOutRefund(refund_id=refund.id, proof="BNTB 0091", bank_account="rkud")
    do(pay_out_refund, proof, by=keeper)
    assert now_is(refund) is RefundState.DONE
    with transaction():
        assert balance(chart.bank("rkud")) == -75_000
        assert balance(chart.SUSPENSE) == 0


def test_a_channel_that_cannot_is_paid_by_hand(
    surplus: Collection, bank: FakeBank, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.delitem(registry._adapters, bank.name)  # noqa: SLF001
    assert asked(surplus).paid_by_hand


def test_a_proof_is_needed_and_a_channels_refund_is_not_paid_by_hand(surplus: Collection):
    by_hand, by_bank = approved(surplus, 10_000, by_hand=True), approved(surplus, 10_000)
    keeper = actor_for(Role.TREASURER)
    for refund, proof in ((by_hand, ""), (by_bank, "BNTB 1")):
        with pytest.raises(ByHandOnly):
            do(pay_out_refund, PayOutRefund(refund_id=refund.id, proof=proof), by=keeper)


CHANGES = [
    "UPDATE refunds SET amount = amount + 1",
    "UPDATE refunds SET refund_ref = 'other'",
    "UPDATE refunds SET requested_by = approved_by",
    "UPDATE refunds SET approved_by = requested_by",
    "UPDATE refunds SET approved_by = NULL",
    "DELETE FROM refunds",
]


@pytest.mark.parametrize("change", CHANGES)
def test_the_database_keeps_four_eyes_and_the_sum(surplus: Collection, change: str):
    """Also from who comes past the application."""
    approved(surplus, by_hand=True)
    with db.engine.connect() as connection, pytest.raises(SQLAlchemyError):
        connection.execute(text(change))


@pytest.mark.parametrize("state", ["requested", "approved", "done"])
def test_the_database_lets_no_more_go_back_than_came(surplus: Collection, state: str):
    approved(surplus, 50_000, by_hand=True)
    approver = uuid7()
    with pytest.raises(Clash), transaction():
        db.session.add(made(surplus, 25_001, RefundState(state), approver))
    with transaction():
        db.session.add(made(surplus, 25_000, RefundState(state), approver))


def made(money: Collection, amount: int, state: RefundState, approver: UUID) -> Refund:
    return Refund(
        collection_id=money.id, refund_ref=str(uuid7()), adapter="bank", region=LUNYUK_REA,
        amount=Rupiah(amount), state=state, reason="", decree="", paid_by_hand=True, proof="",
        requested_by=uuid7(), requested_by_name="", requested_at=now(), approved_by=approver,
        approved_by_name="", asked=0,
    )  # fmt: skip
