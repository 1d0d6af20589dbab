"""Working days, by a table of days off: pure counting, the table comes from outside."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, timedelta

SATURDAY_AND_SUNDAY = frozenset({6, 7})
_DAYS = range(1, 8)
_ONE = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class WorkingDays:
    """``off``: the days off that are in the table. ``weekend``: ISO weekdays, Monday is 1."""

    off: Collection[date] = frozenset()
    weekend: Collection[int] = SATURDAY_AND_SUNDAY

    def includes(self, day: date) -> bool:
        return day.isoweekday() not in self.weekend and day not in self.off

    def after(self, day: date, number: int) -> date:
        """The working day so many working days later; for 0 the day itself."""
        while number > 0:
            day += _ONE
            number -= self.includes(day)
        return day

    def before(self, day: date) -> date:
        """The last working day that is earlier."""
        day -= _ONE
        while not self.includes(day):
            day -= _ONE
        return day

    def between(self, first: date, last: date) -> int:
        """How many working days end in it: from Friday to Monday it is one. 0 when it is later."""
        span = (last - first).days
        return sum(self.includes(first + timedelta(days=n)) for n in range(1, span + 1))


def read_weekend(text: str) -> frozenset[int]:
    """Such as "6,7" or "7". Raises ValueError for what is no weekday, or leaves no day to work."""
    days = frozenset(int(part) for part in text.replace(" ", "").split(",") if part)
    if not days <= set(_DAYS) or len(days) == len(_DAYS):
        raise ValueError(text)
    return days
