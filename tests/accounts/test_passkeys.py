"""Passkeys: made, asked, and every way in which an answer does not fit (R6, S9)."""

import json
import string
from dataclasses import replace
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from flask import Flask
from flask.testing import FlaskClient
from hypothesis import HealthCheck, given
from hypothesis import settings as trying
from hypothesis import strategies as st

from sijinak.accounts.models import Passkey, PasskeyUse, Role, User
from sijinak.accounts.passkeys import Asking, WrongPasskey, ask_for_answer, site, spend_answer
from sijinak.config import Settings
from sijinak.core.clock import clock, now
from sijinak.core.db import db, transaction
from sijinak.core.ids import uuid7
from tests.accounts.doors import account, is_in, sign_in
from tests.accounts.test_factors import PAPER
from tests.accounts.tokens import PRESENT, SoftToken
from tests.browsing import form_post
from tests.factories import PASSWORD, signed_in
from tests.web.houses import house

PAGE = "/akun/kunci-sandi"
LETTERS = string.ascii_letters + string.digits + "-_"


def enrol_key(client: FlaskClient, token: SoftToken, name: str = "Ponsel") -> list[str]:
    """Through the page; the answer is the codes on paper, if there were any."""
    options = form_post(client, f"{PAGE}/mulai", page=PAGE, password=PASSWORD).get_json()
    done = form_post(
        client, PAGE, page=PAGE, id=str(uuid7()), name=name, answer=token.make(options)
    )
    assert done.status_code in {200, 302}, done.text
    return PAPER.findall(done.text)


def keys_of(app: Flask, user: User) -> list[Passkey]:
    with app.app_context():
        return list(db.session.query(Passkey).filter_by(user_id=user.id))


def test_a_passkey_is_added_once_the_password_is_right(app: Flask):
    user, token = account(app), SoftToken()
    client = signed_in(app, user)
    assert form_post(client, f"{PAGE}/mulai", page=PAGE, password="wrong").status_code == 422
    codes = enrol_key(client, token)
    assert len(set(codes)) == 10  # it is the first second factor
    (key,) = keys_of(app, user)
    assert (key.name, key.credential_id, key.transports) == (
        "Ponsel", token.credential_id, ["internal"],
    )  # fmt: skip
    assert enrol_key(client, SoftToken(), "Laptop") == []
    page = client.get(PAGE).text
    assert "Ponsel" in page
    assert "Laptop" in page


@pytest.mark.parametrize(
    "token",
    [
        SoftToken(origin="http://127.0.0.1:8000"),
        SoftToken(origin="https://localhost:8000"),
        SoftToken(name="evil.example"),
        SoftToken(flags=PRESENT),
    ],
)
def test_a_key_from_elsewhere_or_unverified_is_not_added(app: Flask, token: SoftToken):
    user = account(app)
    client = signed_in(app, user)
    options = form_post(client, f"{PAGE}/mulai", page=PAGE, password=PASSWORD).get_json()
    sent = {"id": str(uuid7()), "name": "X", "answer": token.make(options)}
    assert form_post(client, PAGE, page=PAGE, **sent).status_code == 422
    assert keys_of(app, user) == []


def test_a_key_made_in_another_session_is_not_added(app: Flask):
    """Else whoever has a session adds a key with a challenge that the owner asked for."""
    user, token = account(app), SoftToken()
    first, second = signed_in(app, user), signed_in(app, user)
    options = form_post(first, f"{PAGE}/mulai", page=PAGE, password=PASSWORD).get_json()
    sent = {"id": str(uuid7()), "name": "X", "answer": token.make(options)}
    assert form_post(second, PAGE, page=PAGE, **sent).status_code == 422
    assert form_post(first, PAGE, page=PAGE, **sent).status_code == 200
    again = sent | {"id": str(uuid7())}
    assert form_post(first, PAGE, page=PAGE, **again).status_code == 422  # one use


def test_a_passkey_lets_in_after_the_password(app: Flask):
    user, token = account(app), SoftToken()
    enrol_key(signed_in(app, user), token)
    client = app.test_client()
    assert sign_in(client, user.username).headers["Location"] == "/masuk/kode"
    assert not is_in(client)
    ask = "/masuk/kode/kunci-sandi"
    answer = token.answer(form_post(client, ask, page="/masuk/kode").get_json())
    other = app.test_client()  # whoever knows the password too, and stole the answer
    sign_in(other, user.username)
    sent = {"page": "/masuk/kode", "proof_assertion": answer}
    assert form_post(other, "/masuk/kode", **sent).status_code == 422
    assert form_post(client, "/masuk/kode", **sent).status_code == 302
    assert is_in(client)


def test_a_code_on_paper_helps_who_lost_the_only_passkey(app: Flask):
    user = account(app)
    codes = enrol_key(signed_in(app, user), SoftToken())
    client = app.test_client()
    sign_in(client, user.username)
    form_post(client, "/masuk/kode", page="/masuk/kode", digits=codes[0])
    assert is_in(client)


def test_removing_needs_the_password_and_ends_the_second_step(app: Flask):
    user = account(app)
    client = signed_in(app, user)
    enrol_key(client, SoftToken())
    (key,) = keys_of(app, user)
    url = f"{PAGE}/{key.id}/hapus"
    assert form_post(client, url, page=url, password="wrong").status_code == 422
    assert keys_of(app, user)
    stranger = signed_in(app, account(app))
    assert stranger.get(url).status_code == 404
    assert form_post(stranger, url, page=PAGE, password=PASSWORD).status_code == 404
    assert form_post(client, url, page=url, password=PASSWORD).status_code == 302
    assert keys_of(app, user) == []
    again = app.test_client()
    sign_in(again, user.username)
    assert is_in(again)


def test_the_office_is_content_with_a_passkey(settings: Settings):
    with house(replace(settings, require_second_factor="kadis")) as app:
        client = signed_in(app, account(app, Role.KADIS))
        assert client.get("/").status_code == 302
        enrol_key(client, SoftToken())
        assert client.get("/").status_code == 200


# --- the answer itself ---


@pytest.fixture
def kept(context: Flask) -> tuple[Asking, SoftToken]:
    """A person with a key, about to sign."""
    user, token = account(context), SoftToken()
    enrol_key(signed_in(context, user), token)
    asking = Asking(user_id=user.id, use=PasskeyUse.SIGN, session_id=uuid4(), command_id=uuid4())
    return asking, token


def ask(asking: Asking) -> dict[str, object]:
    with transaction():
        return ask_for_answer(asking)


def spend(answer: str, asking: Asking) -> Passkey:
    with transaction():
        return spend_answer(answer, asking)


def test_an_answer_is_good_once(kept: tuple[Asking, SoftToken]):
    asking, token = kept
    answer = token.answer(ask(asking))
    assert spend(answer, asking).used_at is not None
    with pytest.raises(WrongPasskey):
        spend(answer, asking)


@pytest.mark.parametrize(
    "bent",
    [
        {"user_id": UUID(int=5)}, {"session_id": UUID(int=5)}, {"command_id": UUID(int=5)},
        {"session_id": None}, {"use": PasskeyUse.SIGN_IN, "command_id": None},
    ],
)  # fmt: skip
def test_an_answer_is_good_for_what_was_asked(kept: tuple[Asking, SoftToken], bent: dict[str, Any]):
    asking, token = kept
    answer = token.answer(ask(asking))
    with pytest.raises(WrongPasskey):
        spend(answer, replace(asking, **bent))
    assert spend(answer, asking)


def test_an_answer_is_good_for_five_minutes(kept: tuple[Asking, SoftToken]):
    asking, token = kept
    answer = token.answer(ask(asking))
    with clock.reading(now() + timedelta(minutes=5, seconds=1)), pytest.raises(WrongPasskey):
        spend(answer, asking)
    with clock.reading(now() + timedelta(minutes=4)):
        assert spend(answer, asking)


@pytest.mark.parametrize(
    "bent",
    [
        {"flags": PRESENT}, {"flags": 0}, {"name": "sijinak.example"}, {"origin": "http://evil"},
        {"origin": "http://localhost:8001"}, {"credential_id": b"another"},
    ],
)  # fmt: skip
def test_a_bent_answer_signs_nothing(kept: tuple[Asking, SoftToken], bent: dict[str, Any]):
    asking, token = kept
    with pytest.raises(WrongPasskey):
        spend(replace(token, **bent).answer(ask(asking)), asking)


def test_another_key_under_the_same_id_signs_nothing(kept: tuple[Asking, SoftToken]):
    asking, token = kept
    forged = SoftToken(credential_id=token.credential_id)
    with pytest.raises(WrongPasskey):
        spend(forged.answer(ask(asking)), asking)


def test_a_copy_of_the_key_is_found_by_its_counter(kept: tuple[Asking, SoftToken]):
    asking, token = kept
    copy = replace(token)
    spend(token.answer(ask(asking)), asking)
    spend(token.answer(ask(asking)), asking)
    with pytest.raises(WrongPasskey):
        spend(copy.answer(ask(asking)), asking)


def test_keys_that_do_not_count_work_on(kept: tuple[Asking, SoftToken]):
    """Those that live in more than one device always say nought."""
    asking, token = kept
    token.steps = 0
    for _ in range(2):
        assert spend(token.answer(ask(asking)), asking).sign_count == 0


@pytest.mark.parametrize(
    "answer",
    ["", "x", "{}", "[]", "null", '{"response": 3}', '{"response": {"clientDataJSON": 1}}'],
)
def test_nonsense_is_no_answer(kept: tuple[Asking, SoftToken], answer: str):
    with pytest.raises(WrongPasskey):
        spend(answer, kept[0])


@trying(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    part=st.sampled_from(["clientDataJSON", "authenticatorData", "signature"]),
    where=st.integers(0, 10_000),
    shift=st.integers(1, 63),
)
def test_one_changed_letter_spoils_an_answer(
    kept: tuple[Asking, SoftToken], part: str, where: int, shift: int
):
    asking, token = kept
    sent = json.loads(token.answer(ask(asking)))
    text = sent["response"][part]
    place = where % (len(text) - 2)  # the last letters may hold spare bits
    letter = LETTERS[(LETTERS.index(text[place]) + shift) % 64]
    sent["response"][part] = text[:place] + letter + text[place + 1 :]
    with pytest.raises(WrongPasskey):
        spend(json.dumps(sent), asking)


@pytest.mark.parametrize(
    ("url", "name", "origin"),
    [
        ("http://127.0.0.1:8000", "localhost", "http://localhost:8000"),
        ("https://sijinak.sumbawakab.go.id", "sijinak.sumbawakab.go.id",
         "https://sijinak.sumbawakab.go.id"),
        ("https://10.1.2.3", "", ""),
    ],
)  # fmt: skip
def test_the_name_under_which_browsers_know_the_site(url: str, name: str, origin: str):
    before = (site.name, site.origin)
    site.set(url)
    assert (site.name, site.origin) == (name, origin)
    site.name, site.origin = before
