"""What time it is, on a clock that tests can set."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta, timezone

# The three zones of Indonesia have no summer time, so fixed offsets say all (Keppres 41/1987).
ZONES = {
    name: timezone(timedelta(hours=h), name) for name, h in (("WIB", 7), ("WITA", 8), ("WIT", 9))
}


class Clock:
    """One clock for the process; the zone is the office's, and decides its accounting day."""

    def __init__(self) -> None:
        self.zone = ZONES["WITA"]
        self._read: Callable[[], datetime] = lambda: datetime.now(UTC)

    def now(self) -> datetime:
        return self._read()

    @contextmanager
    def reading(self, moment: datetime) -> Iterator[None]:
        """Stand still at a moment."""
        before, self._read = self._read, lambda: moment.astimezone(UTC)
        try:
            yield
        finally:
            self._read = before


clock = Clock()


def now() -> datetime:
    """The moment, aware, in UTC."""
    return clock.now()


def today() -> date:
    """The accounting day of the office."""
    return local(now()).date()


def local(moment: datetime) -> datetime:
    return moment.astimezone(clock.zone)
