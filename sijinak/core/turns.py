"""Whose turn it is: one after the other, in the order in which they came."""

import sqlite3
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Event, Lock

from sqlalchemy.exc import OperationalError


class Turns:
    """A lock that nobody can overtake. Whoever is first in the line has it."""

    def __init__(self) -> None:
        self._guard = Lock()
        self._line: deque[Event] = deque()

    @contextmanager
    def turn(self, patience: float) -> Iterator[None]:
        """Raises what SQLite says of a lock that does not open, after so many seconds."""
        mine = Event()
        try:
            self._queue_up(mine)
            if not mine.wait(patience):
                locked = sqlite3.OperationalError("database is locked: others write")
                raise OperationalError("BEGIN IMMEDIATE", None, locked)
            yield
        finally:
            self._leave(mine)

    def _queue_up(self, mine: Event) -> None:
        with self._guard:
            self._line.append(mine)
            self._line[0].set()

    def _leave(self, mine: Event) -> None:
        """From wherever it stood: who gave up is passed over, and the first is always woken."""
        with self._guard:
            if mine in self._line:
                self._line.remove(mine)
            if self._line:
                self._line[0].set()


_everywhere: dict[str, Turns] = {}


def turns_at(place: str) -> Turns:
    """One line for each place in this process."""
    return _everywhere.setdefault(place, Turns())
