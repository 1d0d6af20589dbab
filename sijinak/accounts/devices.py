"""Where a guess comes from: the browser that signed in to the account before, or a stranger's."""

import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from flask import Response, current_app, request
from itsdangerous import BadSignature, URLSafeSerializer

from sijinak.accounts.factors import WrongCode
from sijinak.accounts.services import WrongPassword
from sijinak.accounts.throttle import Guess, note_failure, note_success, write_down
from sijinak.core.crypto import keyring
from sijinak.core.db import transaction
from sijinak.core.errors import SijinakError

COOKIE = "device"
A_YEAR = 365 * 24 * 3600
# A counter in a village office has some hands; who signed in longest ago is a stranger again.
MOST_NAMES = 8


def guess_at(username: str) -> Guess:
    device, names = _known()
    own = device if _mark(username) in names else None
    return Guess(username=username, address=request.remote_addr or "", device=own)


@contextmanager
def one_guess(username: str) -> Iterator[None]:
    """What is tried inside counts before it is checked, and no more once it is right.

    Raises TooManyTries.
    """
    with transaction():
        attempt = write_down(guess_at(username))
    try:
        yield
    except (WrongPassword, WrongCode) as error:
        what = "second-factor" if isinstance(error, WrongCode) else "sign-in"
        with transaction():
            note_failure(attempt, username, what)
        raise
    except SijinakError:
        with transaction():
            note_success(attempt)
        raise
    with transaction():
        note_success(attempt)


def remember_device(response: Response, username: str) -> None:
    """Next time this browser's guesses at this account are its owner's."""
    device, names = _known()
    mark = _mark(username)
    names = [mark, *(name for name in names if name != mark)][:MOST_NAMES]
    known = _serializer().dumps([device or secrets.token_urlsafe(16), names])
    secure = bool(current_app.config["SESSION_COOKIE_SECURE"])
    response.set_cookie(
        _cookie_name(), known, max_age=A_YEAR, httponly=True, secure=secure, samesite="Lax"
    )


def _known() -> tuple[str | None, list[str]]:
    """The browser's own mark, and those of the accounts that signed in on it."""
    try:
        found: Any = _serializer().loads(request.cookies.get(_cookie_name(), ""))
        device, names = found
    except (BadSignature, TypeError, ValueError):
        return None, []
    return device, names


def _mark(username: str) -> str:
    return keyring.lookup("account", username.lower())[:12].hex()


def _cookie_name() -> str:
    return f"{current_app.config['SESSION_COOKIE_NAME']}-{COOKIE}"


def _serializer() -> URLSafeSerializer:
    return URLSafeSerializer(current_app.config["SECRET_KEY"], salt="device")
