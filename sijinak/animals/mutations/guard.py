"""Nobody may find out whose a number is by trying: look-ups are limited per account."""

from uuid import UUID

from limits import RateLimitItemPerHour
from limits.storage import MemoryStorage
from limits.strategies import MovingWindowRateLimiter

from sijinak.core.errors import Conflict

LOOK_UPS = RateLimitItemPerHour(20)

_limiter = MovingWindowRateLimiter(MemoryStorage())


class TooManyLookUps(Conflict):
    code = "too-many-look-ups"


def count_look_up(account_id: UUID) -> None:
    """Hits and misses alike. Raises TooManyLookUps."""
    if not _limiter.hit(LOOK_UPS, str(account_id)):
        raise TooManyLookUps
