"""Files as they come: wrong, broken and hostile ones."""

import zipfile
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from sijinak.animals.imports.table import UnreadableList, kind_of, read_table
from tests.animals.imports.lists import CLEAN, CLEAN_XLSX, as_csv, as_xlsx, row, table_of

HEADER = "nik;nama\n"


def refusal(path: Path) -> UnreadableList:
    with pytest.raises(UnreadableList) as caught:
        table_of(path)
    return caught.value


def written(path: Path, content: bytes) -> Path:
    path.write_bytes(content)
    return path


@pytest.mark.parametrize("delimiter", [";", ",", "\t"])
def test_the_delimiter_is_seen_in_the_header(tmp_path: Path, delimiter: str):
    table = table_of(as_csv(tmp_path / "list.csv", row(), delimiter=delimiter))
    assert (table.header.cells[0], table.lines[0].cells[0]) == ("nik", "5204021203689901")


def test_rows_are_counted_as_the_spreadsheet_shows_them(tmp_path: Path):
    text = f'\n{HEADER}1;"two\nlines"\n\n;;;\n2;x\n'
    table = table_of(written(tmp_path / "list.csv", text.encode()))
    assert [line.row for line in (table.header, *table.lines)] == [2, 3, 6]


def test_the_twins_read_alike_but_for_dates():
    one, other = table_of(CLEAN), table_of(CLEAN_XLSX)
    assert one.header == other.header
    assert [line.cells[0] for line in one.lines] == [line.cells[0] for line in other.lines]


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "list-empty"),
        (b"\n\n;;\n", "list-empty"),
        (HEADER.encode(), "list-header-only"),
        (f"{HEADER}1;Café\n".encode("cp1252"), "list-not-utf8"),
        (HEADER.encode("utf-16"), "list-not-utf8"),
        (f'{HEADER}1;"open\n2;x\n'.encode(), "list-bad-quotes"),
        (CLEAN_XLSX.read_bytes(), "list-not-csv"),
        (f"{HEADER}1;{'x' * 1001}\n".encode(), "list-cell-too-long"),
        (f"{HEADER}1{';x' * 100}\n".encode(), "list-too-wide"),
        (HEADER.encode() + b"1;x\n" * 20_001, "list-too-long"),
    ],
)
def test_a_csv_file_that_cannot_be_used_says_why(tmp_path: Path, content: bytes, code: str):
    assert refusal(written(tmp_path / "list.csv", content)).code == code


def test_twenty_thousand_rows_are_read(tmp_path: Path):
    path = written(tmp_path / "list.csv", HEADER.encode() + b"1;x\n" * 20_000)
    assert len(table_of(path).lines) == 20_000


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
    plain = as_xlsx(path.with_name("plain.xlsx"), row())
    with zipfile.ZipFile(plain) as old, zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as new:
        for entry in old.infolist():
            inside = sheet if entry.filename == "xl/worksheets/sheet1.xml" else old.read(entry)
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


def test_a_child_that_takes_too_long_is_ended(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("sijinak.animals.imports.table.SECONDS", 0.001)
    assert refusal(CLEAN).code == "list-too-slow"


def test_formulas_are_refused_with_the_cell(tmp_path: Path):
    path = as_xlsx(tmp_path / "list.xlsx", row(), row(warna='=HYPERLINK("http://x","y")'))
    found = refusal(path)
    assert (found.code, found.facts) == ("list-formula", {"cell": "K3"})


def test_a_text_that_begins_like_a_formula_is_a_text(tmp_path: Path):
    table = table_of(as_csv(tmp_path / "list.csv", row(warna="=1+1")))
    assert "=1+1" in table.lines[0].cells


def test_a_nik_that_excel_took_for_a_number_shows_that_digits_are_lost(tmp_path: Path):
    path = as_xlsx(
        tmp_path / "list.xlsx", {**row(), "nik": 5204021203689901, "telepon": 81200000101}
    )
    assert table_of(path).lines[0].cells[0] == "5.20402E+15"
    assert table_of(path).lines[0].cells[2] == "81200000101"


def test_other_sheets_are_named(tmp_path: Path):
    book = openpyxl.load_workbook(as_xlsx(tmp_path / "list.xlsx", row()))
    book.create_sheet("Kosong")
    book.create_sheet("Rekap")["A1"] = "x"
    book.save(tmp_path / "list.xlsx")
    assert table_of(tmp_path / "list.xlsx").other_sheets == ("Rekap",)


def test_the_child_gets_no_settings(monkeypatch: pytest.MonkeyPatch):
    import subprocess

    given: list[object] = []
    run = subprocess.run

    def watched(*args: Any, **kwargs: Any) -> object:
        given.append(kwargs["env"])
        return run(*args, **kwargs)

    monkeypatch.setattr("subprocess.run", watched)
    read_table(CLEAN, "csv", max_mb=8)
    assert given == [{}]
