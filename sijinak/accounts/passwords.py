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
# This much must be left of a password when all that guessing programs try first is taken away.
LEAST_OWN = 6
# What people in an office pad to twelve characters; a padded common word is still one.
_COMMON = (
    "password", "passwort", "kata sandi", "katasandi", "rahasia", "iloveyou", "administrator",
    "admin", "letmein", "welcome", "login", "user", "test", "dragon", "monkey", "sunshine",
    "princess", "football", "superman", "master", "secret", "changeme", "qwerty", "sijinak",
    "sumbawa", "samawa", "barat", "besar", "kabupaten", "bupati", "peternakan", "peternak",
    "ternak", "hewan", "dinas", "dokter", "petugas", "pegawai", "bendahara", "sapi", "kerbau",
    "kuda", "kambing", "indonesia", "merdeka", "bismillah", "alhamdulillah", "assalamualaikum",
    "sayang", "cinta", "ganti", "baru",
)  # fmt: skip
_WORDS = re.compile("|".join(sorted(_COMMON, key=len, reverse=True)))
_ROWS = (
    "qwertyuiop", "asdfghjkl", "zxcvbnm", "01234567890", "abcdefghijklmnopqrstuvwxyz",
    "1q2w3e4r5t6y7u8i9o0p", "1qaz2wsx3edc4rfv5tgb6yhn7ujm", "qazwsxedcrfvtgbyhnujm",
)  # fmt: skip
_RUN = 4
_LOOKALIKES = str.maketrans("@4031$57!", "aaoeissti")


class WeakPassword(Invalid):
    """Facts: ``reason``, one of short, long, common, name, kinds."""

    code = "weak-password"

    def __init__(self, reason: str) -> None:
        super().__init__(reason=reason)
        self.code = f"weak-password-{reason}"


@dataclass(frozen=True, slots=True)
class Policy:
    """``asvs``: OWASP ASVS 5.0 6.2. ``spbe`` adds the four kinds and six months of BSSN 4/2021."""

    four_kinds: bool
    valid_days: int | None


POLICIES = {
    "asvs": Policy(four_kinds=False, valid_days=None),
    "spbe": Policy(four_kinds=True, valid_days=SPBE_DAYS),
}


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
    if is_common(password):
        raise WeakPassword("common")
    if is_common(password.lower().replace(username.lower(), "")):
        raise WeakPassword("name")
    kinds = ("[a-z]", "[A-Z]", r"\d", r"[\W_]")
    if policy.four_kinds and not all(re.search(kind, password) for kind in kinds):
        raise WeakPassword("kinds")


def is_common(password: str) -> bool:
    """A common word with padding, one piece over and over, or a run along the keyboard."""
    text = password.lower()
    if re.fullmatch(r"(.{1,12}?)\1+.{0,3}", text):
        return True
    core = re.sub(r"^[\d\W_]+|[\d\W_]+$", "", _without_runs(text))
    spelt = core.translate(_LOOKALIKES)
    return min(_own_letters(core), _own_letters(spelt)) < LEAST_OWN


def _own_letters(core: str) -> int:
    """How many letters and digits a person put in beside common words, years and repeats."""
    rest = re.sub(r"(?:19|20)\d\d", "", _WORDS.sub("", core))
    rest = re.sub(r"(.+?)\1{2,}", r"\1", rest)
    return len(re.sub(r"[\W_]", "", rest))


def _without_runs(text: str) -> str:
    for row in (*_ROWS, *(row[::-1] for row in _ROWS)):
        for size in range(len(row), _RUN - 1, -1):
            for start in range(len(row) - size + 1):
                text = text.replace(row[start : start + size], "")
    return text
