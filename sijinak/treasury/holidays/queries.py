"""Which days are off, and which are left to work on."""

from collections.abc import Sequence
from datetime import date

from sqlalchemy import ColumnElement, extract, func, select

from sijinak.core.db import db
from sijinak.core.errors import NotFound
from sijinak.core.permissions import Actor, Permission, may, require
from sijinak.core.workdays import WorkingDays
from sijinak.treasury.holidays.models import Holiday
from sijinak.treasury.policy import policy

LATE_IN_THE_YEAR = 10  # from this month on the next year should be in the table


def working_days() -> WorkingDays:
    """By the office's own table, and its weekend."""
    days = db.session.scalars(select(Holiday.day).where(Holiday.removed_at.is_(None), ~_to_count()))
    return WorkingDays(frozenset(days), policy.weekend)


def working_days_after(day: date, number: int) -> date:
    return working_days().after(day, number)


def working_days_between(first: date, last: date) -> int:
    """How many working days end after ``first`` and until ``last``."""
    return working_days().between(first, last)


def holidays_of(year: int, *, by: Actor) -> Sequence[Holiday]:
    """Those in force first of each day, then what was taken out."""
    require(by, Permission.TREASURY_READ)
    asked = select(Holiday).where(Holiday.day.between(date(year, 1, 1), date(year, 12, 31)))
    order = (Holiday.day, Holiday.removed_at.is_not(None), Holiday.id)
    return db.session.scalars(asked.order_by(*order)).all()


def holiday_years() -> list[int]:
    year = extract("year", Holiday.day)
    asked = select(year).where(Holiday.removed_at.is_(None)).distinct()
    return sorted({int(found) for found in db.session.scalars(asked.order_by(year))})


def holiday_on(day: date) -> Holiday | None:
    return db.session.scalar(
        select(Holiday).where(Holiday.day == day, Holiday.removed_at.is_(None))
    )


def holiday_by_id(holiday_id: object, *, by: Actor) -> Holiday:
    if not may(by, Permission.TREASURY_KEEP, region=policy.regency):
        require(by, Permission.MONEY_RESOLVE, region=policy.regency)
    found = db.session.scalar(select(Holiday).where(Holiday.id == holiday_id))
    if found is None:
        raise NotFound(holiday=str(holiday_id))
    return found


def year_without_holidays(day: date) -> int | None:
    """The year that nothing is entered for: the current one, or late in it the next."""
    wanted = [day.year] + ([day.year + 1] if day.month >= LATE_IN_THE_YEAR else [])
    known = set(holiday_years())
    return next((year for year in wanted if year not in known), None)


def count_examples() -> int:
    """Days that nobody has compared with the decision."""
    asked = select(func.count()).where(Holiday.is_example, Holiday.removed_at.is_(None))
    return db.session.scalar(asked) or 0


def count_waiting(*, by: Actor) -> int:
    """Changes of days that had begun, which this person may agree to."""
    if not may(by, Permission.MONEY_RESOLVE, region=policy.regency):
        return 0
    asked = select(func.count()).where(_waits(), Holiday.asked_by != by.id)
    return db.session.scalar(asked) or 0


def _waits() -> ColumnElement[bool]:
    return (
        Holiday.removed_at.is_(None) & Holiday.asked_by.is_not(None) & Holiday.agreed_by.is_(None)
    )


def _to_count() -> ColumnElement[bool]:
    return _waits() & (Holiday.removed_why == "")
