"""Readings of codes for tests."""

from typing import Any

from sqlalchemy import select

from sijinak.core.clock import now
from sijinak.core.db import db, transaction
from sijinak.core.events import events
from sijinak.core.ids import uuid7
from sijinak.tags.models import TagAlarm
from sijinak.tags.watching import Limits, Seen, note_sightings

LIMITS = Limits(kmh=80, hours=2)
# Sumbawa Besar, and Alas, 57 km to the west of it.
SUMBAWA = (-8.4932, 117.4202)
ALAS = (-8.5378, 116.9042)


def seen(animal_id: Any, code: str, **fields: Any) -> Seen:
    defaults: dict[str, Any] = {
        "seen_at": now(),
        "village": "52.04.02.2001",
        "by_id": uuid7(),
        "by_name": "drh. Ratna",
        "event_id": uuid7(),
    }
    return Seen(animal_id=animal_id, code=code, **{**defaults, **fields})


def at(place: tuple[float, float]) -> dict[str, Any]:
    return {"latitude": place[0], "longitude": place[1]}


def note(*found: Seen) -> None:
    with transaction():
        note_sightings(found, LIMITS)


def all_alarms() -> list[TagAlarm]:
    asked = select(TagAlarm).order_by(TagAlarm.id).execution_options(populate_existing=True)
    return list(db.session.scalars(asked))


def deliver() -> None:
    """All that the worker owes."""
    while events.deliver_next():
        pass
