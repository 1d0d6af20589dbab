"""Guessing passwords is slowed down; nobody can lock another person out.

A guess counts against the account from where it came: the device if it signed in to that account
before, else the network address. Strangers together have 20 guesses an hour at one account; the
owner's own device has its own count and gets in whatever strangers do (ASVS 5.0 6.1.1, 6.3.1).
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from ipaddress import IPv6Address, ip_address
from uuid import UUID

from sqlalchemy import delete, func, select, update

from sijinak.accounts.models import SignInTry
from sijinak.accounts.queries import tries_since, user_by_name
from sijinak.core.clock import now
from sijinak.core.crypto import keyring
from sijinak.core.db import db
from sijinak.core.errors import Conflict
from sijinak.core.events import About, events
from sijinak.core.permissions import Machine
from sijinak.core.watchlog import warn

WINDOW = timedelta(hours=1)
FREE = 5
FIRST_PAUSE = timedelta(seconds=15)
LONGEST_PAUSE = timedelta(minutes=15)
KEPT = timedelta(days=1)
PER_ACCOUNT = 20
PER_ORIGIN = 100
DOOR = Machine(UUID(int=4), "sijinak door")


class TooManyTries(Conflict):
    """Facts: ``minutes`` until the next guess is heard."""

    code = "too-many-tries"


@dataclass(frozen=True, slots=True, kw_only=True)
class Guess:
    """``device`` is the account's own device token, None on an unknown device."""

    username: str
    address: str
    device: str | None


def write_down(guess: Guess) -> SignInTry:
    """Count the guess before it is checked. Raises TooManyTries when it must wait."""
    account = keyring.lookup("account", guess.username.lower())
    origin = keyring.lookup("origin", _network(guess.address))
    device = keyring.lookup("device", guess.device) if guess.device else None
    _wait_for_others(account)
    try:
        _refuse_when_too_many(account, origin, device)
    except TooManyTries:
        warn("sign-in-throttled", account=account[:8].hex(), origin=origin[:8].hex())
        raise
    attempt = SignInTry(account=account, origin=origin, device=device, tried_at=now())
    db.session.add(attempt)
    return attempt


def _wait_for_others(account: bytes) -> None:
    """Two guesses at once would not see each other; SQLite lets one write at a time anyhow."""
    if db.engine.dialect.name == "postgresql":
        number = int.from_bytes(account[:8], signed=True)
        db.session.execute(select(func.pg_advisory_xact_lock(number)))


def _network(address: str) -> str:
    """One subscriber holds a whole /64 of IPv6 addresses."""
    try:
        parsed = ip_address(address)
    except ValueError:
        return address
    return str(int(parsed) >> 64) if isinstance(parsed, IPv6Address) else address


def note_failure(attempt: SignInTry, username: str, what: str = "sign-in") -> None:
    """A line in the trail, about the account if there is one; what was typed is told by a digest.

    It costs the same whether the name is known or not. The throttle bounds how many there can be.
    """
    user = user_by_name(username)
    about = ("users", user.id) if user else (SignInTry.__tablename__, attempt.id)
    facts = {"account": attempt.account[:8].hex(), "origin": attempt.origin[:8].hex()}
    events.record_all(f"user.{what}-failed", [About(*about, "", facts)], by=DOOR)


def note_success(attempt: SignInTry) -> None:
    """The guess was right: it counts no more, and neither do those of its place before it."""
    place = {"device": attempt.device} if attempt.device else {"origin": attempt.origin}
    mine = [getattr(SignInTry, name) == value for name, value in place.items()]
    db.session.execute(
        update(SignInTry).where(SignInTry.account == attempt.account, *mine).values(succeeded=True)
    )
    db.session.execute(delete(SignInTry).where(SignInTry.tried_at < now() - KEPT))


def _refuse_when_too_many(account: bytes, origin: bytes, device: bytes | None) -> None:
    since = now() - WINDOW
    if device is not None:
        _refuse_growing(*tries_since(since, account=account, device=device))
        return
    _refuse_growing(*tries_since(since, account=account, origin=origin))
    if tries_since(since, account=account)[0] >= PER_ACCOUNT:
        raise TooManyTries(minutes=60)
    if tries_since(since, origin=origin)[0] >= PER_ORIGIN:
        raise TooManyTries(minutes=60)


def _refuse_growing(count: int, last: datetime | None) -> None:
    if count < FREE or last is None:
        return
    pause = min(FIRST_PAUSE * 2 ** min(count - FREE, 10), LONGEST_PAUSE)
    left = min(last + pause - now(), pause)  # a clock that ran ahead locks nobody out
    if left > timedelta(0):
        raise TooManyTries(minutes=max(1, -(-int(left.total_seconds()) // 60)))
