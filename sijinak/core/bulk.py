"""Many rows at once, past the ORM: columns in, executemany or COPY out.

The values become what the database stores through the same types as everywhere else, each
different value of a column once.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import cache
from itertools import chain
from operator import attrgetter
from typing import Any
from uuid import UUID

import msgspec
from sqlalchemy import Dialect, LargeBinary, String
from sqlalchemy.dialects import postgresql
from sqlalchemy.types import TypeEngine

from sijinak.core.db import db
from sijinak.core.model import Id, Model
from sijinak.core.noting import noting

Columns = Mapping[str, Sequence[Any]]
Rows = Iterator[tuple[Any, ...]]

CACHE = "PRAGMA cache_size = -65536"  # 64 MB: the indexes of codes and digests are hit at random
LATE_CHECKPOINTS = "PRAGMA wal_autocheckpoint = 20000"
_BYTES = attrgetter("bytes")
_POSTGRESQL = postgresql.dialect()  # type: ignore[no-untyped-call]


class _Memo(dict[Any, Any]):
    """What was encoded before."""

    def __init__(self, encode: Callable[[Any], Any]) -> None:
        self._encode = encode

    def __missing__(self, value: Any) -> Any:
        encoded = self[value] = self._encode(value)
        return encoded


def insert(model: type[Model], columns: Columns) -> int:
    """Write all rows into the open transaction; the answer is how many."""
    noting.note_columns(model, columns)
    connection = db.session.connection()
    raw: Any = connection.connection.driver_connection
    rows = encoded(model, columns, connection.dialect)
    send = _by_copy if connection.dialect.name == "postgresql" else _by_executemany
    send(raw, model.__tablename__, list(columns), rows)
    return len(columns["id"])


def insert_new(model: type[Model], columns: Columns) -> set[UUID]:
    """Write those rows that no unique index refuses, in one statement; the ids of the written."""
    if not columns["id"]:
        return set()
    noting.note_columns(model, columns)
    connection = db.session.connection()
    names = tuple(columns)
    if connection.dialect.name == "postgresql":
        rows = [dict(zip(names, row, strict=True)) for row in zip(*columns.values(), strict=True)]
        sent = msgspec.json.encode(rows).decode()
        written = connection.exec_driver_sql(_json_sql(model, names), (sent,))
        return {row[0] for row in written}
    flat = tuple(chain.from_iterable(encoded(model, columns, connection.dialect)))
    sql = _values_sql(model.__tablename__, names, len(columns["id"]))
    return {UUID(bytes=row[0]) for row in connection.exec_driver_sql(sql, flat)}


def tune() -> None:
    """For a transaction that writes much: more pages at hand for SQLite, plans for PostgreSQL.

    PostgreSQL has no statistics yet of rows just written. A plan for any list of values compares
    each row with each value; a plan for this list looks a row up in it.
    """
    connection = db.session.connection()
    if connection.dialect.name == "sqlite":
        connection.exec_driver_sql(CACHE)
        connection.exec_driver_sql(LATE_CHECKPOINTS)
    else:
        connection.exec_driver_sql("SET LOCAL plan_cache_mode = force_custom_plan")


def encoded(model: type[Model], columns: Columns, dialect: Dialect) -> Rows:
    """The rows as the driver wants them."""
    encoders = _encoders(model, dialect)
    made = [_column(values, encoders.get(name)) for name, values in columns.items()]
    return zip(*made, strict=True)


def insert_sql(table: str, names: Sequence[str]) -> str:
    marks = ", ".join("?" * len(names))
    return f"INSERT INTO {table} ({', '.join(names)}) VALUES ({marks})"  # noqa: S608 - our own names


@cache
def _json_sql(model: type[Model], names: tuple[str, ...]) -> str:
    """All rows travel as one text: encoding lists for the driver costs many times as much."""
    kinds = {name: model.__table__.columns[name].type for name in names}
    told = ", ".join(f"{name} {_kind_of(kind)}" for name, kind in kinds.items())
    taken = ", ".join(_taken(name, kind) for name, kind in kinds.items())
    return (
        f"INSERT INTO {model.__tablename__} ({', '.join(names)}) "  # noqa: S608 - our own names
        f"SELECT {taken} FROM json_to_recordset(%s::json) AS t ({told}) "
        "ON CONFLICT DO NOTHING RETURNING id"
    )


@cache
def _values_sql(table: str, names: tuple[str, ...], rows: int) -> str:
    marks = ", ".join([f"({', '.join('?' * len(names))})"] * rows)
    return (
        f"INSERT INTO {table} ({', '.join(names)}) "  # noqa: S608 - our own names
        f"VALUES {marks} ON CONFLICT DO NOTHING RETURNING id"
    )


def _kind_of(kind: TypeEngine[Any]) -> str:
    """What PostgreSQL calls the type, without length and order of letters. Bytes come as text."""
    return "text" if isinstance(kind, String | LargeBinary) else kind.compile(_POSTGRESQL)


def _taken(name: str, kind: TypeEngine[Any]) -> str:
    return f"decode({name}, 'base64')" if isinstance(kind, LargeBinary) else name


def copy_sql(table: str, names: Sequence[str]) -> str:
    return f"COPY {table} ({', '.join(names)}) FROM STDIN"


def _column(values: Sequence[Any], encode: Callable[[Any], Any] | None) -> Sequence[Any]:
    if encode is None:
        return values
    if encode is _BYTES:
        return [value and value.bytes for value in values]
    if values and isinstance(values[0], dict):  # JSON: no value is like another
        return [encode(value) for value in values]
    memo = _Memo(encode)
    return [memo[value] for value in values]


def _by_executemany(raw: Any, table: str, names: list[str], rows: Rows) -> None:
    raw.executemany(insert_sql(table, names), rows)


def _by_copy(raw: Any, table: str, names: list[str], rows: Rows) -> None:
    with raw.cursor().copy(copy_sql(table, names)) as copy:
        write = copy.write_row
        for row in rows:
            write(row)


@cache
def _encoders(model: type[Model], dialect: Dialect) -> dict[str, Callable[[Any], Any]]:
    """Columns whose values the database takes in another form than ours."""
    found: dict[str, Callable[[Any], Any]] = {}
    for column in model.__table__.columns:
        kind = column.type
        encode: Callable[[Any], Any] | None = kind.dialect_impl(dialect).bind_processor(dialect)
        if isinstance(kind, Id):
            encode = _BYTES if dialect.name == "sqlite" else None
        if encode is not None:
            found[column.name] = encode
    return found
