"""Whole rupiah, and how Indonesia writes them."""

import re
from typing import NewType

from sijinak.core.errors import Invalid

Rupiah = NewType("Rupiah", int)

_TYPED = re.compile(
    r"(?:rp\.?\s*)?(\d{1,3}(?:\.\d{3}){1,4}|\d{1,15})(?:,00|,-)?", re.IGNORECASE | re.ASCII
)
_WORDS = (
    "nol", "satu", "dua", "tiga", "empat", "lima", "enam", "tujuh", "delapan", "sembilan",
    "sepuluh", "sebelas",
)  # fmt: skip
_SCALES = (
    (10**12, "triliun"), (10**9, "miliar"), (10**6, "juta"), (1000, "ribu"), (100, "ratus"),
)  # fmt: skip


class NotAnAmount(Invalid):
    code = "not-an-amount"


def rupiah_text(amount: int) -> str:
    """An amount such as Rp 79.500."""
    sign = "-" if amount < 0 else ""
    return f"{sign}Rp {thousands(abs(amount))}"


def thousands(number: int) -> str:
    return f"{number:,}".replace(",", ".")


def parse_rupiah(text: str) -> Rupiah:
    """'Rp 1.250.000', '1.250.000,00', '75.000,-' and '75000'; anything doubtful is refused."""
    found = _TYPED.fullmatch(text.strip())
    if found is None:
        raise NotAnAmount(text=text)
    return Rupiah(int(found[1].replace(".", "")))


def in_words(amount: int) -> str:
    """The amount as receipts spell it (terbilang), with the word rupiah."""
    return f"{_spelt(amount)} rupiah"


def _spelt(number: int) -> str:
    if number < 12:  # noqa: PLR2004
        return _WORDS[number]
    if number < 20:  # noqa: PLR2004
        return f"{_WORDS[number - 10]} belas"
    if number < 100:  # noqa: PLR2004
        return _joined(f"{_WORDS[number // 10]} puluh", number % 10)
    scale, name = next((s, n) for s, n in _SCALES if number >= s)
    count, rest = divmod(number, scale)
    head = f"se{name}" if count == 1 and scale <= 1000 else f"{_spelt(count)} {name}"  # noqa: PLR2004
    return _joined(head, rest)


def _joined(head: str, rest: int) -> str:
    return f"{head} {_spelt(rest)}" if rest else head
