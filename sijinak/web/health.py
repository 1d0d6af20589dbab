"""Whether this process lives, and whether it can store what it is given."""

import shutil
from pathlib import Path

from flask import Blueprint, current_app, jsonify
from flask.typing import ResponseReturnValue
from sqlalchemy.exc import SQLAlchemyError

from sijinak.config import Settings
from sijinak.core.db import transaction
from sijinak.core.probe import beat
from sijinak.web.access import public

bp = Blueprint("health", __name__)
MEGABYTE = 1024 * 1024


@bp.get("/healthz")
@public
def alive() -> ResponseReturnValue:
    return jsonify(status="ok")


@bp.get("/readyz")
@public
def ready() -> ResponseReturnValue:
    """200 when a row can be written and space is left, else 503 and what is wrong."""
    settings: Settings = current_app.extensions["sijinak.settings"]
    faults = [*_store_faults(), *_space_faults(settings)]
    return jsonify(status="not ready" if faults else "ok", faults=faults), 503 if faults else 200


def _store_faults() -> list[str]:
    """A real write: a full disk still answers reads."""
    try:
        with transaction():
            beat()
    except SQLAlchemyError as error:
        return [f"cannot write: {type(error).__name__}"]
    return []


def _space_faults(settings: Settings) -> list[str]:
    free = shutil.disk_usage(Path(settings.data_dir)).free // MEGABYTE
    return [f"only {free} MB free"] if free < settings.least_free_mb else []
