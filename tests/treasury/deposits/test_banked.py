"""What counts is the bank's day: late money cannot be dated back, nor its slip made up."""

from datetime import date, timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from sijinak.accounts.models import Role
from sijinak.core.clock import clock, today
from sijinak.core.codes import check_character
from sijinak.core.db import db, transaction
from sijinak.core.ids import uuid7
from sijinak.core.permissions import OPERATOR
from sijinak.ledger.queries import journal_called
from sijinak.payments.models import Attempt, Discrepancy, DiscrepancyKind, DiscrepancyState
from sijinak.retribution.receipts.services import receive_cash
from sijinak.treasury.deposits.banked import Banked, note_banked, note_unbanked
from sijinak.treasury.deposits.models import Deposit
from sijinak.treasury.deposits.queries import late_deposits
from sijinak.treasury.deposits.services import SlipNamesAnother
from sijinak.treasury.matching.jobs import match_lines
from tests.factories import make_user, signed_in
from tests.retribution.factories import begin_payment, cash_for, make_skrd
from tests.treasury.cash.factories import (
    FRIDAY,
    MONDAY,
    TUESDAY,
    WEDNESDAY,
    accept,
    close,
    collector,
    do,
    kabid,
    noon,
    offer,
    took,
    treasurer,
)
from tests.treasury.deposits.factories import bring, fresh, prepare
from tests.treasury.matching.factories import register_account, take_lines

pytestmark = pytest.mark.usefixtures("context")
THURSDAY = FRIDAY - timedelta(days=1)
CLOSED_BANK = timedelta(hours=7)  # after noon


def brought(received: date, on: date, hour: timedelta = timedelta()) -> Deposit:
    person = collector()
    with clock.reading(noon(received)):
        took(person, 100)
    with clock.reading(noon(on) + hour):
        return bring(prepare(person), person)


def booked(deposit: Deposit, on: date) -> Deposit:
    with transaction():
        banked = Banked(match_id=uuid7(), line_id=uuid7(), on=on)
        return note_banked(deposit.id, banked, by=OPERATOR)


def late_cases() -> list[tuple[DiscrepancyState, str]]:
    with transaction():
        asked = select(Discrepancy).where(Discrepancy.kind == DiscrepancyKind.DEPOSIT_LATE)
        found = db.session.scalars(asked.order_by(Discrepancy.id))
        return [(one.state, one.facts["days"]) for one in found]


def test_a_slip_that_is_dated_back_is_late_by_the_banks_day():
    deposit = brought(MONDAY, TUESDAY)
    assert (deposit.late_days, late_cases()) == (0, [])
    assert booked(deposit, WEDNESDAY).late_days == 1
    assert late_cases() == [(DiscrepancyState.OPEN, "1")]
    with transaction():
        assert [one.id for one in late_deposits(WEDNESDAY, WEDNESDAY, by=kabid())] == [deposit.id]
        assert late_deposits(TUESDAY, TUESDAY, by=kabid()) == []
    with transaction():
        assert note_unbanked(deposit.id, by=OPERATOR).late_days == 0
    assert late_cases() == [(DiscrepancyState.SETTLED, "1")]


def test_the_case_of_late_money_follows_the_bank():
    deposit = brought(FRIDAY, TUESDAY)
    assert late_cases() == [(DiscrepancyState.OPEN, "1")]
    booked(deposit, WEDNESDAY)
    assert late_cases() == [(DiscrepancyState.OPEN, "2")]


@pytest.mark.parametrize(
    ("received", "on", "bank", "said", "true"),
    [
        (FRIDAY, FRIDAY, MONDAY, 0, 0),  # the bank books it after the weekend: in time
        (THURSDAY, FRIDAY, MONDAY, 0, 1),  # its day was Friday, and the bank closed
        # Christmas Eve and Day are off, then comes a weekend (2026).
        (date(2026, 12, 23), date(2026, 12, 28), date(2026, 12, 28), 0, 0),
        (date(2026, 12, 23), date(2026, 12, 28), date(2026, 12, 29), 0, 1),
    ],
)
def test_an_evening_after_the_banks_hours_is_of_its_next_working_day(
    received: date, on: date, bank: date, said: int, true: int
):
    """Permendagri 77/2020: one working day from the receipt to the account."""
    deposit = brought(received, on, CLOSED_BANK)
    assert deposit.late_days == said
    assert booked(deposit, bank).late_days == true


def test_money_goes_to_the_bank_on_the_evening_of_a_day_that_was_closed():
    person, signer = collector(), treasurer()
    with clock.reading(noon(FRIDAY)):
        took(person, 100)
        deposit = prepare(person)
        close(person, signer)
    with clock.reading(noon(FRIDAY) + CLOSED_BANK):
        deposit = bring(deposit, person)
    assert (deposit.deposited_on, deposit.late_days) == (FRIDAY, 0)


def test_a_slip_is_not_the_number_of_something_else():
    person, skrd = collector(), make_skrd(79_500)
    attempt = begin_payment(make_skrd(75_000))
    with transaction():
        db.session.get_one(Attempt, attempt.id).pay_code = "8810012345678"
    took(person, 100)
    other, deposit = "STS/2026/000999", prepare(person)
    register_account()
    wrong = [
        skrd.number, skrd.number.lower().replace("/", " "), skrd.number[:-2],
        f"{other}-{check_character(other)}", "8810-0123-45678", "0012345678901",
    ]  # fmt: skip
    for slip in wrong:
        with pytest.raises(SlipNamesAnother):
            bring(deposit, person, slip=slip)
    assert bring(deposit, person, slip=deposit.number).slip == deposit.number


def test_an_auditor_follows_the_money_from_the_receipts_to_the_line(app: Flask):
    register_account()
    giver, taker = collector(), treasurer()
    receipt = do(receive_cash, cash_for(make_skrd(79_500)), by=giver)
    handed = accept(offer(giver, taker, 79_500), taker)
    deposit = bring(prepare(taker), taker)
    (line,) = take_lines([(79_500, f"SETORAN {deposit.number}")], by=taker, day=today())
    match_lines()
    found = fresh(deposit)
    with transaction():
        journals = [
            journal_called(name) for name in (f"deposit:{found.id}", f"bank:{found.match_id}")
        ]
    page = signed_in(app, make_user(Role.AUDITOR)).get(f"/setoran/{found.id}").text
    ids = [one.id for one in (receipt, handed, line, *journals) if one]
    assert len(ids) == 5
    for wanted in (*ids, found.lines[0].source_id):
        assert str(wanted) in page
