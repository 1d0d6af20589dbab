"""Tables as XLSX: what was text stays text, numbers and days are what they are."""

import io
from datetime import date, datetime

from openpyxl import load_workbook
from openpyxl.worksheet.worksheet import Worksheet

from sijinak.web.sheets import xlsx_of


def test_nothing_becomes_a_formula_and_numbers_stay_numbers():
    rows = [["=HYPERLINK(1)", 79_500, date(2026, 11, 21), None, "<&>\x00", -1]]
    sheet = load_workbook(io.BytesIO(xlsx_of(["a", "b", "c", "d", "e", "f"], rows))).active
    assert isinstance(sheet, Worksheet)
    cells = list(sheet[2])
    assert [cell.value for cell in cells] == [
        "=HYPERLINK(1)", 79_500, datetime(2026, 11, 21), None, "<&>_x0000_", -1,  # noqa: DTZ001
    ]  # fmt: skip
    assert cells[0].data_type != "f"


def test_the_same_rows_make_the_same_bytes():
    assert xlsx_of(["a"], [[1]]) == xlsx_of(["a"], [[1]])
