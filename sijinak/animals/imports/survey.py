"""A first look over the whole list: where it stands, where it ends, how it writes its dates."""

from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import chain, islice
from pathlib import Path

from sijinak.animals.imports.dates import Evidence
from sijinak.animals.imports.layout import (
    LONGEST_TAIL,
    MOST_ABOVE,
    Layout,
    find_layout,
    is_numbering,
    split_tail,
)
from sijinak.animals.imports.problems import Problem
from sijinak.animals.imports.table import Line, UnreadableList, lines_of, other_sheets

SHOWN_BLANK = 20


@dataclass(slots=True)
class Survey:
    layout: Layout
    notes: list[Problem]
    totals: list[int] = field(default_factory=list)
    tail: list[int] = field(default_factory=list)
    repeated: list[int] = field(default_factory=list)  # numbering, and headers of printed pages
    blank: int = 0
    blank_rows: list[int] = field(default_factory=list)
    dates: Evidence = field(default_factory=Evidence)

    def animals(self, staged: Path) -> Iterator[Line]:
        """The rows in which animals may stand."""
        none = {*self.totals, *self.tail, *self.repeated}
        return (
            line
            for line in lines_of(staged)
            if line.row > self.layout.header.row and line.row not in none
        )


def look_over(staged: Path) -> Survey:
    """Raises UnreadableList."""
    lines = lines_of(staged)
    top = list(islice(lines, MOST_ABOVE))
    layout = find_layout(top)
    header = layout.header.row
    survey = Survey(layout, list(layout.notes))
    survey.notes += [
        Problem(header, "", "list-other-sheet", {"sheet": sheet}) for sheet in other_sheets(staged)
    ]
    raw = next(line.cells for line in top if line.row == header)
    birth = next((p for p, name in layout.columns.items() if name == "tanggal_lahir"), None)
    last: deque[Line] = deque(maxlen=LONGEST_TAIL)
    untitled: dict[int, int] = {}
    before, count = header, 0
    for line in chain((line for line in top if line.row > header), lines):
        _note_blank(survey, before, line.row)
        before, count = line.row, count + 1
        if line.cells == raw or (count == 1 and is_numbering(line)):
            survey.repeated.append(line.row)
            continue
        if birth is not None and birth < len(line.cells):
            survey.dates.note(line.cells[birth])
        _note_untitled(untitled, line, layout)
        last.append(line)
    if not count:
        raise UnreadableList("list-header-only")
    survey.totals, survey.tail = split_tail(list(last), layout.columns)
    survey.notes += [
        Problem(row, "", "list-column-untitled", {"place": place + 1})
        for place, row in sorted(untitled.items())
        if row not in survey.tail
    ]
    return survey


def _note_blank(survey: Survey, before: int, row: int) -> None:
    survey.blank += row - before - 1
    room = SHOWN_BLANK - len(survey.blank_rows)
    survey.blank_rows += range(before + 1, min(row, before + 1 + room))


def _note_untitled(untitled: dict[int, int], line: Line, layout: Layout) -> None:
    """Where something stands that no title names, and in which row first."""
    titles = layout.header.cells
    if len(line.cells) <= len(titles) and all(titles):
        return
    for place, text in enumerate(line.cells):
        has_title = place < len(titles) and titles[place]
        if not has_title and text.strip():
            untitled.setdefault(place, line.row)
