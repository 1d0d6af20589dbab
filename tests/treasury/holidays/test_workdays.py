"""Working days, by any table of days off."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sijinak.core.workdays import WorkingDays, read_weekend

DAY = st.dates(date(2020, 1, 1), date(2030, 12, 31))
TABLES = st.builds(
    WorkingDays,
    off=st.frozensets(st.dates(date(2024, 1, 1), date(2024, 3, 31)), max_size=60),
    weekend=st.frozensets(st.integers(1, 7), max_size=6),
)
NEAR = st.dates(date(2023, 12, 15), date(2024, 4, 15))


@given(TABLES, NEAR, st.integers(0, 30))
def test_after_and_between_undo_each_other(days: WorkingDays, day: date, number: int):
    later = days.after(day, number)
    assert days.between(day, later) == number
    assert later == day if number == 0 else days.includes(later)


@given(TABLES, NEAR, NEAR, NEAR)
def test_between_adds_up(days: WorkingDays, first: date, second: date, third: date):
    first, second, third = sorted([first, second, third])
    whole = days.between(first, third)
    assert whole == days.between(first, second) + days.between(second, third)
    assert 0 <= whole <= (third - first).days


@given(TABLES, NEAR)
def test_the_day_before_is_the_last_one_that_was_worked(days: WorkingDays, day: date):
    before = days.before(day)
    assert before < day
    assert days.includes(before)
    assert days.between(before, day - timedelta(days=1)) == 0


@given(TABLES, NEAR, st.integers(1, 30))
def test_a_day_off_more_never_brings_a_deadline_nearer(days: WorkingDays, day: date, number: int):
    off = WorkingDays(frozenset({*days.off, day + timedelta(days=1)}), days.weekend)
    assert off.after(day, number) >= days.after(day, number)


@given(DAY)
def test_without_days_off_every_day_counts(day: date):
    assert WorkingDays(weekend=()).after(day, 5) == day + timedelta(days=5)


@pytest.mark.parametrize(
    ("first", "last", "number"),
    [
        (date(2026, 11, 6), date(2026, 11, 9), 1),  # Friday to Monday
        (date(2026, 11, 6), date(2026, 11, 8), 0),  # to Sunday
        (date(2026, 11, 9), date(2026, 11, 9), 0),
        (date(2026, 11, 10), date(2026, 11, 9), 0),  # backwards
    ],
)
def test_as_the_office_counts(first: date, last: date, number: int):
    assert WorkingDays().between(first, last) == number


def test_a_weekend_is_read_strictly():
    assert read_weekend(" 6, 7 ") == {6, 7}
    assert read_weekend("") == set()
    for wrong in ("0", "8", "6;7", "sat", "1,2,3,4,5,6,7"):
        with pytest.raises(ValueError, match=r".*"):
            read_weekend(wrong)
