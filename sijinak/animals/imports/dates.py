"""Days of birth. The day comes before the month, unless the list shows that it may not."""

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from sijinak.animals.imports.problems import BadCell

_DAY_FIRST = re.compile(r"(\d{1,2})([/.-])(\d{1,2})\2(\d{4})")
_ISO = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})")
_DATE_CELL = re.compile(r"(\d{4}-\d\d-\d\d)T[\d:.]+")  # a true date of a workbook
_MONTHS = 12


class Order(StrEnum):
    DAY_FIRST = "dd/mm"
    MONTH_FIRST = "mm/dd"


@dataclass(slots=True)
class Evidence:
    """How the dates of a column are written, by the sign between their parts."""

    day_first: Counter[str] = field(default_factory=Counter)
    month_first: Counter[str] = field(default_factory=Counter)
    either: Counter[str] = field(default_factory=Counter)

    def note(self, text: str) -> None:
        found = _DAY_FIRST.fullmatch(text.strip())
        if not found:
            return
        one, other = int(found[1]), int(found[3])
        if one > _MONTHS >= other:
            self.day_first[found[2]] += 1
        elif other > _MONTHS >= one:
            self.month_first[found[2]] += 1
        elif one != other:
            self.either[found[2]] += 1

    @property
    def doubtful(self) -> frozenset[str]:
        """Signs with which some dates have the month first, so that others may have it, too."""
        return frozenset(sign for sign in self.either if self.month_first[sign])

    @property
    def unproven(self) -> int:
        """How many dates could be read either way, and nothing in the list says which."""
        return sum(n for sign, n in self.either.items() if not self.day_first[sign])


@dataclass(frozen=True, slots=True)
class DateStyle:
    """``chosen`` is what the person said of the column; empty when nobody was asked."""

    doubtful: frozenset[str] = frozenset()
    chosen: Order | None = None


def evidence_of(texts: Iterable[str]) -> Evidence:
    evidence = Evidence()
    for text in texts:
        evidence.note(text)
    return evidence


def parse_birth(text: str, style: DateStyle) -> date:
    """Raises BadCell; never guesses."""
    if cell := _DATE_CELL.fullmatch(text):
        return date.fromisoformat(cell[1])
    year, month, day = _parts(text, style)
    try:
        return date(year, month, day)
    except ValueError:
        raise BadCell("list-no-such-day") from None


def _parts(text: str, style: DateStyle) -> tuple[int, int, int]:
    if iso := _ISO.fullmatch(text):
        return int(iso[1]), int(iso[2]), int(iso[3])
    found = _DAY_FIRST.fullmatch(text)
    if not found:
        raise BadCell("list-not-a-date")
    one, other, year = int(found[1]), int(found[3]), int(found[4])
    if one > _MONTHS or one == other:
        return year, other, one
    if other > _MONTHS or style.chosen is Order.MONTH_FIRST:
        return year, one, other
    if style.chosen is None and found[2] in style.doubtful:
        raise BadCell("list-date-ambiguous")
    return year, other, one


def orders() -> Mapping[str, Order]:
    return {order.value: order for order in Order}
