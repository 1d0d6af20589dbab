"""The receiver's page: no account, no names, one tap with a second question, and no guessing."""

import re
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient

from sijinak.accounts.models import User
from sijinak.animals.models import AnimalState
from sijinak.core.clock import clock, now
from sijinak.core.db import db
from sijinak.permits.arrivals.guard import MISSES
from sijinak.permits.arrivals.queries import statements_of
from sijinak.permits.arrivals.secrets import code_for
from sijinak.permits.models import Permit
from tests.browsing import form_post, id_on
from tests.factories import signed_in
from tests.permits.arrivals.factories import departed, link_of, states, typed
from tests.permits.factories import Office, make_office


@pytest.fixture
def office(context: Flask) -> Office:
    return make_office()


@pytest.fixture
def permit(office: Office) -> Permit:
    return departed(office)


@pytest.fixture
def door(permit: Permit) -> str:
    return f"/tiba/{link_of(permit)[1]}"


def test_the_list_names_nobody(app: Flask, office: Office, permit: Permit, door: str):
    shown = app.test_client().get(door).text
    assert str(permit.number) in shown
    assert office.firm.name not in shown
    assert not re.search(r"Nama [a-z-]+\d", shown)
    assert " checked" not in shown.partition("<main")[2]  # nothing is chosen beforehand


def test_all_well_is_asked_once_more(app: Flask, permit: Permit, door: str):
    anybody = app.test_client()
    page = anybody.get(door).text
    fields = dict(re.findall(r'name="(id|arrived_on|all)" value="([^"]+)"', page))
    asked = form_post(anybody, door, page=door, **fields)
    assert asked.status_code == 200
    assert not statements_of(permit.id)
    sent = [form_post(anybody, door, page=door, sure="yes", **fields) for _ in range(2)]
    assert [answer.status_code for answer in sent] == [302, 302]
    assert states(permit) == [AnimalState.SHIPPED] * 3
    assert len(statements_of(permit.id)) == 1
    assert "tone-success" in anybody.get(sent[0].headers["Location"]).text


def test_an_unsaid_animal_keeps_what_was_typed(app: Flask, permit: Permit, door: str):
    anybody = app.test_client()
    said = typed(permit, {1: ("", ""), 2: ("dead", ""), 3: ("rejected", "Pincang")})
    answer = form_post(anybody, door, page=door, id=id_on(anybody.get(door).text), **said)
    assert answer.status_code == 422
    assert 'href="#field-outcome-1"' in answer.text
    assert 'href="#field-words-2"' in answer.text
    assert "Pincang" in answer.text
    assert not statements_of(permit.id)


def test_it_is_corrected_behind_the_same_link(app: Flask, permit: Permit, door: str):
    anybody = app.test_client()
    for outcome, state in (("dead", AnimalState.DEAD), ("received", AnimalState.SHIPPED)):
        said = typed(permit, {1: (outcome, "Oleng" if outcome == "dead" else "")})
        form_post(anybody, door, page=door, id=id_on(anybody.get(door).text), **said)
        assert states(permit)[0] is state
    assert len(statements_of(permit.id)) == 2


def test_number_and_code_lead_to_the_list(app: Flask, permit: Permit, door: str):
    anybody = app.test_client()
    code = code_for(link_of(permit)[0].id)
    wrong = form_post(anybody, "/tiba/", page="/tiba/", number=permit.number, code="000000")
    right = form_post(anybody, "/tiba/", page="/tiba/", number=permit.number, code=code)
    assert wrong.status_code == 422
    assert right.headers["Location"] == door


def test_guessing_is_stopped(app: Flask, door: str):
    anybody = app.test_client()
    tries = [anybody.get(f"/tiba/{'A' * 31}{n}").status_code for n in range(MISSES.amount)]
    assert set(tries) == {404}
    assert anybody.get(f"/tiba/{'A' * 32}").status_code == 429
    assert anybody.get(door).status_code == 429


def test_an_old_link_is_not_there(app: Flask, door: str):
    with clock.reading(now() + timedelta(days=61)):
        assert app.test_client().get(door).status_code == 404


def test_the_office_writes_down_what_it_hears(app: Flask, office: Office, permit: Permit):
    desk, page = client_of(app, office, "desk"), f"/izin/{permit.id}/kedatangan"
    form_post(
        desk, page, page=page, id=id_on(desk.get(page).text), note="Ditelepon",
        **typed(permit, {2: ("dead", "Kapal oleng")}),
    )  # fmt: skip
    assert states(permit)[1] is AnimalState.DEAD
    assert "Ditelepon" in desk.get(page).text


def test_the_applicant_and_the_desk_hand_the_link_over(
    app: Flask, office: Office, permit: Permit, door: str
):
    page = f"/izin/{permit.id}/kedatangan"
    for who, sees in (("trader", True), ("desk", True), ("treasurer", False)):
        client = client_of(app, office, who)
        with app.app_context():  # each request its own, for each is somebody else's
            assert (door in client.get(page).text) is sees


def test_a_new_link_takes_the_place_of_the_old(
    app: Flask, office: Office, permit: Permit, door: str
):
    trader, page = client_of(app, office, "trader"), f"/izin/{permit.id}/kedatangan"
    form_post(
        trader, f"/izin/{permit.id}/tautan-penerima", page=page, permit_id=permit.id,
        id=link_form_id(trader.get(page).text),
    )  # fmt: skip
    new = f"/tiba/{link_of(permit)[1]}"
    assert new in trader.get(page).text
    assert [app.test_client().get(url).status_code for url in (door, new)] == [404, 200]


def link_form_id(page: str) -> str:
    return id_on(page.partition("tautan-penerima")[2])


def client_of(app: Flask, office: Office, who: str) -> FlaskClient:
    """Signed in as one of the office's people."""
    return signed_in(app, db.session.get_one(User, getattr(office, who).id))
