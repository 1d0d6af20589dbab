"""What people and phones get over HTTP: files, verdicts, keys and lists."""

from base64 import b32encode, b64decode
from itertools import cycle, islice

import pytest
from flask import Flask
from sqlalchemy import func, select

from sijinak.core.cose import public_key
from sijinak.core.db import db
from sijinak.core.events import Event
from sijinak.core.storage import storage
from sijinak.permits.models import Permit, PermitState
from sijinak.permits.signing.jobs import sign_status_lists
from sijinak.permits.signing.models import PaperType, SignedPaper
from sijinak.permits.signing.proving import key_of
from sijinak.permits.signing.queries import paper_of
from sijinak.permits.signing.statuslist import PaperStatus, read_list
from sijinak.public.guard import MISSES
from tests.permits.factories import Office, deliver, make_office, make_permit, take
from tests.permits.signing import vectors
from tests.permits.test_pages import browser


@pytest.fixture
def office(context: Flask) -> Office:
    return make_office()


def _text(paper: SignedPaper) -> str:
    return b32encode(paper.qr).decode().rstrip("=")


@pytest.fixture
def permit(office: Office) -> Permit:
    permit = make_permit(office, PermitState.ISSUED)
    deliver()
    return permit


def test_the_file_is_handed_out_as_it_was_signed_or_not_at_all(context: Flask, office: Office):
    trader = browser(context, office.trader)
    permit = make_permit(office, PermitState.ISSUED)
    address = f"/izin/{permit.id}/surat.pdf"
    waiting = trader.get(address)
    assert (waiting.status_code, waiting.mimetype) == (202, "text/html")
    assert "Refresh" in waiting.headers
    deliver()
    paper, content = _letter(permit), trader.get(address).data
    assert content == storage.store.get(key_of(paper))
    assert trader.get(f"/izin/{permit.id}/surat/skkh.pdf").data.startswith(b"%PDF")
    assert trader.get(f"/izin/{permit.id}/surat/lain.pdf").status_code == 404
    assert trader.get(f"{address}?versi=9").status_code == 404
    assert paper.sha256.hex() in trader.get(f"/izin/{permit.id}/surat").text
    storage.store.put(key_of(paper), content[:-1] + b"x")
    assert trader.get(address).status_code == 422


def test_the_public_page_says_what_was_signed_and_what_became_of_it(
    context: Flask, office: Office, permit: Permit
):
    anybody, paper = context.test_client(), _letter(permit)
    for letter in ("V", "v"):
        page = anybody.get(f"/{letter}/{_text(paper)}")
        assert page.status_code == 200
        assert "banner tone-info" in page.text  # never a bare green tick
        assert "tone-success" not in page.text
        for said in (permit.vehicle_plate, paper.number, office.firm.name, paper.sha256.hex()):
            assert said in page.text
    content = storage.store.get(key_of(paper))
    storage.store.put(key_of(paper), content + b"x")
    for _ in range(3):
        assert "tone-danger" in anybody.get(f"/V/{_text(paper)}").text
    assert db.session.scalar(select(func.count()).where(Event.name == "paper.altered")) == 1
    storage.store.put(key_of(paper), content)
    take("revoke", permit, office.kadis)
    page = anybody.get(f"/V/{_text(paper)}")
    assert "tone-danger" in page.text
    assert permit.vehicle_plate in page.text
    assert "tone-success" not in anybody.get(f"/I/{permit.id.hex.upper()}").text


def test_keys_and_lists_may_be_kept(context: Flask, permit: Permit):
    anybody, paper = context.test_client(), _letter(permit)
    sign_status_lists()
    keys = anybody.get("/api/v1/permits/keys")
    assert "public" in keys.headers["Cache-Control"]
    known = {
        bytes.fromhex(key["kid"]): public_key(b64decode(key["spki"]))
        for key in keys.get_json()["keys"]
    }
    address = f"/api/v1/permits/status/{paper.status_list}"
    answer = anybody.get(address)
    listed = read_list(b64decode(answer.get_json()["list"]), known)
    assert listed.status(paper.status_index) is PaperStatus.VALID
    again = anybody.get(address, headers={"If-None-Match": answer.headers["ETag"]})
    assert again.status_code == 304
    assert anybody.get("/api/v1/permits/status/99").status_code == 404


def _letter(permit: Permit) -> SignedPaper:
    return paper_of(permit.id, PaperType.RECOMMENDATION)


def test_a_stranger_sees_no_file(context: Flask, office: Office):
    permit = make_permit(office, PermitState.ISSUED)
    deliver()
    other = make_office()
    for path in ("surat", "surat.pdf", "surat/skkh.pdf"):
        assert browser(context, other.trader).get(f"/izin/{permit.id}/{path}").status_code == 404
        assert context.test_client().get(f"/izin/{permit.id}/{path}").status_code == 302


FORGED = {
    name: text.rpartition("/")[2] for name, text, why in vectors.bad() if why != "strange-address"
}


def test_no_forged_text_is_more_than_refused(context: Flask):
    anybody = context.test_client()
    forged = cycle(FORGED.items())
    for name, text in islice(forged, MISSES.amount):
        page = anybody.get(f"/V/{text}")
        assert page.status_code == 422, name
        assert "tone-danger" in page.text
        assert "EA 8123" not in page.text  # nothing unproved is shown
    assert anybody.get("/V/AAAA").status_code == 429  # nobody may try for ever
