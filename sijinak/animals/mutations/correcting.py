"""What was written down wrongly is said anew; the old value stays readable in the observation."""

from typing import Any
from uuid import UUID

from sqlalchemy import or_, select

from sijinak.animals.changing import alive, change_animal
from sijinak.animals.holding import holding
from sijinak.animals.models import Animal, Observation, Verification
from sijinak.animals.mutations.commands import CorrectAnimal
from sijinak.animals.mutations.models import Mutation, MutationKind
from sijinak.animals.mutations.writing import (
    ChangedMeanwhile,
    Facts,
    NeedsReason,
    check_animals,
    circumstances,
    write_done,
)
from sijinak.animals.nature import NotTheDam, check_nature, check_parents
from sijinak.animals.queries import animal_to_change, observations_of
from sijinak.animals.services import MARKS
from sijinak.core.clock import today
from sijinak.core.db import db
from sijinak.core.errors import Invalid
from sijinak.core.once import first_time
from sijinak.core.permissions import Actor, Permission, require

CORRECTABLE = (
    "species", "breed", "sex", "birth_date", "birth_precision", "teeth", *MARKS, "calvings",
    "is_pregnant", "hamlet", "dam_id", "sire_id", "origin", "use",
)  # fmt: skip

# A permit was applied for with these: it would no longer say what is so.
ON_PERMITS = frozenset({"species", "sex", "birth_date"})
NEVER = "-"  # instead of an id, for an animal of which nothing was noted


class NotCorrectable(Invalid):
    """Facts: ``column``. It changes in another way, or the value is none that it can have."""

    code = "not-correctable"


class NothingCorrected(Invalid):
    code = "nothing-corrected"


class HasOffspring(Invalid):
    """It is a registered mother or father: correct the young ones first."""

    code = "has-offspring"


def correct_animal(command: CorrectAnimal, *, by: Actor) -> Mutation:
    """Raises NotFound, NotPresent, InOpenMutation, ChangedMeanwhile, AnimalHeld and more.

    Also the errors above, and those of the register.
    """
    require(by, Permission.MUTATION_RECORD)
    animal = animal_to_change(command.animal_id, by=by, permission=Permission.MUTATION_RECORD)
    if not first_time(command, by=by):
        return db.session.get_one(Mutation, command.id)
    check_animals(MutationKind.CORRECTION, [animal], today())
    if not command.reason.strip():
        raise NeedsReason
    if command.seen and command.seen != last_change(animal.id):
        raise ChangedMeanwhile
    values = _values(command)
    facts = Facts(
        id=command.id,
        kind=MutationKind.CORRECTION,
        happened_on=today(),
        reason=command.reason,
        from_keeper_id=animal.keeper_id,
        details={},
    )
    was = (animal.sex, animal.species)
    seen = circumstances(facts, animal.village, Verification.DECLARED)
    observation = change_animal(animal, values, seen, by=by)
    if not observation.after:
        raise NothingCorrected
    if ON_PERMITS & observation.after.keys():
        holding.refuse([animal.id])
    check_nature(animal)
    check_parents(animal)
    _check_family(animal, was)
    return write_done(facts, animal.village, [observation], by=by)


def last_change(animal_id: UUID) -> str:
    """What a form that is filled in now has seen."""
    changes = _changes(animal_id)
    return str(changes[-1].id) if changes else NEVER


def as_seen(animal: Animal, seen: str) -> dict[str, Any]:
    """The columns as a form knew them that had seen this change and none that came later."""
    values = {name: getattr(animal, name) for name in CORRECTABLE}
    for change in reversed(_changes(animal.id)):
        if str(change.id) == seen:
            break
        values |= {k: v for k, v in alive(change.before).items() if k in CORRECTABLE}
    return values


def _changes(animal_id: UUID) -> list[Observation]:
    return [one for one in observations_of([animal_id]) if one.after]


def _values(command: CorrectAnimal) -> dict[str, Any]:
    """Raises NotCorrectable."""
    for name, value in command.values.items():
        if name not in CORRECTABLE:
            raise NotCorrectable(column=name)
        try:
            alive({name: value})
        except (ValueError, TypeError):
            raise NotCorrectable(column=name) from None
    return alive(command.values)


def _check_family(animal: Animal, was: tuple[object, object]) -> None:
    """A parent stays what it was, and nobody descends from themselves."""
    of_it = or_(Animal.dam_id == animal.id, Animal.sire_id == animal.id)
    has_young = db.session.scalar(select(Animal.id).where(of_it).limit(1)) is not None
    if has_young and (animal.sex, animal.species) != was:
        raise HasOffspring
    seen: set[UUID | None] = {None}
    above = {animal.dam_id, animal.sire_id}
    while above := above - seen:
        if animal.id in above:
            raise NotTheDam
        seen |= above
        rows = db.session.execute(select(Animal.dam_id, Animal.sire_id).where(Animal.id.in_(above)))
        above = {parent for row in rows for parent in row}
