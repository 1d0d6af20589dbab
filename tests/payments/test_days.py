"""Banks stamp in WIB, the office counts in WITA: around midnight each money has its own day."""

from datetime import UTC, date, datetime, timedelta

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from sijinak.core.clock import ZONES, clock
from sijinak.core.db import db, transaction
from sijinak.core.money import Rupiah
from sijinak.core.permissions import WORKER
from sijinak.ledger.models import Journal
from sijinak.payments import jobs
from sijinak.payments.adapters.base import SettlementLine
from sijinak.payments.models import Collection, SettlementRow
from sijinak.payments.settlements import keep_settlements
from sijinak.retribution.receipts.models import Receipt
from tests.payments.desk import cases, deliver
from tests.payments.fakebank import FakeBank
from tests.retribution.factories import begin_payment, make_skrd, work


@pytest.mark.parametrize(
    ("wib", "day"),
    [("22:59:59", 1), ("23:00:00", 2), ("23:59:59", 2), ("00:00:00", 1), ("00:59:59", 1)],
)
def test_money_counts_on_the_offices_own_day(bank: FakeBank, door: FlaskClient, wib: str, day: int):
    """23:00 in WIB is midnight in WITA."""
    at = datetime.fromisoformat(f"2026-12-01T{wib}").replace(tzinfo=ZONES["WIB"])
    with clock.reading(at - timedelta(minutes=1)):
        attempt = begin_payment(make_skrd(75_000), bank.name)
        work()
    with clock.reading(at):
        paid = bank.pay(attempt.ref)
    with clock.reading(at + timedelta(seconds=2)):
        deliver(door, bank.told(paid))
    with transaction():
        journal = db.session.scalars(select(Journal).where(Journal.kind == "money")).one()
    assert journal.effective_on == date(2026, 12, day)


def test_a_bank_whose_clock_runs_ahead_does_not_reach_tomorrow(bank: FakeBank, door: FlaskClient):
    at = datetime(2026, 12, 1, 15, 58, tzinfo=UTC)  # 23:58 in WITA
    with clock.reading(at):
        attempt = begin_payment(make_skrd(75_000), bank.name)
        work()
        paid = bank.pay(attempt.ref)
        paid.at = at + timedelta(minutes=4)
        deliver(door, bank.told(paid))
    with transaction():
        journal = db.session.scalars(select(Journal).where(Journal.kind == "money")).one()
    assert journal.effective_on == date(2026, 12, 1)


@pytest.mark.parametrize("year", [2000, 2199])
def test_a_bank_in_another_year_books_nothing_there(bank: FakeBank, door: FlaskClient, year: int):
    at = datetime(2026, 12, 31, 15, 0, tzinfo=UTC)
    with clock.reading(at):
        attempt = begin_payment(make_skrd(75_000), bank.name)
        work()
        paid = bank.pay(attempt.ref)
        paid.at = at.replace(year=year)
        deliver(door, bank.told(paid))
    with transaction():
        days = set(db.session.scalars(select(Journal.effective_on)))
        money = db.session.scalars(select(Collection)).one()
    assert days == {date(2026, 12, 31)}
    assert money.happened_at <= at


@pytest.mark.parametrize("pause", [timedelta(minutes=5), timedelta(minutes=-30)])
def test_new_year_and_a_clock_set_back_lose_no_money(
    bank: FakeBank, door: FlaskClient, pause: timedelta
):
    """Paid in the old year and told in the new one; told by our clock before it was begun."""
    begun = datetime(2026, 12, 31, 15, 58, tzinfo=UTC)  # 23:58 in WITA
    with clock.reading(begun):
        attempt = begin_payment(make_skrd(75_000), bank.name)
        work()
        paid = bank.pay(attempt.ref)
    with clock.reading(begun + pause):
        for _ in range(2):
            assert deliver(door, bank.told(paid)).status_code == 200
        work()
    with transaction():
        (receipt,) = db.session.scalars(select(Receipt))
        journal = db.session.scalars(select(Journal).where(Journal.kind == "money")).one()
    assert receipt.year == (2027 if pause > timedelta() else 2026)
    assert journal.effective_on == date(2026, 12, 31)


def test_settlements_are_fetched_once(bank: FakeBank, door: FlaskClient):
    attempt = begin_payment(make_skrd(75_000), bank.name)
    work()
    paid = bank.pay(attempt.ref)
    deliver(door, bank.told(paid))
    with clock.reading(paid.at + timedelta(days=1)):
        jobs.fetch_settlements()
        jobs.fetch_settlements()
    with transaction():
        (row,) = db.session.scalars(select(SettlementRow))
    assert (row.money_id, row.gross, row.fee) == (paid.money_id, 75_000, 0)


def test_a_line_that_says_otherwise_stays_as_it_was_and_is_looked_at(bank: FakeBank):
    first = SettlementLine(
        money_id="T1", gross=Rupiah(75_000), fee=Rupiah(0), settled_on=date(2026, 12, 2), batch="B"
    )
    other = SettlementLine(
        money_id="T1", gross=Rupiah(75_000), fee=Rupiah(300), settled_on=first.settled_on, batch="B"
    )
    with transaction():
        assert keep_settlements(bank.name, [first, first], by=WORKER) == 1
    with transaction():
        assert keep_settlements(bank.name, [other], by=WORKER) == 0
    assert [case.facts["fee"] for case in cases("conflicting")] == ["300"]
