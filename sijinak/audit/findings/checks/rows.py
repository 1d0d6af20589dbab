"""How checks ask: many rows, read in pieces so that memory stays flat."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import Row, Select

from sijinak.core.clock import clock, local, now
from sijinak.core.db import db

AT_ONCE = 500


def rows(asked: Select[*tuple[Any, ...]]) -> Iterator[Row[*tuple[Any, ...]]]:
    yield from db.session.execute(asked.execution_options(yield_per=AT_ONCE))


def days_ago(days: int) -> datetime:
    return now() - timedelta(days=days)


def on(moment: datetime | None) -> date | None:
    return local(moment).date() if moment else None


def month_of(day: date) -> str:
    return f"{day:%Y-%m}"


def begin_of(day: date) -> datetime:
    """The first moment of the office's day."""
    return datetime(day.year, day.month, day.day, tzinfo=clock.zone)
