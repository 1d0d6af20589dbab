"""The phone app as it is delivered: its shell, its service worker and what the home screen shows.

The shell holds no personal data and is the same for everybody, so it is open to all.
"""

import json
from functools import cache
from hashlib import sha256

from flask import Blueprint, Response, abort, current_app, render_template, request, url_for

from sijinak.config import Settings
from sijinak.field.app_words import WORDS
from sijinak.web.access import public
from sijinak.web.assets import A_YEAR, FOLDER, asset, lean, squeezed, version
from sijinak.web.i18n import gettext, locale
from sijinak.web.security import APP_CSP, WASM_CSP

OWN = FOLDER / "field"
WORKER = OWN / "sw.js"
# Asked for by themselves: the way in, and what another thread asks for.
ALONE = ("field/start.js", "field/scan-worker.js")
# Fetched after the shell, and missed by nobody who only types codes.
LATER = ("vendor/zxing.min.js", "vendor/zxing_reader.wasm")
ICONS = (("field/icon-192.png", 192), ("field/icon-512.png", 512))
BEFORE = (
    "css/app.css", "field/field.css", *ALONE, "vendor/qr.min.js", "icons/sprite.svg", "favicon.svg",
)  # fmt: skip

# It takes the app's pages out of the cache and itself away. Records are not touched.
LAST_WORKER = """\
self.oninstall = () => self.skipWaiting();
self.onactivate = (event) => event.waitUntil((async () => {
  for (const key of await caches.keys()) if (key.startsWith("lapangan-")) await caches.delete(key);
  await self.registration.unregister();
  for (const page of await self.clients.matchAll()) page.navigate(page.url);
})());
"""

bp = Blueprint("fieldapp", __name__)


@bp.get("/")
@public
def index() -> Response:
    answer = squeezed(_page(locale(), _host()), "text/html; charset=utf-8")
    answer.headers["Content-Security-Policy"] = APP_CSP
    answer.headers["Cache-Control"] = "no-cache"
    answer.vary.add("Cookie")
    answer.set_etag(_page_version(), weak=True)
    answer.make_conditional(request)
    return answer


@bp.get("/modul/<digest>.json")
@public
def modules(digest: str) -> Response:
    """All our modules in one piece: sixty small requests take longer than their bytes."""
    if digest != version():
        abort(404)
    answer = squeezed(_bundle(), "application/json")
    answer.headers["Cache-Control"] = f"public, max-age={A_YEAR}, immutable"
    return answer


@bp.get("/pembaca.js")
@public
def reader() -> Response:
    """The way into the scan worker.

    It lies below the app, so that the service worker serves whatever the scan worker fetches: one
    below /static would start with a network only.
    """
    text = f'import "{asset("field/scan-worker.js")}";\n'
    answer = squeezed(text.encode(), "text/javascript; charset=utf-8")
    answer.headers["Content-Security-Policy"] = WASM_CSP
    answer.headers["Cache-Control"] = "no-cache"
    return answer


@bp.get("/sw.js")
@public
def worker() -> Response:
    """The service worker with the list of what it keeps; never kept itself."""
    settings: Settings = current_app.extensions["sijinak.settings"]
    text = LAST_WORKER if settings.field_kill_switch else _worker_text()
    answer = squeezed(text.encode(), "text/javascript; charset=utf-8")
    answer.headers["Cache-Control"] = "no-cache"
    answer.vary.add("Cookie")
    return answer


@bp.get("/app.webmanifest")
@public
def manifest() -> Response:
    said = {
        "id": "/lapangan/",
        "name": gettext("SiJINAK in the field"),
        "short_name": "SiJINAK",
        "lang": locale(),
        "start_url": url_for(".index"),
        "scope": url_for(".index"),
        "display": "standalone",
        "orientation": "portrait",
        "background_color": "#063e69",
        "theme_color": "#063e69",
        "icons": [
            {"src": asset(name), "sizes": f"{size}x{size}", "type": "image/png"}
            for name, size in ICONS
        ],
    }
    answer = Response(json.dumps(said), mimetype="application/manifest+json")
    answer.headers["Cache-Control"] = "no-cache"
    return answer


@cache
def module_files() -> tuple[str, ...]:
    """Our modules that come in one piece."""
    own = (str(path.relative_to(FOLDER)) for path in OWN.rglob("*.js") if path != WORKER)
    return tuple(sorted(set(own) - set(ALONE)))


@cache
def _bundle() -> bytes:
    return json.dumps(
        {asset(name): lean((FOLDER / name).read_text()) for name in module_files()}
    ).encode()


def _worker_text() -> str:
    lists = {
        "VERSION": _page_version(),
        "SHELL": [url_for(".index"), url_for(".reader"), *map(asset, BEFORE)],
        "MODULES": url_for(".modules", digest=version()),
        "OWN": asset("field/"),
        "LATER": [asset(name) for name in LATER],
    }
    told = "".join(f"const {name} = {json.dumps(value)};\n" for name, value in lists.items())
    return told + WORKER.read_text()


def _page_version() -> str:
    return f"{sha256(_page(locale(), _host())).hexdigest()[:12]}-{locale()}"


def _host() -> str:
    settings: Settings = current_app.extensions["sijinak.settings"]
    return settings.public_url


@cache
def _page(_language: str, host: str) -> bytes:
    """The same for everybody of a language: one changed word makes another version of the app."""
    words = {code: gettext(sentence) for code, sentence in WORDS.items()}
    return render_template("field/app.html", words=words, host=host, version=version()).encode()
