"""Style, icons and scripts under an address that names their content, so that none goes stale."""

import gzip
import hashlib
import mimetypes
import re
from functools import cache
from pathlib import Path

from flask import Blueprint, Flask, Response, abort, request, send_from_directory

from sijinak.web.access import public

FOLDER = Path(__file__).parent.parent / "static"
A_YEAR = 31_536_000
SQUEEZABLE = frozenset({".css", ".js", ".json", ".svg", ".wasm", ".txt"})
OWN_SCRIPTS = FOLDER / "field"

_BLOCK = re.compile(r"/\*\*.*?\*/ ?", re.DOTALL)
_LINE = re.compile(r"^[ \t]*//.*$|^[ \t]+", re.MULTILINE)

bp = Blueprint("assets", __name__)


@cache
def version() -> str:
    """A short digest of everything in the folder: one changed file renews the whole set."""
    digest = hashlib.sha256()
    for path in sorted(p for p in FOLDER.rglob("*") if p.is_file()):
        digest.update(str(path.relative_to(FOLDER)).encode() + path.read_bytes())
    return digest.hexdigest()[:12]


@bp.get("/static/<digest>/<path:name>")
@public
def show(digest: str, name: str) -> Response:
    if digest != version():
        abort(404)
    response = _squeezed_file(name) or send_from_directory(FOLDER, name, max_age=A_YEAR)
    response.vary.add("Accept-Encoding")
    response.headers["Cache-Control"] = f"public, max-age={A_YEAR}, immutable"
    return response


def squeezed(body: bytes, kind: str) -> Response:
    """An answer without secrets, compressed for those who understand it."""
    return _answer(body, _squeeze(body) if _takes_gzip() else None, kind)


def _squeezed_file(name: str) -> Response | None:
    """None where the file goes out as it is: pictures, what is not there, or nobody asked."""
    path = (FOLDER / name).resolve()
    if path.suffix not in SQUEEZABLE or "Range" in request.headers or not _takes_gzip():
        return None
    if not path.is_relative_to(FOLDER.resolve()) or not path.is_file():
        return None
    kind = mimetypes.guess_type(path)[0] or "application/octet-stream"
    text = kind.startswith("text/") or kind.endswith("javascript")
    return _answer(b"", _squeezed_bytes(path), f"{kind}; charset=utf-8" if text else kind)


def _answer(plain: bytes, small: bytes | None, kind: str) -> Response:
    response = Response(plain if small is None else small, content_type=kind)
    response.vary.add("Accept-Encoding")
    if small is not None:
        response.headers["Content-Encoding"] = "gzip"
    return response


def _takes_gzip() -> bool:
    return request.accept_encodings["gzip"] > 0


@cache
def _squeezed_bytes(path: Path) -> bytes:
    body = path.read_bytes()
    if path.suffix == ".js" and path.is_relative_to(OWN_SCRIPTS):
        body = lean(body.decode()).encode()
    return _squeeze(body)


def lean(script: str) -> str:
    """One of our own modules without its comments and margins; every line keeps its number."""
    bare = _BLOCK.sub(lambda comment: "\n" * comment[0].count("\n"), script)
    return _LINE.sub("", bare)


def _squeeze(body: bytes) -> bytes:
    return gzip.compress(body, 9, mtime=0)


@cache
def _path(name: str) -> str:
    return f"/static/{version()}/{name}"


def asset(name: str) -> str:
    """The address of a file of the static folder."""
    return _path(name)


def init_app(app: Flask) -> None:
    app.register_blueprint(bp)
    app.jinja_env.globals["asset"] = asset
