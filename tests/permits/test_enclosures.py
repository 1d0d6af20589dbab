"""Papers that lie with an application: corrected by a new row, and never run in a browser."""

from io import BytesIO
from typing import Any
from zipfile import ZipFile

import pytest
from flask import Flask
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError
from werkzeug.test import TestResponse

from sijinak.accounts.models import User
from sijinak.accounts.queries import SignedIn
from sijinak.core.clock import today
from sijinak.core.db import db, transaction
from sijinak.core.errors import Forbidden, NotFound
from sijinak.core.ids import uuid7
from sijinak.files.papers import Paper
from sijinak.files.pictures import MEGA, limits
from sijinak.permits.enclosures.documents import AddDocument, add_document
from sijinak.permits.enclosures.external import (
    Corrected,
    RecordedAlready,
    RecordPaper,
    record_paper,
)
from sijinak.permits.enclosures.models import ExternalPaper
from sijinak.permits.enclosures.queries import documents_of, external_papers_of
from sijinak.permits.models import DocumentKind, ExternalKind, Permit, PermitState
from tests.browsing import form_post
from tests.factories import signed_in
from tests.files.pictures import photo
from tests.permits.factories import PDF, Office, make_draft, make_office, make_permit

SCRIPT = b"<script>alert(document.cookie)</script>"
PDF_WITH_SCRIPT = (
    b"%PDF-1.4\n1 0 obj<</Type/Catalog/OpenAction<</S/JavaScript/JS(app.alert\\(1\\))>>>>endobj\n"
    b"trailer<</Root 1 0 R>>\n%%EOF\n"
)


def zipped() -> bytes:
    into = BytesIO()
    with ZipFile(into, "w") as archive:
        archive.writestr("akta.html", SCRIPT)
    return into.getvalue()


HOSTILE = {
    "a page": b"<!doctype html>" + SCRIPT,
    "a drawing": b'<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>',
    "a program": b"MZ\x90\x00" + bytes(200),
    "an archive": zipped(),
    "a page before a PDF": SCRIPT + PDF,
    "an archive before a PDF": zipped() + PDF,
    "a PDF cut off": PDF_WITH_SCRIPT[:-6] + bytes(2000),
    "a picture cut off": photo((64, 48))[:300],
    "only the first bytes of a picture": b"\x89PNG\r\n\x1a\n" + SCRIPT,
    "nothing": b"",
}


def ask(app: Flask, who: SignedIn, url: str) -> TestResponse:
    client = signed_in(app, db.session.get_one(User, who.id))
    db.session.rollback()
    with app.app_context():
        return client.get(url)


def send(app: Flask, who: SignedIn, url: str, content: bytes, **fields: Any) -> TestResponse:
    client = signed_in(app, db.session.get_one(User, who.id))
    client.set_cookie("bahasa", "en")
    db.session.rollback()
    with app.app_context():
        file = BytesIO(content), "akta.pdf", "application/pdf"
        answer = form_post(client, url, id=str(uuid7()), file=file, **fields)
    answer.request.environ["wsgi.input"].close()  # what is large lies in a file on the way
    return answer


def deed(app: Flask, office: Office, permit: Permit, content: bytes) -> TestResponse:
    return send(app, office.trader, f"/izin/{permit.id}/dokumen", content, kind="deed")


def served(app: Flask, office: Office, permit: Permit) -> TestResponse:
    """The file of the last document, as the desk's browser gets it."""
    last = documents_of(permit.id)[-1]
    return ask(app, office.trader, f"/izin/{permit.id}/dokumen/{last.id}/berkas")


@pytest.mark.parametrize("content", HOSTILE.values(), ids=HOSTILE)
def test_what_is_neither_a_pdf_nor_a_picture_is_refused_whatever_it_calls_itself(
    context: Flask, content: bytes
):
    office = make_office()
    permit = make_draft(office)
    before = len(documents_of(permit.id))
    answer = deed(context, office, permit, content)
    assert answer.status_code == 422
    assert len(documents_of(permit.id)) == before


@pytest.mark.parametrize("begin", [PDF[:9], photo((64, 48))], ids=["pdf", "picture"])
def test_what_is_too_large_is_refused(context: Flask, begin: bytes):
    office = make_office()
    permit = make_draft(office)
    before = len(documents_of(permit.id))
    limits.megabytes = 1
    room = MEGA - len(begin) - 6
    assert deed(context, office, permit, begin + bytes(room + 1) + b"%%EOF\n").status_code == 422
    assert len(documents_of(permit.id)) == before
    assert deed(context, office, permit, begin + bytes(room) + b"%%EOF\n").status_code == 302


@pytest.mark.parametrize(
    "content", [PDF_WITH_SCRIPT, b"%PDF-1.4\n" + SCRIPT + zipped() + PDF], ids=["js", "polyglot"]
)
def test_a_pdf_from_outside_is_saved_and_never_shown(context: Flask, content: bytes):
    office = make_office()
    permit = make_draft(office)
    assert deed(context, office, permit, content).status_code == 302
    answer = served(context, office, permit)
    assert answer.data == content
    assert answer.mimetype == "application/pdf"
    assert answer.headers["Content-Disposition"] == 'attachment; filename="deed.pdf"'
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in answer.headers["Content-Security-Policy"]
    assert "private" in answer.headers["Cache-Control"]


def test_a_picture_is_painted_anew_so_that_nothing_rides_in_it(context: Flask):
    office = make_office()
    permit = make_draft(office)
    polyglot = photo((64, 48)) + SCRIPT + zipped()
    assert deed(context, office, permit, polyglot).status_code == 302
    answer = served(context, office, permit)
    assert (answer.mimetype, answer.data[:3]) == ("image/jpeg", b"\xff\xd8\xff")
    assert b"script" not in answer.data
    assert b"PK\x03\x04" not in answer.data
    assert answer.headers["X-Content-Type-Options"] == "nosniff"


def test_a_document_is_reached_only_through_its_own_application(context: Flask):
    mine, theirs = make_office(), make_office()
    permit, other = make_draft(mine), make_draft(theirs)
    command = AddDocument(permit_id=permit.id, kind=DocumentKind.DEED, file=Paper(PDF))
    with pytest.raises(NotFound), transaction():
        add_document(command, by=theirs.trader)
    with transaction():
        add_document(command, by=mine.trader)
    last = f"dokumen/{documents_of(permit.id)[-1].id}/berkas"
    assert ask(context, theirs.trader, f"/izin/{permit.id}/{last}").status_code == 404
    assert ask(context, theirs.trader, f"/izin/{other.id}/{last}").status_code == 404
    assert ask(context, mine.trader, f"/izin/{permit.id}/{last}").status_code == 200


def record(permit: Permit, office: Office, **fields: Any) -> ExternalPaper:
    defaults: dict[str, Any] = {
        "kind": ExternalKind.PROVINCE, "number": "524/1", "issued_on": today(),
    }  # fmt: skip
    with transaction():
        command = RecordPaper(permit_id=permit.id, **{**defaults, **fields})
        return record_paper(command, by=office.desk)


@pytest.mark.usefixtures("context")
def test_a_paper_of_another_office_is_corrected_by_a_new_one_that_says_so():
    office = make_office()
    permit = make_permit(office, PermitState.ACCEPTED)
    wrong = record(permit, office, file=Paper(PDF))
    with pytest.raises(RecordedAlready):
        record(permit, office, number="524/2")
    right = record(permit, office, number="524/7", note="Salah ketik", supersedes_id=wrong.id)
    assert external_papers_of(permit.id) == [right]
    assert right.file_id == wrong.file_id, "a correction of the words is about the same paper"
    assert db.session.get_one(ExternalPaper, wrong.id).number == "524/1"
    with pytest.raises(Corrected):
        record(permit, office, number="524/8", supersedes_id=wrong.id)
    with pytest.raises(Corrected):
        record(permit, office, kind=ExternalKind.DPMPTSP, supersedes_id=right.id)


@pytest.mark.usefixtures("context")
def test_a_correction_is_of_a_paper_of_the_same_application_by_the_desk():
    office = make_office()
    first, second = (make_permit(office, PermitState.ACCEPTED) for _ in range(2))
    there = record(first, office)
    with pytest.raises(NotFound):
        record(second, office, supersedes_id=there.id)
    command = RecordPaper(
        permit_id=first.id, kind=there.kind, number="524/9", issued_on=today(),
        supersedes_id=there.id,
    )  # fmt: skip
    with pytest.raises(Forbidden), transaction():
        record_paper(command, by=office.trader)
    assert external_papers_of(first.id) == [there]


@pytest.mark.usefixtures("context")
@pytest.mark.parametrize(
    "statement",
    ["UPDATE external_papers SET number = 'x'", "DELETE FROM external_papers"],
)
def test_the_database_keeps_what_was_recorded(statement: str):
    office = make_office()
    record(make_permit(office, PermitState.ACCEPTED), office)
    with pytest.raises(DBAPIError), db.engine.begin() as connection:
        connection.execute(text(statement))


def test_the_history_names_the_document_that_was_added(context: Flask):
    office = make_office()
    permit = make_draft(office)
    assert deed(context, office, permit, PDF).status_code == 302
    page = ask(context, office.trader, f"/izin/{permit.id}").text
    assert "Akta pendirian" in page.split('id="history"')[1]
