"""Questions about the results of visits."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TypeVar
from uuid import UUID

from sqlalchemy import ColumnElement, and_, exists, or_, select
from sqlalchemy.orm import aliased

from sijinak.animals.models import Animal
from sijinak.animals.queries import AnimalFacts, animals_by_ids
from sijinak.core.db import db
from sijinak.core.errors import NotFound
from sijinak.core.permissions import Actor, Permission, require, within_reach
from sijinak.keepers.models import Keeper
from sijinak.keepers.queries import keeper_facts
from sijinak.vaccinations.models import Disease, Standing, Vaccination
from sijinak.vaccinations.queries import COUNTS
from sijinak.vaccinations.visits.models import HeadCount, Reaction, VisitResult

READ = Permission.VACCINATION_READ
MOST_SHOWN = 500
MOST_OWNERS = 400

Row = TypeVar("Row", VisitResult, HeadCount)


@dataclass(frozen=True, slots=True)
class Told:
    """A result with whom it is about, as far as that is known."""

    result: VisitResult
    animal: AnimalFacts | None
    owner: str


def to_visit_again(*, by: Actor, village: str = "", until: date | None = None) -> list[Told]:
    """Results that name a next visit, and nothing better was reached since; the soonest first."""
    require(by, READ)
    asked = (
        select(VisitResult)
        .where(
            within_reach(by, READ, VisitResult.village),
            VisitResult.standing == Standing.COUNTS,
            VisitResult.next_visit.is_not(None),
            ~_said_later(),
            ~_done_since(),
        )
        .order_by(VisitResult.next_visit, VisitResult.village, VisitResult.id)
        .limit(MOST_SHOWN)
    )
    if village:
        asked = asked.where(VisitResult.village == village)
    if until is not None:
        asked = asked.where(VisitResult.next_visit <= until)
    return _told(db.session.scalars(asked).all())


def results_in(village: str, disease: Disease | None = None, *, by: Actor) -> list[Told]:
    """Of a village, the newest first; also what was withdrawn."""
    return _told(_rows(VisitResult, village, disease, by=by))


def whose(told: Sequence[Told]) -> list[UUID]:
    """Those whose names stand in the results."""
    return [one.result.keeper_id for one in told if one.result.keeper_id and one.owner]


def heads_in(village: str, disease: Disease | None = None, *, by: Actor) -> list[HeadCount]:
    return list(_rows(HeadCount, village, disease, by=by))


def result_by_id(result_id: UUID, *, by: Actor) -> VisitResult:
    return _by_id(VisitResult, result_id, by=by)


def heads_by_id(heads_id: UUID, *, by: Actor) -> HeadCount:
    return _by_id(HeadCount, heads_id, by=by)


def results_of(animal_ids: Collection[UUID]) -> list[VisitResult]:
    """The caller has asked for the animals themselves."""
    asked = select(VisitResult).where(
        VisitResult.animal_id.in_(animal_ids), VisitResult.standing == Standing.COUNTS
    )
    return list(db.session.scalars(asked))


def reactions_of(animal_ids: Collection[UUID]) -> list[Reaction]:
    """The caller has asked for the animals themselves."""
    return list(db.session.scalars(select(Reaction).where(Reaction.animal_id.in_(animal_ids))))


def reactions_in(act_id: UUID, animal_ids: Collection[UUID]) -> list[Reaction]:
    """After the doses of an act, of those animals that the caller was shown."""
    asked = (
        select(Reaction)
        .join(Vaccination, Vaccination.id == Reaction.vaccination_id)
        .where(Vaccination.act_id == act_id, Vaccination.animal_id.in_(animal_ids))
    )
    return list(db.session.scalars(asked.order_by(Reaction.began_at)))


def heads_of_act(act_id: UUID, *, by: Actor) -> list[HeadCount]:
    asked = select(HeadCount).where(
        HeadCount.act_id == act_id, within_reach(by, READ, HeadCount.village)
    )
    return list(db.session.scalars(asked.order_by(HeadCount.id)))


def owners_in(village: str, *, by: Actor) -> list[tuple[UUID, str]]:
    """Those who live in a village, by name, for a form."""
    asked = select(Keeper.id, Keeper.name, Keeper.hamlet).where(
        Keeper.village == village,
        Keeper.withdrawn_at.is_(None),
        within_reach(by, Permission.KEEPER_READ, Keeper.village, Keeper.id),
    )
    rows = db.session.execute(asked.order_by(Keeper.name).limit(MOST_OWNERS))
    return [(row[0], f"{row[1]}, {row[2]}" if row[2] else row[1]) for row in rows]


def _rows(kind: type[Row], village: str, disease: Disease | None, *, by: Actor) -> Sequence[Row]:
    require(by, READ)
    asked = select(kind).where(kind.village == village, within_reach(by, READ, kind.village))
    if disease is not None:
        asked = asked.where(kind.disease == disease)
    return db.session.scalars(asked.order_by(kind.id.desc()).limit(MOST_SHOWN)).all()


def _by_id(kind: type[Row], row_id: UUID, *, by: Actor) -> Row:
    require(by, READ)
    found = db.session.scalar(
        select(kind).where(kind.id == row_id, within_reach(by, READ, kind.village))
    )
    if found is None:
        raise NotFound(id=str(row_id))
    return found


def _told(results: Sequence[VisitResult]) -> list[Told]:
    animals = animals_by_ids([one.animal_id for one in results if one.animal_id])
    owners = keeper_facts({one.keeper_id for one in results if one.keeper_id})
    return [
        Told(
            one,
            animals.get(one.animal_id) if one.animal_id else None,
            owners[one.keeper_id].name if one.keeper_id in owners else "",
        )
        for one in results
    ]


def _said_later() -> ColumnElement[bool]:
    later = aliased(VisitResult)
    same_animal = later.animal_id == VisitResult.animal_id
    same_heads = and_(
        VisitResult.animal_id.is_(None),
        later.animal_id.is_(None),
        later.village == VisitResult.village,
        later.species == VisitResult.species,
        later.keeper_id == VisitResult.keeper_id,
    )
    return exists().where(
        or_(same_animal, same_heads),
        later.disease == VisitResult.disease,
        later.standing == Standing.COUNTS,
        or_(
            later.found_at > VisitResult.found_at,
            and_(later.found_at == VisitResult.found_at, later.id > VisitResult.id),
        ),
    )


def _done_since() -> ColumnElement[bool]:
    """The animal got its dose, or heads of that owner and species were counted."""
    entry = aliased(Animal)
    dose = exists().where(
        or_(entry.id == VisitResult.animal_id, entry.merged_into_id == VisitResult.animal_id),
        Vaccination.animal_id == entry.id,
        Vaccination.disease == VisitResult.disease,
        Vaccination.given_on >= VisitResult.found_on,
        COUNTS,
    )
    heads = exists().where(
        VisitResult.animal_id.is_(None),
        HeadCount.village == VisitResult.village,
        HeadCount.disease == VisitResult.disease,
        HeadCount.keeper_id == VisitResult.keeper_id,
        HeadCount.species == VisitResult.species,
        HeadCount.given_on > VisitResult.found_on,
        HeadCount.standing == Standing.COUNTS,
    )
    return or_(dose, heads)
