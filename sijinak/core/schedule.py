"""Work that comes round by the clock, each piece at its own pace."""

import logging
import time
from collections.abc import Callable, Sequence
from datetime import timedelta

log = logging.getLogger(__name__)

Schedule = Sequence[tuple[timedelta, Callable[[], None]]]


class Rounds:
    """Runs what is due; a piece that fails is written to the log and comes round again."""

    def __init__(self, schedule: Schedule) -> None:
        self._schedule = schedule
        self._next = [0.0] * len(schedule)

    def run_due(self) -> None:
        for place, (pause, work) in enumerate(self._schedule):
            if time.monotonic() < self._next[place]:
                continue
            try:
                work()
            except Exception:
                log.exception("%s failed", work.__qualname__)
            self._next[place] = time.monotonic() + pause.total_seconds()
