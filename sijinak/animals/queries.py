"""Questions about animals."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Select, and_, bindparam, func, literal_column, select
from sqlalchemy.orm import aliased

from sijinak.animals.models import (
    Animal,
    Identifier,
    IdentifierKind,
    ImportBatch,
    Sex,
    Species,
    Verification,
)
from sijinak.core.db import db
from sijinak.core.errors import NotFound
from sijinak.core.paging import START, Page, Place, page_of
from sijinak.core.permissions import Actor, Permission, may, require, within_reach
from sijinak.keepers.models import Keeper
from sijinak.keepers.queries import named


@dataclass(frozen=True, slots=True)
class AnimalFacts:
    """An animal by its live tag, as other features need it. The caller decides what to show."""

    id: UUID
    tag: str
    species: Species
    sex: Sex
    breed: str
    colour: str
    birth_date: date | None
    teeth: int | None
    is_pregnant: bool | None
    verification: Verification
    seen_at: datetime | None
    village: str
    keeper_id: UUID
    keeper_name: str


_FACTS = (
    select(
        Animal.id,
        Identifier.value.label("tag"),
        Animal.species,
        Animal.sex,
        Animal.breed,
        Animal.colour,
        Animal.birth_date,
        Animal.teeth,
        Animal.is_pregnant,
        Animal.verification,
        Animal.seen_at,
        Animal.village,
        Animal.keeper_id,
        Keeper.name.label("keeper_name"),
    )
    .join(Identifier, Identifier.animal_id == Animal.id)
    .join(Keeper, Keeper.id == Animal.keeper_id)
    .where(Identifier.kind == IdentifierKind.TAG)
)
_LIVE = _FACTS.where(Identifier.ended_at.is_(None))
_WORN = aliased(Identifier)
_EARTAG = (
    select(func.min(_WORN.value))  # an animal wears one; it may be asked for in one row only
    .where(_WORN.animal_id == Animal.id, _WORN.kind == literal_column("'eartag'"))
    .where(_WORN.ended_at.is_(None))
    .scalar_subquery()
)
RECORD = (
    select(
        Animal.id,
        Identifier.value.label("tag"),
        Identifier.ended_at,
        Animal.species,
        Animal.sex,
        Animal.breed,
        Animal.birth_date,
        Animal.birth_precision,
        Animal.teeth,
        Animal.calvings,
        Animal.is_pregnant,
        Animal.colour,
        Animal.horns,
        Animal.ears,
        Animal.whorls,
        Animal.brand,
        Animal.special_marks,
        Animal.verification,
        Animal.seen_at,
        Animal.village,
        Animal.hamlet,
        Animal.registered_at,
        Animal.keeper_id,
        Keeper.name.label("keeper_name"),
        Keeper.village.label("keeper_village"),
        _EARTAG.label("eartag"),
    )
    .join(Animal, Animal.id == Identifier.animal_id)
    .join(Keeper, Keeper.id == Animal.keeper_id)
    # A literal: SQLite plans anew at each call when a value might pick an index with a condition.
    .where(Identifier.value == bindparam("tag"), Identifier.kind == literal_column("'tag'"))
)


def record_in_reach(rows: Sequence[Any], tag: str, *, by: Actor) -> Any:
    """The first of the rows of RECORD, if the actor may see it. Raises NotFound."""
    if not rows or not may(
        by, Permission.ANIMAL_READ, region=rows[0].village, keeper_id=rows[0].keeper_id
    ):
        raise NotFound(tag=tag)
    return rows[0]


def animals_by_tags(codes: Collection[str]) -> dict[str, AnimalFacts]:
    rows = db.session.execute(_LIVE.where(Identifier.value.in_(codes))).mappings()
    return {row.tag: AnimalFacts(**row) for row in rows}


def animals_by_ids(ids: Collection[UUID]) -> dict[UUID, AnimalFacts]:
    rows = db.session.execute(_LIVE.where(Animal.id.in_(ids))).mappings()
    return {row.id: AnimalFacts(**row) for row in rows}


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """Which animals of a list are wanted. ``owner`` is a name, or the beginning of one."""

    keeper_id: UUID | None = None
    owner: str = ""
    village: str = ""
    species: Species | None = None
    verification: Verification | None = None


ALL = Wanted()


def animals(*, by: Actor, wanted: Wanted = ALL, place: Place = START) -> Page[Animal]:
    require(by, Permission.ANIMAL_READ)
    query = _seen_by(by)
    for name in ("keeper_id", "village", "species", "verification"):
        if value := getattr(wanted, name):
            query = query.where(getattr(Animal, name) == value)
    if wanted.owner:
        query = query.where(Animal.keeper_id.in_(select(Keeper.id).where(named(wanted.owner))))
    return page_of(query, Animal.id, place)


def tag_of(kind: IdentifierKind, value: str, *, by: Actor) -> str | None:
    """The tag that leads to the record of the animal with this code or number, if in reach."""
    require(by, Permission.ANIMAL_READ)
    named_so = select(Identifier.animal_id).where(
        Identifier.kind == kind, Identifier.value == value
    )
    animal = db.session.scalar(_seen_by(by).where(Animal.id.in_(named_so)))
    if animal is None:
        return None
    if kind is IdentifierKind.TAG:
        return value
    tags = [i.value for i in identifiers_of(animal.id) if i.kind is IdentifierKind.TAG]
    return tags[-1]


def animal_by_id(animal_id: UUID, *, by: Actor) -> Animal:
    require(by, Permission.ANIMAL_READ)
    animal = db.session.scalar(_seen_by(by).where(Animal.id == animal_id))
    if animal is None:
        raise NotFound(animal_id=str(animal_id))
    return animal


def animal_to_change(animal_id: UUID, *, by: Actor) -> Animal:
    """Held until the end, as it is now: of two at once the second sees what the first did."""
    reached = within_reach(by, Permission.ANIMAL_REGISTER, Animal.village)
    asked = select(Animal).where(Animal.id == animal_id, reached).with_for_update(key_share=True)
    animal = db.session.scalar(asked.execution_options(populate_existing=True))
    if animal is None:
        raise NotFound(animal_id=str(animal_id))
    return animal


def eartags_of(animal_ids: Collection[UUID]) -> dict[UUID, str]:
    """The ear tag numbers of animals that wear one."""
    asked = select(Animal.id, _EARTAG).where(Animal.id.in_(animal_ids))
    return {row[0]: row[1] for row in db.session.execute(asked) if row[1]}


def count_animals(*, by: Actor) -> dict[Verification, int]:
    """How many the actor may see, those seen apart from those declared."""
    rows = db.session.execute(
        select(Animal.verification, func.count())
        .where(within_reach(by, Permission.ANIMAL_READ, Animal.village, Animal.keeper_id))
        .group_by(Animal.verification)
    )
    return {row[0]: row[1] for row in rows}


def identifier_of(kind: IdentifierKind, value: str) -> Identifier | None:
    return db.session.scalar(
        select(Identifier).where(Identifier.kind == kind, Identifier.value == value)
    )


def identifiers_of(animal_id: UUID) -> list[Identifier]:
    asked = select(Identifier).where(Identifier.animal_id == animal_id)
    return list(db.session.scalars(asked.order_by(Identifier.kind, Identifier.given_at)))


def live_tags(animal_ids: Collection[UUID]) -> dict[UUID, Identifier]:
    asked = select(Identifier).where(
        and_(
            Identifier.animal_id.in_(animal_ids),
            Identifier.kind == IdentifierKind.TAG,
            Identifier.ended_at.is_(None),
        )
    )
    return {found.animal_id: found for found in db.session.scalars(asked)}


def batches(*, by: Actor, place: Place = START) -> Page[ImportBatch]:
    require(by, Permission.ANIMAL_IMPORT)
    query = select(ImportBatch).where(
        within_reach(by, Permission.ANIMAL_IMPORT, ImportBatch.region)
    )
    return page_of(query, ImportBatch.id, place)


def _seen_by(by: Actor) -> Select[Animal]:
    return select(Animal).where(
        within_reach(by, Permission.ANIMAL_READ, Animal.village, Animal.keeper_id)
    )
