"""Amounts as files of others spell them. The style is declared; nothing is guessed."""

import re
from enum import StrEnum

from sijinak.core.money import NotAnAmount, Rupiah

MOST_DIGITS = 15


class Style(StrEnum):
    """How a file writes a million: 1.000.000,00 or 1,000,000.00 or 1000000.00 or 1000000,00."""

    ID = "id"
    EN = "en"
    WIRE = "wire"
    SWIFT = "swift"


_DIGITS = {
    Style.ID: re.compile(r"(?:[Rr][Pp]\.?\s?)?(\d{1,3}(?:\.\d{3})+|\d+)(?:,(?:00|-))?", re.ASCII),
    Style.EN: re.compile(r"(\d{1,3}(?:,\d{3})+|\d+)(?:\.00)?", re.ASCII),
    Style.WIRE: re.compile(r"(\d+)(?:\.0{1,2})?", re.ASCII),
    Style.SWIFT: re.compile(r"(\d+),(?:0{1,2})?", re.ASCII),
}
_SIGNED = re.compile(
    r"\((?P<inside>[^()]+)\)|(?P<minus>[-+]?)(?P<plain>[^()]+?)(?P<mark> ?(?:DB|CR))?"
)


def amount_of(text: str, style: Style) -> Rupiah:
    """Whole rupiah, below zero for ``-1``, ``(1)`` and ``1 DB``. Raises NotAnAmount."""
    found = _SIGNED.fullmatch(text.strip())
    if found is None:
        raise NotAnAmount(text=text)
    digits = _DIGITS[style].fullmatch(found["inside"] or found["plain"])
    marks = [bool(found["inside"]), found["minus"] == "-", (found["mark"] or "").endswith("DB")]
    if digits is None or sum(marks) > 1 or (found["minus"] and found["mark"]):
        raise NotAnAmount(text=text)
    number = re.sub(r"[.,]", "", digits[1])
    if len(number) > MOST_DIGITS:
        raise NotAnAmount(text=text)
    return Rupiah(-int(number) if any(marks) else int(number))
