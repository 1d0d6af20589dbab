"""Rows with a payload in each text of each table, put there past every check and guard."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import (
    JSON,
    Boolean,
    Column,
    Connection,
    Date,
    Enum,
    LargeBinary,
    String,
    Table,
    delete,
    insert,
    inspect,
    text,
)

from sijinak.core.db import db
from sijinak.core.model import Id, UtcDateTime

PAYLOADS = (
    "=1+1", "+1+1", "-1+1", "@SUM(1+1)", "\t=1+1", "\r=1+1", "\n=1+1",
    "\uff1d1+1", "\uff0b1+1", "\uff0d1+1", "\uff20SUM(1+1)", '=HYPERLINK("http://x.test";"y")',
    "=cmd|'/C calc'!A0", '";=1+1', ";=1+1", "http://x.test",
)  # fmt: skip
AT = datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)


def plant(tables: set[Table]) -> None:
    """One row for each payload; all its ids are the same, so that whatever is joined finds it."""
    with db.engine.connect() as connection:
        connection.execute(text("SELECT 1"))
        connection.commit()
        _unguard(connection, tables)
        for table in tables:
            rows = [_row(table, number, payload) for number, payload in enumerate(PAYLOADS, 1)]
            connection.execute(insert(table), rows)
        connection.commit()
        connection.detach()


def _unguard(connection: Connection, tables: set[Table]) -> None:
    if connection.dialect.name == "postgresql":
        connection.execute(text("SET session_replication_role = replica"))
        for table in tables:
            for check in inspect(connection).get_check_constraints(table.name):
                name = check["name"]
                connection.execute(text(f'ALTER TABLE {table.name} DROP CONSTRAINT "{name}"'))
            connection.execute(delete(table))
        return
    raw: Any = connection.connection.driver_connection
    raw.execute("PRAGMA foreign_keys = OFF")
    raw.execute("PRAGMA ignore_check_constraints = ON")
    for (name,) in raw.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall():
        raw.execute(f"DROP TRIGGER {name}")
    for table in tables:
        raw.execute(f"DELETE FROM {table.name}")


def fitting(payload: str, column: Any) -> str:
    length = getattr(column.type, "length", None)
    return payload[:length] if length else payload


def _row(table: Table, number: int, payload: str) -> dict[str, Any]:
    given = (one for one in table.columns if one.computed is None)
    return {one.name: _value(one, number, payload) for one in given}


def _value(column: Column[Any], number: int, payload: str) -> Any:
    made: dict[type, Callable[[], Any]] = {
        Enum: lambda: _member(column.type),
        Id: lambda: UUID(int=number),
        JSON: lambda: {payload: payload},
        UtcDateTime: lambda: None if column.nullable else AT,
        Date: lambda: None if column.nullable else AT.date(),
        Boolean: lambda: False,
        LargeBinary: payload.encode,
        String: lambda: fitting(payload, column),
    }
    return next((make() for kind, make in made.items() if isinstance(column.type, kind)), number)


def _member(kind: Any) -> Any:
    """Of the kinds of an identifier the one that lists show."""
    members = list(kind.enum_class)
    return next((one for one in members if one.value == "tag"), members[0])
