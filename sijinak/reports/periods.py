"""Months, named by their first day."""

from dataclasses import dataclass
from datetime import date, timedelta


def last_of(month: date) -> date:
    return (month.replace(day=28) + timedelta(days=4)).replace(day=1) - timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Period:
    """A year, or one of its months: 0 is the whole year."""

    year: int
    number: int = 0

    @property
    def months(self) -> list[date]:
        """Those that it is about."""
        return [date(self.year, self.number, 1)] if self.number else months_of(self.year)

    @property
    def so_far(self) -> list[date]:
        """Of the year, until its end."""
        return months_of(self.year)[: self.number or 12]

    @property
    def first(self) -> date:
        return self.months[0]

    @property
    def last(self) -> date:
        return last_of(self.months[-1])

    @property
    def a_year_before(self) -> "Period":
        return Period(self.year - 1, self.number)


def months_of(year: int) -> list[date]:
    return [date(year, number, 1) for number in range(1, 13)]
