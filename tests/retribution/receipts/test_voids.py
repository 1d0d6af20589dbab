"""A void is the next number, asked for by one person and issued by another."""

from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from sijinak.accounts.models import Role
from sijinak.core.clock import now, today
from sijinak.core.codes import check_character
from sijinak.core.db import Clash, db, transaction
from sijinak.core.errors import Forbidden, NotFound
from sijinak.core.flow import WrongState
from sijinak.core.permissions import OPERATOR, WORKER
from sijinak.ledger.queries import journal_called
from sijinak.ledger.services import CloseDay, close_day
from sijinak.payments.adapters.base import Kind, Observation, Trust
from sijinak.payments.discrepancies.effects import Plan
from sijinak.payments.discrepancies.resolving import (
    AnswerResolution,
    ProposeResolution,
    answer_resolution,
    propose_resolution,
)
from sijinak.payments.models import DiscrepancyKind, Resolution
from sijinak.payments.services import record_observations
from sijinak.retribution.models import SkrdState
from sijinak.retribution.receipts.issuing import REVERSAL
from sijinak.retribution.receipts.models import ReceiptKind, VoidState
from sijinak.retribution.receipts.queries import receipt_of, void_of
from sijinak.retribution.receipts.services import NotVoidable, SamePerson, receive_cash
from tests.factories import actor_for
from tests.retribution.factories import (
    begin_payment,
    cash_for,
    do,
    fresh,
    make_skrd,
    money,
    receipts,
)
from tests.retribution.receipts.ways import (
    answer,
    ask,
    held_by,
    in_suspense,
    open_cases,
    owed,
    paid_in_cash,
    void,
)

pytestmark = pytest.mark.usefixtures("context")
EMPANG = "52.04.06"


def test_a_void_is_the_next_number_and_repeats_what_it_voids():
    skrd = make_skrd()
    receipt = paid_in_cash(skrd)
    void(receipt)
    found = void_of(receipt.id)
    assert found is not None
    assert (found.kind, found.no, found.amount) == (ReceiptKind.VOID, 2, receipt.amount)
    assert (found.skrd_id, found.round, found.voided_from) == (skrd.id, 1, receipt.issued_by)
    assert found.number == f"TBP/SBW-01/{found.year}/0000002-{check_character(found.number[:-2])}"


def test_after_a_void_the_bill_is_owed_and_the_money_needs_two_people():
    cashier, skrd = actor_for(Role.COLLECTOR), make_skrd()
    receipt = paid_in_cash(skrd, cashier)
    assert (owed(skrd), in_suspense(), held_by(cashier)) == (0, 0, 79_500)
    void(receipt)
    assert fresh(skrd).state is SkrdState.OPEN
    assert receipt_of(skrd.id) is None
    assert (owed(skrd), in_suspense(), held_by(cashier)) == (79_500, 79_500, 79_500)
    (case,) = open_cases()
    assert (case.kind, case.amount, case.bill_id) == (DiscrepancyKind.VOIDED, 79_500, skrd.id)


def test_the_same_command_after_a_void_takes_no_money_again():
    cashier, skrd = actor_for(Role.COLLECTOR), make_skrd()
    command = cash_for(skrd)
    receipt = do(receive_cash, command, by=cashier)
    void(receipt)
    assert do(receive_cash, command, by=cashier).id == receipt.id
    assert (held_by(cashier), owed(skrd), len(receipts())) == (79_500, 79_500, 2)
    other = do(receive_cash, cash_for(skrd, despite_question=True), by=cashier)
    assert other.round == 2
    assert do(receive_cash, command, by=cashier).id == receipt.id


def test_a_void_after_the_day_was_closed_counts_on_the_next():
    skrd = make_skrd()
    receipt = paid_in_cash(skrd)
    do(close_day, CloseDay(day=today()), by=OPERATOR)
    void(receipt)
    with transaction():
        paid, back = (journal_called(f"{name}paid:{receipt.id}") for name in ("", "reversal:"))
    assert paid
    assert back
    assert (paid.effective_on, back.effective_on) == (today(), today() + timedelta(days=1))


def test_the_bill_is_paid_again_with_the_same_money_in_a_second_round():
    skrd = make_skrd()
    void(paid_in_cash(skrd))
    (case,) = open_cases()
    plan = Plan(bill_ids=(skrd.id,))
    proposal = ProposeResolution(
        case_id=case.id, resolution=Resolution.ALLOCATE, reason="uangnya benar", plan=plan
    )
    do(propose_resolution, proposal, by=actor_for(Role.TREASURER))
    do(answer_resolution, AnswerResolution(case_id=case.id, action="approve"),
       by=actor_for(Role.KABID))  # fmt: skip
    again = receipt_of(skrd.id)
    assert again is not None
    assert (again.no, again.round, owed(skrd), in_suspense()) == (3, 2, 0, 0)
    void(again)
    assert [one.no for one in receipts()] == [1, 2, 3, 4]


def test_who_asked_does_not_issue():
    receipt, one = paid_in_cash(make_skrd()), actor_for(Role.TREASURER)
    with pytest.raises(SamePerson):
        answer(ask(receipt, one), one)
    assert void_of(receipt.id) is None


def test_who_issued_the_receipt_does_not_void_it_but_may_ask():
    cashier = actor_for(Role.TREASURER)
    receipt = paid_in_cash(make_skrd(), cashier)
    asked = ask(receipt, cashier)
    second = ask_other = actor_for(Role.KABID)
    assert answer(asked, second).state is VoidState.ISSUED
    other = paid_in_cash(make_skrd(), cashier)
    with pytest.raises(SamePerson):
        answer(ask(other, ask_other), cashier)


def test_one_void_at_a_time_and_none_of_a_void():
    receipt = paid_in_cash(make_skrd())
    ask(receipt, actor_for(Role.TREASURER))
    with pytest.raises(NotVoidable):
        ask(receipt, actor_for(Role.KABID))
    other = paid_in_cash(make_skrd())
    void(other)
    made = void_of(other.id)
    assert made is not None
    for gone in (other, made):
        with pytest.raises(NotVoidable):
            ask(gone, actor_for(Role.TREASURER))


def test_a_refused_void_leaves_the_receipt_and_may_be_asked_for_again():
    receipt = paid_in_cash(make_skrd())
    request = ask(receipt, actor_for(Role.TREASURER))
    answer(request, actor_for(Role.KABID), "refuse")
    assert receipt_of(receipt.skrd_id) is not None
    with pytest.raises(WrongState):
        answer(request, actor_for(Role.KABID))
    assert void(receipt).state is VoidState.ISSUED


@pytest.mark.parametrize(
    "role", [role for role in Role if role not in {Role.TREASURER, Role.KABID}]
)
def test_nobody_else_asks_or_issues(role: Role):
    receipt = paid_in_cash(make_skrd())
    stranger = actor_for(role)
    with pytest.raises((Forbidden, NotFound)):
        ask(receipt, stranger)
    request = ask(receipt, actor_for(Role.TREASURER))
    with pytest.raises((Forbidden, NotFound)):
        answer(request, stranger)


def test_nobody_voids_in_another_part_of_the_land():
    receipt = paid_in_cash(make_skrd())
    with pytest.raises(NotFound):
        ask(receipt, actor_for(Role.TREASURER, EMPANG))


def test_money_that_the_bank_takes_back_voids_its_receipt():
    skrd = make_skrd(10_000)
    attempt = begin_payment(skrd)
    for kind in (Kind.PAID, Kind.REVERSED):
        seen = Observation(
            ref=attempt.ref, kind=kind, money_id="M", amount=skrd.total, happened_at=now(),
            trust=Trust.SIGNED_PUSH,
        )  # fmt: skip
        with transaction():
            record_observations("sandbox", [seen], by=WORKER)
    first, second = receipts()
    assert (second.voids_id, second.issued_by, second.asked_by) == (
        first.id,
        REVERSAL.id,
        WORKER.id,
    )
    assert (fresh(skrd).state, owed(skrd), in_suspense()) == (SkrdState.OPEN, 10_000, 0)
    assert [one.kind for one in open_cases()] == [DiscrepancyKind.REVERSED]
    assert len(money()) == 1


# What the database refuses, whoever asks. One receipt is there, issued by x'C0'.
_COPY = """INSERT INTO receipts (id, kind, number, series, year, no, skrd_id, round, voids_id,
    voided_from, keeper_id, region, amount, payer_name, channel, reason, asked_by, asked_by_name,
    issued_at, issued_by, issued_by_name)
    SELECT {id}, {kind}, 'N', series, year, {no}, skrd_id, {round}, {voids}, {voided_from},
    keeper_id, region, {amount}, payer_name, channel, 'x', {asked_by}, '', issued_at,
    {issued_by}, ''
    FROM receipts"""
_VOID = {
    "kind": "'void'", "no": "2", "round": "round", "voids": "id", "voided_from": "issued_by",
    "amount": "amount", "asked_by": "{a}", "issued_by": "{b}", "id": "{c}",
}  # fmt: skip
WRONG = {
    "the asker issues": {"asked_by": "{b}"},
    "the issuer of the receipt issues": {"issued_by": "issued_by"},
    "it hides who issued the receipt": {"voided_from": "NULL", "issued_by": "issued_by"},
    "it lies about who issued the receipt": {"voided_from": "{a}"},
    "nobody asked": {"asked_by": "NULL"},
    "it voids nothing": {"voids": "NULL", "voided_from": "NULL"},
    "another amount": {"amount": "amount - 1"},
    "another round": {"round": "2"},
    "it leaves a gap": {"no": "3"},
    "it takes a number twice": {"no": "1"},
    "a second receipt without a void": {
        "kind": "'receipt'", "round": "2", "voids": "NULL", "voided_from": "NULL",
        "asked_by": "NULL",
    },
    "the same round twice": {
        "kind": "'receipt'", "round": "1", "voids": "NULL", "voided_from": "NULL",
        "asked_by": "NULL",
    },
}  # fmt: skip


def _raw(changes: dict[str, str]) -> str:
    postgresql = db.engine.dialect.name == "postgresql"
    ids = {
        letter: f"'00000000-0000-0000-0000-0000000000{letter}{letter}'" if postgresql
        else f"x'0000000000000000000000000000{letter}{letter}00'"
        for letter in "abc"
    }  # fmt: skip
    return _COPY.format(**{name: part.format(**ids) for name, part in {**_VOID, **changes}.items()})


@pytest.mark.parametrize("wrong", WRONG)
def test_the_database_refuses_a_void_that_is_none(context: Flask, wrong: str):
    paid_in_cash(make_skrd())
    with pytest.raises((DBAPIError, Clash)), transaction():
        db.session.execute(text(_raw(WRONG[wrong])))
    assert len(receipts()) == 1


def test_the_database_takes_a_void_that_is_one(context: Flask):
    paid_in_cash(make_skrd())
    with transaction():
        db.session.execute(text(_raw({})))
    assert len(receipts()) == 2


ALONE = "UPDATE void_requests SET state = 'issued', answered_by = asked_by"


def test_the_database_wants_two_people_for_a_request(context: Flask):
    request = ask(paid_in_cash(make_skrd()), actor_for(Role.TREASURER))
    with pytest.raises((DBAPIError, Clash)), transaction():
        db.session.execute(
            text("UPDATE void_requests SET state = 'issued', answered_by = asked_by")
        )
    with pytest.raises((DBAPIError, Clash)), transaction():
        db.session.execute(text("UPDATE void_requests SET state = 'issued'"))
    assert request.state is VoidState.ASKED


def test_the_database_pays_no_more_than_the_money(context: Flask):
    paid_in_cash(make_skrd())
    for amount in ("1", "79500"):
        copy = (
            "INSERT INTO allocations (id, receipt_id, collection_id, amount)"
            f" SELECT receipt_id, id, collection_id, {amount} FROM allocations"
        )
        with pytest.raises((DBAPIError, Clash)), transaction():
            db.session.execute(text(copy))
