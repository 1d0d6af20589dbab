"""Headers, cookies and the guard against forged requests, the same for every answer."""

from collections.abc import Iterable
from functools import lru_cache
from typing import Any
from urllib.parse import urlsplit
from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

from flask import Flask, abort, current_app, request, session
from flask_wtf.csrf import CSRFProtect, generate_csrf
from werkzeug.exceptions import HTTPException
from werkzeug.middleware.proxy_fix import ProxyFix
from werkzeug.routing import RoutingException

from sijinak.config import Settings
from sijinak.web.access import View
from sijinak.web.cookies import Sessions

MOST_FIELDS = 2000
SAFE = frozenset({"GET", "HEAD", "OPTIONS"})
CSP = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
    "font-src 'self'; connect-src 'self'; form-action 'self'; base-uri 'none'; "
    "object-src 'none'; frame-ancestors 'none'"
)
# The phone app is installed and starts workers; one of them alone may compile WebAssembly.
APP_CSP = f"{CSP}; worker-src 'self'; manifest-src 'self'"
WASM_CSP = CSP.replace("script-src 'self'", "script-src 'self' 'wasm-unsafe-eval'")
HEADERS = (
    ("Content-Security-Policy", CSP),
    ("X-Content-Type-Options", "nosniff"),
    ("X-Frame-Options", "DENY"),
    ("Referrer-Policy", "same-origin"),
    ("Cross-Origin-Opener-Policy", "same-origin"),
    ("Cross-Origin-Resource-Policy", "same-origin"),
    ("Permissions-Policy", "camera=(self), geolocation=(self), microphone=(), payment=()"),
)
NO_STORE = ("Cache-Control", "no-store")
HSTS = ("Strict-Transport-Security", "max-age=31536000; includeSubDomains")

csrf = CSRFProtect()


def configuration(settings: Settings) -> dict[str, object]:
    """What Flask is told; its own defaults set no limits and no cookie flags."""
    secure = settings.public_url.startswith("https://")
    return {
        "SECRET_KEY": settings.secret_key,
        "SESSION_COOKIE_NAME": "__Host-sijinak" if secure else "sijinak",
        "SESSION_COOKIE_SECURE": secure,
        "SESSION_COOKIE_HTTPONLY": True,
        "SESSION_COOKIE_SAMESITE": "Lax",
        "SESSION_REFRESH_EACH_REQUEST": False,
        "TRUSTED_HOSTS": _hosts(settings),
        "MAX_CONTENT_LENGTH": settings.max_upload_mb * 1024 * 1024,
        "MAX_LIST_LENGTH": settings.max_list_mb * 1024 * 1024,
        "MAX_FORM_MEMORY_SIZE": 256 * 1024,
        "MAX_FORM_PARTS": 2000,
        "WTF_CSRF_TIME_LIMIT": None,  # a form may wait as long as its session lives
        "WTF_CSRF_CHECK_DEFAULT": False,  # _refuse_forged decides, so that the API has its own way
        "WTF_CSRF_SSL_STRICT": False,  # Origin is compared for every kind of request below
    }


def _hosts(settings: Settings) -> list[str] | None:
    """Under which names production answers: its own, and loopback for those who watch over it."""
    own = urlsplit(settings.public_url).hostname or ""
    return sorted({own, "localhost", "127.0.0.1"}) if settings.in_production else None


def init_app(app: Flask, settings: Settings) -> None:
    csrf.init_app(app)
    app.jinja_env.globals["csrf_token"] = csrf_token
    app.before_request(_refuse_forged)
    app.session_interface = Sessions()
    app.wsgi_app = WithHeaders(app.wsgi_app, settings)  # type: ignore[method-assign]
    if hops := settings.trusted_proxies:
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=hops, x_proto=hops, x_host=hops)  # type: ignore[method-assign]


class WithHeaders:
    """Adds what an answer does not say itself, whoever made it."""

    def __init__(self, inner: WSGIApplication, settings: Settings) -> None:
        self._inner = inner
        found = (*HEADERS, NO_STORE, *((HSTS,) if settings.in_production else ()))
        self._lines = [(name.lower(), (name, value)) for name, value in found]

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        def start(status: str, headers: list[tuple[str, str]], *more: Any) -> Any:
            said = {name.lower() for name, _ in headers}
            headers += [line for name, line in self._lines if name not in said]
            return start_response(status, headers, *more)

        return self._inner(environ, start)


def csrf_token() -> str:
    """The form's token. A session has one secret, and its signature is good as long as that."""
    secret = session.get("csrf_token")
    return _fresh_token() if secret is None else _signed_again(secret)


@lru_cache(maxsize=2048)
def _signed_again(secret: str) -> str:  # noqa: ARG001 - what the answer is kept by
    return _fresh_token()


def _fresh_token() -> str:
    token: str = generate_csrf()
    return token


def takes_large_files(view: View) -> View:
    """Let a view have lists, which are larger than what other pages take."""
    view.takes_large_files = True  # type: ignore[attr-defined]
    return view


def _refuse_forged() -> None:
    """Pages need the form's token; the API needs JSON, which no foreign form can send."""
    if request.method in SAFE or request.endpoint is None:
        return
    if hasattr(current_app.view_functions[request.endpoint], "takes_large_files"):
        request.max_content_length = current_app.config["MAX_LIST_LENGTH"]
    origin = request.headers.get("Origin")
    if origin is not None and urlsplit(origin).netloc != request.host:  # "null" is not ours either
        abort(403)
    if not request.path.startswith("/api/"):
        if len(request.form) > MOST_FIELDS:
            abort(413)
        csrf.protect()
    elif request.mimetype != "application/json":
        abort(415)
    elif origin is None and request.headers.get("Sec-Fetch-Site", "none") == "cross-site":
        abort(403)


def is_own_path(target: str | None) -> bool:
    """Only a path that one of our own pages answers may follow a sign-in."""
    if not target or not _is_plain_path(target):
        return False
    try:
        current_app.url_map.bind("").match(urlsplit(target).path, method="GET")
    except (HTTPException, RoutingException, ValueError):
        return False
    return True


def _is_plain_path(target: str) -> bool:
    """One slash and then no other; nothing that a browser reads as one or leaves out."""
    if not target.startswith("/") or target.startswith("//"):
        return False
    return "\\" not in target and target.isprintable() and "//" not in target.partition("?")[0]
