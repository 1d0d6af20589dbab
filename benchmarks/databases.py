"""Scratch databases, made for a run and dropped after it."""

import os
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from uuid import uuid4

import psycopg
from flask import Flask

from sijinak.app import create_app
from sijinak.config import Settings
from sijinak.core.db import db, transaction
from sijinak.core.permissions import OPERATOR
from sijinak.migrate import upgrade
from sijinak.reference import load_reference_data

SERVER = os.environ.get("SIJINAK_BENCH_DATABASE") or "postgresql://postgres@127.0.0.1/postgres"


class NoServer(Exception):
    """No PostgreSQL answers."""


def on_server(statement: str) -> None:
    """Raises NoServer."""
    try:
        with psycopg.connect(SERVER, autocommit=True, connect_timeout=5) as connection:
            connection.execute(statement.encode())
    except psycopg.OperationalError as error:
        raise NoServer(str(error).splitlines()[0]) from error


@contextmanager
def scratch_folder() -> Iterator[Path]:
    with TemporaryDirectory(prefix="sijinak-bench-", ignore_cleanup_errors=True) as folder:
        yield Path(folder)


@contextmanager
def on_postgres(template: str = "template1") -> Iterator[str]:
    """The URL of a new database."""
    name = f"sijinak_bench_{uuid4().hex[:12]}"
    on_server(f"CREATE DATABASE {name} TEMPLATE {template}")
    try:
        yield f"{SERVER.rpartition('/')[0]}/{name}"
    finally:
        on_server(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")


@contextmanager
def installed(url: str, folder: Path) -> Iterator[Flask]:
    """The app on a database that is set up."""
    settings = Settings(database_url=url, data_dir=str(folder))
    upgrade(settings.database)
    app = create_app(settings)
    with app.app_context(), transaction():
        load_reference_data(by=OPERATOR)
    let_go(app)
    yield app
    let_go(app)


@contextmanager
def scratch_app(*, postgres: bool) -> Iterator[tuple[Flask, Path]]:
    """The app on a database of its own, and a folder. Raises NoServer."""
    with ExitStack() as stack:
        folder = stack.enter_context(scratch_folder())
        url = stack.enter_context(on_postgres()) if postgres else f"sqlite:///{folder}/b.sqlite"
        yield stack.enter_context(installed(url, folder)), folder


def let_go(app: Flask) -> None:
    """Close every connection, so that the database can be copied or dropped."""
    with app.app_context():
        db.session.remove()
        for engine in db.engines.values():
            engine.dispose()
