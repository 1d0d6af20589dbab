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
from sijinak.animals.queries import animal_to_change, identifier_of
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


class SeenWithoutMarks(Invalid):
    """What an officer saw can be known again by one mark at least."""

    code = "seen-without-marks"


class MaleIsPregnant(Invalid):
    code = "male-is-pregnant"


class MaleHasCalved(Invalid):
    code = "male-has-calved"


class AlreadySeen(Conflict):
    """Somebody else saw the animal after this form was opened."""

    code = "already-seen"


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


@dataclass(frozen=True, slots=True, kw_only=True)
class SeeAnimal:
    """An officer stands before a registered animal and takes its marks.

    ``seen_before`` is when it was seen last, as the form showed it: of two at once one wins.
    """

    id: UUID = field(default_factory=uuid7)
    animal_id: UUID
    seen_before: datetime | None = None
    colour: str = ""
    horns: str = ""
    ears: str = ""
    whorls: str = ""
    brand: str = ""
    special_marks: str = ""


MARKS = ("colour", "horns", "ears", "whorls", "brand", "special_marks")
KEPT = (
    "keeper_id", "village", "hamlet", "species", "breed", "sex", "birth_date", "birth_precision",
    "teeth", *MARKS, "calvings", "is_pregnant", "verification", "batch_id",
)  # fmt: skip


def register_animal(command: RegisterAnimal, *, by: Actor) -> Animal:
    """Raises NotFound (the keeper), TagTaken, EartagTaken, and the errors above them."""
    require(by, Permission.ANIMAL_REGISTER, region=command.village)
    keeper_by_id(command.keeper_id, by=by)
    if not first_time(command, by=by):
        return db.session.get_one(Animal, command.id)
    seen_at = _moment_seen(command)
    _check_nature(command)
    animal = Animal(
        id=command.id,
        seen_at=seen_at,
        seen_by=by.id if seen_at else None,
        registered_at=now(),
        **{name: getattr(command, name) for name in KEPT},
    )
    db.session.add(animal)
    db.session.flush()
    tag = _name(animal, IdentifierKind.TAG, command.tag or new_tag_code(), TagTaken)
    if command.eartag:
        _name(animal, IdentifierKind.EARTAG, command.eartag, EartagTaken)
    events.record("animal.registered", animal, by=by, region=animal.village, tag=tag)
    return animal


def see_animal(command: SeeAnimal, *, by: Actor) -> Animal:
    """A declared animal becomes a seen one; one that was seen is confirmed again.

    Raises NotFound, SeenWithoutMarks, AlreadySeen.
    """
    require(by, Permission.ANIMAL_REGISTER)
    is_new = first_time(command, by=by)
    animal = animal_to_change(command.animal_id, by=by)
    if not is_new:
        return animal
    if animal.seen_at != command.seen_before:
        raise AlreadySeen
    _check_marks(command)
    before = animal.verification
    for name in MARKS:
        setattr(animal, name, getattr(command, name))
    animal.verification, animal.seen_at, animal.seen_by = Verification.SEEN, now(), by.id
    events.record("animal.seen", animal, by=by, region=animal.village, before=before)
    return animal


def _check_nature(command: RegisterAnimal) -> None:
    """Raises BornInTheFuture, MaleIsPregnant, MaleHasCalved."""
    if command.birth_date is not None and command.birth_date > today():
        raise BornInTheFuture
    if command.sex is Sex.MALE and command.is_pregnant:
        raise MaleIsPregnant
    if command.sex is Sex.MALE and command.calvings:
        raise MaleHasCalved


def _check_marks(command: RegisterAnimal | SeeAnimal) -> None:
    if not any(getattr(command, name).strip() for name in MARKS):
        raise SeenWithoutMarks


def _moment_seen(command: RegisterAnimal) -> datetime | None:
    """When the officer had the animal in sight; an animal that is only declared was not seen."""
    if command.verification is Verification.DECLARED:
        return None
    _check_marks(command)
    seen_at = command.seen_at or now()
    if seen_at > now():
        raise SeenInTheFuture
    return seen_at


def _name(animal: Animal, kind: IdentifierKind, value: str, taken: type[Conflict]) -> str:
    if identifier_of(kind, value):
        raise taken(tag=value)
    db.session.add(Identifier(animal_id=animal.id, kind=kind, value=value, given_at=now()))
    return value
