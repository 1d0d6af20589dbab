"""Tables as XLSX: what was text stays text, numbers and days are what they are."""

import io
from collections.abc import Sequence
from datetime import UTC, date, datetime
from typing import Any

from openpyxl import load_workbook
from openpyxl.worksheet.worksheet import Worksheet

from sijinak.web.sheets import LONGEST_TEXT, book_of


def content(head: Sequence[str], rows: Sequence[Sequence[object]]) -> bytes:
    file, count = book_of(head, rows)
    assert count == len(rows)
    with file:
        return file.read()


def cells_of(row: Sequence[object]) -> list[Any]:
    sheet = load_workbook(io.BytesIO(content([str(n) for n in range(len(row))], [row]))).active
    assert isinstance(sheet, Worksheet)
    return list(sheet[2])


def test_nothing_becomes_a_formula_and_numbers_stay_numbers():
    cells = cells_of(["=HYPERLINK(1)", 79_500, date(2026, 11, 21), None, "<&>\x00", -1])
    assert [cell.value for cell in cells] == [
        "=HYPERLINK(1)", 79_500, datetime(2026, 11, 21), None, "<&>_x0000_", -1,  # noqa: DTZ001
    ]  # fmt: skip
    assert cells[0].data_type != "f"


def test_moments_are_those_of_the_office_and_no_long_text_is_dropped():
    moment, long = cells_of([datetime(2026, 1, 1, 23, 5, tzinfo=UTC), "a" * 40_000])
    assert moment.value == datetime(2026, 1, 2, 7, 5)  # noqa: DTZ001
    assert len(long.value) == LONGEST_TEXT


def test_the_same_rows_make_the_same_bytes():
    assert content(["a"], [[1]]) == content(["a"], [[1]])
