"""One row written at once, past the session: for tables whose rows never change.

The INSERT is put together once for each table. Its row is not in the session afterwards.
"""

from collections.abc import Mapping
from functools import cache
from typing import Any, cast

from sqlalchemy import ColumnElement, Table, and_, bindparam, exists, insert, select
from sqlalchemy.dialects import postgresql, sqlite

from sijinak.core.db import db
from sijinak.core.model import Model
from sijinak.core.noting import noting


def insert_now(row: Model) -> None:
    noting.note_row(row)
    db.session.connection().execute(_insert(type(row)), _values(row))


def insert_new(row: Model, *key: str) -> bool:
    """False when one with this key is there. Two who bring the same at once wait here."""
    statement = _insert_new(db.engine.dialect.name, type(row), key)
    is_new = db.session.connection().execute(statement, _values(row)).scalar() is not None
    if is_new:
        noting.note_row(row)
    return is_new


def when_absent(
    dialect: str, model: type[Model], key: tuple[str, ...], made: Mapping[str, ColumnElement[Any]]
) -> Any:
    """An INSERT that does nothing when the key is there; ``made`` are columns that it works out.

    It looks first: on SQLite the guard against INSERT OR REPLACE would speak up otherwise.
    """
    table = cast("Table", model.__table__)
    values = {c.name: made.get(c.name, bindparam(c.name, type_=c.type)) for c in table.columns}
    there = exists().where(and_(*(table.c[name] == values[name] for name in key)))
    add = sqlite.insert if dialect == "sqlite" else postgresql.insert
    chosen = add(table).from_select(list(values), select(*values.values()).where(~there))
    return chosen.on_conflict_do_nothing(index_elements=list(key))


def _values(row: Model) -> dict[str, Any]:
    return {column.name: getattr(row, column.name) for column in row.__table__.columns}


@cache
def _insert(model: type[Model]) -> Any:
    return insert(cast("Table", model.__table__))


@cache
def _insert_new(dialect: str, model: type[Model], key: tuple[str, ...]) -> Any:
    return when_absent(dialect, model, key, {}).returning(model.__table__.c.id)
