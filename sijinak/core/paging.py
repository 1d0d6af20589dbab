"""A page of a long list, found by key: page 20,000 costs what page 1 costs."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar
from uuid import UUID

from sqlalchemy import Select
from sqlalchemy.orm import InstrumentedAttribute

from sijinak.core.db import db

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
    query: Select[T], key: InstrumentedAttribute[UUID], place: Place = START, *, size: int = SIZE
) -> Page[T]:
    """The page at a place of a query of models, in falling order of a UUIDv7 key."""
    if place.before is not None:
        query = query.where(key > place.before).order_by(key)
    else:
        query = query.order_by(key.desc())
        query = query.where(key < place.after) if place.after is not None else query
    found = list(db.session.scalars(query.limit(size + 1)))
    more, items = len(found) > size, found[:size]
    if place.before is not None:
        items.reverse()
    return Page(items, *_around(items, key.key, place, more=more))


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
