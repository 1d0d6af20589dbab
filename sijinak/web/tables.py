"""Tables to take away as CSV, in which no text becomes a formula."""

import csv
import io
import json
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

from sijinak.core.clock import local
from sijinak.web.i18n import gettext as _
from sijinak.web.labels import label

# What spreadsheets take for the beginning of a formula, also in full width.
FORMULA = tuple("=+-@\t\r\n\N{FULLWIDTH EQUALS SIGN}\N{FULLWIDTH PLUS SIGN}"
                "\N{FULLWIDTH HYPHEN-MINUS}\N{FULLWIDTH COMMERCIAL AT}")  # fmt: skip

BEGINNING = "\ufeff"  # Excel reads UTF-8 only after it
DELIMITER, LINE_END = ";", "\r\n"  # as Excel with Indonesian settings opens it
ROWS_AT_ONCE = 500

# Letters of a file, and how many rows end in them.
Piece = tuple[bytes, int]


def plain_text(cell: object) -> object:
    """A text that a spreadsheet shows as it is; numbers stay numbers."""
    return f"'{cell}" if isinstance(cell, str) and cell.startswith(FORMULA) else cell


def shown(value: object) -> object:  # noqa: PLR0911 - a table
    """A value as people read it in a table; numbers and days are left to the file's own kind."""
    match value:
        case StrEnum():
            return label(value)
        case bool():
            return _("Yes") if value else _("No")
        case dict() | list():
            return json.dumps(value, ensure_ascii=False)
        case UUID():
            return str(value)
        case _:
            return value


def csv_line(cells: Iterable[object]) -> str:
    """One line of a file that is put together by hand."""
    return _lines([cells]).decode()


def csv_pieces(head: Sequence[str], rows: Iterable[Sequence[object]]) -> Iterator[Piece]:
    """A long list is never in memory as a whole."""
    yield from headed(csv_head(head), _below(rows))


def headed(head: bytes, pieces: Iterator[Piece]) -> Iterator[Piece]:
    """With the first rows, not before: until they are found nothing has been sent."""
    for piece, rows in pieces:
        yield head + piece, rows
        head = b""
    if head:
        yield head, 0


def csv_head(head: Sequence[str]) -> bytes:
    return BEGINNING.encode() + _lines([head])


def _below(rows: Iterable[Sequence[object]]) -> Iterator[Piece]:
    waiting: list[Sequence[object]] = []
    for row in rows:
        waiting.append(row)
        if len(waiting) == ROWS_AT_ONCE:
            yield _lines(waiting), len(waiting)
            waiting.clear()
    yield _lines(waiting), len(waiting)


def _lines(rows: Iterable[Iterable[object]]) -> bytes:
    text = io.StringIO(newline="")
    writer = csv.writer(text, delimiter=DELIMITER, lineterminator=LINE_END)
    writer.writerows([plain_text(_as_text(cell)) for cell in row] for row in rows)
    return text.getvalue().encode("utf-8", "replace")


def _as_text(value: object) -> object:
    match value:
        case datetime():
            return f"{local(value):%Y-%m-%d %H:%M:%S}"
        case date():
            return value.isoformat()
        case _:
            return shown(value)
