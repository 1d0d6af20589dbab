"""The database past the application: as its superuser, or as whoever holds the file."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import date
from typing import Any
from uuid import UUID, uuid4

import psycopg

from sijinak.core.clock import today
from sijinak.core.db import db
from tests.databases import SERVER

Refused = (sqlite3.IntegrityError, psycopg.errors.IntegrityError, psycopg.errors.RaiseException)


@contextmanager
def superuser(*, recursive: bool = True) -> Iterator[Any]:
    """A connection of its own; what is done inside is committed at the end."""
    url = db.engine.url
    if SERVER:
        address = url.set(drivername="postgresql").render_as_string(hide_password=False)
        with closing(psycopg.connect(address)) as server:
            yield server
            server.commit()
        return
    connection = sqlite3.connect(str(url.database), isolation_level=None)
    try:
        connection.execute("PRAGMA foreign_keys=ON")
        connection.execute(f"PRAGMA recursive_triggers={'ON' if recursive else 'OFF'}")
        connection.execute("BEGIN")
        yield connection
        connection.execute("COMMIT")
    finally:
        connection.close()


def insert(connection: Any, table: str, *, verb: str = "INSERT", **values: Any) -> None:
    marks = ", ".join(["%s" if SERVER else "?"] * len(values))
    sql = f"{verb} INTO {table} ({', '.join(values)}) VALUES ({marks})"
    connection.execute(sql, [_sent(value) for value in values.values()])


def add_journal(connection: Any, *, verb: str = "INSERT", **changes: Any) -> UUID:
    """A journal of two lines that says nothing yet."""
    journal: dict[str, Any] = {
        "id": uuid4(),
        "idem": f"raw:{uuid4()}",
        "kind": "raw",
        "effective_on": today(),
        "recorded_at": "2026-01-01 00:00:00+00",
        "region": "52.04",
        "actor_id": uuid4(),
        "actor_name": "raw",
        "reason": "",
        "size": 2,
        "zero": 0,
    } | changes
    insert(connection, "journals", verb=verb, **journal)
    journal_id: UUID = journal["id"]
    return journal_id


def add_line(connection: Any, journal_id: UUID, position: int, amount: int, **changes: Any) -> None:
    line: dict[str, Any] = {
        "id": uuid4(),
        "journal_id": journal_id,
        "position": position,
        "effective_on": today(),
        "account": "cash",
        "amount": amount,
    } | changes
    insert(connection, "postings", **line)


def _sent(value: Any) -> Any:
    if isinstance(value, UUID) and not SERVER:
        return value.bytes
    return value.isoformat() if isinstance(value, date) else value
