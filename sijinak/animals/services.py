"""What is done with animals."""

from dataclasses import dataclass, field
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import select

from sijinak.animals.changing import Circumstances, change_animal, observe
from sijinak.animals.models import (
    Animal,
    AnimalState,
    IdentifierKind,
    ObservationKind,
    Origin,
    Precision,
    Sex,
    Species,
    Use,
    Verification,
)
from sijinak.animals.naming import give, give_tag
from sijinak.animals.nature import NotTheDam, NotTheSire, check_nature, check_parents
from sijinak.animals.population.keeping import note_difference, place_of
from sijinak.animals.queries import animal_to_change
from sijinak.core.clock import now
from sijinak.core.db import db
from sijinak.core.errors import Conflict, Invalid
from sijinak.core.events import events
from sijinak.core.ids import uuid7
from sijinak.core.once import first_time
from sijinak.core.permissions import Actor, Permission, require, within_reach
from sijinak.keepers.queries import hold_keepers, keeper_by_id, keeper_in_reach


class SeenInTheFuture(Invalid):
    code = "seen-in-the-future"


class SeenWithoutMarks(Invalid):
    """What an officer saw can be known again by one mark at least."""

    code = "seen-without-marks"


class NotPresent(Conflict):
    """It is dead, stolen, merged or withdrawn. Facts: ``state``."""

    code = "animal-not-present"


class KeeperWithdrawn(Conflict):
    """The registration of the owner, or of who is to raise it, was taken back."""

    code = "keeper-withdrawn"


class RaiserUnknown(Invalid):
    """Nobody in reach."""

    code = "raiser-unknown"


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
    rfid: str = ""
    old_card: str = ""
    origin: Origin | None = None
    use: Use | None = None
    dam_id: UUID | None = None
    sire_id: UUID | None = None
    raiser_id: UUID | None = None
    latitude: float | None = None  # degrees, WGS 84
    longitude: float | None = None
    cause_id: UUID | None = None  # the mutation that brings it


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
    teeth: int | None = None
    latitude: float | None = None
    longitude: float | None = None


MARKS = ("colour", "horns", "ears", "whorls", "brand", "special_marks")
KEPT = (
    "keeper_id", "raiser_id", "village", "hamlet", "species", "breed", "sex", "birth_date",
    "birth_precision", "teeth", *MARKS, "calvings", "is_pregnant", "verification", "origin", "use",
    "dam_id", "sire_id",
)  # fmt: skip
NAMES = {
    "eartag": IdentifierKind.EARTAG,
    "rfid": IdentifierKind.RFID,
    "old_card": IdentifierKind.OLD_CARD,
}


def register_animal(command: RegisterAnimal, *, by: Actor) -> Animal:
    """Raises NotFound (the keeper), the errors above, and those of ``naming``."""
    require(by, Permission.ANIMAL_REGISTER, region=command.village)
    keeper_by_id(command.keeper_id, by=by)
    if not first_time(command, by=by):
        return db.session.get_one(Animal, command.id)
    seen_at = _moment_seen(command)
    _hold_keepers(command, by=by)
    _hold_parents(command, by=by)
    check_nature(command)
    check_parents(command)
    values = {name: getattr(command, name) for name in KEPT}
    animal = Animal(
        id=command.id,
        seen_at=seen_at,
        seen_by=by.id if seen_at else None,
        registered_at=now(),
        registered_by=by.id,
        state=AnimalState.PRESENT,
        **values,
    )
    db.session.add(animal)
    db.session.flush()
    note_difference(None, place_of(animal))
    known = {name: value for name, value in values.items() if value not in (None, "")}
    observe(animal, {}, known, _registered(command), by=by)
    tag = give_tag(animal, command.tag, by=by).value
    for name, kind in NAMES.items():
        if number := getattr(command, name):
            give(animal, kind, number, by=by)
    events.record("animal.registered", animal, by=by, region=animal.village, tag=tag)
    return animal


def see_animal(command: SeeAnimal, *, by: Actor) -> Animal:
    """A declared animal becomes a seen one; one that was seen is confirmed again.

    Raises NotFound, NotPresent, SeenWithoutMarks, AlreadySeen.
    """
    require(by, Permission.ANIMAL_REGISTER)
    is_new = first_time(command, by=by)
    animal = animal_to_change(command.animal_id, by=by)
    if not is_new:
        return animal
    if animal.state is not AnimalState.PRESENT:
        raise NotPresent(state=animal.state)
    if animal.seen_at != command.seen_before:
        raise AlreadySeen
    _check_marks(command)
    before = animal.verification
    values: dict[str, object] = {name: getattr(command, name) for name in MARKS}
    if command.teeth is not None:
        values["teeth"] = command.teeth
    values |= {"verification": Verification.SEEN, "seen_at": now(), "seen_by": by.id}
    change_animal(animal, values, _seen(command, animal.village), by=by)
    events.record("animal.seen", animal, by=by, region=animal.village, before=before)
    return animal


def _hold_keepers(command: RegisterAnimal, *, by: Actor) -> None:
    """Raises KeeperWithdrawn, RaiserUnknown. A calf stays with whoever raises its dam."""
    held = hold_keepers([i for i in (command.keeper_id, command.raiser_id) if i])
    raiser = next((one for one in held if one.id == command.raiser_id), None)
    dam = db.session.get(Animal, command.dam_id) if command.dam_id else None
    is_new = command.raiser_id and (dam is None or dam.raiser_id != command.raiser_id)
    if is_new and keeper_in_reach(raiser, by=by) is None:
        raise RaiserUnknown
    if any(one.withdrawn_at for one in held):
        raise KeeperWithdrawn


def _hold_parents(command: RegisterAnimal, *, by: Actor) -> None:
    """Until the end nobody withdraws them. Raises NotTheDam, NotTheSire: also out of reach."""
    reached = within_reach(by, Permission.ANIMAL_READ, Animal.village, Animal.keeper_id)
    for parent_id, wrong in ((command.dam_id, NotTheDam), (command.sire_id, NotTheSire)):
        held = select(Animal).where(Animal.id == parent_id, reached).with_for_update(read=True)
        fresh = held.execution_options(populate_existing=True)
        if parent_id is not None and db.session.scalar(fresh) is None:
            raise wrong


def _registered(command: RegisterAnimal) -> Circumstances:
    return Circumstances(
        kind=ObservationKind.REGISTERED,
        basis=command.verification,
        village=command.village,
        made_at=command.seen_at,
        latitude=command.latitude,
        longitude=command.longitude,
        cause_id=command.cause_id,
    )


def _seen(command: SeeAnimal, village: str) -> Circumstances:
    return Circumstances(
        kind=ObservationKind.SEEN,
        basis=Verification.SEEN,
        village=village,
        latitude=command.latitude,
        longitude=command.longitude,
        cause_id=command.id,
    )


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
