"""Style, icons and scripts under an address that names their content, so that none goes stale."""

import hashlib
from functools import cache
from pathlib import Path

from flask import Blueprint, Flask, Response, abort, send_from_directory

from sijinak.web.access import public

FOLDER = Path(__file__).parent.parent / "static"
A_YEAR = 31_536_000

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
    response = send_from_directory(FOLDER, name, max_age=A_YEAR)
    response.headers["Cache-Control"] = f"public, max-age={A_YEAR}, immutable"
    return response


@cache
def _path(name: str) -> str:
    return f"/static/{version()}/{name}"


def asset(name: str) -> str:
    """The address of a file of the static folder."""
    return _path(name)


def init_app(app: Flask) -> None:
    app.register_blueprint(bp)
    app.jinja_env.globals["asset"] = asset
