"""What is typed into SIPD day by day is what the books have in the bank, and once."""

from datetime import date

import pytest
from flask import Flask
from sqlalchemy import select

from sijinak.core.clock import clock
from sijinak.core.db import db, transaction
from sijinak.core.money import Rupiah
from sijinak.payments.models import Collection
from sijinak.reports.daily import DayLine, day_lines
from sijinak.reports.periods import Period
from sijinak.treasury.matching.commands import DecideProposal, ProposeMatch
from sijinak.treasury.matching.services import decide_proposal, propose_match
from sijinak.treasury.statements.models import BankLine
from tests.payments.desk import bank
from tests.payments.fakebank import FakeBank
from tests.reports.test_figures import NOVEMBER, OCTOBER, YEAR, Office
from tests.retribution.factories import do
from tests.treasury.cash.factories import noon

__all__ = ["bank"]
LATE, FIRST = date(2026, 10, 30), date(2026, 11, 3)
MONTHS = [Period(2026, month) for month in range(1, 13)]


@pytest.fixture
def office(context: Flask, bank: FakeBank) -> Office:
    with clock.reading(noon(LATE)):
        return Office()


def daily(period: Period) -> list[DayLine]:
    with transaction():
        return day_lines(period.first, period.last)


def match_by_hand(office: Office) -> None:
    """All lines that the bank has, with all the money that came through channels."""
    with transaction():
        lines = list(db.session.scalars(select(BankLine.id).order_by(BankLine.booked_on)))
        money = tuple(db.session.scalars(select(Collection.id)))
    wish = ProposeMatch(
        line_id=lines[0], lines=tuple(lines[1:]), collections=money, fee=Rupiah(0), reason="Dua"
    )
    proposal = do(propose_match, wish, by=office.keeper)
    do(decide_proposal, DecideProposal(proposal_id=proposal.id, action="approve"), by=office.kabid)


def paid_in_two_lines(office: Office) -> None:
    """Money of October that the bank booked in part in October, in part in November."""
    with clock.reading(noon(LATE)):
        office.paid_through(FakeBank.name, 80_000, "RRN000000001")
        office.statement(LATE, (50_000, "QRIS SEBAGIAN"))
    with clock.reading(noon(FIRST)):
        office.statement(FIRST, (30_000, "QRIS SISA"))
        match_by_hand(office)


def test_money_in_lines_of_two_months_is_told_once_on_the_day_of_the_books(office: Office) -> None:
    paid_in_two_lines(office)
    assert daily(OCTOBER) == []
    (line,) = daily(NOVEMBER)
    assert (line.day, line.amount, line.is_cash) == (FIRST, 80_000, False)
    with transaction():
        first = select(BankLine).where(BankLine.booked_on == LATE)
        known = db.session.scalars(first).one()
        assert line.reference == (known.refs[0] if known.refs else known.key)
    assert daily(YEAR) == [line]


def test_each_month_and_all_together_come_to_what_the_books_have_in_the_bank(
    office: Office,
) -> None:
    paid_in_two_lines(office)
    with clock.reading(noon(LATE)):
        office.cash(40_000)
    with clock.reading(noon(date(2026, 11, 5))):
        office.to_bank(date(2026, 11, 5))
        for period in (*MONTHS[:11], YEAR):
            told = sum(one.amount for one in daily(period))
            assert told == office.figures(period).sum("banked"), period
        assert sum(one.amount for month in MONTHS for one in daily(month)) == 120_000
