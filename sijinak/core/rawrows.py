"""Rows as the driver hands them out, each value turned into what canonical JSON has of it.

Every row that is written is read so once more, and a million when the log is checked: the way
through SQLAlchemy's types costs many times as much.
"""

from collections.abc import Callable, Sequence
from datetime import UTC, date, datetime
from functools import cache
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, Boolean, Date, Dialect, Float, Integer, SmallInteger, String
from sqlalchemy.types import TypeEngine

from sijinak.core.db import db
from sijinak.core.model import Id, Model, UtcDateTime

AS_IT_IS = (Integer, BigInteger, SmallInteger, String)  # and the words of an Enum
MOMENT = 26  # letters, as SQLite keeps it: 2026-11-22 13:05:00.000000

Row = dict[str, Any]
Turn = Callable[[Any], Any]
Named = tuple[str, Turn]
Ends = tuple[UUID | None, UUID | None]  # none: from the first, up to the last


def rows_of(model: type[Model], key: str, ids: Sequence[UUID], order: Sequence[str]) -> list[Row]:
    """Those whose ``key`` is one of the ids; the values are canonical, the ids among them texts."""
    if db.session.connection().dialect.name == "postgresql":
        found = _asked(_sql(model, f'"{key}" = ANY(%s)', tuple(order)), (list(ids),))
    else:
        marks = f'"{key}" IN ({", ".join("?" * len(ids))})'
        found = _asked(_sql(model, marks, tuple(order)), [one.bytes for one in ids])
    return _all_turned(model, found)


def rows_behind(
    model: type[Model], after: UUID | None, most: int, starts: Sequence[str]
) -> tuple[list[Any], list[Row]]:
    """So many in the order of their ids; these as the driver has them, beside the rows.

    ``after``: none for all from the first. ``starts``: only those whose name begins so.
    """
    where, values = _between("id", (after, None))
    if starts:
        known = " OR ".join(f"substr(name, 1, {len(one)}) = '{one}'" for one in starts)
        where = f"{where} AND ({known})"
    found = _asked(f"{_sql(model, where, ('id',))} LIMIT {most}", values)
    place = _place_of_id(model)
    return [cells[place] for cells in found], _all_turned(model, found)


def rows_within(model: type[Model], key: str, ends: Ends, order: Sequence[str]) -> list[Row]:
    """Those whose ``key`` lies behind the one end, and up to the other."""
    where, values = _between(key, ends)
    return _all_turned(model, _asked(_sql(model, where, tuple(order)), values))


def moment_text(moment: datetime) -> str:
    """Always with six digits: 2026-11-22T13:05:00.000000Z."""
    return f"{moment.astimezone(UTC).isoformat(timespec='microseconds')[:MOMENT]}Z"


def plain(value: Any) -> Any:
    """As canonical JSON has it: fractions are texts, for no two languages write them alike.

    Raises TypeError for what the log does not know.
    """
    turn = next((_TURNS[kind] for kind in type(value).__mro__ if kind in _TURNS), None)
    if turn is None:
        raise TypeError(f"the log knows no {type(value).__name__}")
    return turn(value)


def _between(key: str, ends: Ends) -> tuple[str, list[Any]]:
    """A condition, and its values as the driver wants them."""
    is_server = db.session.connection().dialect.name == "postgresql"
    mark = "%s" if is_server else "?"
    known = [(sign, one) for sign, one in zip((">", "<="), ends, strict=True) if one is not None]
    where = " AND ".join(f'"{key}" {sign} {mark}' for sign, _ in known)
    return where or "1 = 1", [one if is_server else one.bytes for _, one in known]


def _asked(sql: str, values: Sequence[Any]) -> list[Any]:
    cursor = db.session.connection().connection.cursor()
    try:
        cursor.execute(sql, values)
        return list(cursor.fetchall())
    finally:
        cursor.close()


def _all_turned(model: type[Model], found: Sequence[Any]) -> list[Row]:
    names, turns = _plan(model, db.session.connection().dialect)
    return [_turned(names, turns, cells) for cells in found]


def _turned(names: Sequence[str], turns: Sequence[Named], cells: Sequence[Any]) -> Row:
    row = dict(zip(names, cells, strict=True))
    for name, turn in turns:
        if (value := row[name]) is not None:
            row[name] = turn(value)
    return row


@cache
def _sql(model: type[Model], where: str, order: tuple[str, ...]) -> str:
    names = ", ".join(f'"{column.name}"' for column in model.__table__.columns)
    sorted_by = ", ".join(f'"{name}"' for name in order)
    return (
        f"SELECT {names} FROM {model.__tablename__} "  # noqa: S608 - our own names
        f"WHERE {where} ORDER BY {sorted_by}"
    )


@cache
def _place_of_id(model: type[Model]) -> int:
    return [column.name for column in model.__table__.columns].index("id")


@cache
def _plan(model: type[Model], dialect: Dialect) -> tuple[tuple[str, ...], tuple[Named, ...]]:
    columns = model.__table__.columns
    turns = {column.name: _turn_of(column.type, dialect) for column in columns}
    return tuple(turns), tuple((name, turn) for name, turn in turns.items() if turn is not None)


def _turn_of(kind: TypeEngine[Any], dialect: Dialect) -> Turn | None:
    """None for what needs no turning."""
    # The drivers hand out numbers with a point as they are; SQLAlchemy asks of which kind they are.
    is_float = isinstance(kind, Float)
    decode = None if is_float else kind.dialect_impl(dialect).result_processor(dialect, None)
    slow: Turn = plain if decode is None else lambda value: plain(decode(value))
    known: dict[type, Turn | None] = {Id: str, Date: str, Boolean: None, UtcDateTime: moment_text}
    if dialect.name == "sqlite":
        known = {Id: _id_text, Date: None, Boolean: bool, UtcDateTime: _moment_text(slow)}
    known |= dict.fromkeys(AS_IT_IS)
    return next((known[one] for one in type(kind).__mro__ if one in known), slow)


def _id_text(raw: bytes) -> str:
    h = raw.hex()
    return f"{h[:8]}-{h[8:12]}-{h[12:16]}-{h[16:20]}-{h[20:]}"


def _moment_text(slow: Turn) -> Turn:
    def turn(kept: str) -> str:
        if len(kept) != MOMENT:
            return str(slow(kept))
        return f"{kept[:10]}T{kept[11:]}Z"

    return turn


_TURNS: dict[type, Turn] = {
    type(None): lambda value: value,
    bool: lambda value: value,
    int: lambda value: value,
    float: str,
    str: str,  # a word of an enumeration is its text
    datetime: moment_text,
    date: str,
    UUID: str,
    bytes: bytes.hex,
    dict: lambda value: {str(name): plain(one) for name, one in value.items()},
    list: lambda value: [plain(one) for one in value],
}
