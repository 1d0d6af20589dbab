"""What traders and officers see, and what their forms do."""

import re
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select
from werkzeug.test import TestResponse

from sijinak.accounts.models import Role, User
from sijinak.accounts.queries import SignedIn
from sijinak.core.codes import spaced
from sijinak.core.db import db
from sijinak.permits.models import Permit, PermitState
from sijinak.permits.pages import tiles
from sijinak.permits.queries import permits, public_code
from tests.browsing import form_post, id_on
from tests.core.papers import qr_texts, words
from tests.factories import LUNYUK_REA, make_user, signed_in
from tests.permits.factories import (
    BEKASI,
    Office,
    make_draft,
    make_herd,
    make_office,
    make_permit,
    pay,
    take,
)


class Browser:
    """Asks in a fresh context each time, as a server does: what the test reads is its own."""

    def __init__(self, app: Flask, user: User) -> None:
        self._app, self._client = app, signed_in(app, user)
        self._client.set_cookie("bahasa", "en")  # the Indonesian words may change

    def get(self, url: str) -> TestResponse:
        db.session.rollback()
        with self._app.app_context():
            return self._client.get(url)

    def post(self, url: str, **sent: Any) -> TestResponse:
        db.session.rollback()
        with self._app.app_context():
            return self._client.post(url, **sent)


def browser(app: Flask, who: SignedIn) -> Browser:
    return Browser(app, db.session.get_one(User, who.id))


def send(client: Browser, url: str, **fields: str) -> TestResponse:
    return form_post(client, url, **fields)  # type: ignore[arg-type]


def state_of(permit: Permit) -> PermitState:
    db.session.rollback()
    return db.session.scalars(select(Permit.state).where(Permit.id == permit.id)).one()


def application(codes: list[str], page: str, **fields: str) -> dict[str, str]:
    return {
        "id": id_on(page),
        "species": "cattle",
        "purpose": "slaughter",
        "destination": BEKASI,
        "port": "badas",
        "planned_on": "2026-12-01",
        "vehicle_plate": "EA 1 B",
        "region": LUNYUK_REA,
        "tags": "\n".join(codes),
        **fields,
    }


def test_a_trader_sees_what_would_happen_and_the_price_before_submitting(context: Flask):
    office = make_office()
    client = browser(context, office.trader)
    good, (bare,) = make_herd(office.firm), make_herd(office.firm, 1, doses=0)
    page = client.get("/izin/baru").text
    sent = application([*map(spaced, good), bare.lower()], page)
    answer = send(client, "/izin/baru", **sent)
    assert answer.status_code == 302
    shown = client.get(answer.location).text.replace("\xa0", " ")
    assert "0 of 1 doses" in shown
    assert "Rp 79.500" in shown
    assert "Rp 159.000" in shown
    assert "Perda" in shown
    assert "/kirim" not in shown, "it cannot be submitted yet"
    url = answer.location
    page = client.get(f"{url}/ubah").text
    assert bare in page, "what was typed is still there"
    assert send(client, f"{url}/ubah", **application(good, page)).status_code == 302
    shown = client.get(url).text
    posted = send(client, f"{url}/kirim", id=id_on(shown))
    assert posted.status_code == 302
    (permit,) = permits(by=office.trader).items
    assert state_of(permit) is PermitState.SUBMITTED


def test_a_wrong_code_is_named_by_its_line_and_nothing_is_lost(context: Flask):
    office = make_office()
    client = browser(context, office.trader)
    (good,) = make_herd(office.firm, 1)
    page = client.get("/izin/baru").text
    answer = send(client, "/izin/baru", **application([good, "7K3M-XXXX"], page))
    assert answer.status_code == 422
    assert "Line 2: 7K3M-XXXX" in answer.text
    assert good in answer.text
    assert not permits(by=office.trader).items


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("destination", "52.04"), ("destination", "52.04.02"), ("port", "nowhere"),
        ("region", "52.04"), ("planned_on", "tomorrow"), ("species", "cow"), ("tags", ""),
        ("purpose", ""),
    ],
)  # fmt: skip
def test_bad_input_is_an_answer_and_no_fault(context: Flask, field: str, value: str):
    office = make_office()
    client = browser(context, office.trader)
    sent = application(make_herd(office.firm, 1), client.get("/izin/baru").text, **{field: value})
    answer = send(client, "/izin/baru", **sent)
    assert answer.status_code == 422
    assert f'href="#field-{field}"' in answer.text


def act(client: Browser, permit: Permit, where: str, **fields: str) -> int:
    shown = client.get(f"/izin/{permit.id}").text
    return send(client, f"/izin/{permit.id}/{where}", id=id_on(shown), **fields).status_code


def test_the_whole_road_by_its_forms(context: Flask, tmp_path: Path):
    office = make_office()
    permit = make_permit(office, PermitState.SUBMITTED)
    desk, vet = browser(context, office.desk), browser(context, office.vet)
    assert act(desk, permit, "berkas", decision="no", note="KTP buram") == 302
    assert "KTP buram" in browser(context, office.trader).get(f"/izin/{permit.id}").text
    take("submit", permit, office.trader)
    assert act(desk, permit, "berkas", decision="yes") == 302
    page = vet.get(f"/izin/{permit.id}/periksa").text
    wrong = {"result-1": "pass", "weight_kg-1": "310", "result-2": "pass", "weight_kg-2": "299"}
    url = f"/izin/{permit.id}/periksa"
    answer = send(vet, url, id=id_on(page), **wrong)
    assert answer.status_code == 422
    assert "299 kg is too light" in answer.text
    assert 'value="299"' in answer.text
    right = {**wrong, "result-2": "refuse", "reason-2": "Terlalu ringan"}
    assert send(vet, url, id=id_on(page), **right).status_code == 302
    assert act(desk, permit, "tagih") == 302
    assert "/retribusi/" in browser(context, office.trader).get(f"/izin/{permit.id}").text
    pay(permit, office)
    assert act(browser(context, office.kadis), permit, "putusan", decision="yes") == 302
    assert act(desk, permit, "terbitkan") == 302
    _look_at_the_letter(context, office, permit, tmp_path)


def _look_at_the_letter(app: Flask, office: Office, permit: Permit, folder: Path) -> None:
    shown = browser(app, office.trader).get(f"/izin/{permit.id}").text
    issued = db.session.get_one(Permit, permit.id, populate_existing=True)
    assert str(issued.number) in shown
    assert "Terlalu ringan" in shown
    paper = browser(app, office.trader).get(f"/izin/{permit.id}/surat.pdf")
    assert paper.mimetype == "application/pdf"
    assert qr_texts(paper.data, folder) == [f"HTTP://127.0.0.1:8000/I/{public_code(issued)}"]
    text = words(paper.data)
    assert str(issued.number) in text
    assert "1ekor" in text
    assert office.firm.name.replace(" ", "") in text
    assert spaced(issued.tags[0]) in text
    assert spaced(issued.tags[1]) not in text


def test_an_animal_that_does_not_pass_needs_its_reason(context: Flask):
    office = make_office()
    permit = make_permit(office, PermitState.ACCEPTED)
    vet = browser(context, office.vet)
    url = f"/izin/{permit.id}/periksa"
    page = vet.get(url).text
    answer = send(vet, url, **{"id": id_on(page), "result-1": "refuse", "result-2": "pass"})
    assert answer.status_code == 422
    for name in ("reason-1", "weight_kg-2"):
        assert f'href="#field-{name}"' in answer.text


def test_a_double_click_is_one_step_and_no_error(context: Flask):
    office = make_office()
    permit = make_permit(office, PermitState.SUBMITTED)
    desk = browser(context, office.desk)
    sent = {"id": id_on(desk.get(f"/izin/{permit.id}").text), "decision": "yes"}
    answers = [send(desk, f"/izin/{permit.id}/berkas", **sent) for _ in range(2)]
    assert [answer.status_code for answer in answers] == [302, 302]


def test_a_return_without_a_note_is_asked_for_it(context: Flask):
    office = make_office()
    permit = make_permit(office, PermitState.SUBMITTED)
    desk = browser(context, office.desk)
    assert act(desk, permit, "berkas", decision="no") == 422
    assert state_of(permit) is PermitState.SUBMITTED


def test_who_took_part_before_reads_why_he_has_no_form(context: Flask):
    office = make_office()
    permit = make_permit(office, PermitState.SUBMITTED)
    take("accept", permit, office.desk)
    take("inspect", permit, office.vet)
    shown = browser(context, office.desk).get(f"/izin/{permit.id}").text
    assert "/tagih" in shown
    assert "/tagih" not in browser(context, office.kadis).get(f"/izin/{permit.id}").text


def test_another_traders_application_is_not_there(context: Flask):
    mine, theirs = make_office(), make_office()
    permit = make_permit(theirs, PermitState.SUBMITTED)
    client = browser(context, mine.trader)
    for path in ("", "/ubah", "/surat.pdf"):
        assert client.get(f"/izin/{permit.id}{path}").status_code == 404
    assert send(client, f"/izin/{permit.id}/batal", id="x", reason="x").status_code == 404
    assert theirs.firm.name not in client.get("/izin/").text


def test_no_letter_before_it_is_issued(context: Flask):
    office = make_office()
    permit = make_permit(office, PermitState.APPROVED)
    assert browser(context, office.trader).get(f"/izin/{permit.id}/surat.pdf").status_code == 404


def test_the_list_shows_first_what_waits(context: Flask):
    office = make_office()
    make_permit(office, PermitState.SUBMITTED)
    assert "Waiting for you" in browser(context, office.desk).get("/izin/").text
    assert "Waiting for you" not in browser(context, office.vet).get("/izin/").text
    assert "Waiting for you" not in browser(context, office.desk).get("/izin/?keadaan=paid").text


def test_rules_say_what_nobody_has_stated(context: Flask):
    shown = browser(context, make_office().trader).get("/izin/aturan").text
    assert "Not stated: ask the Dinas" in shown
    assert "CONTOH" in shown
    assert "300 kg" in shown


@pytest.mark.parametrize("state", list(PermitState))
def test_every_reader_sees_the_page_in_every_state(context: Flask, state: PermitState):
    office = make_office()
    permit = make_permit(office, state)
    everybody = [*office.people]
    users = [db.session.get_one(User, one.id) for one in everybody]
    users += [make_user(role) for role in (Role.AUDITOR, Role.CHECKPOINT, Role.PARAMEDIC)]
    for user in users:
        shown = Browser(context, user).get(f"/izin/{permit.id}")
        assert shown.status_code == 200, user.username
        assert not re.search(r"%\(\w+\)s", shown.text)


def test_tiles_count_what_waits(context: Flask):
    office: Office = make_office()
    make_permit(office, PermitState.SUBMITTED)
    make_draft(office)
    with context.test_request_context():
        counts = [[tile.value for tile in tiles(one)] for one in office.people]
    # trader, desk, vet, Kadis: what waits; Kabid, treasurer: what is under way
    assert counts == [["1"], ["1"], ["0"], ["0"], ["2"], ["2"]]
