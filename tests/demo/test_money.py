"""The money of the demo is alive and adds up: every story of the treasury is there once."""

from datetime import date, timedelta
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import func, select

from sijinak.accounts.models import Role, User
from sijinak.accounts.queries import SignedIn
from sijinak.core.clock import local, now, today
from sijinak.core.db import db
from sijinak.core.money import Rupiah
from sijinak.core.workdays import WorkingDays
from sijinak.demo.banking import leave_balance
from sijinak.ledger.checking import book_faults
from sijinak.ledger.models import ClosedDay, Journal, Posting
from sijinak.payments.discrepancies.queries import STANDING
from sijinak.payments.models import Collection, Discrepancy, DiscrepancyKind
from sijinak.retribution.claims.queries import Age, due_between, interest_due
from sijinak.retribution.models import BillKind, Skrd, SkrdState
from sijinak.retribution.receipts.models import Receipt
from sijinak.retribution.tariffs.models import Tariff
from sijinak.sandboxbank.account import days_of, statement_of
from sijinak.sandboxbank.books import Books
from sijinak.sandboxbank.statements import as_camt, as_csv, as_mt940
from sijinak.treasury.accounts import bank_accounts
from sijinak.treasury.cash.models import CashClosing, ClosingState, HandOver, HandOverState
from sijinak.treasury.deposits.models import Deposit, DepositState
from sijinak.treasury.desk.models import RegionalFigure, RevenueTarget
from sijinak.treasury.desk.queries import queues
from sijinak.treasury.desk.report import month_report
from sijinak.treasury.holidays.queries import working_days
from sijinak.treasury.matching.models import Match
from sijinak.treasury.matching.queries import unmatched_lines
from sijinak.treasury.statements.continuing import plans_of
from sijinak.treasury.statements.gate import read_statements
from sijinak.treasury.statements.models import BankLine, BankStatement
from sijinak.treasury.statements.profiles import profiles
from sijinak.treasury.tickets.models import BlockState, TicketBlock, TicketSale, TicketUse, UseKind


def balance(account: str) -> int:
    asked = select(func.coalesce(func.sum(Posting.amount), 0)).where(Posting.account == account)
    return int(db.session.scalar(asked) or 0)


def total(column: object, *conditions: object) -> int:
    asked = select(func.coalesce(func.sum(column), 0)).where(*conditions)  # type: ignore[arg-type]
    return int(db.session.scalar(asked) or 0)


def standing(kind: DiscrepancyKind) -> list[Discrepancy]:
    asked = select(Discrepancy).where(Discrepancy.kind == kind, Discrepancy.state.in_(STANDING))
    return list(db.session.scalars(asked.order_by(Discrepancy.id)))


def last_working_day() -> date:
    days: WorkingDays = working_days()
    return days.before(today())


def test_the_books_agree_with_themselves(demo: Flask):
    assert list(book_faults()) == []
    assert total(Posting.amount) == 0


def test_what_is_owed_is_what_the_open_bills_say(demo: Flask):
    assert balance("receivable") == total(Skrd.total, Skrd.state == SkrdState.OPEN)


def test_every_rupiah_that_came_is_somewhere(demo: Flask):
    """Cash in hands, on its way, in clearing, or in the bank: nothing else, and nothing is lost."""
    came = total(Collection.amount) + total(TicketSale.amount)
    places = [row[0] for row in db.session.execute(select(Posting.account).distinct())]
    clearings = sum(balance(place) for place in places if place.startswith("clearing:"))
    banks = sum(balance(place) for place in places if place.startswith("bank:"))
    assert came == balance("cash") + balance("transit") + clearings + banks


def test_titipan_is_the_money_of_the_open_cases(demo: Flask):
    kinds = (DiscrepancyKind.SHORT, DiscrepancyKind.DOUBLE, DiscrepancyKind.UNKNOWN_BILL)
    waiting = {kind: standing(kind) for kind in kinds}
    assert all(len(cases) == 1 for cases in waiting.values())
    assert -balance("suspense") == sum(case[0].amount for case in waiting.values())


def test_one_line_of_the_bank_is_known_to_nobody(demo: Flask):
    (line,) = unmatched_lines()
    (case,) = standing(DiscrepancyKind.BANK_LINE)
    assert (case.about_id, case.amount) == (line.id, line.amount)
    assert total(Match.fee) == 0
    assert len(db.session.scalars(select(BankStatement.id)).all()) >= 2


def test_nothing_else_does_not_match(demo: Flask):
    asked = select(func.count()).select_from(Discrepancy).where(Discrepancy.state.in_(STANDING))
    assert db.session.scalar(asked) == 4


def test_arrears_have_two_ages_and_one_has_its_strd(demo: Flask):
    late = select(Skrd).where(Skrd.kind == BillKind.SKRD, Skrd.state == SkrdState.OPEN)
    by_age = {
        age: db.session.scalars(late.where(Skrd.due_on.between(*due_between(age, today())))).all()
        for age in Age
    }
    assert sum(bool(bills) for bills in by_age.values()) == 2
    strd = db.session.scalars(select(Skrd).where(Skrd.kind == BillKind.STRD)).one()
    assert strd.state is SkrdState.OPEN
    assert strd.total == interest_due(db.session.get_one(Skrd, strd.late_id), strd.issued_on)


def test_cash_was_taken_by_two_people_and_handed_over(demo: Flask):
    takers = set(db.session.scalars(select(Collection.seen_by).where(Collection.adapter == "cash")))
    names = set(db.session.scalars(select(User.username).where(User.id.in_(takers))))
    assert names == {"bendahara", "juru-pungut"}
    states = set(db.session.scalars(select(HandOver.state)))
    assert states == {HandOverState.ACCEPTED, HandOverState.OFFERED}


def test_the_last_working_day_is_left_to_close(demo: Flask):
    """Days before it are closed: whoever tries the demo can work today."""
    closed = db.session.scalar(select(func.max(ClosedDay.day)))
    assert closed is not None
    assert closed == working_days().before(last_working_day())
    assert set(db.session.scalars(select(CashClosing.state))) == {ClosingState.CLOSED}
    assert balance("cash") > 0


def test_deposits_went_to_the_bank_in_time(demo: Flask):
    deposits = db.session.scalars(select(Deposit)).all()
    assert {one.state for one in deposits} <= {DepositState.DEPOSITED, DepositState.MATCHED}
    assert DepositState.MATCHED in {one.state for one in deposits}
    assert {one.late_days for one in deposits} == {0}


def test_tickets_were_sold_on_market_days(demo: Flask):
    assert total(TicketSale.amount) == total(TicketSale.count) * 1000 > 0
    days = {local(moment).date() for moment in db.session.scalars(select(TicketSale.sold_at))}
    assert len(days) > 10
    assert last_working_day() in days
    assert total(TicketUse.last - TicketUse.first + 1, TicketUse.kind == UseKind.VOID) == 1
    states = set(db.session.scalars(select(TicketBlock.state)))
    assert states >= {BlockState.STORED, BlockState.HELD}


def test_targets_and_a_tariff_that_waits(demo: Flask):
    year = total(RevenueTarget.amount, RevenueTarget.year == 2025)
    assert year == 1_994_820_500
    this = db.session.scalars(select(RevenueTarget).where(RevenueTarget.year == today().year)).all()
    assert this
    assert all(row.decree.startswith("CONTOH") for row in this)
    waits = select(Tariff).where(Tariff.approved_by.is_(None), Tariff.refused_why == "")
    tariff = db.session.scalars(waits).one()
    assert tariff.valid_from > today()
    assert db.session.scalar(select(func.count()).select_from(RegionalFigure)) == 1


@pytest.fixture
def treasurer(demo: Flask) -> SignedIn:
    user = db.session.scalars(select(User).where(User.username == "bendahara")).one()
    return SignedIn(
        id=user.id,
        name=user.name,
        username=user.username,
        session_id=user.id,
        token="",
        seen_at=now(),
        must_change_password=False,
        password_changed_at=now(),
        keeper_id=None,
        mandates=((Role.TREASURER, "52.04"),),
    )


def test_the_desk_counts_the_open_cases(treasurer: SignedIn):
    shown = {queue.kind: (queue.count, queue.amount) for queue in queues(by=treasurer)}
    (line,) = unmatched_lines()
    assert sum(count for count, _ in shown.values()) == 4
    assert sum(amount for _, amount in shown.values()) == line.amount - balance("suspense")


def test_the_months_add_up_to_what_the_books_have(treasurer: SignedIn):
    """The reports of all months together are the revenue that was paid, and the bank's lines.

    Play money is no revenue, and a bank knows nothing of it.
    """
    first = db.session.scalars(select(func.min(Journal.effective_on))).one()
    month, reports = first.replace(day=1), []
    while month <= today():
        reports.append(month_report(month, by=treasurer))
        month = (month + timedelta(days=32)).replace(day=1)
    assert all(report.difference == 0 for report in reports)
    received = sum(report.total.received for report in reports)
    earned = total(Receipt.amount, Receipt.channel != "sandbox") + total(TicketSale.amount)
    assert received == earned
    assert sum(report.into_bank for report in reports) == total(BankLine.amount) - sum(
        line.amount for line in unmatched_lines()
    )
    assert reports[-1].total.received_this_year <= received


@pytest.mark.parametrize("kind", ["bank-percobaan-csv", "mt940", "camt053"])
def test_the_sandbox_bank_goes_on_where_the_statements_end(demo: Flask, tmp_path: Path, kind: str):
    """Over days without movement too, whichever of the two was there first."""
    write = {"bank-percobaan-csv": as_csv, "mt940": as_mt940, "camt053": as_camt}[kind]
    books = Books(tmp_path / "bank.sqlite")
    leave_balance(tmp_path)
    for day in (0, 3):
        books.deposit(Rupiah(79_500), "SETORAN", now() + timedelta(days=day))
    days = sorted(days_of(books))
    files = [statement_of(books, day) for day in days]
    books.close()
    found = [read_statements(write(one).encode(), profiles()[kind])[0] for one in files if one]
    assert len(found) == 2
    plans = plans_of(found, bank_accounts.all()[0])
    assert [fault for plan in plans for fault in plan.faults] == []
