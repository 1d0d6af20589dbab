"""The session, the two engines, and the only place that commits.

Writes go through the session inside ``transaction()``. Hot reads go through ``read()``, a second
engine in AUTOCOMMIT that spares each question its BEGIN and ROLLBACK.
"""

import sqlite3
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager, nullcontext
from typing import Any

import psycopg
from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import Connection, Engine, Select, event
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from sijinak.core.errors import Conflict
from sijinak.core.model import Model
from sijinak.core.prepared import prepared
from sijinak.core.turns import turns_at

READ = "read"
WRITES = "sijinak_writes"
ONLY_READS = "sijinak_only_reads"
PATIENCE = 15.0  # seconds that SQLite waits for another process
TURN_PATIENCE = 30.0  # seconds that a writer waits for others in this process

# What is done last in every transaction, in its session.
before_commit: list[Callable[[Session], None]] = []

db = SQLAlchemy(metadata=Model.metadata, session_options={"expire_on_commit": False})


class Clash(Conflict):
    """Two people wanted the same at the same moment: the database let one through."""

    code = "clash"


def engines_for(url: str) -> dict[str, Any]:
    """What Flask-SQLAlchemy is told about the two engines."""
    patience = {"connect_args": {"timeout": PATIENCE}} if url.startswith("sqlite") else {}
    quiet = {"hide_parameters": True}  # names of people must not reach the log with an error
    read = {
        "isolation_level": "AUTOCOMMIT",
        "pool_reset_on_return": None,
        "execution_options": {ONLY_READS: True},
    }
    return {
        "SQLALCHEMY_DATABASE_URI": url,
        "SQLALCHEMY_ENGINE_OPTIONS": {"pool_pre_ping": not patience, **quiet, **patience},
        "SQLALCHEMY_BINDS": {READ: {"url": url, **read, **quiet, **patience}},
    }


@contextmanager
def transaction() -> Iterator[None]:
    """Save everything inside together, or nothing. Opened by the edges, never nested."""
    session = db.session()
    if session.info.get("writing"):
        raise RuntimeError("a transaction is already open: its owner is the caller")
    session.commit()  # ends what was only read, so that SQLite can begin IMMEDIATE
    with _turn():
        session.info["writing"] = True
        try:
            session.connection(execution_options={WRITES: True})
            yield
            session.flush()
            for work in before_commit:
                work(session)
            session.commit()
        except IntegrityError as error:
            session.rollback()
            raise Clash from error
        except BaseException:
            session.rollback()
            raise
        finally:
            session.info.clear()


@contextmanager
def one_moment() -> Iterator[None]:
    """Questions that see the same moment, however long they take. Nothing is written."""
    session = db.session()
    if session.info.get("writing"):
        raise RuntimeError("a transaction is already open: its owner is the caller")
    session.rollback()
    if db.engine.dialect.name == "postgresql":
        session.connection(execution_options={"isolation_level": "REPEATABLE READ"})
    try:
        yield
    finally:
        session.rollback()


def _turn() -> AbstractContextManager[None]:
    """SQLite has one writer, and whoever asks it again and again may starve: here they queue.

    They hold no connection meanwhile. Another process is waited for in SQLite's own way.
    """
    url = db.engine.url
    alone = url.get_backend_name() != "sqlite" or url.database in {None, "", ":memory:"}
    return nullcontext() if alone else turns_at(str(url.database)).turn(TURN_PATIENCE)


def read(
    statement: Select[*tuple[Any, ...]], values: Mapping[str, Any] | None = None
) -> Sequence[Any]:
    """The rows that a question finds, asked outside any transaction.

    The question is prepared once and kept: hand in one that lives as long as the program. When the
    driver fails, SQLAlchemy asks again in its own way: it knows how to connect anew, and its
    errors are those that everybody expects.
    """
    engine, values = db.engines[READ], values or {}
    question = prepared(statement, engine.dialect)
    connection = engine.raw_connection()
    try:
        cursor = connection.cursor()
        cursor.execute(question.sql, question.bound(values))
        return question.rows(cursor.fetchall())
    except engine.dialect.loaded_dbapi.Error:
        connection.invalidate()
        with engine.connect() as anew:
            return anew.execute(statement, values).all()
    finally:
        connection.close()


@event.listens_for(Session, "before_attach")
@event.listens_for(Session, "before_flush")
def _refuse_stray_writes(session: Session, *_: Any) -> None:
    if not session.info.get("writing"):
        raise RuntimeError("a write outside transaction() would be lost")


@event.listens_for(Engine, "connect")
def _set_sqlite_up(connection: Any, _: Any) -> None:
    """WAL with full syncs: with NORMAL a power cut lost acknowledged commits."""
    if not isinstance(connection, sqlite3.Connection):
        return
    connection.isolation_level = None  # we say BEGIN ourselves
    for pragma in (
        "journal_mode=WAL",
        "synchronous=FULL",
        "foreign_keys=ON",
        "recursive_triggers=ON",  # else INSERT OR REPLACE slips past the append-only triggers
        "trusted_schema=OFF",
    ):
        connection.execute(f"PRAGMA {pragma}")


@event.listens_for(Engine, "connect")
def _set_postgresql_up(connection: Any, _: Any) -> None:
    """Questions of a page are short: to compile one takes longer than to answer it."""
    if isinstance(connection, psycopg.Connection):
        connection.execute("SET jit = off")
        connection.commit()


@event.listens_for(Engine, "begin")
def _begin_sqlite(connection: Connection) -> None:
    """A deferred transaction that reads and then writes fails at once under load."""
    options = connection.get_execution_options()
    if connection.dialect.name == "sqlite" and not options.get(ONLY_READS):
        connection.exec_driver_sql("BEGIN IMMEDIATE" if options.get(WRITES) else "BEGIN")
