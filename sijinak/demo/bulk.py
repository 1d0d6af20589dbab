"""Many rows at once, past the ORM: columns in, executemany or COPY out.

The values become what the database stores through the same types as everywhere else, each
different value of a column once.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import cache
from operator import attrgetter
from typing import Any

from sqlalchemy import Dialect

from sijinak.core.db import db
from sijinak.core.model import Id, Model

Columns = Mapping[str, Sequence[Any]]
Rows = Iterator[tuple[Any, ...]]

CACHE = "PRAGMA cache_size = -65536"  # 64 MB: the indexes of codes and digests are hit at random
LATE_CHECKPOINTS = "PRAGMA wal_autocheckpoint = 20000"
_BYTES = attrgetter("bytes")


class _Memo(dict[Any, Any]):
    """What was encoded before."""

    def __init__(self, encode: Callable[[Any], Any]) -> None:
        self._encode = encode

    def __missing__(self, value: Any) -> Any:
        encoded = self[value] = self._encode(value)
        return encoded


def insert(model: type[Model], columns: Columns) -> int:
    """Write all rows into the open transaction; the answer is how many."""
    connection = db.session.connection()
    raw: Any = connection.connection.driver_connection
    rows = encoded(model, columns, connection.dialect)
    send = _by_copy if connection.dialect.name == "postgresql" else _by_executemany
    send(raw, model.__tablename__, list(columns), rows)
    return len(columns["id"])


def tune() -> None:
    """Let SQLite keep more pages at hand while much is written."""
    connection = db.session.connection()
    if connection.dialect.name == "sqlite":
        connection.exec_driver_sql(CACHE)
        connection.exec_driver_sql(LATE_CHECKPOINTS)


def encoded(model: type[Model], columns: Columns, dialect: Dialect) -> Rows:
    """The rows as the driver wants them."""
    encoders = _encoders(model, dialect)
    made = [_column(values, encoders.get(name)) for name, values in columns.items()]
    return zip(*made, strict=True)


def insert_sql(table: str, names: Sequence[str]) -> str:
    marks = ", ".join("?" * len(names))
    return f"INSERT INTO {table} ({', '.join(names)}) VALUES ({marks})"  # noqa: S608 - our own names


def copy_sql(table: str, names: Sequence[str]) -> str:
    return f"COPY {table} ({', '.join(names)}) FROM STDIN"


def _column(values: Sequence[Any], encode: Callable[[Any], Any] | None) -> Sequence[Any]:
    if encode is None:
        return values
    if encode is _BYTES:
        return [value and value.bytes for value in values]
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
