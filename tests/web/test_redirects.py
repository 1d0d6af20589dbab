"""``next`` leads to our own pages only."""

import pytest
from flask import Flask

from sijinak.accounts.models import Role
from tests.factories import PASSWORD, make_user, signed_in
from tests.web.routes import token_of

HOST = "evil.example"
PAYLOADS = [
    *(f"{scheme}{HOST}" for scheme in ("http://", "https://", "//", "///", "////", "/\\", "\\\\")),
    *(f"{scheme}{HOST}/akun" for scheme in ("\\/", "/\\/", "http:/", "http:", "https:///")),
    *(f"/{junk}/{HOST}" for junk in ("\t", "\n", "\r", "\x0b", "%09", "%0a", "%0d%0a")),
    *(f"{junk}//{HOST}" for junk in (" ", "\t", "\n", "\r\n", ".", "..", "\u00a0", "\u3000")),
    *(f"{word}:{rest}" for word in ("javascript", "data") for rest in ("alert(1)", "//")),
    f"http://localhost@{HOST}/", f"//localhost@{HOST}/akun", f"https://localhost.{HOST}/akun",
    f"//{HOST}#/akun", f"//{HOST}?/akun", f"/akun/..//{HOST}", f"/.//{HOST}", f"/..//{HOST}",
    f"/akun\\..\\..\\{HOST}", f"/%5c{HOST}", f"/%2f{HOST}", f"/%2F%2F{HOST}", f"/%5C%5C{HOST}",
    "/\u2044evil.example", "\uff0f\uff0fevil.example", "/\uff0fevil.example", "/\u2215evil.example",
    f"/akun@{HOST}", f"@{HOST}", f".{HOST}", HOST, f"akun.{HOST}", f"/masuk/../../{HOST}",
    "/tidak-ada", "/keluar", "", "/\u202eelpmaxe.live", f"/bahasa//{HOST}", f"/;//{HOST}",
]  # fmt: skip


def test_there_are_enough_payloads():
    assert len(set(PAYLOADS)) >= 60


@pytest.mark.parametrize("target", PAYLOADS)
def test_no_foreign_address_follows(app: Flask, target: str):
    with app.app_context():
        user = make_user(Role.VET)
    client = signed_in(app, user)
    answers = [
        client.get("/masuk", query_string={"next": target}),
        client.get("/bahasa/en", query_string={"next": target}),
        client.get("/bahasa/xx", query_string={"next": target}),
    ]
    stranger = app.test_client()
    form = {"csrf_token": token_of(stranger), "username": user.username, "password": PASSWORD}
    answers.append(stranger.post("/masuk", query_string={"next": target}, data=form))
    assert [(a.status_code, a.headers["Location"]) for a in answers] == [(302, "/")] * 4


def test_our_own_pages_do_follow(app: Flask):
    with app.app_context():
        client = signed_in(app, make_user(Role.VET))
    for own in ("/akun", "/akun/sandi?from=menu", "/tentang#top"):
        answer = client.get("/masuk", query_string={"next": own})
        assert answer.headers["Location"] == own


def test_the_way_back_is_kept_through_signing_in(app: Flask):
    assert app.test_client().get("/akun").headers["Location"] == "/masuk?next=/akun"
