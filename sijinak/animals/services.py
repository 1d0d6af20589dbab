"""What is done with animals."""

from dataclasses import dataclass, field
from datetime import date, datetime
from uuid import UUID

from sijinak.animals.models import (
    Animal,
    Identifier,
    IdentifierKind,
    Precision,
    Sex,
    Species,
    Verification,
)
from sijinak.animals.queries import identifier_of
from sijinak.core.clock import now, today
from sijinak.core.codes import new_tag_code
from sijinak.core.db import db
from sijinak.core.errors import Conflict, Invalid
from sijinak.core.events import events
from sijinak.core.ids import uuid7
from sijinak.core.once import first_time
from sijinak.core.permissions import Actor, Permission, require
from sijinak.keepers.queries import keeper_by_id


class TagTaken(Conflict):
    """Facts: ``tag``. A code names one animal for ever."""

    code = "tag-taken"


class EartagTaken(Conflict):
    code = "eartag-taken"


class BornInTheFuture(Invalid):
    code = "born-in-the-future"


class SeenInTheFuture(Invalid):
    code = "seen-in-the-future"


@dataclass(frozen=True, slots=True, kw_only=True)
class RegisterAnimal:
    """Whoever registers chooses the id, so that sending twice registers once.

    ``tag`` is the code on a tag that the animal wears already; without it a new one is given.
    ``village`` is where the animal is kept, which may be another than its keeper's.
    """

    id: UUID = field(default_factory=uuid7)
    keeper_id: UUID
    village: str
    hamlet: str = ""
    species: Species
    breed: str = ""
    sex: Sex
    birth_date: date | None = None
    birth_precision: Precision | None = None
    teeth: int | None = None
    colour: str = ""
    horns: str = ""
    ears: str = ""
    whorls: str = ""
    brand: str = ""
    special_marks: str = ""
    calvings: int | None = None
    is_pregnant: bool | None = None
    verification: Verification
    seen_at: datetime | None = None
    tag: str = ""
    eartag: str = ""
    batch_id: UUID | None = None


MARKS = (
    "keeper_id", "village", "hamlet", "species", "breed", "sex", "birth_date", "birth_precision",
    "teeth", "colour", "horns", "ears", "whorls", "brand", "special_marks", "calvings",
    "is_pregnant", "verification", "batch_id",
)  # fmt: skip


def register_animal(command: RegisterAnimal, *, by: Actor) -> Animal:
    """Raises TagTaken, EartagTaken, BornInTheFuture, SeenInTheFuture, NotFound (the keeper)."""
    require(by, Permission.ANIMAL_REGISTER, region=command.village)
    keeper_by_id(command.keeper_id, by=by)
    if not first_time(command, by=by):
        return db.session.get_one(Animal, command.id)
    seen_at = _moment_seen(command)
    if command.birth_date is not None and command.birth_date > today():
        raise BornInTheFuture
    animal = Animal(
        id=command.id,
        seen_at=seen_at,
        seen_by=by.id if seen_at else None,
        registered_at=now(),
        **{name: getattr(command, name) for name in MARKS},
    )
    db.session.add(animal)
    db.session.flush()
    tag = _name(animal, IdentifierKind.TAG, command.tag or new_tag_code(), TagTaken)
    if command.eartag:
        _name(animal, IdentifierKind.EARTAG, command.eartag, EartagTaken)
    events.record("animal.registered", animal, by=by, region=animal.village, tag=tag)
    return animal


def _moment_seen(command: RegisterAnimal) -> datetime | None:
    """When the officer had the animal in sight; an animal that is only declared was not seen."""
    if command.verification is Verification.DECLARED:
        return None
    seen_at = command.seen_at or now()
    if seen_at > now():
        raise SeenInTheFuture
    return seen_at


def _name(animal: Animal, kind: IdentifierKind, value: str, taken: type[Conflict]) -> str:
    if identifier_of(kind, value):
        raise taken(tag=value)
    db.session.add(Identifier(animal_id=animal.id, kind=kind, value=value, given_at=now()))
    return value
