"""The second factor, from enrolling to the last code on paper."""

import re
from dataclasses import replace
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from sijinak.accounts.factors import STEP, forget_second_factor, spend_code
from sijinak.accounts.models import Role
from sijinak.config import Settings
from sijinak.core.clock import clock, now
from sijinak.core.db import transaction
from sijinak.core.permissions import OPERATOR
from tests.accounts.doors import (
    SECRET,
    account,
    code_at,
    enrol,
    factor_of,
    first_in,
    is_in,
    later,
    sign_in,
    wrong_code,
)
from tests.browsing import form_post
from tests.factories import PASSWORD, signed_in
from tests.web.houses import house

PAPER = re.compile(r'class="code">((?:[0-9A-Z]{4}-?){6})<')
PAGE = "/akun/faktor-kedua"


def _code(client: FlaskClient, digits: str) -> TestResponse:
    return form_post(client, "/masuk/kode", page="/masuk/kode", digits=digits)


def test_enrolling_shows_the_secret_and_paper_codes_once(app: Flask):
    user = account(app)
    client = signed_in(app, user)
    assert form_post(client, f"{PAGE}/mulai", password="wrong").status_code == 422
    assert factor_of(app, user) is None
    assert form_post(client, f"{PAGE}/mulai", password=PASSWORD).status_code == 302
    page = client.get(PAGE).text
    assert "data:image/svg+xml;base64," in page
    found = SECRET.search(page)
    assert found
    secret = found[1].replace(" ", "")
    refused = form_post(client, f"{PAGE}/pastikan", digits=wrong_code(secret))
    assert refused.status_code == 422
    assert factor_of(app, user).confirmed_at is None
    done = form_post(client, f"{PAGE}/pastikan", digits=code_at(secret, now()))
    codes = PAPER.findall(done.text)
    assert len(set(codes)) == 10
    page = client.get(PAGE).text
    assert secret not in page.replace(" ", "")
    assert not any(code in page for code in codes)


def test_the_secret_is_sealed_and_the_paper_codes_are_digests(app: Flask):
    user = account(app)
    secret, _ = enrol(app, user)
    factor = factor_of(app, user)
    assert secret.encode() not in factor.secret_sealed
    with app.app_context():
        assert factor.secret == secret


def test_the_password_alone_is_not_enough(app: Flask):
    user = account(app)
    secret, _ = enrol(app, user)
    client = app.test_client()
    answer = sign_in(client, user.username)
    assert answer.headers["Location"] == "/masuk/kode"
    assert not is_in(client)
    assert client.get("/akun").headers["Location"].startswith("/masuk")
    assert _code(client, wrong_code(secret)).status_code == 422
    assert not is_in(client)
    assert _code(client, code_at(secret, now())).status_code == 302
    assert is_in(client)


def test_the_code_alone_is_not_enough(app: Flask):
    user = account(app)
    secret, _ = enrol(app, user)
    client = app.test_client()
    answer = form_post(client, "/masuk/kode", page="/masuk", digits=code_at(secret, now()))
    assert answer.headers["Location"].startswith("/masuk")
    assert not is_in(client)


def test_the_way_back_survives_both_steps(app: Flask):
    user = account(app)
    secret, _ = enrol(app, user)
    client = app.test_client()
    first = form_post(
        client, "/masuk?next=/akun/sandi", page="/masuk", username=user.username, password=PASSWORD
    )
    assert first.headers["Location"] == "/masuk/kode?next=/akun/sandi"
    last = form_post(
        client, first.headers["Location"], page="/masuk/kode", digits=code_at(secret, now())
    )
    assert last.headers["Location"] == "/akun/sandi"


def test_a_code_lets_in_once(app: Flask):
    user = account(app)
    secret, _ = enrol(app, user)
    digits = code_at(secret, now())
    first, second = app.test_client(), app.test_client()
    for client in (first, second):
        sign_in(client, user.username)
    assert _code(first, digits).status_code == 302
    assert _code(second, digits).status_code == 422
    earlier = code_at(secret, now() - timedelta(seconds=STEP))
    assert _code(second, earlier).status_code == 422  # nor one from before the last
    with later(seconds=2 * STEP):
        assert _code(second, code_at(secret, now())).status_code == 302


@pytest.mark.parametrize(
    ("steps", "right"), [(-2, False), (-1, True), (0, True), (1, True), (2, False)]
)
def test_clocks_may_differ_by_half_a_minute(app: Flask, steps: int, right: object):
    user = account(app)
    secret, _ = enrol(app, user)
    with app.app_context(), clock.reading(now()), transaction():
        assert (
            spend_code(user.id, code_at(secret, now() + timedelta(seconds=steps * STEP))) is right
        )


@pytest.mark.parametrize("typed", ["", "12345", "1234567", "abcdef", "١٢٣٤٥٦", "0" * 24, "-" * 6])
def test_nonsense_is_no_code(app: Flask, typed: str):
    user = account(app)
    enrol(app, user)
    with app.app_context(), transaction():
        assert not spend_code(user.id, typed)


def test_codes_are_throttled_like_passwords(app: Flask):
    user = account(app)
    secret, _ = enrol(app, user)
    client = app.test_client()
    sign_in(client, user.username)
    wrong = wrong_code(secret)
    codes = [_code(client, wrong).status_code for _ in range(9)]
    assert 429 in codes
    heard = codes.count(422)
    assert heard <= 5
    # The right password does not open more guesses at the code.
    again = app.test_client()
    assert sign_in(again, user.username).status_code == 429


def test_half_way_in_does_not_last(app: Flask):
    user = account(app)
    secret, _ = enrol(app, user)
    client = app.test_client()
    sign_in(client, user.username)
    with later(minutes=6):
        assert client.get("/masuk/kode").headers["Location"].startswith("/masuk")
        answer = form_post(client, "/masuk/kode", page="/masuk", digits=code_at(secret, now()))
        assert answer.headers["Location"] == "/masuk"
        assert not is_in(client)


def test_a_code_on_paper_lets_in_once(app: Flask):
    user = account(app)
    _, codes = enrol(app, user)
    first, second = app.test_client(), app.test_client()
    for client in (first, second):
        sign_in(client, user.username)
    assert _code(first, codes[0].lower().replace("-", " ")).status_code == 302
    assert is_in(first)
    assert _code(second, codes[0]).status_code == 422
    assert _code(second, codes[1]).status_code == 302


def test_paper_codes_belong_to_one_account(app: Flask):
    user, other = account(app), account(app)
    _, codes = enrol(app, user)
    enrol(app, other)
    with app.app_context(), transaction():
        assert not spend_code(other.id, codes[0])
        assert spend_code(user.id, codes[0])


def test_removing_needs_password_and_code(app: Flask):
    user = account(app)
    secret, codes = enrol(app, user)
    client = signed_in(app, user)
    for password, digits in (("wrong", code_at(secret, now())), (PASSWORD, wrong_code(secret))):
        answer = form_post(client, f"{PAGE}/hapus", password=password, digits=digits)
        assert answer.status_code == 422
        assert factor_of(app, user)
    answer = form_post(client, f"{PAGE}/hapus", password=PASSWORD, digits=codes[3])
    assert answer.status_code == 302
    assert factor_of(app, user) is None
    with app.app_context(), transaction():
        assert not spend_code(user.id, codes[4])
    assert sign_in(app.test_client(), user.username).headers["Location"] == "/"


def test_one_that_is_on_is_not_begun_anew(app: Flask):
    """Else a thief with a session puts his own telephone in its place."""
    user = account(app)
    secret, _ = enrol(app, user)
    client = signed_in(app, user)
    assert form_post(client, f"{PAGE}/mulai", password=PASSWORD).status_code == 409
    assert form_post(client, f"{PAGE}/pastikan", digits=code_at(secret, now())).status_code == 409
    with app.app_context():
        assert factor_of(app, user).secret == secret


def test_an_office_may_ask_it_of_a_role(settings: Settings):
    with house(replace(settings, require_second_factor="kadis, treasurer")) as app:
        head, vet = account(app, Role.KADIS), account(app, Role.VET)
        assert is_in(signed_in(app, vet))
        client = signed_in(app, head)
        for path in ("/", "/akun", "/akun/faktor-kedua/../../akun"):
            assert client.get("/").headers["Location"] == PAGE, path
        assert client.get(PAGE).status_code == 200
        form_post(client, f"{PAGE}/mulai", password=PASSWORD)
        secret = first_in(SECRET, client.get(PAGE).text).replace(" ", "")
        assert client.get("/").headers["Location"] == PAGE  # begun is not enrolled
        form_post(client, f"{PAGE}/pastikan", digits=code_at(secret, now()))
        assert is_in(client)


def test_the_command_line_helps_who_lost_everything(app: Flask):
    user = account(app)
    enrol(app, user)
    with app.app_context(), transaction():
        forget_second_factor(user.id, by=OPERATOR)
    client = app.test_client()
    sign_in(client, user.username)
    assert is_in(client)
