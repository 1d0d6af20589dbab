"""The signed cookie: its signature is checked once a minute, not at each of a page's requests."""

import time
from typing import Any

from flask import Flask, Request
from flask.sessions import SecureCookieSession, SecureCookieSessionInterface
from itsdangerous import URLSafeTimedSerializer

GOOD_FOR = 60.0  # seconds
MOST_KEPT = 2000


class Sessions(SecureCookieSessionInterface):
    """Whether the sign-in still lives is asked of the database at every request all the same."""

    def __init__(self) -> None:
        self._serializer: URLSafeTimedSerializer | None = None
        self._kept: dict[str, tuple[float, dict[str, Any]]] = {}

    def get_signing_serializer(self, app: Flask) -> URLSafeTimedSerializer | None:
        if self._serializer is None:
            self._serializer = super().get_signing_serializer(app)
        return self._serializer

    def open_session(self, app: Flask, request: Request) -> SecureCookieSession | None:
        cookie = request.cookies.get(self.get_cookie_name(app), "")
        until, content = self._kept.get(cookie, (0.0, {}))
        if until > time.monotonic():
            return self.session_class(content)
        session = super().open_session(app, request)
        if session and all(isinstance(value, str | bool) for value in session.values()):
            self._keep(cookie, dict(session))
        return session

    def _keep(self, cookie: str, content: dict[str, Any]) -> None:
        if len(self._kept) >= MOST_KEPT:
            self._kept.clear()
        self._kept[cookie] = time.monotonic() + GOOD_FOR, content
