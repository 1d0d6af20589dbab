"""Names that are made where the thing is made, also on a phone without signal."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, time
from uuid import UUID

from uuid_utils.compat import uuid7 as _fresh


class Ids:
    """One source for the process; demo data bring their own, so that each run makes the same."""

    def __init__(self) -> None:
        self.new: Callable[[], UUID] = _fresh

    @contextmanager
    def made_by(self, source: Callable[[], UUID]) -> Iterator[None]:
        before, self.new = self.new, source
        try:
            yield
        finally:
            self.new = before


ids = Ids()


def uuid7() -> UUID:
    """RFC 9562 UUIDv7: sorts by the time it was made, within one process strictly."""
    return ids.new()


def dated(day: date, name: UUID) -> UUID:
    """The same for the same name and day, and sorts by the day among UUIDv7 (RFC 9562 UUIDv8)."""
    moment = int(datetime.combine(day, time.min, UTC).timestamp()) * 1000
    return UUID(int=moment << 80 | 8 << 76 | name.int & ~(0xF << 76) & ((1 << 80) - 1))
