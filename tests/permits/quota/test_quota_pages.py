"""What the office and anybody else see of the quota, and what the forms do."""

import re
from io import BytesIO
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from sijinak.accounts.models import Role
from sijinak.core.ids import uuid7
from sijinak.keepers.models import KeeperKind
from sijinak.permits.quota.models import ClaimState
from sijinak.permits.quota.queries import claim_of
from sijinak.permits.rules.models import Purpose
from tests.animals.factories import firm, make_keeper, person
from tests.browsing import form_post
from tests.factories import REGENCY, make_user, signed_in
from tests.permits.factories import PDF
from tests.permits.quota.books import YEAR, ask, bare_permit, figures, grant

DECREE = {"number": "500.7-841/2024", "legal_basis": "Keputusan Gubernur NTB"}


def browser(app: Flask, role: Role) -> FlaskClient:
    with app.app_context():
        client = signed_in(app, make_user(role))
    client.set_cookie("bahasa", "en")
    return client


@pytest.fixture
def kabid(app: Flask) -> FlaskClient:
    return browser(app, Role.KABID)


def sent(**more: Any) -> dict[str, Any]:
    return {"id": str(uuid7()), **DECREE, **more}


def granted(**more: Any) -> dict[str, Any]:
    lists = {
        "species": ["cattle", "buffalo"], "purpose": ["slaughter"] * 2,
        "scope": ["out-of-province"] * 2, "heads": ["16.000", ""],
    }  # fmt: skip
    return sent(year=YEAR, origin=REGENCY, **{**lists, **more})


def test_a_decree_is_rehearsed_and_then_written(app: Flask, kabid: FlaskClient):
    form = granted()
    rehearsed = form_post(kabid, "/kuota/baru", **form)
    assert rehearsed.status_code == 200
    assert "0 → 16.000" in rehearsed.text
    with app.app_context():
        assert not kabid.get("/kuota/").text.count("16.000")
    for _ in range(2):  # a double click
        assert form_post(kabid, "/kuota/baru", **{**form, "step": "record"}).status_code == 302
    page = kabid.get("/kuota/").text
    assert "16.000" in page
    assert "500.7-841/2024" in page
    with app.app_context():
        assert figures() == (16_000, 0, 0)


def test_the_paper_of_a_decree_is_kept_and_read_by_the_office_alone(app: Flask, kabid: FlaskClient):
    form = {**granted(), "step": "record", "file": (BytesIO(PDF), "sk.pdf")}
    assert form_post(kabid, "/kuota/baru", **form).status_code == 302
    address = re.search(r'/kuota/keputusan/[^"]+', kabid.get("/kuota/").text)
    assert address
    assert kabid.get(address[0]).data == PDF
    assert browser(app, Role.CLERK).get(address[0]).status_code == 403


def test_a_file_that_is_no_paper_keeps_what_was_typed(kabid: FlaskClient):
    form = {**granted(), "step": "record", "file": (BytesIO(b"MZ"), "sk.pdf")}
    answer = form_post(kabid, "/kuota/baru", **form)
    assert answer.status_code == 422
    assert "Keputusan Gubernur NTB" in answer.text
    assert "500.7-841/2024" not in kabid.get("/kuota/").text


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"heads": ["", ""]}, "Write the heads beside at least one line."),
        ({"heads": ["12,5", ""]}, "Write whole numbers of heads."),
        ({"heads": ["0", ""]}, "from 1 to"),
        ({"heads": ["5", "6"], "species": ["cattle", "cattle"]}, "stands there twice"),
        ({"number": ""}, "Fill this in."),
        ({"dated_on": "2099-01-01"}, "This day has not come yet."),
        ({"origin": "52.04.02"}, "Choose a regency"),
    ],
)
def test_a_wrong_decree_is_refused_with_a_sentence_and_kept(
    kabid: FlaskClient, wrong: dict[str, Any], sentence: str
):
    answer = form_post(kabid, "/kuota/baru", **{**granted(), **wrong, "step": "record"})
    assert answer.status_code == 422
    assert sentence in answer.text
    assert "Keputusan Gubernur NTB" in answer.text


def test_cutting_too_deep_names_the_figures(app: Flask, kabid: FlaskClient):
    with app.app_context():
        account = grant(10)
        ask(bare_permit(make_keeper(firm(name="CV Samawa"))), 6)
    url = f"/kuota/{account.id}/ubah"
    assert "this will be refused" in form_post(kabid, url, **sent(heads="-5")).text
    answer = form_post(kabid, url, **sent(heads="-5", step="record"))
    assert answer.status_code == 422
    assert "the quota is 10 heads, 6 of them are reserved" in answer.text
    assert "At most 4 can be taken" in answer.text


def test_change_transfer_and_freeze_stand_in_the_ledger(app: Flask, kabid: FlaskClient):
    with app.app_context():
        account = grant(10)
    here = f"/kuota/{account.id}"
    to = {
        "year": YEAR, "origin": "52.06", "species": "cattle", "purpose": "slaughter",
        "scope": "out-of-province",
    }  # fmt: skip
    for url, form in (
        (f"{here}/ubah", sent(heads="5", note="Tambahan")),
        (f"{here}/pindah", sent(heads="3", **to)),
        (f"{here}/beku", sent(is_frozen="true")),
    ):
        assert kabid.get(url).status_code == 200
        assert form_post(kabid, url, **form).status_code == 200
        assert form_post(kabid, url, **{**form, "step": "record"}).status_code == 302
    page = kabid.get(here).text
    for text in ("Tambahan", "Transferred out", "Bima", "Frozen: nobody gets any", "−3"):
        assert text in page


def test_the_queue_is_seen_and_who_is_let_first_needs_a_reason(app: Flask, kabid: FlaskClient):
    with app.app_context():
        account = grant(10)
        keeper = make_keeper(firm(name="CV Penyerobot"))
        permits = [bare_permit(keeper) for _ in range(3)]
        for permit, heads in zip(permits, (6, 8, 4), strict=True):
            ask(permit, heads)
        claim = claim_of(permits[2].id)
        assert claim
        claim_id, permit_id = claim.id, permits[2].id
    url = f"/kuota/antrean/{claim_id}"
    assert url in kabid.get(f"/kuota/{account.id}").text
    assert kabid.get(url).status_code == 200
    assert form_post(kabid, url, id=str(uuid7()), why="").status_code == 422
    form = {"id": str(uuid7()), "why": "Kapal berangkat malam ini"}
    assert form_post(kabid, url, **form).status_code == 302
    assert form_post(kabid, url, **form).status_code == 302
    assert "Kapal berangkat malam ini" in kabid.get(f"/kuota/{account.id}").text
    with app.app_context():
        claim = claim_of(permit_id)
        assert claim
        assert claim.state is ClaimState.RESERVED


def test_who_only_reads_finds_no_button(app: Flask):
    with app.app_context():
        account = grant(10)
    desk = browser(app, Role.PERMIT_DESK)
    assert "/kuota/baru" not in desk.get("/kuota/").text
    assert "/ubah" not in desk.get(f"/kuota/{account.id}").text
    assert desk.get("/kuota/baru").status_code == 403


def test_anybody_reads_the_figures_and_firms_but_no_person(app: Flask):
    with app.app_context():
        grant(100)
        grant(7, purpose=Purpose.BREEDING)
        for keeper, heads in (
            (make_keeper(firm(name="CV Terang")), 60),
            (make_keeper(person(name="Siti Rahasia", kind=KeeperKind.PERSON)), 9),
            (make_keeper(person(name="Umar Rahasia", kind=KeeperKind.PERSON)), 11),
            (make_keeper(firm(name="CV Sabar")), 50),
        ):
            ask(bare_permit(keeper), heads)
    client = app.test_client()
    client.set_cookie("bahasa", "en")
    page = client.get("/kuota-publik")
    assert page.status_code == 200
    for text in ("CV Terang", "CV Sabar", "Natural persons", "0 used + 80 reserved = 80 of 100"):
        assert text in page.text
    assert "Rahasia" not in page.text


def test_who_tries_years_one_after_another_is_stopped(app: Flask):
    client = app.test_client()
    answers = {client.get(f"/kuota-publik?tahun={year}").status_code for year in range(2100, 2170)}
    assert answers == {404, 429}
