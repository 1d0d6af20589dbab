"""Months whose books are closed change no more, so a process remembers what they came to."""

from collections.abc import Sequence
from datetime import date
from typing import NamedTuple
from uuid import UUID
from weakref import WeakKeyDictionary

from sqlalchemy import Engine, select

from sijinak.core.db import db
from sijinak.ledger.models import ClosedDay
from sijinak.reports.books import MonthFacts, facts_of
from sijinak.reports.periods import last_of

MOST = 60
EMPTY = MonthFacts(date.min, (), (), (), (), (), 0)


class _Kept(NamedTuple):
    closed_by: UUID  # another one closed it, as after a restore: then it is asked anew
    facts: MonthFacts


_kept: WeakKeyDictionary[Engine, dict[date, _Kept]] = WeakKeyDictionary()


def facts_about(months: Sequence[date], today: date) -> list[MonthFacts]:
    """Of months of a year. Of a month to come nothing is known: nobody is asked."""
    known = _kept.setdefault(db.engine, {})
    closings = _closings()
    closed = {
        month: next((row for day, row in closings if day >= last_of(month)), None)
        for month in months
    }
    found = {
        month: kept.facts
        for month in months
        if (kept := known.get(month)) and kept.closed_by == closed[month]
    }
    for run in _runs([one for one in months if one <= today and one not in found]):
        for facts in facts_of(run):
            found[facts.month] = facts
            _keep(known, facts, closed[facts.month])
    return [found.get(month, EMPTY._replace(month=month)) for month in months]


def _runs(months: Sequence[date]) -> list[list[date]]:
    """Months that follow each other are asked for at once."""
    found: list[list[date]] = []
    for month in months:
        if found and found[-1][-1].month + 1 == month.month:
            found[-1].append(month)
        else:
            found.append([month])
    return found


def _keep(known: dict[date, _Kept], facts: MonthFacts, closed_by: UUID | None) -> None:
    if closed_by is None:
        return
    while len(known) >= MOST:
        known.pop(next(iter(known)), None)
    known[facts.month] = _Kept(closed_by, facts)


def _closings() -> list[tuple[date, UUID]]:
    """The first of each is what made the days before it final."""
    asked = select(ClosedDay.day, ClosedDay.id).order_by(ClosedDay.day)
    return [(day, row) for day, row in db.session.execute(asked)]
