"""Long tables read piece by piece in the order of a key, as the driver hands them out.

Nothing but one piece is in memory, however long the table is.
"""

from collections.abc import Iterator, Mapping
from datetime import datetime
from functools import cache
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import Dialect, Select, and_, bindparam, func, select, tuple_

from sijinak.core.db import db
from sijinak.core.prepared import Prepared
from sijinak.core.rawrows import moment_text
from sijinak.core.tlog import NODES, LogLeaf, LogWaiting

LEAVES_AT_ONCE = 4_096
NOTHING = UUID(int=0)
LEAF, WAITING = LogLeaf.__table__, LogWaiting.__table__


class Leaf(NamedTuple):
    """As the driver has it: an id and a moment in another form on each database."""

    position: int
    kind: str
    subject_id: Any
    written_at: Any
    body: str
    hash: bytes


class OfSubject(NamedTuple):
    """``position`` is none for a leaf that waits."""

    subject_id: Any
    position: int | None
    body: str


def leaves_from(start: int) -> Iterator[list[Leaf]]:
    """In the order of their positions."""
    while True:
        values = {"start": start, "most": LEAVES_AT_ONCE}
        found = [Leaf._make(row) for row in _ask(_by_position, values)]
        if not found:
            return
        yield found
        start = found[-1].position + 1


def nodes_within(start: int, end: int, highest: int) -> dict[tuple[int, int], bytes]:
    """Those that were completed by the leaves from ``start`` to before ``end``."""
    found = {}
    for level in range(1, highest + 1):
        values = {"level": level, "low": start >> level, "high": end >> level}
        if values["low"] < values["high"]:
            for position, digest in _ask(_nodes, values):
                found[level, position] = bytes(digest)
    return found


def leaves_of(kind: str, after: UUID | None, *, waiting: bool) -> Iterator[OfSubject]:
    """All that tell of rows of a table behind ``after``: by row, the oldest first."""
    merged = _leaves_of(kind, after)
    return _merged(merged, _waiting_of(kind, after)) if waiting else merged


def bytes_of(subject_id: Any) -> bytes:
    return subject_id if isinstance(subject_id, bytes) else bytes(subject_id.bytes)


def moment_of(written_at: Any) -> str:
    """As the leaf has it. SQLite hands out text, in UTC."""
    if isinstance(written_at, datetime):
        return moment_text(written_at)
    day, _, time = written_at.partition(" ")
    return f"{day}T{time if '.' in time else f'{time}.000000'}Z"


def _leaves_of(kind: str, after: UUID | None) -> Iterator[OfSubject]:
    subject, position = after or NOTHING, NODES_END if after else -1
    while True:
        values = {
            "kind": kind, "subject": subject, "position": position, "most": LEAVES_AT_ONCE,
        }  # fmt: skip
        found = [OfSubject._make(row) for row in _ask(_by_subject, values)]
        yield from found
        if len(found) < LEAVES_AT_ONCE:
            return
        subject, position = UUID(bytes=bytes_of(found[-1].subject_id)), found[-1].position or 0


def _waiting_of(kind: str, after: UUID | None) -> Iterator[OfSubject]:
    """There are few: they wait for seconds."""
    subject, last = after or NOTHING, LAST if after else NOTHING
    while True:
        values = {"kind": kind, "subject": subject, "last": last, "most": LEAVES_AT_ONCE}
        found = _ask(_waiting_by_subject, values)
        for row in found:
            yield OfSubject(row[0], None, row[2])
        if len(found) < LEAVES_AT_ONCE:
            return
        subject, last = (UUID(bytes=bytes_of(one)) for one in found[-1][:2])


def _merged(one: Iterator[OfSubject], other: Iterator[OfSubject]) -> Iterator[OfSubject]:
    """By row; of one row, what is in the tree comes before what waits."""
    left, right = next(one, None), next(other, None)
    while left or right:
        if right is None or (left and bytes_of(left.subject_id) <= bytes_of(right.subject_id)):
            assert left  # noqa: S101 - one of both is there
            yield left
            left = next(one, None)
        else:
            yield right
            right = next(other, None)


NODES_END = 2**62
LAST = UUID(int=2**128 - 1)


def _ask(question: Any, values: Mapping[str, Any]) -> list[Any]:
    """Past SQLAlchemy's rows: a million of them are read."""
    connection = db.session.connection()
    prepared = _prepared(question, connection.dialect)
    cursor = connection.connection.cursor()
    try:
        cursor.execute(prepared.sql, prepared.bound(values))
        found = list(cursor.fetchall())
    finally:
        cursor.close()
    return found


@cache
def _prepared(question: Any, dialect: Dialect) -> Prepared:
    return Prepared(question(), dialect)


def _by_position() -> Select[Any]:
    columns = [LEAF.c[name] for name in Leaf._fields]
    asked = select(*columns).where(LEAF.c.position >= bindparam("start"))
    return asked.order_by(LEAF.c.position).limit(bindparam("most"))


def _by_subject() -> Select[Any]:
    here = tuple_(LEAF.c.subject_id, LEAF.c.position)
    there = tuple_(_value(LEAF, "subject", "subject_id"), bindparam("position"))
    asked = select(LEAF.c.subject_id, LEAF.c.position, LEAF.c.body)
    asked = asked.where(LEAF.c.kind == bindparam("kind"), here > there)
    return asked.order_by(LEAF.c.subject_id, LEAF.c.position).limit(bindparam("most"))


def _waiting_by_subject() -> Select[Any]:
    here = tuple_(WAITING.c.subject_id, WAITING.c.id)
    there = tuple_(_value(WAITING, "subject", "subject_id"), _value(WAITING, "last", "id"))
    asked = select(WAITING.c.subject_id, WAITING.c.id, WAITING.c.body)
    asked = asked.where(WAITING.c.kind == bindparam("kind"), here > there)
    return asked.order_by(WAITING.c.subject_id, WAITING.c.id).limit(bindparam("most"))


def _value(table: Any, name: str, column: str) -> Any:
    return bindparam(name, type_=table.c[column].type)


def _nodes() -> Select[Any]:
    asked = select(NODES.c.position, NODES.c.hash).where(
        NODES.c.level == bindparam("level"),
        NODES.c.position >= bindparam("low"),
        NODES.c.position < bindparam("high"),
    )
    return asked.order_by(NODES.c.position)


def count_of(table: Any, *conditions: Any) -> int:
    asked = select(func.count()).select_from(table).where(and_(True, *conditions))
    return db.session.connection().execute(asked).scalar_one()
