"""Where in a sheet the list stands: titles above, headers of one row or two, what comes after."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from sijinak.animals.imports.columns import NUMBERS, REQUIRED, column_called
from sijinak.animals.imports.problems import Problem
from sijinak.animals.imports.table import Line, UnreadableList

MOST_ABOVE = 40  # lines among which the header is looked for
LONGEST_TAIL = 40
_CELLS_OF_AN_ANIMAL = 4

_TOTAL = re.compile(r"(sub ?)?(total|jumlah)\b", re.IGNORECASE)
_SIGNATURE = re.compile(
    r"(mengetahui|menyetujui|disahkan|dibuat oleh|diperiksa oleh|yang membuat|kepala (desa|dusun|"
    r"upt|bidang|dinas)|lurah|camat|petugas|pendata|sekretaris desa|nip\b|keterangan\s*:|catatan)",
    re.IGNORECASE,
)
_PLACE_AND_DAY = re.compile(r"[^\d,]{3,40}, ?(tgl\.? ?)?[\d.… _]{1,12}[ /-]?\w* ?[/-]?\d{0,4}")

Columns = Mapping[int, str]


@dataclass(frozen=True, slots=True)
class Layout:
    """``wrong`` stops the list; ``notes`` only say what is not taken."""

    header: Line
    columns: Columns
    wrong: tuple[Problem, ...] = ()
    notes: tuple[Problem, ...] = ()

    @property
    def missing(self) -> tuple[str, ...]:
        """Columns without which no new animal comes in."""
        return tuple(name for name in REQUIRED if name not in self.columns.values())


def find_layout(top: Sequence[Line]) -> Layout:
    """The line, or the two of a header that is merged across, that name the most columns.

    Raises UnreadableList.
    """
    if not top:
        raise UnreadableList("list-empty")
    best = max(_headers(top), key=lambda header: len(_known(header)))
    columns: dict[int, str] = {}
    wrong: list[Problem] = []
    notes: list[Problem] = []
    for place, title in enumerate(best.cells):
        name = column_called(title)
        if name in columns.values():
            wrong.append(Problem(best.row, title, "list-column-twice", {"name": name}))
        elif name:
            columns[place] = name
        elif title:
            notes.append(Problem(best.row, title, "list-column-ignored"))
    missing = [name for name in REQUIRED if name not in columns.values()]
    if not any(name in columns.values() for name in NUMBERS):
        wrong += [Problem(best.row, name, "list-column-missing") for name in missing]
    return Layout(best, columns, tuple(wrong), tuple(notes))


def _headers(top: Sequence[Line]) -> Iterator[Line]:
    """Every line as a header of its own, then every two: of equals the first is taken."""
    yield from (Line(line.row, [_title(cell) for cell in line.cells]) for line in top)
    for above, below in pairwise(top):
        yield Line(below.row, _joined(above.cells, below.cells))


def _known(header: Line) -> set[str]:
    return {name for title in header.cells if (name := column_called(title))}


def _title(cell: str) -> str:
    return " ".join(cell.split())


def _joined(above: Sequence[str], below: Sequence[str]) -> list[str]:
    """A title above may be merged over several: "Tanggal" over "Lahir" and "Beli"."""
    titles, over = [], ""
    for place in range(max(len(above), len(below))):
        high = _title(above[place]) if place < len(above) else ""
        low = _title(below[place]) if place < len(below) else ""
        over = high or over
        both = f"{over} {low}"
        titles.append(high if not low else both if column_called(both) else low)
    return titles


def names_of(columns: Columns) -> list[str]:
    """The columns in the order of their places; what is not taken in has no name."""
    return [columns.get(place, "") for place in range(max(columns, default=-1) + 1)]


def is_total(line: Line) -> bool:
    return bool(_TOTAL.match(next(c for cell in line.cells if (c := cell.strip()))))


def is_numbering(line: Line) -> bool:
    """The row 1, 2, 3 … that people put below a header."""
    numbers = [cell.strip(" ().") for cell in line.cells if cell.strip()]
    counted = [str(n) for n in range(1, len(numbers) + 1)]
    return len(numbers) >= _CELLS_OF_AN_ANIMAL and numbers == counted


def split_tail(last: Sequence[Line], columns: Columns) -> tuple[list[int], list[int]]:
    """Rows of totals and of the signatures, at the end of the list: no animals stand there."""
    end = len(last)
    begins = end
    for at in range(end - 1, -1, -1):
        if _filled(last[at], columns) >= _CELLS_OF_AN_ANIMAL:
            break
        if any(_SIGNATURE.match(cell.strip()) for cell in last[at].cells):
            begins = at
    while begins and begins < end and _is_place_and_day(last[begins - 1]):
        begins -= 1
    first = begins
    while first and is_total(last[first - 1]):
        first -= 1
    return [line.row for line in last[first:begins]], [line.row for line in last[begins:]]


def _filled(line: Line, columns: Columns) -> int:
    return sum(1 for place, cell in enumerate(line.cells) if cell.strip() and place in columns)


def _is_place_and_day(line: Line) -> bool:
    """Lunyuk Rea, 12 November 2026."""
    filled = [cell.strip() for cell in line.cells if cell.strip()]
    return len(filled) == 1 and bool(_PLACE_AND_DAY.fullmatch(filled[0]))
