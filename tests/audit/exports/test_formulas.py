"""No text of any list becomes a formula in the office's spreadsheet."""

import csv
import io
import os
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from openpyxl import load_workbook
from sqlalchemy import Enum, String, Table

from sijinak.audit.desk.wanted import Wanted
from sijinak.audit.exports.catalogue import KINDS, Asked, rows_of
from sijinak.audit.exports.kinds import Coded, Kind
from sijinak.core.permissions import OPERATOR
from sijinak.web.sheets import book_of
from sijinak.web.streams import Question
from sijinak.web.tables import FORMULA, csv_pieces
from sijinak.web.wording import Named, Who
from tests.audit.exports.planting import PAYLOADS, fitting, plant

SOFFICE = shutil.which("soffice")
# Separated by semicolons, quoted, in UTF-8; every column as LibreOffice guesses it.
AS_THE_OFFICE_OPENS_IT = "--infilter=CSV:59,34,76,1,,1033,false,true"


def planted(kind: Kind) -> Question:
    plant(_tables(kind.origin))
    return Question(rows_of(kind, Asked(Wanted()), by=OPERATOR))


def _tables(origin: Any) -> set[Table]:
    if hasattr(origin, "__table__"):
        return {origin.__table__}
    found = {part for part in origin._from_objects if isinstance(part, Table)}  # noqa: SLF001
    return found | {part.element for part in origin._from_objects if hasattr(part, "element")}  # noqa: SLF001


def texts_of(kind: Kind) -> dict[int, Any]:
    """The columns that hold what somebody typed, by their place."""
    columns = list(kind.columns.values())
    told = [one.column if isinstance(one, Named | Who | Coded) else one for one in columns]
    return {
        place: one
        for place, one in enumerate(told)
        if isinstance(one.type, String)
        and not isinstance(one.type, Enum)
        and not isinstance(columns[place], Coded)  # no place has such a code
    }


def harmless(text: str) -> str:
    return f"'{text}" if text[0] in FORMULA else text


def csv_of(question: Question, kind: Kind) -> bytes:
    return b"".join(piece for piece, _ in question.pieces(list(kind.columns)))


@pytest.mark.parametrize("what", sorted(KINDS))
def test_every_payload_in_every_text_of_a_csv_stays_a_text(context: Flask, what: str):
    kind = KINDS[what]
    text = csv_of(planted(kind), kind).decode().removeprefix("\ufeff")
    _head, *rows = csv.reader(io.StringIO(text, newline=""), delimiter=";")
    assert len(rows) == len(PAYLOADS)
    assert not [cell for row in rows for cell in row if cell.startswith(FORMULA)]
    for place, column in texts_of(kind).items():
        wanted = [harmless(fitting(payload, column)) for payload in PAYLOADS]
        assert [row[place] for row in rows] == wanted, column


@pytest.mark.parametrize("what", sorted(KINDS))
def test_every_payload_in_every_text_of_a_sheet_stays_a_text(context: Flask, what: str):
    kind = KINDS[what]
    file, count = book_of(list(kind.columns), planted(kind).rows())
    with file:
        sheet: Any = load_workbook(file).active
    assert count == len(PAYLOADS) == sheet.max_row - 1
    cells = [cell for row in sheet.iter_rows(min_row=2) for cell in row]
    assert not [cell.coordinate for cell in cells if cell.data_type == "f" or cell.hyperlink]
    for place in texts_of(kind):
        kinds = {row[place].data_type for row in sheet.iter_rows(min_row=2)}
        assert kinds <= {"s", "inlineStr"}, list(kind.columns)[place]


def test_what_python_writes_is_as_harmless(context: Flask):
    text = b"".join(piece for piece, _ in csv_pieces(["k"], [[one] for one in PAYLOADS])).decode()
    rows = list(csv.reader(io.StringIO(text[1:], newline=""), delimiter=";"))
    assert [row[0] for row in rows[1:]] == [harmless(one) for one in PAYLOADS]


@pytest.fixture
def soffice() -> str:
    if SOFFICE is None:
        if "libreoffice" in os.environ.get("SIJINAK_REQUIRE", ""):
            pytest.fail("LibreOffice is required and was not found")
        pytest.skip("LibreOffice is not there")
    return SOFFICE


def test_libreoffice_finds_no_formula(context: Flask, soffice: str, tmp_path: Path):
    made = tmp_path / "made"
    made.mkdir()
    for what, kind in KINDS.items():
        question = planted(kind)
        (made / f"{what}.csv").write_bytes(csv_of(question, kind))
        file, _ = book_of(list(kind.columns), question.rows())
        with file:
            (made / f"{what}.xlsx").write_bytes(file.read())
    for kind_of_file, how in (("csv", [AS_THE_OFFICE_OPENS_IT]), ("xlsx", [])):
        seen = _opened(
            soffice, sorted(made.glob(f"*.{kind_of_file}")), tmp_path / kind_of_file, how
        )
        assert len(seen) == len(KINDS)
        assert not [str(path.name) for path in seen if _formulas(path)]


def _opened(soffice: str, files: list[Path], folder: Path, how: list[str]) -> list[Path]:
    """As LibreOffice understands them, each saved again."""
    home = f"-env:UserInstallation=file://{folder}/home"
    command = [soffice, home, "--headless", *how, "--convert-to", "xlsx", "--outdir", str(folder)]
    subprocess.run([*command, *map(str, files)], check=True, capture_output=True, timeout=300)
    return sorted(folder.glob("*.xlsx"))


def _formulas(path: Path) -> list[str]:
    sheet: Any = load_workbook(path).active
    assert sheet.max_row == len(PAYLOADS) + 1
    return [c.coordinate for row in sheet.iter_rows() for c in row if c.data_type == "f"]
