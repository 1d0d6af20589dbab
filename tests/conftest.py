"""Every test gets a fresh copy of the migrated database, and commits for real."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from flask import Flask
from jinja2.bccache import Bucket, BytecodeCache
from playwright.sync_api import Playwright, sync_playwright
from werkzeug.routing import Rule

from sijinak.app import create_app
from sijinak.config import Settings
from sijinak.core.db import db, transaction
from sijinak.core.permissions import OPERATOR
from sijinak.field.knocking import forget_misses as forget_strange_phones
from sijinak.permits.arrivals.guard import forget_all as forget_arrivals
from sijinak.public.guard import forget_misses
from sijinak.reference import load_reference_data
from tests.databases import Databases

_compile_builder = Rule._compile_builder  # noqa: SLF001
_builders: dict[tuple[str, bool], Callable[..., Any]] = {}


def _kept_builder(rule: Rule, append_unknown: bool = True) -> Callable[..., Any]:  # noqa: FBT001, FBT002
    """Each app compiles 450 little functions for its addresses: the same in every test."""
    key = rule.rule, append_unknown
    if key not in _builders:
        _builders[key] = _compile_builder(rule, append_unknown)
    return _builders[key]


Rule._compile_builder = _kept_builder  # type: ignore[method-assign, assignment] # noqa: SLF001


class _KeptTemplates(BytecodeCache):
    """Each app compiles its templates: the same in every test."""

    def __init__(self) -> None:
        self._kept: dict[str, bytes] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        if bucket.key in self._kept:
            bucket.bytecode_from_string(self._kept[bucket.key])

    def dump_bytecode(self, bucket: Bucket) -> None:
        self._kept[bucket.key] = bucket.bytecode_to_string()


_templates = _KeptTemplates()


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


@pytest.fixture(scope="session")
def playwright() -> Iterator[Playwright]:
    """One for all: a thread can run no second one beside it."""
    with sync_playwright() as playwright:
        yield playwright


@pytest.fixture
def settings(databases: Databases, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Settings]:
    with databases.copy() as url:
        yield Settings(database_url=url, data_dir=str(tmp_path_factory.mktemp("instance")))


@pytest.fixture
def app(settings: Settings) -> Iterator[Flask]:
    app = create_app(settings)
    app.jinja_env.bytecode_cache = _templates
    app.testing = True
    forget_misses()  # all tests come from one address
    forget_strange_phones()
    forget_arrivals()
    yield app
    with app.app_context():
        close()


@pytest.fixture
def context(app: Flask) -> Iterator[Flask]:
    """The app with its context open, for tests that call services."""
    with app.app_context():
        yield app
