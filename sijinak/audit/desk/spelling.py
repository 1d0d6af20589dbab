"""What may be meant by what an auditor typed: numbers of papers in any spelling, and amounts."""

import re
from dataclasses import dataclass

from sijinak.core.codes import check_character
from sijinak.core.money import NotAnAmount, parse_rupiah
from sijinak.permits.deciding import RECOMMENDATION, SKKH

PAPERS = frozenset({"TBP", "SKRD", "STRD", "STS"})
LETTERS = {"REK": RECOMMENDATION, "SKKH": SKKH}
_PARTS = re.compile(r"[A-Z]+|[0-9]+")
_CHECK = re.compile(r"-\s*[0-9]\s*$")  # of the number before
_YEAR = re.compile(r"20[0-9]{2}")
_OF_LETTERS = frozenset({"524", "3"})  # the code of the office's files, before each number
LONGEST = 15  # digits


@dataclass(frozen=True, slots=True)
class Numbered:
    """The ``no`` of a year; ``kind`` and ``series`` are empty when they were left out.

    The series is told by its letters and digits alone.
    """

    kind: str
    series: str
    year: int
    no: int


def numbered(typed: str, this_year: int) -> Numbered | None:
    """TBP/SBW-01/2026/0000123-K, also as "tbp 2026 123" or "TBP-123" of this year."""
    parts = _PARTS.findall(typed.upper())
    words = [part for part in parts if part.isalpha()]
    numbers = [part for part in parts if part.isdigit() and len(part) <= LONGEST]
    if not numbers or set(words) & set(LETTERS):
        return None
    kind = next((word for word in words if word in PAPERS), "")
    place = next((n for n, one in enumerate(numbers) if _YEAR.fullmatch(one)), None)
    if place is not None and place + 1 < len(numbers):
        year, no = int(numbers[place]), numbers[place + 1]
        before = parts[: parts.index(numbers[place])]
    elif kind:
        has_check = len(numbers) > 1 and _CHECK.search(typed)
        year, no = this_year, numbers[-2] if has_check else numbers[-1]
        before = parts[: parts.index(no)]
    else:
        return None
    series = "".join(part for part in before if part not in PAPERS)
    return Numbered(kind, series, year, int(no))


def letters(typed: str, this_year: int) -> list[str]:
    """The numbers of a permit and of a health letter that it may be."""
    parts = _PARTS.findall(typed.upper())
    named = [name for name in LETTERS if name in parts]
    numbers = [one for one in parts if one.isdigit() and one not in _OF_LETTERS]
    year = next((int(one) for one in numbers if _YEAR.fullmatch(one)), this_year)
    no = next((int(one) for one in numbers if int(one) != year and len(one) <= LONGEST), None)
    if no is None or not named:
        return []
    spelt = [LETTERS[name].format(no=no, year=year) for name in named]
    return [f"{text}-{check_character(text)}" for text in spelt]


def amount_in(typed: str) -> int | None:
    try:
        return int(parse_rupiah(typed))
    except NotAnAmount:
        return None


def digits_in(typed: str) -> str:
    """All of it as digits, when it is nothing else."""
    plain = re.sub(r"[\s.-]", "", typed)
    return plain if plain.isascii() and plain.isdigit() and len(plain) <= LONGEST + 1 else ""


def serial_in(typed: str) -> tuple[str, int] | None:
    """The series and the serial of a ticket, or the first serial of a row: PH-A 1548–1595."""
    series = r"((?:[A-Za-z]{1,6}[0-9]??(?:-[A-Za-z][A-Za-z0-9]{0,5}?)?)?)"
    found = re.fullmatch(
        series + r"[\s/-]*0*([0-9]{1,9})(?:\s*[\u2013-]\s*[0-9]{1,9})?", typed.strip()
    )
    return (found[1].upper(), int(found[2])) if found else None
