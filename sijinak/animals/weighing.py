"""What an animal weighed, and how that was found out."""

from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from sijinak.animals.models import Animal, AnimalState, Species, Weighing, WeighingMethod
from sijinak.animals.queries import animal_to_change
from sijinak.animals.services import NotPresent, SeenInTheFuture
from sijinak.core.clock import now
from sijinak.core.db import db
from sijinak.core.errors import Invalid
from sijinak.core.events import events
from sijinak.core.ids import uuid7
from sijinak.core.once import first_time
from sijinak.core.permissions import Actor, Permission, require

MOST_KG = 2000
GIRTHS = range(20, 301)  # cm


class NotAWeight(Invalid):
    code = "not-a-weight"


class NotAGirth(Invalid):
    code = "not-a-girth"


class GirthMissing(Invalid):
    """Who measured by tape knows the girth."""

    code = "girth-missing"


@dataclass(frozen=True, slots=True, kw_only=True)
class WeighAnimal:
    id: UUID = field(default_factory=uuid7)
    animal_id: UUID
    kg: int
    method: WeighingMethod
    girth_cm: int | None = None
    weighed_at: datetime | None = None  # None: now


def weigh_animal(command: WeighAnimal, *, by: Actor) -> Weighing:
    """Raises NotFound, NotPresent, SeenInTheFuture, and the errors above."""
    require(by, Permission.ANIMAL_REGISTER)
    is_new = first_time(command, by=by)
    animal = animal_to_change(command.animal_id, by=by)
    if not is_new:
        return db.session.get_one(Weighing, command.id)
    weighed_at = command.weighed_at or now()
    _check(command, animal, weighed_at)
    weighing = Weighing(
        id=command.id,
        animal_id=animal.id,
        kg=command.kg,
        method=command.method,
        girth_cm=command.girth_cm,
        weighed_at=weighed_at,
        by_id=by.id,
        by_name=by.name,
        village=animal.village,
    )
    db.session.add(weighing)
    events.record("animal.weighed", animal, by=by, region=animal.village, kg=command.kg)
    return weighing


def schoorl(species: Species, girth_cm: int) -> int | None:
    """What cattle of this girth weigh by Schoorl's formula: (cm + 22)² / 100 kg.

    It was made for cattle; None for the others.
    """
    if species is not Species.CATTLE or girth_cm not in GIRTHS:
        return None
    return round((girth_cm + 22) ** 2 / 100)


def _check(command: WeighAnimal, animal: Animal, weighed_at: datetime) -> None:
    if animal.state is not AnimalState.PRESENT:
        raise NotPresent(state=animal.state)
    if weighed_at > now():
        raise SeenInTheFuture
    if not 1 <= command.kg <= MOST_KG:
        raise NotAWeight
    if command.girth_cm is not None and command.girth_cm not in GIRTHS:
        raise NotAGirth
    if command.method is WeighingMethod.TAPE and command.girth_cm is None:
        raise GirthMissing
