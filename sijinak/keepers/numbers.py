"""Numbers that people and offices give to keepers, brought to one spelling."""

import re

NIB_LENGTH = 13
NPWP_LENGTHS = frozenset({15, 16})  # 16 since 2024; older papers show 15
_BETWEEN = re.compile(r"[\s.'/-]")


def digits_of(text: str) -> str:
    """Without what people write between the digits; what is no digit stays, to be refused."""
    return _BETWEEN.sub("", text)


def is_nib(text: str) -> bool:
    return _are_digits(text) and len(text) == NIB_LENGTH


def is_npwp(text: str) -> bool:
    return _are_digits(text) and len(text) in NPWP_LENGTHS


def phone_number(text: str) -> str:
    """One spelling of a telephone number, so that it is found again: 081234567890."""
    return re.sub(r"^62", "0", re.sub(r"\D", "", text))


def masked(tail: str) -> str:
    """All that most people see of a NIK: its last four digits."""
    return f"············{tail}" if tail else ""


def _are_digits(text: str) -> bool:
    return text.isascii() and text.isdigit()
