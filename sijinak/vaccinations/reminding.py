"""Whom to remind: what fell due and was not done, and the owners of what falls due."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import Select, distinct, func, select
from sqlalchemy.orm import aliased

from sijinak.animals.models import Animal
from sijinak.animals.queries import AnimalFacts, animals_by_ids
from sijinak.core.clock import today
from sijinak.core.db import db
from sijinak.core.permissions import Actor, Permission, require, within_reach
from sijinak.keepers.models import Keeper
from sijinak.keepers.queries import phone_masked
from sijinak.vaccinations.models import Disease, Vaccination
from sijinak.vaccinations.queries import is_due, soon

# What is longer overdue was missed altogether: a campaign's matter, not a reminder's.
OVERDUE_DAYS = 180
READ = Permission.VACCINATION_READ


@dataclass(frozen=True, slots=True)
class Due:
    animal: AnimalFacts
    disease: Disease
    on: date

    @property
    def is_over(self) -> bool:
        return self.on < today()


@dataclass(slots=True)
class Owner:
    name: str
    hamlet: str
    phone: str  # masked
    due: list[Due] = field(default_factory=list)


def due_by_village(disease: Disease | None = None, *, by: Actor) -> dict[str, tuple[int, int]]:
    """Animals that are overdue, and those that are due soon, of each village."""
    found: dict[str, list[int]] = {}
    for place, (first, last) in enumerate(((_longest_ago(), _yesterday()), (today(), soon()))):
        heads = func.count(distinct(Animal.id))
        asked = _due(first, last, disease, by=by).with_only_columns(Animal.village, heads)
        for village, count in db.session.execute(asked.group_by(Animal.village)):
            found.setdefault(village, [0, 0])[place] = count
    return {village: (over, near) for village, (over, near) in found.items()}


def due_in_village(
    village: str, disease: Disease | None = None, *, by: Actor, most: int
) -> list[Due]:
    """Overdue ones and those of the next days, the oldest first."""
    asked = _due(_longest_ago(), soon(), disease, by=by).where(Animal.village == village)
    each = asked.with_only_columns(Animal.id, Vaccination.disease, Vaccination.next_due).distinct()
    rows = db.session.execute(each.order_by(Vaccination.next_due, Animal.id).limit(most)).all()
    facts = animals_by_ids([row[0] for row in rows])
    return [Due(facts[row[0]], row[1], row[2] or today()) for row in rows if row[0] in facts]


def owners_of(due: Sequence[Due]) -> list[Owner]:
    """By name; the caller has asked for the animals."""
    owners: dict[UUID, Owner] = {}
    ids = {one.animal.keeper_id for one in due}
    for keeper in db.session.scalars(select(Keeper).where(Keeper.id.in_(ids))):
        phone = phone_masked(keeper) if keeper.phone else ""
        owners[keeper.id] = Owner(keeper.name, keeper.hamlet, phone)
    for one in due:
        owners[one.animal.keeper_id].due.append(one)
    return sorted(owners.values(), key=lambda owner: owner.name)


def _due(first: date, last: date, disease: Disease | None, *, by: Actor) -> Select[Any]:
    entry = aliased(Animal)
    asked = (
        select(Animal.id)
        .join(entry, Animal.id == func.coalesce(entry.merged_into_id, entry.id))
        .join(Vaccination, Vaccination.animal_id == entry.id)
        .where(is_due(first, last), within_reach(by, READ, Animal.village, Animal.keeper_id))
    )
    require(by, READ)
    return asked.where(Vaccination.disease == disease) if disease else asked


def _longest_ago() -> date:
    return today() - timedelta(days=OVERDUE_DAYS)


def _yesterday() -> date:
    return today() - timedelta(days=1)
