"""Age classes, and how long ago an animal was seen, as of a day."""

from calendar import monthrange
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, case, literal_column

from sijinak.animals.population.models import AgeClass, Population
from sijinak.core.clock import clock

# From how many full months on an animal is in a class, oldest first.
MONTHS: Mapping[AgeClass, int] = {
    AgeClass.OLD: 72,
    AgeClass.ADULT: 48,
    AgeClass.YOUNG_ADULT: 24,
    AgeClass.YEARLING: 12,
}
RECENT_MONTHS = 12


def months_before(day: date, months: int) -> date:
    """Whoever was born on this day or earlier has so many full months."""
    year, month = divmod(day.year * 12 + day.month - 1 - months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


@dataclass(frozen=True, slots=True)
class Reckoning:
    """The day of the office's zone on which ages are reckoned."""

    day: date

    @property
    def recent(self) -> datetime:
        """Since when an animal counts as seen within twelve months."""
        day = months_before(self.day, RECENT_MONTHS)
        return datetime(day.year, day.month, day.day, tzinfo=clock.zone)

    def age_class(self, birth_date: date | None) -> AgeClass:
        if birth_date is None:
            return AgeClass.UNKNOWN
        for age_class, months in MONTHS.items():
            if birth_date <= months_before(self.day, months):
                return age_class
        return AgeClass.CALF

    def age_class_of(self, birth_date: Any) -> ColumnElement[AgeClass]:
        """The same, worked out by the database."""
        return case(
            (birth_date.is_(None), _spelt(AgeClass.UNKNOWN)),
            *(
                (birth_date <= months_before(self.day, months), _spelt(age_class))
                for age_class, months in MONTHS.items()
            ),
            else_=_spelt(AgeClass.CALF),
        )

    def birth_in(self, age_class: AgeClass) -> date | None:
        """A day of birth that stands for the class."""
        if age_class is AgeClass.UNKNOWN:
            return None
        return months_before(self.day, MONTHS.get(age_class, 0))


def _spelt(age_class: AgeClass) -> ColumnElement[AgeClass]:
    return literal_column(f"'{age_class.value}'", Population.age_class.type)
