"""Animals that leave the regency with a permit, and those that come back."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import select

from sijinak.animals.changing import Circumstances, Values, change_animal
from sijinak.animals.models import Animal, AnimalState, ObservationKind
from sijinak.core.db import db
from sijinak.core.permissions import Actor


@dataclass(frozen=True, slots=True, kw_only=True)
class Voyage:
    """``cause_id`` is the permit; ``reason`` names it for people."""

    cause_id: UUID
    happened_at: datetime
    reason: str


def ship_animals(animal_ids: Collection[UUID], voyage: Voyage, *, by: Actor) -> int:
    """They are out of the regency. Who may say so, the caller has asked. Answers how many left."""
    values = {"state": AnimalState.SHIPPED, "state_at": voyage.happened_at}
    return _set(animal_ids, AnimalState.PRESENT, ObservationKind.SHIPPED, values, voyage, by=by)


def take_back_animals(animal_ids: Collection[UUID], voyage: Voyage, *, by: Actor) -> int:
    """Refused at the destination, or never loaded: they are here again."""
    values = {"state": AnimalState.PRESENT, "state_at": None}
    return _set(animal_ids, AnimalState.SHIPPED, ObservationKind.RETURNED, values, voyage, by=by)


def bury_shipped(animal_ids: Collection[UUID], voyage: Voyage, *, by: Actor) -> int:
    """They died on the way."""
    values = {"state": AnimalState.DEAD, "state_at": voyage.happened_at}
    return _set(animal_ids, AnimalState.SHIPPED, ObservationKind.MUTATED, values, voyage, by=by)


def unbury_shipped(animal_ids: Collection[UUID], voyage: Voyage, *, by: Actor) -> int:
    """Said by mistake: they are out of the regency, and alive."""
    values = {"state": AnimalState.SHIPPED, "state_at": voyage.happened_at}
    return _set(animal_ids, AnimalState.DEAD, ObservationKind.CORRECTED, values, voyage, by=by)


def _set(  # noqa: PLR0913 - the three above say what each is
    animal_ids: Collection[UUID],
    source: AnimalState,
    kind: ObservationKind,
    values: Values,
    voyage: Voyage,
    *,
    by: Actor,
) -> int:
    """Locked in the order of their ids; what is in another state meanwhile stays as it is."""
    asked = select(Animal).where(Animal.id.in_(animal_ids), Animal.state == source)
    asked = asked.order_by(Animal.id).with_for_update(of=Animal)
    animals = list(db.session.scalars(asked.execution_options(populate_existing=True)))
    for animal in animals:
        seen = Circumstances(
            kind=kind,
            basis=animal.verification,
            village=animal.village,
            made_at=voyage.happened_at,
            reason=voyage.reason,
            cause_id=voyage.cause_id,
        )
        change_animal(animal, values, seen, by=by)
    return len(animals)
