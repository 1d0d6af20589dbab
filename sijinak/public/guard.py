"""Codes are no secrets, but nobody may count through them: misses are limited per address.

Only misses count, so that a market full of phones behind one address scans as much as it likes.
Numbers of papers follow each other: of those that are typed every one counts.
"""

from flask import request
from limits import RateLimitItemPerHour
from limits.storage import MemoryStorage
from limits.strategies import MovingWindowRateLimiter
from werkzeug.exceptions import TooManyRequests

MISSES = RateLimitItemPerHour(60)
NUMBERS = RateLimitItemPerHour(60, namespace="numbers")  # they count up, so hits tell, too
RUNS = RateLimitItemPerHour(60, namespace="dryrun")  # each costs some work

_limiter = MovingWindowRateLimiter(MemoryStorage())


def refuse_guessers() -> None:
    """Raises TooManyRequests (429) after too many misses in the last hour."""
    if not _limiter.test(MISSES, _who()):
        raise TooManyRequests


def count_miss() -> None:
    _limiter.hit(MISSES, _who())


def may_type_number() -> bool:
    """Counts it. False after too many numbers in the last hour."""
    return _limiter.hit(NUMBERS, _who())


def refuse_runners() -> None:
    """Raises TooManyRequests (429) after too many dry runs in the last hour."""
    if not _limiter.test(RUNS, _who()):
        raise TooManyRequests


def count_run() -> None:
    _limiter.hit(RUNS, _who())


def forget_misses() -> None:
    """For tests, which all come from one address."""
    _limiter.storage.reset()


def _who() -> str:
    return request.remote_addr or "unknown"
