"""Addresses of the public pages that check a paper, short enough for a small QR code."""

from uuid import UUID

from sijinak.core.codes import ALPHABET
from sijinak.core.model import Model

LENGTH = 26
_VALUES = {letter: value for value, letter in enumerate(ALPHABET)} | {"O": 0, "I": 1, "L": 1}
_LARGEST = 1 << 128


def public_code(thing: Model) -> str:
    """The id in Crockford's base 32: 26 letters that a QR code holds in its dense mode."""
    number = thing.id.int
    return "".join(ALPHABET[number >> shift & 31] for shift in range(125, -1, -5))


def id_of_code(code: str) -> UUID | None:
    """The id a code stands for; None for what is no code."""
    number = 0
    for letter in code.upper():
        if letter not in _VALUES:
            return None
        number = number * 32 + _VALUES[letter]
    return UUID(int=number) if len(code) == LENGTH and number < _LARGEST else None


def receipt_check_url(public_url: str, receipt: Model) -> str:
    return f"{public_url.rstrip('/').upper()}/R/{public_code(receipt)}"


def skrd_check_url(public_url: str, skrd: Model) -> str:
    return f"{public_url.rstrip('/').upper()}/S/{public_code(skrd)}"
