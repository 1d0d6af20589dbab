"""Tables to take away, in which no text becomes a formula."""

import csv
import io
from collections.abc import Iterable, Sequence

from flask import Response

# What spreadsheets take for the beginning of a formula, also in full width.
FORMULA = tuple("=+-@\t\r\n\N{FULLWIDTH EQUALS SIGN}\N{FULLWIDTH PLUS SIGN}"
                "\N{FULLWIDTH HYPHEN-MINUS}\N{FULLWIDTH COMMERCIAL AT}")  # fmt: skip


def plain_text(cell: object) -> object:
    """A text that a spreadsheet shows as it is; numbers stay numbers."""
    return f"'{cell}" if isinstance(cell, str) and cell.startswith(FORMULA) else cell


def csv_answer(name: str, head: Sequence[str], rows: Iterable[Sequence[object]]) -> Response:
    """A file as Excel with Indonesian settings opens it."""
    text = io.StringIO()
    writer = csv.writer(text, delimiter=";", lineterminator="\r\n")
    writer.writerows([plain_text(cell) for cell in row] for row in (head, *rows))
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return Response(
        "\ufeff" + text.getvalue(), content_type="text/csv; charset=utf-8", headers=headers
    )
