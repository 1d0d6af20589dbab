"""How a fact about an animal changes: never alone, always with an observation that explains it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import Enum
from typing import Any
from uuid import UUID

from sqlalchemy import Date
from sqlalchemy import Enum as EnumType

from sijinak.animals.models import Animal, Observation, ObservationKind, Verification
from sijinak.animals.population.keeping import note_difference, place_of
from sijinak.core.clock import now
from sijinak.core.db import db
from sijinak.core.errors import Conflict
from sijinak.core.model import Id, UtcDateTime
from sijinak.core.permissions import Actor

Values = Mapping[str, Any]
_READERS: Mapping[type, Callable[[str], Any]] = {
    UtcDateTime: datetime.fromisoformat,
    Date: date.fromisoformat,
    Id: UUID,
}


class ChangedSince(Conflict):
    """What was set is no longer as it was set: it cannot simply be put back. Facts: ``column``."""

    code = "changed-since"


@dataclass(frozen=True, slots=True, kw_only=True)
class Circumstances:
    """What an observation says beside the values. ``made_at`` defaults to now."""

    kind: ObservationKind
    basis: Verification
    village: str
    made_at: datetime | None = None
    latitude: float | None = None
    longitude: float | None = None
    reason: str = ""
    cause_id: UUID | None = None


def change_animal(animal: Animal, values: Values, seen: Circumstances, *, by: Actor) -> Observation:
    """Set columns of the animal; only those that differ are noted. The caller has asked who."""
    after = {name: value for name, value in values.items() if getattr(animal, name) != value}
    before = {name: getattr(animal, name) for name in after}
    place = place_of(animal)
    for name, value in after.items():
        setattr(animal, name, value)
    note_difference(place, place_of(animal))
    return observe(animal, before, after, seen, by=by)


def put_back(observation: Observation, seen: Circumstances, *, by: Actor) -> Observation:
    """The columns as they were before. Raises ChangedSince."""
    animal = db.session.get_one(Animal, observation.animal_id)
    for name, value in observation.after.items():
        if plain(getattr(animal, name)) != value:
            raise ChangedSince(column=name)
    return change_animal(animal, alive(observation.before), seen, by=by)


def observe(
    animal: Animal, before: Values, after: Values, seen: Circumstances, *, by: Actor
) -> Observation:
    moment = now()
    observation = Observation(
        animal_id=animal.id,
        kind=seen.kind,
        basis=seen.basis,
        made_at=seen.made_at or moment,
        recorded_at=moment,
        by_id=by.id,
        by_name=by.name,
        village=seen.village,
        latitude=seen.latitude,
        longitude=seen.longitude,
        before={name: plain(value) for name, value in before.items()},
        after={name: plain(value) for name, value in after.items()},
        reason=seen.reason,
        cause_id=seen.cause_id,
    )
    db.session.add(observation)
    return observation


def plain(value: Any) -> Any:
    """A column's value as JSON has it."""
    match value:
        case Enum():
            return value.value
        case date():  # and datetime, which is one
            return value.isoformat()
        case UUID():
            return str(value)
    return value


def alive(values: Values) -> dict[str, Any]:
    """Values of Animal's columns out of JSON."""
    return {name: _alive(name, value) for name, value in values.items()}


def _alive(name: str, value: Any) -> Any:
    kind = Animal.__table__.columns[name].type
    if isinstance(kind, EnumType) and value is not None:
        return kind.enum_class(value)  # type: ignore[misc]
    read = _READERS.get(type(kind))
    return read(value) if read and value is not None else value
