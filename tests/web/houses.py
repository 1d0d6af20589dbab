"""Apps with other settings than the usual."""

from collections.abc import Iterator
from contextlib import contextmanager

from flask import Flask

from sijinak.app import create_app
from sijinak.config import Settings
from sijinak.core.db import db


@contextmanager
def house(settings: Settings) -> Iterator[Flask]:
    """An app that lets go of its database in the end."""
    app = create_app(settings)
    try:
        yield app
    finally:
        let_go(app)


def let_go(app: Flask) -> None:
    with app.app_context():
        db.session.remove()
        for engine in db.engines.values():
            engine.dispose()
