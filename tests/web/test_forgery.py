"""Requests that another site made a browser send, and GETs that change something."""

from collections.abc import Callable

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select
from werkzeug.test import TestResponse

from sijinak.accounts.models import Role
from sijinak.core.db import db
from sijinak.core.events import Event
from sijinak.core.model import Model
from tests.web.routes import UNSAFE, address, browser, requests_of, token_of

Forge = Callable[[FlaskClient, str, str, str], TestResponse]
REFUSED = {400, 403, 415}


def _no_token(client: FlaskClient, method: str, url: str, token: str) -> TestResponse:
    if url.startswith("/api/"):
        return client.open(url, method=method, data="{}")
    return client.open(url, method=method, data={"username": "x"})


def _other_origin(client: FlaskClient, method: str, url: str, token: str) -> TestResponse:
    headers = {"Origin": "https://evil.example"}
    if url.startswith("/api/"):
        return client.open(url, method=method, json={}, headers=headers)
    return client.open(url, method=method, data={"csrf_token": token}, headers=headers)


def _no_origin(client: FlaskClient, method: str, url: str, token: str) -> TestResponse:
    """A sandboxed frame says null, and another site's fetch without Origin says cross-site."""
    if url.startswith("/api/"):
        headers = {"Sec-Fetch-Site": "cross-site"}
        return client.open(url, method=method, json={}, headers=headers)
    return client.open(url, method=method, data={"csrf_token": token}, headers={"Origin": "null"})


def _text(client: FlaskClient, method: str, url: str, token: str) -> TestResponse:
    return client.open(url, method=method, data='{"a": 1}', content_type="text/plain")


def _form(client: FlaskClient, method: str, url: str, token: str) -> TestResponse:
    data = {"a": "1"} if url.startswith("/api/") else {"csrf_token": f"{token}x"}
    return client.open(url, method=method, data=data)


@pytest.mark.parametrize("forged", [_no_token, _other_origin, _no_origin, _text, _form])
@pytest.mark.parametrize("role", [None, Role.ADMINISTRATOR, Role.CLERK])
def test_no_unsafe_route_takes_a_forged_request(app: Flask, role: Role | None, forged: Forge):
    client = browser(app, role)
    token = token_of(client)
    tried = 0
    for route, method in requests_of(app):
        if method in UNSAFE:
            tried += 1
            response = forged(client, method, address(route), token)
            assert response.status_code in REFUSED, f"{method} {route.rule}: {response.status}"
    assert tried >= 20


# That somebody read, or took a list away, is told of in the trail, and the trail in the log.
OF_READING = ("keeper.viewed", "keeper.listed", "export.")


def _rows(app: Flask) -> dict[str, int]:
    with app.app_context():
        counts = {
            name: db.session.scalar(select(func.count()).select_from(table)) or 0
            for name, table in Model.metadata.tables.items()
            if name not in {"probe", "log_waiting"}
        }
        names = db.session.scalars(select(Event.name).order_by(Event.id))
        read = sum(name.startswith(OF_READING) for name in names)
        return counts | {"events": counts["events"] - read}


@pytest.mark.parametrize("role", [None, *Role])
def test_nothing_is_stored_by_reading(app: Flask, role: Role | None):
    app.config["PROPAGATE_EXCEPTIONS"] = False
    client = browser(app, role)
    before = _rows(app)
    for route, method in requests_of(app):
        if method == "GET" and not route.arguments:
            client.get(route.rule).close()
            client.head(route.rule).close()
    assert _rows(app) == before
