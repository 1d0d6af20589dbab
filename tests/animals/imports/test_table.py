"""Files as they come: wrong, broken and hostile ones."""

import resource
import zipfile
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from sijinak.animals.imports.table import Limits, UnreadableList, kind_of, other_sheets, stage
from tests.animals.imports.lists import CLEAN, CLEAN_XLSX, as_csv, as_xlsx, brought, lines, row

HEADER = "nik;nama\n"


def refusal(path: Path) -> UnreadableList:
    with pytest.raises(UnreadableList) as caught:
        brought(path)
    return caught.value


def written(path: Path, content: bytes) -> Path:
    path.write_bytes(content)
    return path


@pytest.mark.parametrize("delimiter", [";", ",", "\t"])
def test_the_delimiter_is_seen_in_the_header(tmp_path: Path, delimiter: str):
    header, first = lines(as_csv(tmp_path / "list.csv", row(), delimiter=delimiter))
    assert (header.cells[0], first.cells[0]) == ("nik", "5204021203689901")


def test_rows_are_counted_as_the_spreadsheet_shows_them(tmp_path: Path):
    text = f'\n{HEADER}1;"two\nlines"\n\n;;;\n2;x\n'
    found = lines(written(tmp_path / "list.csv", text.encode()))
    assert [line.row for line in found] == [2, 3, 6]


def test_the_twins_read_alike_but_for_dates():
    one, other = lines(CLEAN), lines(CLEAN_XLSX)
    assert one[0] == other[0]
    assert [line.cells[0] for line in one] == [line.cells[0] for line in other]


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "list-empty"),
        (b"\n\n;;\n", "list-empty"),
        (f'{HEADER}1;"{"x" * 200_000}"\n'.encode(), "list-cell-too-long"),
        (f"{HEADER}1;Café\n".encode("cp1252"), "list-not-utf8"),
        (HEADER.encode("utf-16"), "list-not-utf8"),
        (f'{HEADER}1;"open\n2;x\n'.encode(), "list-bad-quotes"),
        (CLEAN_XLSX.read_bytes(), "list-not-csv"),
        (f"{HEADER}1;{'x' * 1001}\n".encode(), "list-cell-too-long"),
        (f"{HEADER}1{';x' * 100}\n".encode(), "list-too-wide"),
        (HEADER.encode() + b"1;x\n" * 100_100, "list-too-long"),
        (b";" * 10_000 + b"x\n", "list-too-wide"),
    ],
)
def test_a_csv_file_that_cannot_be_used_says_why(tmp_path: Path, content: bytes, code: str):
    assert refusal(written(tmp_path / "list.csv", content)).code == code


def test_a_hundred_thousand_rows_are_read(tmp_path: Path):
    path = written(tmp_path / "list.csv", HEADER.encode() + b"1;x\n" * 100_000)
    assert len(lines(path)) == 100_001


def test_the_row_that_is_not_utf8_is_named(tmp_path: Path):
    path = written(tmp_path / "list.csv", f"{HEADER}1;a\n2;Café\n".encode("cp1252"))
    assert refusal(path).facts == {"row": 3}


@pytest.mark.parametrize("name", ["list.xls", "list.ods", "list", "list.csv.exe"])
def test_other_kinds_are_refused_by_their_names(name: str):
    with pytest.raises(UnreadableList) as caught:
        kind_of(name)
    assert caught.value.code == "list-kind"


def test_a_file_of_50_megabytes_is_not_opened(tmp_path: Path):
    path = tmp_path / "list.csv"
    with path.open("wb") as file:
        file.truncate(50 * 1024 * 1024)
    assert refusal(path).code == "list-too-large"


@pytest.mark.parametrize(
    "content", [b"nik;nama\n1;x\n", b"PK\x03\x04 but no more", b"\xd0\xcf\x11\xe0"]
)
def test_what_is_no_workbook_says_so(tmp_path: Path, content: bytes):
    assert refusal(written(tmp_path / "list.xlsx", content)).code == "list-not-xlsx"


def test_a_zip_of_something_else_is_no_workbook(tmp_path: Path):
    path = tmp_path / "list.xlsx"
    with zipfile.ZipFile(path, "w") as package:
        package.writestr("notes.txt", "hello")
    assert refusal(path).code == "list-not-xlsx"


def _with_sheet(path: Path, sheet: bytes) -> Path:
    """A workbook whose first sheet is replaced."""
    return _with_part(path, "xl/worksheets/sheet1.xml", sheet)


def _with_part(path: Path, name: str, part: bytes) -> Path:
    plain = as_xlsx(path.with_name("plain.xlsx"), row())
    with zipfile.ZipFile(plain) as old, zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as new:
        for entry in old.infolist():
            inside = part if entry.filename == name else old.read(entry)
            new.writestr(entry.filename, inside)
    return path


def test_a_zip_bomb_is_refused_by_its_directory(tmp_path: Path):
    path = _with_sheet(tmp_path / "list.xlsx", b" " * (210 * 1024 * 1024))
    assert path.stat().st_size < 1024 * 1024
    assert refusal(path).code == "list-unpacks-too-much"


def test_a_dense_package_is_refused_below_the_size_limit(tmp_path: Path):
    path = _with_sheet(tmp_path / "list.xlsx", b" " * (50 * 1024 * 1024))
    assert refusal(path).code == "list-unpacks-too-much"


def test_a_sheet_that_reaches_far_dies_in_the_child(tmp_path: Path):
    book = openpyxl.Workbook()
    sheet = book.worksheets[0]
    sheet["A1"], sheet["XFD1048576"] = "nik", "x"
    book.save(tmp_path / "list.xlsx")
    assert refusal(tmp_path / "list.xlsx").code == "list-unreadable"


SHEET, BOOK = "xl/worksheets/sheet1.xml", "xl/workbook.xml"
CELL = b"<worksheet><sheetData><row r='1'><c r='A1' t='inlineStr'><is><t>%s</t></is></c></row>"
LAUGHS = b'<!DOCTYPE a [<!ENTITY a0 "ha">' + b"".join(
    b'<!ENTITY a%d "%s">' % (n, b"&a%d;" % (n - 1) * 10) for n in range(1, 9)
)
HOSTILE = {
    "addresses that make a pattern look back": (SHEET, b"<c " * 3_000_000),
    "deep nesting": (SHEET, b"<a>" * 3_000_000),
    "one huge cell": (SHEET, CELL % (b"x" * 9_900_000) + b"</sheetData></worksheet>"),
    "a directory that is a novel": (BOOK, b"<a>" * 1_000_000),
    "entities within entities": (BOOK, LAUGHS + b"]><a>&a8;</a>"),
    "a package in a package": (BOOK, CLEAN_XLSX.read_bytes()),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_workbook_is_refused_at_once_and_costs_the_reader_nothing(
    tmp_path: Path, name: str
):
    """On the clock of the child, for this machine may have other things to do."""
    path = _with_part(tmp_path / "list.xlsx", *HOSTILE[name])
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    spent = resource.getrusage(resource.RUSAGE_CHILDREN)
    refusal(path)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    assert after.ru_utime + after.ru_stime - spent.ru_utime - spent.ru_stime < 1.0
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - memory < 20 * 1024


def test_a_child_that_takes_too_long_is_ended(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("sijinak.animals.imports.table.SECONDS", 0.001)
    assert refusal(CLEAN).code == "list-too-slow"


def test_formulas_are_refused_with_the_cell(tmp_path: Path):
    path = as_xlsx(tmp_path / "list.xlsx", row(), row(warna='=HYPERLINK("http://x","y")'))
    found = refusal(path)
    assert (found.code, found.facts) == ("list-formula", {"cell": "K3"})


def test_a_text_that_begins_like_a_formula_is_a_text(tmp_path: Path):
    assert "=1+1" in lines(as_csv(tmp_path / "list.csv", row(warna="=1+1")))[1].cells


def test_a_nik_that_excel_took_for_a_number_shows_that_digits_are_lost(tmp_path: Path):
    path = as_xlsx(
        tmp_path / "list.xlsx", {**row(), "nik": 5204021203689901, "telepon": 81200000101}
    )
    _header, first = lines(path)
    assert (first.cells[0], first.cells[2]) == ("5.20402E+15", "81200000101")


def test_other_sheets_are_named(tmp_path: Path):
    book = openpyxl.load_workbook(as_xlsx(tmp_path / "list.xlsx", row()))
    book.create_sheet("Kosong")
    book.create_sheet("Rekap")["A1"] = "x"
    book.save(tmp_path / "list.xlsx")
    assert other_sheets(brought(tmp_path / "list.xlsx").beside("rows")) == ["Rekap"]


def test_rows_and_columns_before_the_list_are_counted(tmp_path: Path):
    book = openpyxl.Workbook()
    sheet = book.worksheets[0]
    sheet["C4"], sheet["C6"] = "nik", "1"
    book.save(tmp_path / "list.xlsx")
    found = [(line.row, line.cells) for line in lines(tmp_path / "list.xlsx")]
    assert found == [(4, ["", "", "nik"]), (6, ["", "", "1"])]


def test_the_child_gets_no_settings(monkeypatch: pytest.MonkeyPatch, tmp_path: Path):
    import subprocess

    given: list[object] = []
    run = subprocess.run

    def watched(*args: Any, **kwargs: Any) -> object:
        given.append(kwargs["env"])
        return run(*args, **kwargs)

    monkeypatch.setattr("subprocess.run", watched)
    stage(CLEAN, "csv", tmp_path / "rows", Limits(8, 1000))
    assert given == [{}]
