from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from sijinak.accounts.models import Role
from sijinak.core.clock import now, today
from sijinak.core.codes import check_character
from sijinak.core.db import db, transaction
from sijinak.core.errors import Forbidden, NotFound
from sijinak.core.events import Event
from sijinak.core.flow import WrongState
from sijinak.core.once import SaidOtherwise
from sijinak.core.permissions import OPERATOR
from sijinak.payments.services import PaymentUnderway
from sijinak.retribution.checks import id_of_code, public_code, receipt_check_url
from sijinak.retribution.models import SkrdState
from sijinak.retribution.queries import skrd_by_id, skrd_of_permit, skrds
from sijinak.retribution.receipts.queries import receipt_by_public_code, receipt_of
from sijinak.retribution.receipts.services import BillerMayNotCash, WrongAmount, receive_cash
from sijinak.retribution.services import (
    AlreadyBilled,
    CancelSkrd,
    SkrdNotOpen,
    cancel_skrd,
    issue_skrd,
)
from sijinak.retribution.tariffs.queries import NoTariff
from tests.factories import LUNYUK_REA, actor_for
from tests.retribution.factories import (
    begin_payment,
    cash_for,
    do,
    fresh,
    issue,
    make_keeper,
    make_skrd,
    make_trader,
    money,
    receipts,
)

EMPANG = "52.04.06"


@pytest.fixture(autouse=True)
def _context(context: Flask) -> Flask:
    return context


def test_an_skrd_has_its_lines_its_number_and_its_days():
    skrd = make_skrd(79_500)
    text, _, check = skrd.number.rpartition("-")
    assert text == f"SKRD/{today().year}/000001"
    assert check == check_character(text)
    assert skrd.due_on == skrd.issued_on + timedelta(days=30)
    assert [(line.heads, line.unit_amount) for line in skrd.lines] == [(1, 79_500)]
    assert skrd.permit_id
    assert skrd_of_permit(skrd.permit_id) is not None


def test_a_permit_has_one_skrd():
    command = issue(make_keeper())
    first = do(issue_skrd, command, by=OPERATOR)
    assert do(issue_skrd, command, by=OPERATOR).number == first.number
    with pytest.raises(AlreadyBilled):
        do(issue_skrd, issue(make_keeper(), permit_id=command.permit_id), by=OPERATOR)


def test_an_skrd_that_failed_uses_no_number():
    with pytest.raises(NoTariff):
        do(issue_skrd, issue(make_keeper(), species="buffalo"), by=OPERATOR)
    assert make_skrd().no == 1


@pytest.mark.parametrize("role", [Role.TRADER, Role.TREASURER, Role.VET, Role.KADIS, Role.AUDITOR])
def test_only_the_desk_issues(role: Role):
    keeper = make_keeper()
    with pytest.raises(Forbidden):
        do(issue_skrd, issue(keeper), by=actor_for(role, keeper_id=keeper.id))


def test_the_desk_issues_in_its_region_only():
    with pytest.raises(Forbidden):
        do(issue_skrd, issue(make_keeper()), by=actor_for(Role.PERMIT_DESK, EMPANG))


def test_cash_pays_the_bill_and_makes_the_receipt():
    skrd, treasurer = make_skrd(), actor_for(Role.TREASURER)
    receipt = do(receive_cash, cash_for(skrd), by=treasurer)
    text = f"TBP/SBW-01/{today().year}/0000001"
    assert receipt.number == f"{text}-{check_character(text)}"
    assert fresh(skrd).state is SkrdState.PAID
    assert [(m.adapter, m.amount, m.seen_by) for m in money()] == [("cash", 79_500, treasurer.id)]
    assert receipt.issued_by == treasurer.id


def test_paying_is_told_with_the_permit_and_the_receipt():
    skrd = make_skrd()
    receipt = do(receive_cash, cash_for(skrd), by=actor_for(Role.TREASURER))
    with transaction():
        event = db.session.scalars(select(Event).where(Event.name == "skrd.paid")).one()
    assert event.subject_id == skrd.id
    assert event.facts["permit_id"] == str(skrd.permit_id)
    assert event.facts["receipt"] == receipt.number
    assert skrd.payer_name not in str(event.facts)


@pytest.mark.parametrize("amount", [79_499, 79_501, 1])
def test_only_the_exact_amount_is_taken(amount: int):
    skrd = make_skrd()
    with pytest.raises(WrongAmount) as refused:
        do(receive_cash, cash_for(skrd, amount=amount), by=actor_for(Role.TREASURER))
    assert refused.value.facts["due"] == "Rp 79.500"
    assert (money(), receipts(), fresh(skrd).state) == ([], [], SkrdState.OPEN)


def test_two_clicks_make_one_receipt():
    skrd, treasurer = make_skrd(), actor_for(Role.TREASURER)
    command = cash_for(skrd)
    first = do(receive_cash, command, by=treasurer)
    assert do(receive_cash, command, by=treasurer).id == first.id
    assert (len(receipts()), len(money())) == (1, 1)


def test_two_treasurers_make_one_receipt():
    skrd = make_skrd()
    do(receive_cash, cash_for(skrd), by=actor_for(Role.TREASURER))
    with pytest.raises(SkrdNotOpen):
        do(receive_cash, cash_for(skrd), by=actor_for(Role.TREASURER))
    assert (len(receipts()), len(money())) == (1, 1)


def test_one_command_is_for_one_bill():
    treasurer, first, second = actor_for(Role.TREASURER), make_skrd(), make_skrd()
    command = cash_for(first)
    do(receive_cash, command, by=treasurer)
    with pytest.raises(SaidOtherwise):
        do(receive_cash, cash_for(second, id=command.id), by=treasurer)


def test_who_bills_never_takes_the_money():
    """The machine holds every permission, and still may not."""
    skrd = make_skrd(by=OPERATOR)
    with pytest.raises(BillerMayNotCash):
        do(receive_cash, cash_for(skrd), by=OPERATOR)
    assert receipts() == []


@pytest.mark.parametrize(
    "role", [Role.TRADER, Role.PERMIT_DESK, Role.KADIS, Role.AUDITOR, Role.VET]
)
def test_only_the_treasurer_takes_cash(role: Role):
    skrd = make_skrd()
    with pytest.raises(Forbidden):
        do(receive_cash, cash_for(skrd), by=actor_for(role, keeper_id=skrd.keeper_id))


def test_the_treasurer_of_another_place_takes_none():
    with pytest.raises(Forbidden):
        do(receive_cash, cash_for(make_skrd()), by=actor_for(Role.TREASURER, EMPANG))


def test_a_trader_sees_only_their_own():
    mine, others = make_skrd(), make_skrd()
    trader = make_trader(make_keeper())
    keeper = make_keeper()
    own = make_skrd(keeper=keeper)
    assert list(skrds(by=make_trader(keeper)).items) == [own]
    assert list(skrds(by=trader).items) == []
    for skrd in (mine, others):
        with pytest.raises(NotFound):
            skrd_by_id(skrd.id, by=trader)


def test_an_officer_sees_their_region_only():
    skrd = make_skrd()
    assert skrd_by_id(skrd.id, by=actor_for(Role.TREASURER, LUNYUK_REA)).id == skrd.id
    with pytest.raises(NotFound):
        skrd_by_id(skrd.id, by=actor_for(Role.TREASURER, EMPANG))


def test_an_open_skrd_is_withdrawn():
    skrd, desk = make_skrd(), actor_for(Role.PERMIT_DESK)
    do(cancel_skrd, CancelSkrd(skrd_id=skrd.id, reason="heads"), by=desk)
    assert fresh(skrd).state is SkrdState.CANCELLED
    with pytest.raises(SkrdNotOpen):
        do(receive_cash, cash_for(skrd), by=actor_for(Role.TREASURER))


def test_a_paid_one_and_one_being_paid_are_not_withdrawn():
    paid, being_paid, desk = make_skrd(), make_skrd(10_003), actor_for(Role.PERMIT_DESK)
    do(receive_cash, cash_for(paid), by=actor_for(Role.TREASURER))
    begin_payment(being_paid)
    with pytest.raises(WrongState):
        do(cancel_skrd, CancelSkrd(skrd_id=paid.id, reason="x"), by=desk)
    with pytest.raises(PaymentUnderway):
        do(cancel_skrd, CancelSkrd(skrd_id=being_paid.id, reason="x"), by=desk)


def test_a_trader_withdraws_nothing():
    keeper = make_keeper()
    skrd = make_skrd(keeper=keeper)
    with pytest.raises(Forbidden):
        do(cancel_skrd, CancelSkrd(skrd_id=skrd.id, reason="x"), by=make_trader(keeper))


def test_a_public_code_leads_back_to_its_receipt():
    skrd = make_skrd()
    receipt = do(receive_cash, cash_for(skrd), by=actor_for(Role.TREASURER))
    code = public_code(receipt)
    assert len(code) == 26
    assert id_of_code(code.lower()) == receipt.id
    assert (
        receipt_check_url("https://sijinak.example", receipt) == f"HTTPS://SIJINAK.EXAMPLE/R/{code}"
    )
    found = receipt_by_public_code(code)
    assert found is not None
    assert found.number == receipt.number


@pytest.mark.parametrize("code", ["", "x", "U" * 26, "Z" * 26, "0" * 27, "٣" * 26, "0" * 26])
def test_what_is_no_code_finds_nothing(code: str):
    assert receipt_by_public_code(code) is None


def test_a_receipt_is_of_today_in_the_offices_zone():
    skrd = make_skrd()
    do(receive_cash, cash_for(skrd), by=actor_for(Role.TREASURER))
    receipt = receipt_of(skrd.id)
    assert receipt is not None
    assert (receipt.year, receipt.issued_at <= now()) == (today().year, True)
