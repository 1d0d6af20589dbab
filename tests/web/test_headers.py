"""Headers and cookies, the same on every answer."""

from dataclasses import replace
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from sijinak.accounts.models import Role
from sijinak.config import Settings
from tests.factories import PASSWORD, make_user
from tests.web.houses import house
from tests.web.routes import TOKEN, ask, browser, requests_of, token_of

# Of the two apps of phones; the reader is the one script that may compile what it fetches.
PARTS = ("", "sw.js", "app.webmanifest", "tambahan.html")
READERS = {"/lapangan/pembaca.js", "/periksa/pembaca.js"}
FIELD_APP = READERS | {app + page for app in ("/lapangan/", "/periksa/") for page in PARTS}
FOR_ALL = ("/api/v1/permits/keys", "/api/v1/permits/status/")  # signed, of nobody in particular
KEYS: dict[str, Any] = {
    "secret_key": "s" * 40,
    "data_key": "d" * 40,
    "lookup_key": "l" * 40,
    "log_key": "g" * 40,
}


def _check(answer: TestResponse) -> None:
    headers, where = answer.headers, f"{answer.request.method} {answer.request.path}"
    csp = dict(part.strip().split(" ", 1) for part in headers["Content-Security-Policy"].split(";"))
    assert csp["default-src"] == csp["object-src"] == csp["base-uri"] == "'none'", where
    assert csp["frame-ancestors"] == "'none'", where
    compiles = answer.request.path in READERS and answer.status_code == 200
    assert csp["script-src"] == ("'self' 'wasm-unsafe-eval'" if compiles else "'self'"), where
    assert csp.get("style-src", "'self'") == "'self'", where
    assert compiles or "unsafe" not in headers["Content-Security-Policy"], where
    assert headers["X-Content-Type-Options"] == "nosniff", where
    assert headers["Referrer-Policy"] in {"same-origin", "no-referrer"}, where
    assert headers["Cross-Origin-Opener-Policy"] == "same-origin", where
    assert headers["X-Frame-Options"] == "DENY", where
    assert "Access-Control-Allow-Origin" not in headers, where
    if answer.request.path.startswith("/static/") and answer.status_code == 200:
        assert "immutable" in headers["Cache-Control"], where
    elif answer.request.path in FIELD_APP:  # kept by the phone, and asked for anew each time
        assert headers["Cache-Control"] == "no-cache", where
    elif answer.request.path.startswith(FOR_ALL) and answer.status_code == 200:
        assert headers["Cache-Control"] == "public, max-age=120", where
    else:
        assert "no-store" in headers["Cache-Control"], where
    for cookie in headers.getlist("Set-Cookie"):
        assert "SameSite=Lax" in cookie, where
        assert "HttpOnly" in cookie or cookie.startswith("bahasa="), where


@pytest.mark.parametrize("role", [None, Role.ADMINISTRATOR, Role.CLERK])
def test_every_answer_has_them(app: Flask, role: Role | None):
    app.config["PROPAGATE_EXCEPTIONS"] = False
    client = browser(app, role)
    token = token_of(client)
    for route, method in requests_of(app):
        if route.endpoint != "accounts.sign_out":
            _check(ask(client, route, method, token))


def test_errors_have_them(app: Flask):
    app.config["PROPAGATE_EXCEPTIONS"] = False
    app.view_functions["home.about"] = lambda: str(1 / 0)
    client = app.test_client()
    answers = {
        404: client.get("/tidak-ada"),
        405: client.put("/masuk"),
        400: client.post("/masuk"),
        401: client.get("/api/v1/animals/"),
        500: client.get("/tentang"),
    }
    for status, answer in answers.items():
        assert answer.status_code == status
        _check(answer)
    assert answers[405].headers["Allow"] == "GET, HEAD, OPTIONS, POST"
    assert "ZeroDivisionError" not in answers[500].text


def _production(settings: Settings) -> Settings:
    return replace(
        settings,
        environment="production",
        public_url="https://sijinak.example",
        payment_adapters="cash",
        bank_accounts="rkud|Bank NTB Syariah|0012345678|Kas umum",
        **KEYS,
    )


def test_behind_https_cookies_are_bound_to_the_host(settings: Settings):
    with house(_production(settings)) as app:
        with app.app_context():
            user = make_user(Role.VET)
        client, base = app.test_client(), "https://sijinak.example"
        token = token_of_at(client, base)
        form = {"csrf_token": token, "username": user.username, "password": PASSWORD}
        answer = client.post("/masuk", base_url=base, data=form, headers={"Origin": base})
        assert answer.status_code == 302
        cookies = answer.headers.getlist("Set-Cookie")
        assert len(cookies) == 2
        for cookie in cookies:
            assert cookie.startswith("__Host-")
            assert {"Secure", "HttpOnly", "SameSite=Lax", "Path=/"} <= set(cookie.split("; "))
            assert "Domain" not in cookie
        assert "max-age=31536000" in answer.headers["Strict-Transport-Security"]


def token_of_at(client: FlaskClient, base: str) -> str:
    found = TOKEN.search(client.get("/masuk", base_url=base).text)
    assert found
    return found[1]


def test_production_answers_to_its_own_name_only(settings: Settings):
    with house(_production(settings)) as app:
        client = app.test_client()
        assert client.get("/healthz", base_url="https://sijinak.example").status_code == 200
        assert client.get("/healthz", base_url="https://evil.example").status_code == 400


def test_on_http_cookies_have_what_they_can(app: Flask):
    with app.app_context():
        user = make_user(Role.VET)
    client = app.test_client()
    form = {"csrf_token": token_of(client), "username": user.username, "password": PASSWORD}
    cookies = client.post("/masuk", data=form).headers.getlist("Set-Cookie")
    assert len(cookies) == 2
    assert all("HttpOnly" in c and "SameSite=Lax" in c and "Secure" not in c for c in cookies)
