"""Whether this process lives, and whether it can store what it is given."""

import shutil
import time
from pathlib import Path

from flask import Blueprint, current_app, jsonify
from flask.typing import ResponseReturnValue
from sqlalchemy.exc import SQLAlchemyError

from sijinak.config import Settings
from sijinak.core.db import transaction
from sijinak.core.probe import beat
from sijinak.web.access import public
from sijinak.web.settings import settings

bp = Blueprint("health", __name__)
MEGABYTE = 1024 * 1024
ANSWER, HOLDS_SECONDS = "sijinak.readiness", 2.0


@bp.get("/healthz")
@public
def alive() -> ResponseReturnValue:
    return jsonify(status="ok")


@bp.get("/readyz")
@public
def ready() -> ResponseReturnValue:
    """200 when a row can be written and space is left, else 503 and what is wrong.

    An answer holds for some seconds: whoever asks without pause costs no writes.
    """
    known: tuple[float, list[str]] | None = current_app.extensions.get(ANSWER)
    if known is None or time.monotonic() - known[0] > HOLDS_SECONDS:
        known = time.monotonic(), [*_store_faults(), *_space_faults(settings())]
        current_app.extensions[ANSWER] = known
    faults = known[1]
    return jsonify(status="not ready" if faults else "ok", faults=faults), 503 if faults else 200


def _store_faults() -> list[str]:
    """A real write: a full disk still answers reads."""
    try:
        with transaction():
            beat()
    except SQLAlchemyError as error:
        return [f"cannot write: {type(error).__name__}"]
    return []


def _space_faults(given: Settings) -> list[str]:
    free = shutil.disk_usage(Path(given.data_dir)).free // MEGABYTE
    return [f"only {free} MB free"] if free < given.least_free_mb else []
