"""Hot questions inside a transaction: prepared once, with lists of values of any length.

On PostgreSQL a list travels as one text, so that the question is the same for each length and is
planned once. SQLite's driver knows no lists: there SQLAlchemy spells them out.
"""

from collections.abc import Callable, Iterable, Sequence
from functools import cache
from typing import Any

from sqlalchemy import ARRAY, ColumnElement, CompoundSelect, Select, String, any_, bindparam, cast

from sijinak.core.db import db
from sijinak.core.prepared import prepared

Question = Select[*tuple[Any, ...]] | CompoundSelect[*tuple[Any, ...]]


class Among:
    """Says ``column IN list`` as the database wants it; handed to whoever makes a question."""

    def __init__(self, database: str) -> None:
        self.database = database

    def __call__(self, column: Any, name: str) -> ColumnElement[bool]:
        if self.database != "postgresql":
            found: ColumnElement[bool] = column.in_(bindparam(name, expanding=True))
            return found
        listed = cast(bindparam(name, type_=String), ARRAY(_plain(column.type)))
        same: ColumnElement[bool] = column == any_(listed)
        return same


def ask(make: Callable[[Among], Question], /, **values: Any) -> Sequence[Any]:
    """The rows of the question that ``make`` makes, once for each kind of database."""
    connection = db.session.connection()
    question = _question(make, connection.dialect.name)
    if connection.dialect.name != "postgresql":
        return connection.execute(question, values).all()
    known = prepared(question, connection.dialect)
    given = {name: _spelt(value) for name, value in values.items()}
    found = connection.exec_driver_sql(known.sql, known.bound(given))
    return known.rows(found.fetchall())


@cache
def _question(make: Callable[[Among], Question], database: str) -> Question:
    return make(Among(database))


def _plain(kind: Any) -> Any:
    return String() if isinstance(kind, String) else kind


def _spelt(value: Any) -> Any:
    return _list_of(value) if isinstance(value, list | set | frozenset) else value


def _list_of(values: Iterable[Any]) -> str:
    return "{" + ",".join(map(_quoted, values)) + "}"


def _quoted(value: Any) -> str:
    text = str(value).replace("\\", "\\\\").replace('"', '\\"')
    return f'"{text}"'
