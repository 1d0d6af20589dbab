"""What the text of a bank, or a slip, names: codes of our papers, and ids."""

import re
from collections.abc import Iterable

from sijinak.core.codes import check_character

SHORTEST = 6  # of an id that may stand for money: shorter ones meet by chance
_BILL = re.compile(r"(SKRD|STRD)(\d{4})(\d{6})([0-9A-Z])", re.ASCII)
_DEPOSIT = re.compile(
    r"(?<![0-9A-Z])STS[^0-9A-Z]*(\d{4})[^0-9A-Z]*(\d{6})[^0-9A-Z]*([0-9A-Z])(?![0-9A-Z])", re.ASCII
)
_WORDS = re.compile(r"[^\s,;:|]+")


def squeezed(text: str) -> str:
    """Letters and digits alone: banks drop or change what stands between."""
    return "".join(c for c in text.upper() if c.isascii() and c.isalnum())


def tokens_of(remark: str, references: Iterable[str]) -> frozenset[str]:
    """What may be an id, in one spelling."""
    words = [*references, *_WORDS.findall(remark)]
    return frozenset(t for word in words if len(t := squeezed(word)) >= SHORTEST)


def bill_codes_in(texts: Iterable[str]) -> frozenset[str]:
    """Numbers of bills with a true check character, as ``squeezed`` spells them."""
    found = set()
    for text in texts:
        for kind, year, no, check in _BILL.findall(squeezed(text)):
            if check_character(f"{kind}/{year}/{no}") == check:
                found.add(f"{kind}{year}{no}{check}")
    return frozenset(found)


def deposit_numbers_in(texts: Iterable[str]) -> frozenset[str]:
    """Numbers of STS that stand as words of their own, as ``squeezed`` spells them."""
    found = (match for text in texts for match in _DEPOSIT.findall(text.upper()))
    return frozenset(f"STS{year}{no}{check}" for year, no, check in found)


def speaks_of_bill(squeezed_text: str) -> bool:
    """However badly the number is written."""
    return "SKRD" in squeezed_text or "STRD" in squeezed_text


def is_reference(name: str) -> bool:
    """Long enough, and no word of a language: those stand on many lines."""
    return len(name) >= SHORTEST and any(letter.isdigit() for letter in name)


def spelt(code: str) -> str:
    """SKRD2026000123X as the bill's number writes it."""
    return f"{code[:4]}/{code[4:8]}/{code[8:14]}-{code[14]}"


def only_bill_in(texts: Iterable[str]) -> str:
    """The number of the bill that is named; empty when none is, or several are."""
    codes = list(bill_codes_in(texts))
    return spelt(codes[0]) if len(codes) == 1 else ""
