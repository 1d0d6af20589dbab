"""The administrator's pages."""

import re
from typing import Any
from uuid import UUID, uuid4

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.test import TestResponse

from sijinak.accounts.models import Appointment, Role, User
from sijinak.accounts.services import AddUser, add_user
from sijinak.core.clock import today
from sijinak.core.db import db, transaction
from sijinak.core.events import Event
from sijinak.core.ids import uuid7
from sijinak.core.permissions import OPERATOR
from tests.accounts.doors import account, first_in, is_in, sign_in
from tests.animals.factories import make_keeper
from tests.browsing import form_post
from tests.factories import LUNYUK, signed_in

SHOWN = re.compile(r'class="code">([\w-]{16})<')
ELSEWHERE = "52.04.05"


def administrator(app: Flask, region: str = "52.04") -> FlaskClient:
    return signed_in(app, account(app, Role.ADMINISTRATOR, region))


def _fields(**changed: object) -> dict[str, object]:
    usual = {
        "id": str(uuid7()),
        "name": "drh. Sari",
        "username": "drh.sari",
        "role": "vet",
        "region": LUNYUK,
        "decree": "SK 5/2026",
        "valid_from": "2020-01-01",
    }
    return {name: value for name, value in {**usual, **changed}.items() if value is not None}


def _add(client: FlaskClient, **changed: object) -> TestResponse:
    return form_post(client, "/pengguna/baru", page="/pengguna/baru", **_fields(**changed))


def _by_name(app: Flask, username: str) -> Any:
    with app.app_context():
        return db.session.scalar(select(User).where(User.username == username))


def _appointments(app: Flask, user: User) -> list[Appointment]:
    with app.app_context():
        return list(db.session.scalars(select(Appointment).where(Appointment.user_id == user.id)))


def test_a_user_is_added_and_the_password_shown_once(app: Flask):
    client = administrator(app)
    answer = _add(client)
    assert answer.status_code == 201
    password = first_in(SHOWN, answer.text)
    user = _by_name(app, "drh.sari")
    assert password not in client.get(f"/pengguna/{user.id}").text
    assert answer.headers["Cache-Control"] == "no-store"
    assert sign_in(app.test_client(), "drh.sari", password).status_code == 302
    assert "drh. Sari" in client.get("/pengguna").text


def test_the_trail_does_not_keep_what_a_persons_account_was_called(context: Flask):
    command = AddUser(
        username="siti.aminah", name="Siti Aminah", role=Role.TRADER, region="52.04", decree="",
        valid_from=today(), keeper_id=make_keeper().id,
    )  # fmt: skip
    with transaction():
        add_user(command, by=OPERATOR)
    told = select(Event.facts).where(Event.name == "user.added", Event.subject_id == command.id)
    assert db.session.scalars(told).one() == {}


@pytest.mark.parametrize(
    "wrong",
    [
        {"username": "Sari Dewi"}, {"username": "5204021234560001"}, {"username": None},
        {"name": None},
        {"role": "king"}, {"region": "99.99"}, {"region": None}, {"decree": None},
        {"valid_from": "soon"}, {"valid_until": "2019-12-31"}, {"role": "trader"}, {"id": "x"},
    ],
    ids=str,
)  # fmt: skip
def test_a_form_that_is_wrong_adds_nobody(app: Flask, wrong: dict[str, object]):
    answer = _add(administrator(app), **wrong)
    assert answer.status_code == 422
    assert "drh. Sari" in answer.text or wrong == {"name": None}  # what was typed is kept
    assert _by_name(app, "drh.sari") is None


def test_a_user_name_is_given_once(app: Flask):
    client = administrator(app)
    _add(client)
    assert _add(client).status_code == 422


def test_an_administrator_of_a_kecamatan_appoints_there_only(app: Flask):
    client = administrator(app, LUNYUK)
    assert _add(client, region=ELSEWHERE).status_code == 403
    assert _add(client, region="52.04").status_code == 403
    assert _by_name(app, "drh.sari") is None
    assert _add(client).status_code == 201
    user = _by_name(app, "drh.sari")
    url = f"/pengguna/{user.id}/penunjukan"
    more = {"role": "clerk", "decree": "SK 6", "valid_from": "2026-01-01"}
    for region, status in (("52.04", 403), (ELSEWHERE, 403), (LUNYUK, 302)):
        answer = form_post(client, url, page=url, id=str(uuid7()), region=region, **more)
        assert answer.status_code == status
    assert {a.region for a in _appointments(app, user)} == {LUNYUK}
    page = client.get("/pengguna/baru").text
    assert f'value="{LUNYUK}"' in page
    assert f'value="{ELSEWHERE}"' not in page


@pytest.mark.parametrize("region", ["52.04", ELSEWHERE])
@pytest.mark.parametrize("deed", ["sandi", "tutup", "buka", "keluarkan"])
def test_whose_mandate_is_wider_is_out_of_reach(app: Flask, region: str, deed: str):
    """Who resets the password of the head of agency could sign as the head of agency."""
    head = account(app, Role.KADIS, region)
    client = administrator(app, LUNYUK)
    own = signed_in(app, head)
    assert form_post(client, f"/pengguna/{head.id}/{deed}").status_code == 404
    assert client.get(f"/pengguna/{head.id}").status_code == 404
    assert head.name not in client.get("/pengguna").text
    assert is_in(own)
    assert sign_in(app.test_client(), head.username).status_code == 302


def test_one_wide_appointment_is_enough_to_be_out_of_reach(app: Flask):
    user = account(app, Role.VET, LUNYUK)
    near = administrator(app, LUNYUK)
    assert near.get(f"/pengguna/{user.id}").status_code == 200
    wide = administrator(app)
    url = f"/pengguna/{user.id}/penunjukan"
    more = {"role": "kabid", "decree": "SK 6", "valid_from": "2026-01-01", "region": "52.04"}
    assert form_post(wide, url, page=url, id=str(uuid7()), **more).status_code == 302
    assert near.get(f"/pengguna/{user.id}").status_code == 404
    held = next(a for a in _appointments(app, user) if a.role is Role.KABID)
    assert form_post(wide, f"/pengguna/{user.id}/penunjukan/{held.id}/akhiri").status_code == 302
    assert near.get(f"/pengguna/{user.id}").status_code == 200


def test_nobody_changes_their_own_rights(app: Flask):
    me = account(app, Role.ADMINISTRATOR)
    client = signed_in(app, me)
    held = _appointments(app, me)[0]
    for path in ("sandi", "tutup", "keluarkan", f"penunjukan/{held.id}/akhiri"):
        assert form_post(client, f"/pengguna/{me.id}/{path}").status_code == 409
    url = f"/pengguna/{me.id}/penunjukan"
    more = {"role": "kadis", "decree": "SK", "valid_from": "2026-01-01", "region": "52.04"}
    assert form_post(client, url, page=url, id=str(uuid7()), **more).status_code == 409
    assert [a.role for a in _appointments(app, me)] == [Role.ADMINISTRATOR]
    assert is_in(client)


def test_the_same_form_twice_appoints_once(app: Flask):
    user, client = account(app), administrator(app)
    url = f"/pengguna/{user.id}/penunjukan"
    sent = {"id": str(uuid7()), "role": "clerk", "decree": "SK", "valid_from": "2026-01-01"}
    for _ in range(2):
        assert form_post(client, url, page=url, region=LUNYUK, **sent).status_code == 302
    assert len(_appointments(app, user)) == 2


def test_a_new_one_time_password_and_a_closed_account(app: Flask):
    user, client = account(app), administrator(app)
    answer = form_post(client, f"/pengguna/{user.id}/sandi")
    password = first_in(SHOWN, answer.text)
    assert sign_in(app.test_client(), user.username).status_code == 422
    form_post(client, f"/pengguna/{user.id}/tutup")
    assert sign_in(app.test_client(), user.username, password).status_code == 422
    form_post(client, f"/pengguna/{user.id}/buka")
    assert sign_in(app.test_client(), user.username, password).status_code == 302


def test_a_stolen_telephone_is_signed_out(app: Flask):
    user = account(app)
    phone, client = signed_in(app, user), administrator(app)
    form_post(client, f"/pengguna/{user.id}/keluarkan")
    assert not is_in(phone)


def test_the_list_has_pages_and_finds_names(app: Flask):
    client = administrator(app)
    for number in range(30):
        account(app, Role.VET, username=f"vet.nomor.{number}", name=f"Nama Ke-{number}_")
    first = client.get("/pengguna").text
    older = first_in(re.compile(r'rel="next" href="([^"]+)"'), first)
    second = client.get(older).text
    found = [set(re.findall(r"vet\.nomor\.\d+", page)) for page in (first, second)]
    assert len(found[0]) == 25
    assert not found[0] & found[1]
    assert len(found[0] | found[1]) == 30
    page = client.get("/pengguna?cari=nama ke-7_").text
    assert set(re.findall(r"vet\.nomor\.\d+", page)) == {"vet.nomor.7"}
    assert (
        "vet.nomor.7"
        not in client.get("/pengguna?cari=%").text.split("</form>")[-1].split("<li")[0]
    )


def test_every_deed_leaves_an_event(app: Flask):
    client = administrator(app)
    _add(client)
    user = _by_name(app, "drh.sari")
    held = _appointments(app, user)[0]
    for path in ("sandi", "keluarkan", f"penunjukan/{held.id}/akhiri", "tutup", "buka"):
        form_post(client, f"/pengguna/{user.id}/{path}")
    with app.app_context():
        names = set(db.session.scalars(select(Event.name)))
        told = str([e.facts for e in db.session.scalars(select(Event))])
    assert names >= {
        "user.added", "user.appointed", "user.password-reset", "user.sessions-ended",
        "user.appointment-ended", "user.deactivated", "user.activated",
    }  # fmt: skip
    assert "drh. Sari" not in told  # facts hold no personal data


def test_unknown_ids_are_not_there(app: Flask):
    client = administrator(app)
    assert client.get(f"/pengguna/{uuid4()}").status_code == 404
    assert form_post(client, f"/pengguna/{UUID(int=0)}/sandi").status_code == 404


def test_a_trader_without_a_keeper_reaches_nobodys_herd(app: Flask):
    from sijinak.core.permissions import Permission, may
    from tests.factories import actor_for

    with app.app_context():
        trader = actor_for(Role.TRADER)
    assert not may(trader, Permission.ANIMAL_READ, keeper_id=uuid7())
    assert may(trader, Permission.ANIMAL_READ)
