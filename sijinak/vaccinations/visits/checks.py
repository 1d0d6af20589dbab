"""What is asked of a result before it is written down."""

from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import or_, select

from sijinak.animals.models import Animal
from sijinak.animals.queries import standing_animal_id
from sijinak.areas.queries import places
from sijinak.core.clock import local, now
from sijinak.core.db import db
from sijinak.core.errors import NotFound
from sijinak.core.permissions import Actor, Permission, may, within_reach
from sijinak.keepers.models import Keeper
from sijinak.vaccinations.services import MOST_DAYS_BACK, GivenInTheFuture, GivenTooLongAgo
from sijinak.vaccinations.visits.commands import (
    MOST_HEADS,
    CountHeads,
    NextVisitTooEarly,
    NotThatManyHeads,
    OneHead,
    RecordResult,
    RefusalReasonMissing,
    SpeciesMissing,
)
from sijinak.vaccinations.visits.models import Outcome

RECORD = Permission.VACCINATION_RECORD


def check_result(command: RecordResult) -> None:
    if command.animal_id is not None and command.heads != 1:
        raise OneHead
    if command.animal_id is None and command.species is None:
        raise SpeciesMissing
    if command.outcome is Outcome.REFUSED and not command.reason.strip():
        raise RefusalReasonMissing
    if command.next_visit and command.next_visit <= local(command.found_at).date():
        raise NextVisitTooEarly
    check_heads(command.heads)
    check_time(command.found_at)


def check_heads(heads: int) -> None:
    if not 1 <= heads <= MOST_HEADS:
        raise NotThatManyHeads(most=MOST_HEADS)


def check_time(moment: datetime) -> None:
    if moment > now():
        raise GivenInTheFuture
    if moment < now() - timedelta(days=MOST_DAYS_BACK):
        raise GivenTooLongAgo(days=MOST_DAYS_BACK)


def ask_village(village: str, *, by: Actor) -> None:
    if village not in places() or not may(by, RECORD, region=village):
        raise NotFound(village=village)


def animal_in_reach(animal_id: UUID, *, by: Actor) -> Animal:
    """A record that was merged stands for the animal that it was merged into."""
    asked = select(Animal).where(Animal.id == standing_animal_id(animal_id))
    animal = db.session.scalar(asked.where(within_reach(by, RECORD, Animal.village)))
    if animal is None:
        raise NotFound(animal_id=str(animal_id))
    return animal


def keeper_in_reach(command: RecordResult | CountHeads, *, by: Actor) -> UUID | None:
    """An owner may live elsewhere than the animals stand."""
    if command.keeper_id is None:
        return None
    has_animals = select(Animal.keeper_id).where(
        Animal.keeper_id == command.keeper_id, within_reach(by, RECORD, Animal.village)
    )
    asked = select(Keeper.id).where(
        Keeper.id == command.keeper_id,
        or_(within_reach(by, RECORD, Keeper.village), Keeper.id.in_(has_animals)),
    )
    if (found := db.session.scalar(asked)) is None:
        raise NotFound(keeper_id=str(command.keeper_id))
    return found
