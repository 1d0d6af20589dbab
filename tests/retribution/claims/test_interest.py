"""Interest against a computation of its own: by fractions, and by walking day by day."""

from datetime import date, timedelta
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sijinak.retribution.claims.interest import (
    interest_on,
    lapses_on,
    month_after,
    months_late,
    percent_text,
)
from sijinak.retribution.policy import policy

DAYS = st.dates(date(2024, 1, 1), date(2032, 12, 31))
AMOUNTS = st.integers(1, 10**10)


def walked(due: date, paid: date) -> int:
    """Counted the slow way: a month ends on the same day of the month, or on its last one."""
    months, ends, day = 0, due, due
    while day < paid:
        day += timedelta(days=1)
        if day > ends:
            months += 1
            ends = _same_day_later(due, months)
    return months


def _same_day_later(due: date, months: int) -> date:
    year, month = due.year, due.month
    for _ in range(months):
        year, month = (year + 1, 1) if month == 12 else (year, month + 1)
    for day in (due.day, 30, 29, 28):
        try:
            return date(year, month, min(day, due.day))
        except ValueError:
            continue
    raise AssertionError


@given(DAYS, st.integers(-400, 1200))
def test_months_are_those_that_have_begun(due: date, days: int):
    paid = due + timedelta(days=days)
    assert months_late(due, paid) == walked(due, paid)


@given(AMOUNTS, st.integers(-3, 60))
def test_interest_is_the_fraction_rounded_down(amount: int, months: int):
    exact = Fraction(amount) * Fraction(1, 100) * min(max(months, 0), 24)
    assert interest_on(amount, months) == exact.numerator // exact.denominator


@given(AMOUNTS, DAYS, st.integers(0, 2000), st.integers(0, 2000))
def test_interest_never_falls_and_never_passes_the_cap(amount: int, due: date, one: int, two: int):
    early, late = sorted((one, two))
    first = interest_on(amount, months_late(due, due + timedelta(days=early)))
    second = interest_on(amount, months_late(due, due + timedelta(days=late)))
    assert 0 <= first <= second <= amount * 24 // 100


@pytest.mark.parametrize(
    ("due", "paid", "months"),
    [
        ("2026-01-31", "2026-01-31", 0),
        ("2026-01-31", "2026-02-01", 1),
        ("2026-01-31", "2026-02-28", 1),
        ("2026-01-31", "2026-03-01", 2),
        ("2026-01-31", "2026-03-31", 2),
        ("2026-01-31", "2026-04-01", 3),
        ("2028-01-31", "2028-02-29", 1),
        ("2028-02-29", "2029-02-28", 12),
        ("2028-02-29", "2029-03-01", 13),
        ("2026-12-15", "2027-01-15", 1),
        ("2026-12-15", "2027-01-16", 2),
        ("2026-05-10", "2026-05-01", 0),
    ],
)
def test_month_ends_and_leap_years(due: str, paid: str, months: int):
    assert months_late(date.fromisoformat(due), date.fromisoformat(paid)) == months


def test_what_people_know_of_it():
    assert interest_on(795_000, 3) == 23_850
    assert interest_on(79_550, 1) == 795
    assert interest_on(100, 24) == interest_on(100, 25) == 24
    assert interest_on(99, 1) == 0
    assert lapses_on(date(2024, 2, 29)) == date(2027, 2, 28)
    assert month_after(date(2027, 3, 31), -36) == date(2024, 3, 31)
    assert (percent_text(10), percent_text(15)) == ("1", "1,5")


def test_the_office_sets_percent_and_months(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(policy, "interest_tenths", 6)
    monkeypatch.setattr(policy, "most_months", 15)
    assert interest_on(1_000_000, 40) == 90_000
