"""Which phone asks, for every address of the field's door.

A known token always comes in: phones of many officers share one address of a mobile network, and
a guesser among them must not keep their records out. Only misses are counted and, after many,
answered with 429; a token has 256 bits, so guessing at it is idle anyhow.
"""

from flask import request
from limits import RateLimitItemPerHour
from limits.storage import MemoryStorage
from limits.strategies import MovingWindowRateLimiter
from werkzeug.exceptions import TooManyRequests

from sijinak.field.phones import DeviceUnknown, Phone, device_of

MISSES = RateLimitItemPerHour(60)

_limiter = MovingWindowRateLimiter(MemoryStorage())


def phone_at_the_door() -> Phone:
    """The phone in whatever state. Raises DeviceUnknown (401), TooManyRequests (429)."""
    phone = device_of(request.headers.get("Authorization", ""))
    if phone is not None:
        return phone
    if not _limiter.hit(MISSES, request.remote_addr or "unknown"):
        raise TooManyRequests
    raise DeviceUnknown


def working_phone() -> Phone:
    """A phone that may work now. Raises what its state says (401)."""
    phone = phone_at_the_door()
    phone.refuse_unless_ok()
    return phone


def forget_misses() -> None:
    """For tests, which all come from one address."""
    _limiter.storage.reset()
