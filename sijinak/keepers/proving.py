"""How a keeper without an account proves who they are: a secret link, and digits they know."""

import hmac
import secrets
from base64 import b32encode
from hashlib import sha256

from sijinak.core.errors import Conflict, NotFound
from sijinak.keepers.models import Keeper

SECRET_BYTES = 20
MOST_TRIES = 5
DIGITS = 4


class LinkShownBefore(Conflict):
    """Its secret is not kept, so it cannot be shown again."""

    code = "link-shown-before"


class LinkOver(NotFound):
    """Used, replaced, run out, or guessed at too often."""

    code = "link-over"


class NoDigits(Conflict):
    """The keeper has neither NIK nor NIB to ask for."""

    code = "no-digits"


def new_secret() -> str:
    return b32encode(secrets.token_bytes(SECRET_BYTES)).decode()


def digest_of_secret(secret: str) -> bytes:
    """What is kept of it."""
    return sha256(secret.strip().upper().encode()).digest()


def last_digits(keeper: Keeper) -> str:
    """What the keeper must know. Raises NoDigits."""
    digits = keeper.nik_tail or (keeper.nib or "")[-DIGITS:]
    if len(digits) < DIGITS:
        raise NoDigits
    return digits


def knows_digits(keeper: Keeper, digits: str) -> bool:
    return hmac.compare_digest(digits.encode(), last_digits(keeper).encode())
