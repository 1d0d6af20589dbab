"""A page of a long list, found by key: page 20,000 costs what page 1 costs."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any, Generic, TypeVar
from uuid import UUID

from sqlalchemy import ColumnElement, Select, and_, literal, select, tuple_
from sqlalchemy.orm import InstrumentedAttribute

from sijinak.core.db import db
from sijinak.core.errors import NotFound

T = TypeVar("T")
SIZE = 25
LOOKED_AT = 2_000  # rows, for a page of what is dear to answer


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
    query = _at(query, (*first, key), place)
    found = list(db.session.scalars(query.limit(size + 1)))
    more, items = len(found) > size, found[:size]
    if place.before is not None:
        items.reverse()
    return Page(items, *_around(items, key.key, place, more=more))


def page_among(
    query: Select[T],
    among: Sequence[ColumnElement[bool]],
    key: InstrumentedAttribute[UUID],
    place: Place = START,
    *,
    first: Sequence[InstrumentedAttribute[Any]] = (),
) -> Page[T]:
    """A page of what is dear to answer, asked of no more than the next rows that ``among`` finds.

    What ``among`` says of the columns of the order, the query need not say again.

    So it may be short or empty, and the list goes on all the same.
    """
    columns = (*first, key)
    near = _at(select(*columns).where(*among), columns, place).limit(LOOKED_AT).subquery()
    order = near.c if place.before is not None else [column.desc() for column in near.c]
    rows = db.session.execute(select(near).order_by(*order)).all()
    if not rows:
        return Page([])
    types = [column.type for column in columns]
    low, high = (tuple_(*map(literal, end, types)) for end in sorted((rows[0], rows[-1])))
    within = and_(tuple_(*columns) >= low, tuple_(*columns) <= high)
    page = page_of(query.where(within), key, place, first=first)
    if len(rows) < LOOKED_AT:
        return page
    if place.before is not None:
        return replace(page, newer=page.newer or Place(before=rows[-1][-1]))
    return replace(page, older=page.older or Place(after=rows[-1][-1]))


def _at(query: Select[T], columns: Sequence[InstrumentedAttribute[Any]], place: Place) -> Select[T]:
    """In the order in which rows follow each other from the place."""
    if place.before is not None:
        return query.where(tuple_(*columns) > _standing(columns, place.before)).order_by(*columns)
    query = query.order_by(*(column.desc() for column in columns))
    if place.after is not None:
        query = query.where(tuple_(*columns) < _standing(columns, place.after))
    return query


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
