"""Animals that come into the register: born here, or bought from outside it."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from uuid import UUID

from sqlalchemy import select

from sijinak.animals.changing import change_animal
from sijinak.animals.models import (
    Animal,
    AnimalState,
    Observation,
    Origin,
    Precision,
    Sex,
    Species,
)
from sijinak.animals.mutations.commands import RecordBirth, RecordPurchase
from sijinak.animals.mutations.models import Mutation, MutationKind
from sijinak.animals.mutations.writing import (
    Facts,
    HappenedInTheFuture,
    check_animals,
    circumstances,
    write_done,
)
from sijinak.animals.nature import NotTheDam
from sijinak.animals.queries import animal_to_change
from sijinak.animals.services import MARKS, RegisterAnimal, register_animal
from sijinak.core.clock import today
from sijinak.core.db import db
from sijinak.core.errors import Conflict, Invalid
from sijinak.core.once import first_time
from sijinak.core.permissions import Actor, Permission, require

# Days from one birth to the next that a female of the species needs at least: her gestation
# (cattle 279 to 290, buffalo 300 to 330, horse 330 to 345, goat and sheep 145 to 155, pig 112 to
# 116) less what early births allow for.
SHORTEST_INTERVAL: Mapping[Species, int] = {
    Species.CATTLE: 270,
    Species.BUFFALO: 290,
    Species.HORSE: 310,
    Species.GOAT: 140,
    Species.SHEEP: 140,
    Species.PIG: 105,
}
ONE_LITTER = 2  # days within which brothers and sisters are born
MOST_CALVINGS = 20


class CalvedTooSoon(Conflict):
    """Facts: ``days`` since, or until, another birth of hers. Send again if it is certain."""

    code = "calved-too-soon"


class NeedsSeller(Invalid):
    code = "needs-seller"


def record_birth(command: RecordBirth, *, by: Actor) -> Mutation:
    """Raises NotFound, NotPresent, NotTheDam, CalvedTooSoon and what registering raises."""
    require(by, Permission.MUTATION_RECORD)
    dam = animal_to_change(command.dam_id, by=by, permission=Permission.MUTATION_RECORD)
    if not first_time(command, by=by):
        return db.session.get_one(Mutation, command.id)
    if dam.sex is not Sex.FEMALE:
        raise NotTheDam
    check_animals(MutationKind.BIRTH, [dam], command.happened_on)
    gaps = _gaps(dam, command.happened_on)
    is_twin = any(gap <= ONE_LITTER for gap in gaps)
    too_soon = [gap for gap in gaps if gap < SHORTEST_INTERVAL[dam.species]]
    if too_soon and not is_twin and not command.is_certain:
        raise CalvedTooSoon(days=min(too_soon))
    calf = register_animal(_calf(command, dam), by=by)
    facts = Facts(
        id=command.id,
        kind=MutationKind.BIRTH,
        happened_on=command.happened_on,
        to_keeper_id=dam.keeper_id,
        details={"dam": str(dam.id), "calf": str(calf.id), "is_certain": command.is_certain},
    )
    seen = circumstances(facts, dam.village, command.verification)
    values = {} if is_twin else _after_calving(dam)
    changes = [_registered(calf.id), change_animal(dam, values, seen, by=by)]
    return write_done(facts, dam.village, changes, by=by)


def record_purchase(command: RecordPurchase, *, by: Actor) -> Mutation:
    """Raises NeedsSeller, HappenedInTheFuture and what registering raises."""
    require(by, Permission.MUTATION_RECORD, region=command.animal.village)
    if not first_time(command, by=by):
        return db.session.get_one(Mutation, command.id)
    if not (command.seller.strip() and command.came_from.strip()):
        raise NeedsSeller
    if command.happened_on > today():
        raise HappenedInTheFuture
    bought = replace(command.animal, origin=Origin.BOUGHT, cause_id=command.id)
    animal = register_animal(bought, by=by)
    facts = Facts(
        id=command.id,
        kind=MutationKind.PURCHASE,
        happened_on=command.happened_on,
        to_keeper_id=animal.keeper_id,
        details={
            "seller": command.seller, "came_from": command.came_from, "paper_no": command.paper_no,
        },
    )  # fmt: skip
    return write_done(facts, animal.village, [_registered(animal.id)], by=by)


def _calf(command: RecordBirth, dam: Animal) -> RegisterAnimal:
    marks = {name: getattr(command, name) for name in MARKS}
    return RegisterAnimal(
        id=command.calf_id,
        keeper_id=dam.keeper_id,
        raiser_id=dam.raiser_id,
        village=dam.village,
        hamlet=dam.hamlet,
        species=dam.species,
        breed=command.breed or dam.breed,
        sex=command.sex,
        birth_date=command.happened_on,
        birth_precision=Precision.EXACT,
        verification=command.verification,
        tag=command.tag,
        origin=Origin.BORN_HERE,
        dam_id=dam.id,
        sire_id=command.sire_id,
        cause_id=command.id,
        **marks,
    )


def _after_calving(dam: Animal) -> dict[str, object]:
    """One calving more, where they were counted."""
    values: dict[str, object] = {}
    if dam.calvings is not None:
        values["calvings"] = min(dam.calvings + 1, MOST_CALVINGS)
    if dam.is_pregnant:
        values["is_pregnant"] = False
    return values


def _gaps(dam: Animal, day: date) -> list[int]:
    """Days between this birth and each other one of hers that the register knows."""
    asked = select(Animal.birth_date).where(
        Animal.dam_id == dam.id,
        Animal.birth_date.is_not(None),
        Animal.state.not_in([AnimalState.WITHDRAWN, AnimalState.MERGED]),
    )
    return [abs((day - born).days) for born in db.session.scalars(asked) if born]


def _registered(animal_id: UUID) -> Observation:
    """What the registration said of a new animal."""
    db.session.flush()
    asked = select(Observation).where(Observation.animal_id == animal_id)
    return db.session.scalars(asked).one()
