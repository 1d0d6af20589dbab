"""Passwords: how they are kept, and which are good enough."""

import re
from dataclasses import dataclass

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from sijinak.core.errors import Invalid

# OWASP's figures for argon2id: 19 MiB, two passes, one lane (about 20 ms here).
_HASHER = PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1)
SHORTEST, LONGEST = 12, 128
SPBE_DAYS = 183
# What people in an office pad to twelve characters; a padded common word is still one.
_COMMON = (
    "password", "passw0rd", "qwertyuiop", "qwerty", "asdfghjkl", "zxcvbnm", "iloveyou", "admin",
    "administrator", "letmein", "welcome", "sijinak", "sumbawa", "peternakan", "ternak", "dinas",
    "indonesia", "bismillah", "rahasia", "katasandi", "sayang", "kabupaten", "samawa", "merdeka",
)  # fmt: skip


class WeakPassword(Invalid):
    """Facts: ``reason``, one of short, long, common, name, kinds."""

    code = "weak-password"

    def __init__(self, reason: str) -> None:
        super().__init__(reason=reason)
        self.code = f"weak-password-{reason}"


@dataclass(frozen=True, slots=True)
class Policy:
    """``asvs``: OWASP ASVS 5.0 6.2. ``spbe`` adds the four kinds and the six months of BSSN 4/2021."""

    four_kinds: bool
    valid_days: int | None


POLICIES = {"asvs": Policy(False, None), "spbe": Policy(True, SPBE_DAYS)}  # noqa: FBT003


def hashed(password: str) -> str:
    return _HASHER.hash(password)


# A user who does not exist costs the same time as one who does.
NOBODY = hashed("nobody has this password")


def matches(kept: str, password: str) -> bool:
    try:
        return _HASHER.verify(kept, password)
    except (VerificationError, InvalidHashError):
        return False


def refuse_weak(password: str, username: str, policy: Policy) -> None:
    """Raises WeakPassword."""
    if len(password) < SHORTEST:
        raise WeakPassword("short")
    if len(password) > LONGEST:
        raise WeakPassword("long")
    if username.lower() in password.lower():
        raise WeakPassword("name")
    if _is_common(password.lower()):
        raise WeakPassword("common")
    if policy.four_kinds and not all(re.search(k, password) for k in ("[a-z]", "[A-Z]", r"\d", r"[\W_]")):
        raise WeakPassword("kinds")


def _is_common(password: str) -> bool:
    """A common word with padding, one piece over and over, or a run along the keyboard."""
    bare = re.sub(r"[\d\W_]+", "", password)
    repeats = re.fullmatch(r"(.{1,6}?)\1+.{0,3}", password) is not None
    digits = re.sub(r"\D", "", password)
    runs = len(digits) >= SHORTEST and digits in "01234567890123456789" * 2
    words = re.sub("|".join(_COMMON), "", bare)
    return repeats or runs or (len(words) <= 2 and len(set(password)) < SHORTEST + 6)  # noqa: PLR2004
