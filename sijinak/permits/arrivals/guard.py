"""Nobody guesses a link or a code: misses and messages are limited per address."""

from flask import request
from limits import RateLimitItemPerHour
from limits.storage import MemoryStorage
from limits.strategies import MovingWindowRateLimiter
from werkzeug.exceptions import TooManyRequests

MISSES = RateLimitItemPerHour(20, namespace="arrival-misses")
MESSAGES = RateLimitItemPerHour(60, namespace="arrival-messages")

_limiter = MovingWindowRateLimiter(MemoryStorage())


def refuse_guessers() -> None:
    """Raises TooManyRequests (429) after too many misses in the last hour."""
    if not _limiter.test(MISSES, _who()):
        raise TooManyRequests


def count_miss() -> None:
    _limiter.hit(MISSES, _who())


def count_message() -> None:
    """Raises TooManyRequests: no arrival is said and corrected so often."""
    if not _limiter.hit(MESSAGES, _who()):
        raise TooManyRequests


def forget_all() -> None:
    """For tests, which all come from one address."""
    _limiter.storage.reset()


def _who() -> str:
    return request.remote_addr or "unknown"
