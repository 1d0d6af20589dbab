"""Lists that an auditor takes away: typed, harmless to spreadsheets, whole, and in the trail."""

import csv
import io
from datetime import datetime
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from openpyxl import load_workbook
from sqlalchemy import select

from sijinak.accounts.models import Role
from sijinak.areas.queries import full_name, place_name
from sijinak.audit.exports.catalogue import KINDS
from sijinak.audit.exports.kinds import Kind
from sijinak.core.db import db
from sijinak.core.events import Event
from sijinak.permits.models import PermitState
from sijinak.web.i18n import gettext
from sijinak.web.sheets import sheet_name
from tests.factories import make_user, signed_in
from tests.permits.factories import deliver, make_office, make_permit


@pytest.fixture
def auditor(app: Flask) -> FlaskClient:
    with app.app_context():
        return signed_in(app, make_user(Role.AUDITOR))


def taken(client: FlaskClient, file: str) -> bytes:
    answer = client.get(f"/audit/ekspor/{file}")
    content: bytes = answer.data
    assert answer.status_code == 200, answer.text
    return content


def rows_of_csv(content: bytes) -> list[list[str]]:
    text = content.decode()
    assert text.startswith("\ufeff")
    return list(csv.reader(io.StringIO(text[1:], newline=""), delimiter=";"))


def rows_of_xlsx(content: bytes) -> list[list[str]]:
    """As the CSV file has them; nothing in it is a formula."""
    book = load_workbook(io.BytesIO(content))
    cells = [cell for sheet in book for row in sheet.iter_rows() for cell in row]
    assert not [cell.value for cell in cells if cell.data_type == "f" or cell.hyperlink]
    return [[_told(cell) for cell in row] for sheet in book for row in sheet.iter_rows()]


def events_of(app: Flask) -> list[Event]:
    with app.app_context():
        asked = select(Event).where(Event.name.startswith("export.")).order_by(Event.id)
        return list(db.session.scalars(asked))


@pytest.mark.parametrize("what", sorted(KINDS))
def test_a_list_says_the_same_in_both_formats(app: Flask, auditor: FlaskClient, what: str):
    with app.app_context():
        make_permit(make_office(), PermitState.ISSUED)
    written = rows_of_csv(taken(auditor, f"{what}.csv"))
    typed = rows_of_xlsx(taken(auditor, f"{what}.xlsx"))
    assert (
        typed[1:] == [[cell.removeprefix("'") for cell in row] for row in written[1:]]
        or what == "events"
    )  # the first export is in the second
    assert len(written[0]) == len(KINDS[what].columns)
    names = [event.name for event in events_of(app)]
    assert names == ["export.made", "export.ended"] * 2
    assert events_of(app)[1].facts["rows"] == len(written) - 1


def test_places_and_machines_are_named_and_the_sheet_says_what_it_is(
    app: Flask, auditor: FlaskClient
):
    with app.app_context():
        make_permit(make_office(), PermitState.ISSUED)
        deliver()
    head, *rows = rows_of_csv(taken(auditor, "permits.csv"))
    told = dict(zip(head, rows[0], strict=True))
    with app.app_context():
        village, far = full_name(told["Kode tempat"]), place_name(told["Kode daerah tujuan"])
    assert ", " in village  # with its kecamatan
    assert (told["Tempat"], told["Daerah tujuan"]) == (village, far)
    assert far != told["Kode daerah tujuan"]
    content = taken(auditor, "events.xlsx")
    actors = {row[2] for row in rows_of_xlsx(content)[1:]}
    assert "Sistem (otomatis)" in actors
    assert not [one for one in actors if one.startswith("sijinak ")]
    assert load_workbook(io.BytesIO(content)).sheetnames == ["Jejak audit"]


@pytest.mark.parametrize("kind", KINDS.values(), ids=KINDS)
def test_the_name_of_each_list_fits_on_a_sheet(kind: Kind):
    for number in (1, 2, 10):
        name = sheet_name(gettext(kind.title), number)
        assert 0 < len(name) <= 31
        assert not set(name) & set("[]:*?/\\")
        assert name.endswith(f" ({number})") or number == 1


def _told(cell: Any) -> str:
    if isinstance(cell.value, datetime):
        return (
            f"{cell.value:%Y-%m-%d}"
            if cell.number_format == "yyyy-mm-dd"
            else f"{cell.value:%Y-%m-%d %H:%M:%S}"
        )
    return "" if cell.value is None else str(cell.value)
