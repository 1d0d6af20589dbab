"""A browser without a screen: forms are sent with their token, as a browser does."""

import re
from typing import Any

from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from sijinak.core.db import db

_TOKEN = re.compile(r'name="csrf_token"[^>]*value="([^"]+)"')
_ID = re.compile(r'name="id"[^>]*value="([^"]+)"')


def form_post(
    client: FlaskClient, url: str, /, *, page: str = "/akun/sandi", **data: object
) -> TestResponse:
    """Send a form. ``page`` is one that shows any form, to take its token from."""
    shown = client.get(page).text
    token = _TOKEN.search(shown)
    assert token, f"{page} shows no form"
    return client.post(
        url, data={"csrf_token": token[1], **data}, content_type="multipart/form-data"
    )


def id_on(page: str) -> str:
    """The id that a shown form brings along."""
    found = _ID.search(page)
    assert found, "the page has no form with an id"
    return found[1]


class Browser:
    """Asks in a fresh context each time, as a server does: several people in one test."""

    def __init__(self, app: Flask, client: FlaskClient) -> None:
        self._app, self._client = app, client

    def get(self, url: str, **how: Any) -> TestResponse:
        db.session.rollback()
        with self._app.app_context():
            return self._client.get(url, **how)

    def post(self, url: str, **sent: Any) -> TestResponse:
        db.session.rollback()
        with self._app.app_context():
            return self._client.post(url, **sent)

    def send(self, url: str, **data: object) -> TestResponse:
        return form_post(self, url, **data)  # type: ignore[arg-type]
