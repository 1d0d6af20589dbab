"""Reads one list in a process of its own, with little memory and time: files may be hostile.

Stands alone, so that it starts fast and holds no key. Writes JSON lines: ``[row, [cell, …]]`` as
the spreadsheet counts rows, blank ones left out; ``{"note": …}``; or ``{"problem": …}`` and stops.
"""

import csv
import json
import re
import resource
import sys
from collections.abc import Iterator
from datetime import date
from itertools import islice
from pathlib import Path
from xml.etree import ElementTree as ET
from zipfile import BadZipFile, ZipFile

MEGABYTE = 1024 * 1024
MEMORY = 450 * MEGABYTE
CPU_SECONDS = 20
MOST_ENTRIES = 2000
MOST_UNPACKED = 200 * MEGABYTE
MOST_RATIO = 50
ALWAYS_UNPACKED = 10 * MEGABYTE  # below this a high ratio is only a tidy sheet
MOST_DIRECTORY = MEGABYTE  # of XML that says which sheet is where
MOST_COLUMNS = 100
LONGEST_CELL = 1000
MOST_TEXT = 64 * MEGABYTE
MOST_WRITTEN = 256 * MEGABYTE
LOST_DIGITS = 10**15  # Excel keeps 15 digits of a number
TITLE_LINES = 40

_FORMULA = re.compile(rb"<(?:\w{1,20}:)?f[\s/>]")
_ADDRESS = re.compile(rb'<(?:\w{1,20}:)?c [^<>]{0,200}?r="([A-Z]{1,3}[0-9]{1,7})"')
_NEAR = 4096  # bytes before a formula, among which its cell begins
_REL = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"


class Refused(Exception):
    def __init__(self, problem: str, **facts: object) -> None:
        super().__init__(problem)
        self.said = {"problem": problem, **facts}


def main(path: str, kind: str, most_rows: int) -> None:
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (CPU_SECONDS, CPU_SECONDS))
    resource.setrlimit(resource.RLIMIT_FSIZE, (MOST_WRITTEN, MOST_WRITTEN))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    try:
        rows = xlsx_rows(Path(path)) if kind == "xlsx" else csv_rows(Path(path))
        for number, cells in _within_limits(rows, most_rows):
            sys.stdout.write(json.dumps([number, cells], ensure_ascii=False) + "\n")
    except Refused as refused:
        sys.stdout.write(json.dumps(refused.said) + "\n")


def _within_limits(rows: Iterator[list[str]], most_rows: int) -> Iterator[tuple[int, list[str]]]:
    seen = text = 0
    for number, cells in enumerate(rows, 1):
        while cells and not cells[-1].strip():
            cells.pop()
        if not cells:
            continue
        seen, text = seen + 1, text + sum(map(len, cells))
        if seen > most_rows + TITLE_LINES or text > MOST_TEXT:
            raise Refused("list-too-long", most=most_rows)
        if len(cells) > MOST_COLUMNS:
            raise Refused("list-too-wide", row=number, most=MOST_COLUMNS)
        if max(map(len, cells)) > LONGEST_CELL:
            raise Refused("list-cell-too-long", row=number, most=LONGEST_CELL)
        yield number, cells


def csv_rows(path: Path) -> Iterator[list[str]]:
    """Semicolons, commas or tabs, whichever a line at the top has most of."""
    with path.open("rb") as raw:
        begin = raw.read(4096)
    if b"\0" in begin and not begin.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise Refused("list-not-csv")
    with path.open(encoding="utf-8-sig", newline="") as file:
        reader = None
        try:
            top = list(islice(file, TITLE_LINES))
            file.seek(0)
            delimiter = max(";,\t", key=lambda sign: max((n.count(sign) for n in top), default=0))
            reader = csv.reader(file, delimiter=delimiter, strict=True)
            yield from reader
        except UnicodeDecodeError:
            raise Refused("list-not-utf8", row=_bad_line(path)) from None
        except csv.Error as error:
            row = reader.line_num if reader else 0
            if "field limit" in str(error):
                raise Refused("list-cell-too-long", row=row, most=LONGEST_CELL) from None
            raise Refused("list-bad-quotes", row=row) from None


def _bad_line(path: Path) -> int:
    """The first line that is not UTF-8."""
    with path.open("rb") as lines:
        for number, line in enumerate(lines, 1):
            try:
                line.decode("utf-8-sig")
            except UnicodeDecodeError:
                return number
    return 1


def xlsx_rows(path: Path) -> Iterator[list[str]]:
    """The first sheet. Formulas are refused: what they show is not what is written."""
    try:
        with ZipFile(path) as package:
            _check_size(package)
            sheet = _first_sheet(package)
            _check_formulas(package, sheet)
    except (BadZipFile, KeyError, StopIteration, ET.ParseError, NotImplementedError, RuntimeError):
        raise Refused("list-not-xlsx") from None
    from python_calamine import CalamineError, load_workbook  # noqa: PLC0415 - CSV needs none of it

    try:
        book = load_workbook(path)
        for name in book.sheet_names[1:]:
            if book.get_sheet_by_name(name).height:
                sys.stdout.write(json.dumps({"note": "list-other-sheet", "sheet": name}) + "\n")
        first = book.get_sheet_by_index(0)
        left = [""] * (first.start or (0, 0))[1]  # columns before the first filled one
        yield from (left + [_text(cell) for cell in row] for row in first.iter_rows())
    except CalamineError:
        raise Refused("list-not-xlsx") from None


def _check_size(package: ZipFile) -> None:
    """What the directory says. Should it lie, the memory limit holds."""
    entries = package.infolist()
    unpacked = sum(entry.file_size for entry in entries)
    packed = sum(entry.compress_size for entry in entries) or 1
    dense = unpacked > ALWAYS_UNPACKED and unpacked > packed * MOST_RATIO
    if len(entries) > MOST_ENTRIES or unpacked > MOST_UNPACKED or dense:
        raise Refused("list-unpacks-too-much")


def _first_sheet(package: ZipFile) -> str:
    """The part of the package that holds the first sheet."""
    book = _directory(package, "xl/workbook.xml")
    first = next(e for e in book.iter() if e.tag.endswith("}sheet"))
    links = _directory(package, "xl/_rels/workbook.xml.rels")
    target = next(e.attrib["Target"] for e in links if e.attrib["Id"] == first.attrib[_REL])
    return target.removeprefix("/") if target.startswith("/") else f"xl/{target}"


def _directory(package: ZipFile, name: str) -> ET.Element:
    if package.getinfo(name).file_size > MOST_DIRECTORY:
        raise Refused("list-unpacks-too-much")
    return ET.fromstring(package.read(name))  # noqa: S314 - this process is limited


def _check_formulas(package: ZipFile, sheet: str) -> None:
    tail = b""
    with package.open(sheet) as part:
        while chunk := part.read(MEGABYTE):
            window = tail + chunk
            if found := _FORMULA.search(window):
                before = window[max(0, found.start() - _NEAR) : found.start()]
                address = ([b"", *_ADDRESS.findall(before)])[-1]
                raise Refused("list-formula", cell=address.decode())
            tail = window[-_NEAR:]


def _text(cell: object) -> str:
    match cell:
        case str():
            return cell
        case float():
            return _number(cell)
        case date():
            return f"{cell.isoformat()[:10]}T00:00:00"
    return str(cell).upper()  # of TRUE and FALSE


def _number(value: float) -> str:
    if abs(value) >= LOST_DIGITS:
        return f"{value:.5E}"
    return str(int(value)) if value.is_integer() else str(value)


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], int(sys.argv[3]))
