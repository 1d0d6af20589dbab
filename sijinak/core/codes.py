"""Codes that people read aloud, type with cold fingers, and print on tags."""

import secrets
from typing import NewType

from stdnum.iso7064 import mod_37_36

from sijinak.core.errors import Invalid

TagCode = NewType("TagCode", str)

# Crockford base 32: no I, L, O or U, so that nothing is read two ways.
ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
RANDOM_LENGTH = 8
LENGTH = 10
# The largest prime below 32 * 32: every single, adjacent and jump error changes the remainder.
MODULUS = 1021

_VALUES = {letter: value for value, letter in enumerate(ALPHABET)} | {"O": 0, "I": 1, "L": 1}
_SEPARATORS = str.maketrans("", "", " -.\t")


class NotATagCode(Invalid):
    code = "not-a-tag-code"


def new_tag_code() -> TagCode:
    """A fresh public name: 40 random bits and two check characters. It is no secret."""
    return _with_check("".join(secrets.choice(ALPHABET) for _ in range(RANDOM_LENGTH)))


def tag_code_of(number: int) -> TagCode:
    """The code whose random part is this number, below 32 ** 8: for demo data."""
    return _with_check("".join(ALPHABET[number >> shift & 31] for shift in range(35, -1, -5)))


def parse_tag_code(text: str) -> TagCode:
    """What was typed or scanned, in its one spelling.

    Takes lower case, spaces, dashes, and O for 0, I or L for 1.
    Raises NotATagCode when the length, a letter or the check characters are wrong.
    """
    letters = text.translate(_SEPARATORS).upper()
    try:
        values = [_VALUES[letter] for letter in letters]
    except KeyError:
        raise NotATagCode(text=text) from None
    if len(values) != LENGTH or _number(values) % MODULUS:
        raise NotATagCode(text=text)
    return TagCode("".join(ALPHABET[value] for value in values))


def spaced(code: str) -> str:
    """As people read it: 7K3M-9QX4-5J."""
    return f"{code[:4]}-{code[4:8]}-{code[8:]}"


def check_character(text: str) -> str:
    """ISO 7064 mod 37,36 over the letters and digits of a document's number."""
    check: str = mod_37_36.calc_check_digit("".join(c for c in text.upper() if c.isalnum()))
    return check


def _with_check(letters: str) -> TagCode:
    number = _number([_VALUES[letter] for letter in letters])
    check = -number * 1024 % MODULUS
    return TagCode(letters + ALPHABET[check >> 5] + ALPHABET[check & 31])


def _number(values: list[int]) -> int:
    number = 0
    for value in values:
        number = number * 32 + value
    return number
