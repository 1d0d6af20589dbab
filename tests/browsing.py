"""A browser without a screen: forms are sent with their token, as a browser does."""

import re

from flask.testing import FlaskClient
from werkzeug.test import TestResponse

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
