"""Tables to take away as XLSX: texts stay texts, whatever they begin with."""

import io
from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime

import xlsxwriter
from flask import Response

from sijinak.web.tables import csv_answer

MEDIA_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
# No text becomes a formula, a link or a number; the same rows make the same bytes.
_OPTIONS = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
_STAMP = datetime(1980, 1, 1, tzinfo=UTC)


def table_answer(
    kind: str, name: str, head: Sequence[str], rows: Iterable[Sequence[object]]
) -> Response:
    """As ``csv`` or ``xlsx``."""
    if kind == "csv":
        return csv_answer(f"{name}.csv", head, rows)
    headers = {"Content-Disposition": f'attachment; filename="{name}.xlsx"'}
    return Response(xlsx_of(head, rows), content_type=MEDIA_TYPE, headers=headers)


def xlsx_of(head: Sequence[str], rows: Iterable[Sequence[object]]) -> bytes:
    kept = io.BytesIO()
    with xlsxwriter.Workbook(kept, _OPTIONS) as book:
        book.set_properties({"created": _STAMP})
        bold, number = book.add_format({"bold": True}), book.add_format({"num_format": "#,##0"})
        day = book.add_format({"num_format": "yyyy-mm-dd"})
        sheet = book.add_worksheet()
        for column, title in enumerate(head):
            sheet.write_string(0, column, title, bold)
        for place, row in enumerate(rows, start=1):
            for column, value in enumerate(row):
                match value:
                    case None | "":
                        continue
                    case date():
                        sheet.write_datetime(place, column, value, day)
                    case int() if not isinstance(value, bool):
                        sheet.write_number(place, column, value, number)
                    case _:
                        sheet.write_string(place, column, str(value))
    return kept.getvalue()
