"""Days of birth. The day comes before the month, and a whole column is written in one way."""

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from sijinak.animals.imports.problems import BadCell

_DAY_FIRST = re.compile(r"(\d{1,2})([/.-])(\d{1,2})\2(\d{4})")
_ISO = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})")
_DATE_CELL = re.compile(r"(\d{4}-\d\d-\d\d)T[\d:.]+")  # a true date of a workbook
_MONTHS = 12
NAMES = {"/": "dd/mm/yyyy", "-": "dd-mm-yyyy", ".": "dd.mm.yyyy", "iso": "yyyy-mm-dd"}


@dataclass(frozen=True, slots=True)
class DateStyle:
    """How a column writes its dates; the month may seem to come first."""

    name: str = "/"
    month_first: bool = False


def style_of(texts: Iterable[str]) -> DateStyle:
    """The way most dates are written; dd/mm/yyyy when none leads."""
    texts = list(texts)
    counted = Counter(style for text in texts if (style := _style(text)))
    most = max(counted.values(), default=0)
    leaders = [name for name in NAMES if counted[name] == most]
    pairs = [
        (int(m[1]), int(m[3]))
        for t in texts
        if (m := _DAY_FIRST.fullmatch(t)) and m[2] == leaders[0]
    ]
    day_first = sum(first > _MONTHS >= second for first, second in pairs)
    month_first = sum(second > _MONTHS >= first for first, second in pairs)
    return DateStyle(leaders[0], month_first > day_first)


def parse_birth(text: str, style: DateStyle) -> date:
    """Raises BadCell; never guesses."""
    if cell := _DATE_CELL.fullmatch(text):
        return date.fromisoformat(cell[1])
    written = _style(text)
    if not written:
        raise BadCell("list-not-a-date")
    if written != style.name:
        raise BadCell("list-date-style", style=NAMES[style.name])
    first, month, last = (int(part) for part in re.split(r"[/.-]", text))
    year, day = (first, last) if written == "iso" else (last, first)
    if style.month_first and day != month and max(day, month) <= _MONTHS:
        raise BadCell("list-date-ambiguous")
    try:
        return date(year, month, day)
    except ValueError:
        raise BadCell("list-no-such-day", style=NAMES[style.name]) from None


def _style(text: str) -> str:
    if _ISO.fullmatch(text):
        return "iso"
    found = _DAY_FIRST.fullmatch(text)
    return found[2] if found else ""
