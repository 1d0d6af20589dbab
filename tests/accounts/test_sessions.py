"""Sessions live and die on the server (S8, S9)."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.test import TestResponse

from sijinak.accounts.models import Appointment, Role, SignInSession
from sijinak.accounts.services import AddUser, add_user, end_appointment, reset_password, set_active
from sijinak.config import Settings
from sijinak.core.clock import clock, now, today
from sijinak.core.db import db, transaction
from sijinak.core.permissions import OPERATOR
from tests.accounts.doors import account, cookie_of, is_in, later, sign_in
from tests.browsing import form_post
from tests.factories import PASSWORD, signed_in
from tests.web.houses import house

NEW = "perahu-kecil-di-teluk-saleh"


def _change(client: FlaskClient, current: str = PASSWORD, new: str = NEW) -> TestResponse:
    return form_post(client, "/akun/sandi", current=current, new=new)


def test_signing_in_changes_the_cookie(app: Flask):
    """What an attacker planted before is worth nothing after (fixation)."""
    user = account(app)
    client = app.test_client()
    client.get("/masuk")
    planted = cookie_of(client)
    assert sign_in(client, user.username).status_code == 302
    assert is_in(client)
    other = app.test_client()
    other.set_cookie("sijinak", planted)
    assert not is_in(other)
    first = cookie_of(client)
    sign_in_again = app.test_client()
    sign_in(sign_in_again, user.username)
    assert cookie_of(sign_in_again) != first


def test_the_token_is_kept_as_its_digest(app: Flask):
    user = account(app)
    client = app.test_client()
    sign_in(client, user.username)
    with client.session_transaction() as cookie:
        token = cookie["_user_id"]
    assert len(token) >= 43  # 256 bits
    with app.app_context():
        kept = db.session.scalars(select(SignInSession)).one()
        assert token.encode() not in kept.digest


def test_logging_out_kills_the_session_on_the_server(app: Flask):
    user = account(app)
    client = signed_in(app, user)
    stolen = cookie_of(client)
    answer = form_post(client, "/keluar")
    assert "storage" in answer.headers["Clear-Site-Data"]
    thief = app.test_client()
    thief.set_cookie("sijinak", stolen)
    assert not is_in(client)
    assert not is_in(thief)


def test_a_closed_account_is_out_at_once(app: Flask):
    user = account(app)
    client = signed_in(app, user)
    assert is_in(client)
    with app.app_context(), transaction():
        set_active(user.id, active=False, by=OPERATOR)
    assert not is_in(client)
    with app.app_context(), transaction():
        set_active(user.id, active=True, by=OPERATOR)
    assert not is_in(client)  # the old session stays dead


def test_an_ended_appointment_ends_the_right_on_the_next_request(app: Flask):
    user = account(app, Role.ADMINISTRATOR)
    client = signed_in(app, user)
    assert client.get("/pengguna").status_code == 200
    with app.app_context():
        held = db.session.scalars(
            select(Appointment.id).where(Appointment.user_id == user.id)
        ).one()
        with transaction():
            end_appointment(held, by=OPERATOR)
    assert client.get("/pengguna").status_code == 403
    assert is_in(client)


def test_a_new_appointment_acts_from_its_day(app: Flask):
    user = account(app, Role.VET)
    client = signed_in(app, user)
    assert client.get("/pengguna").status_code == 403
    with app.app_context(), transaction():
        db.session.add(
            Appointment(
                user_id=user.id,
                role=Role.ADMINISTRATOR,
                region="52.04",
                decree="SK 2/2026",
                valid_from=date(2020, 1, 1),
                valid_until=today(),
            )
        )
    assert client.get("/pengguna").status_code == 200


def test_an_idle_session_ends(app: Flask):
    client = app.test_client()
    sign_in(client, account(app).username)
    with later(minutes=29):
        assert is_in(client)
    with later(minutes=58):
        assert is_in(client)  # it was used in between
    with later(minutes=58 + 31):
        assert not is_in(client)


def test_even_a_busy_session_ends_after_a_working_day(app: Flask):
    client = app.test_client()
    sign_in(client, account(app).username)
    start = now()
    for quarter in range(47):
        with clock.reading(start + timedelta(minutes=15 * (quarter + 1))):
            assert is_in(client)
    with clock.reading(start + timedelta(hours=12, seconds=5)):
        assert not is_in(client)


def test_changing_the_password_ends_the_other_sessions(app: Flask):
    user = account(app)
    here, there = signed_in(app, user), signed_in(app, user)
    assert _change(here).status_code == 302
    assert is_in(here)
    assert not is_in(there)
    fresh = app.test_client()
    assert sign_in(fresh, user.username).status_code == 422
    assert sign_in(fresh, user.username, NEW).status_code == 302


@pytest.mark.parametrize(
    ("current", "new"),
    [("wrong", NEW), (PASSWORD, PASSWORD), (PASSWORD, "short"), ("", NEW), (PASSWORD, "")],
)
def test_a_wrong_change_changes_nothing(app: Flask, current: str, new: str):
    user = account(app)
    here, there = signed_in(app, user), signed_in(app, user)
    assert _change(here, current, new).status_code == 422
    assert is_in(there)
    assert sign_in(app.test_client(), user.username).status_code == 302


def test_blanks_are_a_part_of_a_password(app: Flask):
    user = account(app)
    new = f"  {NEW}  "
    assert _change(signed_in(app, user), new=new).status_code == 302
    assert sign_in(app.test_client(), user.username, NEW).status_code == 422
    assert sign_in(app.test_client(), user.username, new).status_code == 302


def test_a_thief_with_a_session_cannot_guess_the_password(app: Flask):
    client = signed_in(app, account(app))
    codes = [_change(client, f"guess {n}").status_code for n in range(9)]
    assert codes[:5] == [422] * 5
    assert codes[-1] == 429


def test_a_weak_new_password_is_no_guess(app: Flask):
    client = signed_in(app, account(app))
    assert [_change(client, PASSWORD, "short").status_code for _ in range(9)] == [422] * 9


def _new_user(app: Flask) -> tuple[str, str]:
    command = AddUser(
        username="drh.sari",
        name="Sari",
        role=Role.VET,
        region="52.04",
        decree="SK 3",
        valid_from=today(),
    )
    with app.app_context(), transaction():
        return "drh.sari", add_user(command, by=OPERATOR)[1]


def test_a_one_time_password_forces_a_change(app: Flask):
    username, password = _new_user(app)
    client = app.test_client()
    assert sign_in(client, username, password).status_code == 302
    for path in ("/", "/akun", "/akun/faktor-kedua"):
        answer = client.get(path)
        assert (answer.status_code, answer.headers["Location"]) == (302, "/akun/sandi")
    assert client.get("/api/v1/animals/").status_code == 403
    assert _change(client, password).status_code == 302
    assert is_in(client)
    assert sign_in(app.test_client(), username, NEW).status_code == 302


def test_a_one_time_password_works_once(app: Flask):
    username, password = _new_user(app)
    assert sign_in(app.test_client(), username, password).status_code == 302
    assert sign_in(app.test_client(), username, password).status_code == 422


def test_a_one_time_password_does_not_lie_about_for_weeks(app: Flask):
    username, password = _new_user(app)
    with later(days=8):
        assert sign_in(app.test_client(), username, password).status_code == 422


def test_a_reset_ends_sessions_and_gives_one_try(app: Flask):
    user = account(app)
    client = signed_in(app, user)
    with app.app_context(), transaction():
        password = reset_password(user.id, by=OPERATOR)
    assert not is_in(client)
    assert sign_in(app.test_client(), user.username).status_code == 422
    assert sign_in(app.test_client(), user.username, password).status_code == 302
    assert sign_in(app.test_client(), user.username, password).status_code == 422


@pytest.mark.parametrize(("policy", "must"), [("asvs", False), ("spbe", True)])
def test_passwords_grow_old_where_the_regency_says_so(
    settings: Settings, policy: str, must: object
):
    with house(replace(settings, password_policy=policy)) as app:
        young = signed_in(app, account(app, password_changed_at=now() - timedelta(days=182)))
        old = signed_in(app, account(app, password_changed_at=now() - timedelta(days=184)))
        assert is_in(young)
        assert is_in(old) is not must
        if must:
            assert old.get("/akun").headers["Location"] == "/akun/sandi"
            assert _change(old, new="Perahu-kecil-di-teluk-5").status_code == 302
            assert is_in(old)


def test_one_sees_and_ends_ones_other_devices(app: Flask):
    user, other = account(app), account(app)
    here, there, foreign = signed_in(app, user), signed_in(app, user), signed_in(app, other)
    with app.app_context():
        ids = {
            s.user_id: s.id
            for s in db.session.scalars(select(SignInSession).order_by(SignInSession.id))
        }
        mine = [s.id for s in db.session.scalars(select(SignInSession)) if s.user_id == user.id]
    assert here.get("/akun").text.count("/akun/sesi/") == 2
    form_post(here, f"/akun/sesi/{ids[other.id]}/akhiri")
    assert is_in(foreign)  # what is not theirs is left alone
    form_post(here, "/akun/sesi/akhiri-lainnya")
    assert len(mine) == 2
    assert is_in(here)
    assert not is_in(there)
