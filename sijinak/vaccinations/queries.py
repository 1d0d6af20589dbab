"""Questions about vaccinations."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import (
    ColumnElement,
    and_,
    bindparam,
    distinct,
    exists,
    func,
    or_,
    select,
)
from sqlalchemy.orm import aliased

from sijinak.animals.models import Animal, AnimalState
from sijinak.animals.queries import (
    RECORD,
    AnimalFacts,
    animals_by_ids,
    animals_by_tags,
    record_in_reach,
)
from sijinak.core.clock import today
from sijinak.core.db import db, read
from sijinak.core.errors import NotFound
from sijinak.core.paging import START, Page, Place, page_of
from sijinak.core.permissions import Actor, Permission, may, require, within_reach
from sijinak.vaccinations.models import Disease, Product, Standing, Vaccination, VaccinationAct

SOON_DAYS = 14


@dataclass(frozen=True, slots=True)
class Vaccinated:
    animal: AnimalFacts
    next_due: date | None
    standing: Standing


@dataclass(frozen=True, slots=True)
class ActFacts:
    """An act with those of its animals that the actor may see; the others are only counted."""

    act: VaccinationAct
    animals: Sequence[Vaccinated]
    others: int

    @property
    def note(self) -> str:
        """For those who see all of the act: it may speak of anybody's animals."""
        return "" if self.others else self.act.note


COUNTS = Vaccination.standing == Standing.COUNTS
# What was written down at a record that was merged counts for the animal that stands.
_ENTRY = aliased(Animal)
_STANDING = func.coalesce(_ENTRY.merged_into_id, _ENTRY.id)
_OF_ANIMAL = or_(_ENTRY.id == Animal.id, _ENTRY.merged_into_id == Animal.id)
_RECORD_AND_LINES = (
    RECORD.add_columns(
        Product.name.label("product"),
        Vaccination.disease,
        VaccinationAct.lot,
        Vaccination.given_on,
        Vaccination.next_due,
        VaccinationAct.vaccinator_name,
        Vaccination.standing,
    )
    .outerjoin(_ENTRY, _OF_ANIMAL)
    .outerjoin(Vaccination, Vaccination.animal_id == _ENTRY.id)
    .outerjoin(VaccinationAct, VaccinationAct.id == Vaccination.act_id)
    .outerjoin(Product, Product.id == VaccinationAct.product_id)
    .order_by(Vaccination.given_on.desc(), Vaccination.id.desc())
)
_PUBLIC = (
    select(Vaccination.disease, Vaccination.given_on, Vaccination.next_due)
    .join(_ENTRY, _ENTRY.id == Vaccination.animal_id)
    .where(
        or_(
            _ENTRY.id == bindparam("animal_id"),
            _ENTRY.merged_into_id == bindparam("animal_id"),
        ),
        COUNTS,
    )
    .order_by(Vaccination.given_on.desc(), Vaccination.id.desc())
)


def record_with_history(tag: str, *, by: Actor) -> tuple[Any, list[Any]]:
    """A scanned animal and its doses, newest first, in one question: the hottest read we have.

    A dose has product, disease, lot, given_on, next_due, vaccinator_name and standing.
    Raises NotFound.
    """
    require(by, Permission.ANIMAL_READ)
    rows = read(_RECORD_AND_LINES, {"tag": tag})
    return record_in_reach(rows, tag, by=by), [row for row in rows if row.disease is not None]


def public_history(animal_id: UUID) -> list[tuple[Disease, date, date | None]]:
    """Newest first: disease, day, next due. No name, no lot, no doubles."""
    return [tuple(row) for row in read(_PUBLIC, {"animal_id": animal_id})]


def doses_given(animal_ids: Collection[UUID]) -> list[tuple[Vaccination, VaccinationAct]]:
    """The caller has asked for the animals themselves."""
    asked = select(Vaccination, VaccinationAct).join(
        VaccinationAct, VaccinationAct.id == Vaccination.act_id
    )
    found = db.session.execute(asked.where(Vaccination.animal_id.in_(animal_ids)))
    return [(dose, act) for dose, act in found]


def vaccinated_since(
    animal_ids: Collection[UUID],
    since: datetime,
    cause_id: UUID | None,  # noqa: ARG001 - no cause gives doses
) -> set[UUID]:
    """Those of the animals whose vaccination was written down later: see hanging."""
    asked = select(Vaccination.animal_id).join(
        VaccinationAct, VaccinationAct.id == Vaccination.act_id
    )
    asked = asked.where(Vaccination.animal_id.in_(animal_ids), VaccinationAct.recorded_at >= since)
    return set(db.session.scalars(asked))


def last_vaccinations(*, by: Actor, place: Place = START) -> Page[VaccinationAct]:
    """The acts in reach, newest first."""
    require(by, Permission.VACCINATION_READ)
    return page_of(select(VaccinationAct).where(_touches(by)), VaccinationAct.id, place)


def heads_of(act_ids: Collection[UUID], *, by: Actor) -> dict[UUID, int]:
    """How many animals each act has, of those that the actor may see."""
    asked = select(Vaccination.act_id, func.count()).join(Animal, _ITS_ANIMAL)
    asked = asked.where(Vaccination.act_id.in_(act_ids), _seen_by(by))
    return {row[0]: row[1] for row in db.session.execute(asked.group_by(Vaccination.act_id))}


def act_by_id(act_id: UUID, *, by: Actor) -> ActFacts:
    require(by, Permission.VACCINATION_READ)
    act = db.session.scalar(select(VaccinationAct).where(VaccinationAct.id == act_id, _touches(by)))
    if act is None:
        raise NotFound(act_id=str(act_id))
    in_act = Vaccination.act_id == act_id
    total = db.session.scalar(select(func.count()).where(in_act)) or 0
    seen = select(Vaccination).join(Animal, _ITS_ANIMAL).where(in_act, _seen_by(by))
    given = list(db.session.scalars(seen.order_by(Vaccination.id)))
    facts = animals_by_ids([one.animal_id for one in given])
    shown = [
        Vaccinated(facts[one.animal_id], one.next_due, one.standing)
        for one in given
        if one.animal_id in facts
    ]
    return ActFacts(act, shown, total - len(given))


def act_is_known(act_id: UUID) -> bool:
    return db.session.get(VaccinationAct, act_id) is not None


def own_last_act(*, by: Actor) -> VaccinationAct | None:
    """What the actor gave last today: the next animal mostly gets the same."""
    asked = select(VaccinationAct).where(
        VaccinationAct.vaccinator_id == by.id, VaccinationAct.given_on == today()
    )
    return db.session.scalar(asked.order_by(VaccinationAct.recorded_at.desc()).limit(1))


def products() -> list[Product]:
    """What may be given now, by disease and name."""
    asked = select(Product).where(Product.is_active)
    return list(db.session.scalars(asked.order_by(Product.disease, Product.name)))


def all_products() -> list[Product]:
    """Also those that are not in use, last."""
    asked = select(Product).order_by(Product.is_active.desc(), Product.disease, Product.name)
    return list(db.session.scalars(asked))


def product_by_id(product_id: UUID) -> Product | None:
    return db.session.get(Product, product_id)


def done_on(day: date, disease: Disease, animal_ids: Collection[UUID]) -> set[UUID]:
    """Those of the animals that got something against the disease on that day."""
    return _given(Vaccination.given_on == day, disease, animal_ids)


def done_before(day: date, disease: Disease, animal_ids: Collection[UUID]) -> set[UUID]:
    return _given(Vaccination.given_on < day, disease, animal_ids)


def animals_to_vaccinate(codes: Collection[str], *, by: Actor) -> dict[str, AnimalFacts]:
    """The animals behind the tags, those that the actor may vaccinate."""
    return {
        tag: facts
        for tag, facts in animals_by_tags(codes).items()
        if may(by, Permission.VACCINATION_RECORD, region=facts.village)
    }


def given_this_month(*, by: Actor) -> int:
    asked = select(func.count()).select_from(Vaccination).join(Animal, _ITS_ANIMAL)
    since = today().replace(day=1)
    asked = asked.where(Vaccination.given_on >= since, COUNTS, _seen_by(by))
    return db.session.scalar(asked) or 0


def due_soon(*, by: Actor, days: int = SOON_DAYS) -> dict[str, int]:
    """How many animals of each village are due from today on, and not vaccinated again since."""
    asked = (
        select(Animal.village, func.count(distinct(Animal.id)))
        .join(_ENTRY, _STANDS_FOR)
        .join(Vaccination, Vaccination.animal_id == _ENTRY.id)
        .where(is_due(today(), soon(days)), _seen_by(by))
        .group_by(Animal.village)
    )
    return {row[0]: row[1] for row in db.session.execute(asked)}


def soon(days: int = SOON_DAYS) -> date:
    return today() + timedelta(days=days)


def is_due(first: date, last: date) -> ColumnElement[bool]:
    """Of an animal's dose: the next one falls due in these days, and none was given since."""
    later, merged = aliased(Vaccination), aliased(Animal)
    again = and_(later.disease == Vaccination.disease, later.given_on > Vaccination.given_on)
    done_again = exists().where(later.animal_id == Animal.id, again)
    at_another_record = exists().where(
        merged.merged_into_id == Animal.id, later.animal_id == merged.id, again
    )
    falls = Vaccination.next_due.between(first, last)
    present = Animal.state == AnimalState.PRESENT
    return and_(falls, present, COUNTS, ~done_again, ~at_another_record)


_ITS_ANIMAL = Animal.id == Vaccination.animal_id
_STANDS_FOR = Animal.id == _STANDING


def _seen_by(by: Actor) -> ColumnElement[bool]:
    return within_reach(by, Permission.VACCINATION_READ, Animal.village, Animal.keeper_id)


def _touches(by: Actor) -> ColumnElement[bool]:
    """Acts of the actor's area; and those that reach beyond it, with an animal inside it."""
    inside = select(Vaccination.act_id).join(Animal, _ITS_ANIMAL).where(_seen_by(by))
    return or_(
        within_reach(by, Permission.VACCINATION_READ, VaccinationAct.region),
        VaccinationAct.id.in_(inside),
    )


def _given(when: ColumnElement[bool], disease: Disease, animal_ids: Collection[UUID]) -> set[UUID]:
    asked = select(_STANDING).join(Vaccination, Vaccination.animal_id == _ENTRY.id)
    asked = asked.where(
        when,
        Vaccination.disease == disease,
        Vaccination.standing != Standing.WITHDRAWN,
        _is_one_of(animal_ids),
    )
    return set(db.session.scalars(asked))


def _is_one_of(animal_ids: Collection[UUID]) -> ColumnElement[bool]:
    """Two conditions, each with its index; a record that was merged is not asked for itself."""
    itself = and_(_ENTRY.id.in_(animal_ids), _ENTRY.merged_into_id.is_(None))
    return or_(itself, _ENTRY.merged_into_id.in_(animal_ids))
