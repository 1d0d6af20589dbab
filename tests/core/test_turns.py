"""Who writes next: on SQLite in the order of coming; on PostgreSQL nobody waits for a stranger."""

import sqlite3
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager, suppress
from functools import partial
from pathlib import Path
from threading import Thread

import pytest
from flask import Flask
from sqlalchemy import select, text
from sqlalchemy.exc import OperationalError

from sijinak.app import create_app
from sijinak.config import Settings
from sijinak.core import db as core
from sijinak.core.db import db, transaction
from sijinak.core.probe import Probe, beat
from sijinak.core.turns import Turns, turns_at
from tests.conditions import wait_until
from tests.conftest import close
from tests.databases import SERVER, Databases

only_sqlite = pytest.mark.skipif(bool(SERVER), reason="about SQLite")
IMPATIENT = 0.0


@contextmanager
def another(app: Flask) -> Iterator[None]:
    """Somebody else writes, in the same thread."""
    with app.app_context(), transaction():
        beat()
        yield


def stands_behind(before: int, line: Turns) -> bool:
    return len(line._line) == before + 1  # noqa: SLF001 - nobody but a test asks


@only_sqlite
def test_more_writers_than_connections_write_in_the_order_of_coming(app: Flask):
    order: list[int] = []

    def write(number: int) -> None:
        with another(app):
            order.append(number)

    with app.app_context():
        line, pool = turns_at(str(db.engine.url.database)), db.engine.pool
        with transaction():
            threads = [Thread(target=write, args=(number,)) for number in range(24)]
            for before, thread in enumerate(threads, start=1):
                thread.start()
                wait_until(partial(stands_behind, before, line), "it queued up")
            assert pool.status().count("Current Checked out connections: 1") == 1
        for thread in threads:
            thread.join()
        assert order == list(range(24))
        assert stands_behind(-1, line)


def test_everybody_who_writes_at_once_writes(app: Flask):
    """Nobody is refused and nothing is lost, with a fault here and there."""

    def person(seed: int) -> None:
        for nth in range(4):
            with suppress(ZeroDivisionError), app.app_context(), transaction():
                beat()
                _ = 1 / ((seed + nth) % 5)

    with ThreadPoolExecutor(12) as crowd:
        list(crowd.map(person, range(60)))
    with app.app_context():
        assert db.session.scalar(select(Probe.beat)) == 60 * 4 * 4 / 5


@only_sqlite
def test_who_waits_too_long_is_told_that_it_is_locked_and_the_next_one_writes(
    app: Flask, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(core, "TURN_PATIENCE", IMPATIENT)
    with another(app):
        for _ in range(2):
            with pytest.raises(OperationalError, match="locked"), another(app):
                pytest.fail("two wrote at once")
    with another(app):
        pass


@only_sqlite
def test_a_lock_of_another_process_leaves_the_line_open(app: Flask):
    with app.app_context(), closing(_stranger()) as stranger:
        db.session.execute(text("PRAGMA busy_timeout = 0"))
        db.session.commit()
        stranger.execute("BEGIN IMMEDIATE")
        with pytest.raises(OperationalError, match="locked"), transaction():
            beat()
        stranger.execute("ROLLBACK")
        with transaction():
            beat()


def _stranger() -> sqlite3.Connection:
    return sqlite3.connect(str(db.engine.url.database), isolation_level=None)


@only_sqlite
def test_each_database_has_a_line_of_its_own(
    app: Flask, databases: Databases, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(core, "TURN_PATIENCE", IMPATIENT)
    with databases.copy() as url:
        other = create_app(Settings(database_url=url, data_dir=str(tmp_path)))
        with another(app), another(other):
            pass
        with other.app_context():
            close()


@pytest.mark.skipif(not SERVER, reason="about PostgreSQL")
def test_on_postgresql_two_write_at_once(app: Flask, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(core, "TURN_PATIENCE", IMPATIENT)
    with app.app_context(), transaction(), app.app_context(), transaction():
        assert db.session.scalar(select(1)) == 1
