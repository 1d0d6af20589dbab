"""Every test gets a fresh copy of the migrated database, and commits for real."""

from collections.abc import Iterator

import pytest
from flask import Flask

from sijinak.app import create_app
from sijinak.config import Settings
from sijinak.core.db import db, transaction
from sijinak.core.permissions import OPERATOR
from sijinak.public.guard import forget_misses
from sijinak.reference import load_reference_data
from tests.databases import Databases


def close() -> None:
    """Let go of the database, inside the app's context."""
    db.session.remove()
    for engine in db.engines.values():
        engine.dispose()


@pytest.fixture(scope="session")
def databases(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Databases]:
    made = Databases(tmp_path_factory.mktemp("databases"))
    app = create_app(Settings(database_url=made.blank))
    with app.app_context():
        with transaction():
            load_reference_data(by=OPERATOR)
        close()
    yield made
    made.drop()


@pytest.fixture
def settings(databases: Databases, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Settings]:
    with databases.copy() as url:
        yield Settings(database_url=url, data_dir=str(tmp_path_factory.mktemp("instance")))


@pytest.fixture
def app(settings: Settings) -> Iterator[Flask]:
    app = create_app(settings)
    app.testing = True
    forget_misses()  # all tests come from one address
    yield app
    with app.app_context():
        close()


@pytest.fixture
def context(app: Flask) -> Iterator[Flask]:
    """The app with its context open, for tests that call services."""
    with app.app_context():
        yield app
