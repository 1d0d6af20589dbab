"""A list of days off as text: one on each line, ``day;name;kind``."""

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from io import StringIO

from sijinak.treasury.holidays.models import HolidayKind
from sijinak.treasury.holidays.services import DayOff

MOST_ROWS = 400
COLUMNS = 3
KINDS = {
    "": HolidayKind.NATIONAL,
    "nasional": HolidayKind.NATIONAL,
    "libur nasional": HolidayKind.NATIONAL,
    "cuti bersama": HolidayKind.COLLECTIVE,
    "daerah": HolidayKind.REGIONAL,
    "libur daerah": HolidayKind.REGIONAL,
}


class RowFault(StrEnum):
    COLUMNS = "columns"
    DAY = "day"
    NAME = "name"
    KIND = "kind"
    TWICE = "twice"
    TOO_MANY = "too-many"


@dataclass(frozen=True, slots=True)
class Row:
    """A line and what it says, or what is wrong with it."""

    no: int
    text: str
    off: DayOff | None = None
    fault: RowFault | None = None


def read_list(text: str, source: str) -> list[Row]:
    """Commas, semicolons or tabs between the parts; "day" or "tanggal" begins the heading."""
    lines = [line.strip() for line in StringIO(text.lstrip("\ufeff")) if line.strip()]
    if lines and lines[0].lower().startswith(("day", "tanggal")):
        lines = lines[1:]
    if len(lines) > MOST_ROWS:
        return [Row(MOST_ROWS + 1, lines[MOST_ROWS], fault=RowFault.TOO_MANY)]
    return list(_rows(lines, source))


def _rows(lines: list[str], source: str) -> Iterator[Row]:
    seen = set[date]()
    for no, line in enumerate(lines, start=1):
        row = _row(no, line, source)
        if row.off and row.off.day in seen:
            row = Row(no, line, fault=RowFault.TWICE)
        elif row.off:
            seen.add(row.off.day)
        yield row


def _row(no: int, line: str, source: str) -> Row:
    separator = next((one for one in "\t;" if one in line), ",")
    parts = [part.strip() for part in next(csv.reader([line], delimiter=separator))]
    parts += [""] * (COLUMNS - len(parts))
    if len(parts) > COLUMNS:
        return Row(no, line, fault=RowFault.COLUMNS)
    day, kind = _day(parts[0]), KINDS.get(parts[2].lower())
    faults = {RowFault.DAY: day, RowFault.NAME: parts[1], RowFault.KIND: kind}
    fault = next((fault for fault, value in faults.items() if not value), None)
    if fault or day is None or kind is None:
        return Row(no, line, fault=fault)
    return Row(no, line, DayOff(day=day, name=parts[1], kind=kind, source=source))


def _day(text: str) -> date | None:
    """2027-03-10, or 10/03/2027 as the office writes it."""
    if text.count("/") == 2:  # noqa: PLR2004
        text = "-".join(part.zfill(2) for part in reversed(text.split("/")))
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None
