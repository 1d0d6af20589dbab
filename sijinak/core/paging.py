"""A page of a long list, found by key: page 20,000 costs what page 1 costs."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar
from uuid import UUID

from sqlalchemy import ColumnElement, Select, literal, select, tuple_
from sqlalchemy.orm import InstrumentedAttribute

from sijinak.core.db import db
from sijinak.core.errors import NotFound

T = TypeVar("T")
SIZE = 25


@dataclass(frozen=True, slots=True)
class Place:
    """Where in the list to go on: after or before an id, or at the start."""

    after: UUID | None = None
    before: UUID | None = None


START = Place()


@dataclass(frozen=True, slots=True)
class Page(Generic[T]):
    """Newest first. ``older`` and ``newer`` are places, None where the list ends."""

    items: Sequence[T]
    older: Place | None = None
    newer: Place | None = None


def page_of(
    query: Select[T],
    key: InstrumentedAttribute[UUID],
    place: Place = START,
    *,
    first: Sequence[InstrumentedAttribute[Any]] = (),
    size: int = SIZE,
) -> Page[T]:
    """The page at a place of a query of models, in falling order of a UUIDv7 key.

    ``first`` are columns that order before the key, for ids that others made: no nulls in them.
    """
    columns = (*first, key)
    if place.before is not None:
        query = query.where(tuple_(*columns) > _standing(columns, place.before)).order_by(*columns)
    else:
        query = query.order_by(*(column.desc() for column in columns))
        if place.after is not None:
            query = query.where(tuple_(*columns) < _standing(columns, place.after))
    found = list(db.session.scalars(query.limit(size + 1)))
    more, items = len(found) > size, found[:size]
    if place.before is not None:
        items.reverse()
    return Page(items, *_around(items, key.key, place, more=more))


def _standing(columns: Sequence[InstrumentedAttribute[Any]], row_id: UUID) -> ColumnElement[Any]:
    """Where a row stands in the order."""
    *first, key = columns
    if not first:
        return tuple_(literal(row_id, key.type))
    row = db.session.execute(select(*first).where(key == row_id)).one_or_none()
    if row is None:
        raise NotFound(id=str(row_id))
    return tuple_(*map(literal, (*row, row_id), (column.type for column in columns)))


def _around(
    items: list[Any], key: str, place: Place, *, more: bool
) -> tuple[Place | None, Place | None]:
    if not items:
        return None, None
    first, last = getattr(items[0], key), getattr(items[-1], key)
    backwards = place.before is not None
    has_older = backwards or more
    has_newer = more if backwards else place.after is not None
    return Place(after=last) if has_older else None, Place(before=first) if has_newer else None
