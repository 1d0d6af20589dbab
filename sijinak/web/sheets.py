"""Tables to take away as XLSX: texts stay texts, whatever they begin with.

A sheet is written row by row into a temporary folder, so that a long one is never in memory, and
sent from there. The folder is gone before the first piece is sent: what is open can still be read.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, date, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, BinaryIO

import xlsxwriter
from xlsxwriter.exceptions import XlsxFileError

from sijinak.core.clock import local
from sijinak.core.errors import Unavailable
from sijinak.web.tables import shown

MEDIA_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
MOST_ROWS = 1_048_575  # below the head of a sheet: Excel knows no more
LONGEST_TEXT = 32_767  # letters in a cell: the writer drops a longer text without a word
LONGEST_NAME = 31  # letters on the tab of a sheet
FORBIDDEN = re.compile(r"[\[\]:*?/\\\x00-\x1f]")
AT_ONCE = 65_536
# No text becomes a formula, a link or a number; the same rows make the same bytes.
_OPTIONS = {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False,
            "strings_to_numbers": False}  # fmt: skip
_STAMP = datetime(1980, 1, 1, tzinfo=UTC)

Row = Sequence[object]


class NoRoom(Unavailable):
    """The disk is full, or there is no folder for what is only needed for a moment."""

    code = "export-no-room"


def book_of(
    head: Sequence[str], rows: Iterable[Row], name: str = "SiJINAK"
) -> tuple[BinaryIO, int]:
    """The finished book, which no folder shows any more, and how many rows are in it.

    Raises NoRoom. ``name`` stands on its sheets, as far as Excel bears it.
    """
    try:
        with TemporaryDirectory(prefix="sijinak-export-") as folder:
            path = Path(folder) / "book.xlsx"
            written = _write(path, head, rows, name)
            return path.open("rb"), written
    except (OSError, XlsxFileError) as error:
        raise NoRoom from error


def pieces_of(file: BinaryIO) -> Iterator[bytes]:
    with file:
        while piece := file.read(AT_ONCE):
            yield piece


def sheet_name(name: str, number: int = 1) -> str:
    """As Excel bears it: not too long, no letter that it forbids, and no second of the same."""
    tail = f" ({number})" if number > 1 else ""
    fitting = " ".join(FORBIDDEN.sub(" ", name).split()).strip("'")
    return fitting[: LONGEST_NAME - len(tail)].strip(" '") + tail


def _write(path: Path, head: Sequence[str], rows: Iterable[Row], name: str) -> int:
    book = xlsxwriter.Workbook(path, {**_OPTIONS, "tmpdir": str(path.parent)})
    try:
        book.set_properties({"created": _STAMP})
        written = _Sheets(book, head, name).write(rows)
    except BaseException:
        book.fileclosed = True  # else it warns that nobody closed it
        for sheet in book.worksheets():
            sheet.row_data_fh.close()
        raise
    book.close()
    return written


class _Sheets:
    """As many sheets as the rows need, each below the same head."""

    def __init__(self, book: Any, head: Sequence[str], name: str) -> None:
        self._book, self._head, self._name, self._count = book, head, name, 0
        self._bold = book.add_format({"bold": True})
        self._number = book.add_format({"num_format": "#,##0"})
        self._day = book.add_format({"num_format": "yyyy-mm-dd"})
        self._moment = book.add_format({"num_format": "yyyy-mm-dd hh:mm:ss"})
        self._sheet = self._next()

    def write(self, rows: Iterable[Row]) -> int:
        written = place = 0
        for row in rows:
            if place == MOST_ROWS:
                self._sheet, place = self._next(), 0
            place, written = place + 1, written + 1
            for column, value in enumerate(row):
                self._cell(place, column, value)
        return written

    def _next(self) -> Any:
        self._count += 1
        sheet = self._book.add_worksheet(sheet_name(self._name, self._count))
        for column, title in enumerate(self._head):
            sheet.write_string(0, column, title, self._bold)
        return sheet

    def _cell(self, place: int, column: int, value: object) -> None:
        match shown(value):
            case None | "":
                return
            case str() as text:
                self._sheet.write_string(place, column, text[:LONGEST_TEXT])
            case datetime() as moment:
                here = local(moment).replace(tzinfo=None, microsecond=0)  # no rounding up
                self._sheet.write_datetime(place, column, here, self._moment)
            case date() as day:
                self._sheet.write_datetime(place, column, day, self._day)
            case number:
                self._sheet.write_number(place, column, number, self._number)
