"""Every route of the app, with an address to try it at."""

import re
from collections.abc import Iterator
from uuid import uuid4

from flask import Flask
from flask.testing import FlaskClient
from werkzeug.routing import Rule
from werkzeug.test import TestResponse

from sijinak.accounts.models import Role
from tests.factories import make_user, signed_in

UNSAFE = frozenset({"POST", "PUT", "PATCH", "DELETE"})
_HOLE = re.compile(r"<(?:(\w+)(?:\(([^)]*)\))?:)?(\w+)>")
TOKEN = re.compile(r'name="csrf_token"[^>]*value="([^"]+)"')


def address(route: Rule) -> str:
    """With a random id, which nothing has, and sample words for the rest."""
    return _HOLE.sub(_sample, route.rule)


def _sample(hole: re.Match[str]) -> str:
    """Of words that are listed the first."""
    listed = (hole[2] or "X").partition(",")[0]
    return {"uuid": str(uuid4()), "int": "7", "path": "css/app.css"}.get(hole[1] or "", listed)


def requests_of(app: Flask) -> Iterator[tuple[Rule, str]]:
    for route in sorted(app.url_map.iter_rules(), key=lambda r: (r.endpoint, r.rule)):
        for method in sorted((route.methods or set()) - {"HEAD", "OPTIONS"}):
            yield route, method


def browser(app: Flask, role: Role | None) -> FlaskClient:
    """Signed in with the role, or not at all."""
    if role is None:
        return app.test_client()
    with app.app_context():
        user = make_user(role)
    return signed_in(app, user)


def token_of(client: FlaskClient) -> str:
    shown = client.get("/akun/sandi", follow_redirects=True).text
    found = TOKEN.search(shown)
    assert found, "no form with a token"
    return found[1]


def ask(client: FlaskClient, route: Rule, method: str, token: str) -> TestResponse:
    """As our own pages and phones ask: forms with a token, JSON to the API."""
    url = address(route)
    if method not in UNSAFE:
        return client.open(url, method=method)
    if url.startswith("/api/"):
        return client.open(url, method=method, json={})
    return client.open(url, method=method, data={"csrf_token": token})


def fill(rule: str, ids: dict[str, object]) -> str:
    """The address with our ids in it; a hole without one gets a random id."""
    return _HOLE.sub(lambda hole: str(ids.get(hole[3], _sample(hole))), rule)
