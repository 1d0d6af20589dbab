"""Waiting for what must come, never for a length of time."""

import time
from collections.abc import Callable

LONGEST = 120.0  # seconds: other work may go on at this machine


def wait_until(
    met: Callable[[], bool],
    what: str,
    *,
    longest: float = LONGEST,
    pause: Callable[[], object] = lambda: time.sleep(0.05),
) -> None:
    deadline = time.monotonic() + longest
    while not met():
        assert time.monotonic() < deadline, f"it did not happen: {what}"
        pause()
