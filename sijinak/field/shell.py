"""An app of the phone as it is delivered: its shell, its service worker, its place on the screen.

A shell holds no personal data and is the same for everybody, so it is open to all.
"""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from hashlib import sha256
from posixpath import dirname, normpath

from flask import Blueprint, Response, abort, current_app, render_template, request

from sijinak.config import Settings
from sijinak.web.access import public
from sijinak.web.assets import A_YEAR, FOLDER, asset, lean, squeezed, version
from sijinak.web.i18n import gettext, locale
from sijinak.web.security import APP_CSP, WASM_CSP

WORKER = FOLDER / "field/sw.js"
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
  for (const key of await caches.keys()) if (key.startsWith("%s-")) await caches.delete(key);
  await self.registration.unregister();
  for (const page of await self.clients.matchAll()) page.navigate(page.url);
})());
"""
_IMPORTS = re.compile(r"""^(?:import|export)\b[^;]*?["'](\.[^"']+)["'];""", re.MULTILINE)
_LATE_IMPORTS = re.compile(r"""\bimport\(["'](\.[^"']+)["']\)""")


@dataclass(frozen=True, kw_only=True)
class Annex:
    """Words and templates of a part whose modules, too, come after the shell."""

    template: str
    words: Mapping[str, str] = field(hash=False)


@dataclass(frozen=True, kw_only=True)
class PhoneApp:
    """``name`` is the first part of its address, ``entry`` the module that everything hangs on."""

    name: str
    endpoint: str
    entry: str
    template: str
    title: str
    words: Mapping[str, str] = field(hash=False)
    style: tuple[str, ...] = ()
    annex: "Annex | None" = None

    @property
    def scope(self) -> str:
        return f"/{self.name}/"

    def blueprint(self) -> Blueprint:
        bp = Blueprint(self.endpoint, __name__)
        bp.get("/")(self.index)
        bp.get("/modul/<digest>.json")(self.modules)
        bp.get("/pembaca.js")(self.reader)
        bp.get("/sw.js")(self.worker)
        bp.get("/app.webmanifest")(self.manifest)
        if self.annex:
            bp.get("/tambahan.html")(self.more)
        return bp

    @public
    def index(self) -> Response:
        answer = squeezed(_page(self, locale(), _host()), "text/html; charset=utf-8")
        answer.headers["Content-Security-Policy"] = APP_CSP
        answer.headers["Cache-Control"] = "no-cache"
        answer.vary.add("Cookie")
        answer.set_etag(self._version(), weak=True)
        answer.make_conditional(request)
        return answer

    @public
    def modules(self, digest: str) -> Response:
        """All its modules in one piece: sixty small requests take longer than their bytes."""
        if digest != version():
            abort(404)
        answer = squeezed(_bundle(self.entry), "application/json")
        answer.headers["Cache-Control"] = f"public, max-age={A_YEAR}, immutable"
        return answer

    @public
    def more(self) -> Response:
        """Templates and words of the annex, put into the page when it is first opened."""
        answer = squeezed(_annex_page(self, locale()), "text/html; charset=utf-8")
        answer.headers["Cache-Control"] = "no-cache"
        answer.vary.add("Cookie")
        return answer

    @property
    def later(self) -> list[str]:
        """What is fetched when the app is open already."""
        first = set(module_files(self.entry))
        asked = {late for name in first for late in _named(name, _LATE_IMPORTS)}
        own = {name for late in asked for name in module_files(late)} - first
        return [*sorted(own), *LATER]

    @public
    def reader(self) -> Response:
        """The way into the scan worker.

        It lies below the app, so that the service worker serves whatever the scan worker fetches:
        one below /static would start with a network only.
        """
        text = f'import "{asset("field/scan-worker.js")}";\n'
        answer = squeezed(text.encode(), "text/javascript; charset=utf-8")
        answer.headers["Content-Security-Policy"] = WASM_CSP
        answer.headers["Cache-Control"] = "no-cache"
        return answer

    @public
    def worker(self) -> Response:
        """The service worker with the list of what it keeps; never kept itself."""
        settings: Settings = current_app.extensions["sijinak.settings"]
        text = LAST_WORKER % self.name if settings.field_kill_switch else self._worker()
        answer = squeezed(text.encode(), "text/javascript; charset=utf-8")
        answer.headers["Cache-Control"] = "no-cache"
        answer.vary.add("Cookie")
        return answer

    @public
    def manifest(self) -> Response:
        said = {
            "id": self.scope,
            "name": gettext(self.title),
            "short_name": "SiJINAK",
            "lang": locale(),
            "start_url": self.scope,
            "scope": self.scope,
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

    def _worker(self) -> str:
        files = map(asset, (*BEFORE, *self.style))
        lists = {
            "VERSION": self._version(),
            "NAME": self.name,
            "SHELL": [self.scope, f"{self.scope}pembaca.js", *files],
            "MODULES": f"{self.scope}modul/{version()}.json",
            "OWN": asset("field/"),
            "LATER": [
                *([f"{self.scope}tambahan.html"] if self.annex else []),
                *map(asset, self.later),
            ],
        }
        told = "".join(f"const {name} = {json.dumps(value)};\n" for name, value in lists.items())
        return told + WORKER.read_text()

    def _version(self) -> str:
        said = _page(self, locale(), _host()) + _annex_page(self, locale())
        return f"{sha256(said).hexdigest()[:12]}-{locale()}"


@cache
def module_files(entry: str) -> tuple[str, ...]:
    """The entry and all that it leans on: what the other app alone needs stays away."""
    found, waiting = set[str](), [entry]
    while waiting:
        name = waiting.pop()
        if name in found:
            continue
        found.add(name)
        waiting += _named(name, _IMPORTS)
    return tuple(sorted(found))


def _named(name: str, imports: re.Pattern[str]) -> list[str]:
    """The files that a module names in imports of a kind."""
    texts = imports.findall(lean((FOLDER / name).read_text()))
    return [normpath(f"{dirname(name)}/{text}") for text in texts]


@cache
def _bundle(entry: str) -> bytes:
    return json.dumps(
        {asset(name): lean((FOLDER / name).read_text()) for name in module_files(entry)}
    ).encode()


def _host() -> str:
    settings: Settings = current_app.extensions["sijinak.settings"]
    return settings.public_url


@cache
def _page(app: PhoneApp, _language: str, host: str) -> bytes:
    """The same for everybody of a language: one changed word makes another version of the app."""
    words = {code: gettext(sentence) for code, sentence in app.words.items()}
    return render_template(
        app.template, words=words, host=host, version=version(), scope=app.scope
    ).encode()


@cache
def _annex_page(app: PhoneApp, _language: str) -> bytes:
    if app.annex is None:
        return b""
    words = {code: gettext(sentence) for code, sentence in app.annex.words.items()}
    return render_template(app.annex.template, words=words).encode()
