"""Rows past the application and past keys and checks: what is left are the triggers."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import JSON, Connection, Date, Enum, LargeBinary, inspect
from sqlalchemy.types import TypeEngine

from sijinak.core.db import db
from sijinak.core.ids import uuid7
from sijinak.core.model import Id, Model, UtcDateTime
from tests.databases import SERVER

_SOME = {UtcDateTime: "2026-01-01 00:00:00+00", Date: "2019-05-06", LargeBinary: b"x", JSON: "{}"}


@contextmanager
def bare(*tables: str) -> Iterator[Connection]:
    """A connection to tables without foreign keys and checks. Nothing is committed by itself."""
    db.session.rollback()  # what is only read is locked against this, too
    with db.engine.connect() as connection:
        if SERVER:
            for table in tables:
                _drop_constraints(connection, table)
            connection.commit()
        else:
            driver: Any = connection.connection.driver_connection
            driver.execute("PRAGMA foreign_keys=OFF")  # before anything is begun
            driver.execute("PRAGMA ignore_check_constraints=ON")
        yield connection
        connection.rollback()
        connection.invalidate()


@contextmanager
def untriggered(connection: Connection, table: str) -> Iterator[None]:
    if SERVER:
        connection.exec_driver_sql(f"ALTER TABLE {table} DISABLE TRIGGER ALL")
        yield
        connection.exec_driver_sql(f"ALTER TABLE {table} ENABLE TRIGGER ALL")
        return
    asked = f"SELECT name, sql FROM sqlite_master WHERE type = 'trigger' AND tbl_name = '{table}'"
    triggers = connection.exec_driver_sql(asked).all()
    for name, _ in triggers:
        connection.exec_driver_sql(f"DROP TRIGGER {name}")
    yield
    for _, sql in triggers:
        connection.exec_driver_sql(sql)


def insert_row(connection: Connection, table: str, **given: Any) -> None:
    columns = Model.metadata.tables[table].columns
    row = {c.name: _some(c.type) for c in columns if not c.nullable} | given
    names = ", ".join(f'"{name}"' for name in row)
    marks = ", ".join(["%s" if SERVER else "?"] * len(row))
    sent = tuple(_sent(value) for value in row.values())
    connection.exec_driver_sql(f"INSERT INTO {table} ({names}) VALUES ({marks})", sent)


def _some(kind: TypeEngine[Any]) -> Any:
    if isinstance(kind, Enum):
        return kind.enums[0]
    if isinstance(kind, Id):
        return uuid7()
    return _SOME.get(type(kind), False if kind.python_type is bool else 1)


def _sent(value: Any) -> Any:
    return value if SERVER or not hasattr(value, "bytes") else value.bytes


def _drop_constraints(connection: Connection, table: str) -> None:
    seen = inspect(connection)
    for kind in (seen.get_foreign_keys(table), seen.get_check_constraints(table)):
        for one in kind:
            connection.exec_driver_sql(f"ALTER TABLE {table} DROP CONSTRAINT {one['name']}")
