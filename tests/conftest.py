"""Every test gets a fresh copy of the migrated database, and commits for real."""

import asyncio
import gc
from collections.abc import Generator, Iterator
from dataclasses import replace
from functools import cache
from importlib.metadata import entry_points
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from flask import Flask
from flask_sqlalchemy import SQLAlchemy
from jinja2.bccache import Bucket, BytecodeCache
from playwright.sync_api import Playwright, expect, sync_playwright
from sqlalchemy import Engine, event
from werkzeug.routing import Rule

from sijinak.app import configure, create_app
from sijinak.config import Settings
from sijinak.core.db import db, engines_for, transaction
from sijinak.core.permissions import OPERATOR
from sijinak.field.knocking import forget_misses as forget_strange_phones
from sijinak.payments.adapters import registry as adapters_registry
from sijinak.permits.arrivals.guard import forget_all as forget_arrivals
from sijinak.public.guard import forget_misses
from sijinak.reference import load_reference_data
from tests.databases import Databases, quick_folder

_compile = Rule.compile
_rules: dict[str, Rule] = {}


def _compile_once(rule: Rule) -> None:
    """Each app takes its 450 addresses apart and compiles them: the same in every test."""
    kept = _rules.get(rule.rule)
    if kept is None or kept.defaults != rule.defaults:
        _compile(rule)
        _rules[rule.rule] = rule
        return
    for name in ("_parts", "_trace", "_converters", "arguments"):
        setattr(rule, name, getattr(kept, name))
    rule._build = kept._build.__func__.__get__(rule, None)  # type: ignore[attr-defined] # noqa: SLF001
    rule._build_unknown = kept._build_unknown.__func__.__get__(rule, None)  # type: ignore[attr-defined] # noqa: SLF001


Rule.compile = _compile_once  # type: ignore[method-assign, assignment]
# What is installed is the same in every test.
adapters_registry.entry_points = cache(entry_points)  # type: ignore[attr-defined, assignment]

_make_engine = SQLAlchemy._make_engine  # noqa: SLF001
_engines: dict[tuple[str, str | None], Engine] = {}


def _engine_with_kept_sql(
    self: SQLAlchemy, bind: str | None, options: dict[str, Any], app: Flask
) -> Engine:
    """Each engine turns every question into SQL once: the same in every test.

    The first that has reached its database has learnt what the dialect asks a server about.
    """
    options["query_cache_size"] = 5000
    engine = _make_engine(self, bind, options, app)
    key = engine.dialect.name, bind
    kept = _engines.get(key)
    if kept is None:
        event.listen(engine, "connect", lambda *_: _engines.setdefault(key, engine))
    else:
        engine.dialect, engine._compiled_cache = kept.dialect, kept._compiled_cache  # noqa: SLF001
    return engine


SQLAlchemy._make_engine = _engine_with_kept_sql  # type: ignore[method-assign, assignment] # noqa: SLF001


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


def pytest_collection_finish() -> None:
    """What was imported and collected stays: nobody need look through it for garbage again."""
    gc.collect()
    gc.freeze()


def _without_a_loop(item: pytest.Item) -> Generator[None, Any, Any]:
    """Playwright's loop counts as running in its thread, where who signs a PDF starts one."""
    if item.get_closest_marker("browser"):
        return (yield)
    loop = asyncio._get_running_loop()  # noqa: SLF001
    asyncio._set_running_loop(None)  # noqa: SLF001
    try:
        return (yield)
    finally:
        asyncio._set_running_loop(loop)  # noqa: SLF001


@pytest.hookimpl(wrapper=True)
def pytest_runtest_setup(item: pytest.Item) -> Generator[None, Any, Any]:
    return (yield from _without_a_loop(item))


@pytest.hookimpl(wrapper=True)
def pytest_runtest_call(item: pytest.Item) -> Generator[None, Any, Any]:
    return (yield from _without_a_loop(item))


def close() -> None:
    """Let go of the database, inside the app's context."""
    db.session.remove()
    for engine in db.engines.values():
        engine.dispose()


@pytest.fixture(scope="session")
def databases() -> Iterator[Databases]:
    with TemporaryDirectory(prefix="sijinak-databases-", dir=quick_folder()) as folder:
        made = Databases(Path(folder))
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
    expect.set_options(timeout=60_000)  # milliseconds: other work may go on at this machine
    with sync_playwright() as playwright:
        yield playwright


@pytest.fixture
def settings(databases: Databases, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Settings]:
    with databases.copy() as url:
        yield Settings(database_url=url, data_dir=str(tmp_path_factory.mktemp("instance")))


_apps: dict[str, Flask] = {}


def _app_for(settings: Settings) -> Flask:
    """To make an app costs more than most tests: those of the same settings share one.

    Each brings its own database, and finds the app as it was made.
    """
    kind = repr((replace(settings, database_url="", data_dir=""), settings.adapter_settings))
    if kind not in _apps:
        _apps[kind] = create_app(settings)
        _apps[kind].jinja_env.bytecode_cache = _templates
        _apps[kind].testing = True
        return _apps[kind]
    bare = Flask("bare")
    bare.config.from_mapping(engines_for(settings.database))
    db.init_app(bare)
    db._app_engines[_apps[kind]] = db._app_engines.pop(bare)  # noqa: SLF001
    _apps[kind].extensions["sijinak.settings"] = settings
    configure(settings)
    return _apps[kind]


@pytest.fixture
def app(settings: Settings) -> Iterator[Flask]:
    app = _app_for(settings)
    made = dict(app.config), dict(app.view_functions), dict(app.extensions)
    forget_misses()  # all tests come from one address
    forget_strange_phones()
    forget_arrivals()
    yield app
    with app.app_context():
        close()
    app.test_client_class = None
    for now, before in zip((app.config, app.view_functions, app.extensions), made, strict=True):
        now.clear()
        now.update(before)


@pytest.fixture
def context(app: Flask) -> Iterator[Flask]:
    """The app with its context open, for tests that call services."""
    with app.app_context():
        yield app
