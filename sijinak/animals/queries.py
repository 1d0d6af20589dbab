"""Questions about animals."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Select, and_, bindparam, func, literal_column, select

from sijinak.animals.models import (
    Animal,
    Identifier,
    IdentifierKind,
    ImportBatch,
    Sex,
    Species,
    Verification,
)
from sijinak.core.db import db, read
from sijinak.core.errors import NotFound
from sijinak.core.paging import START, Page, Place, page_of
from sijinak.core.permissions import Actor, Permission, may, require, within_reach
from sijinak.keepers.models import Keeper


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
    )
    .join(Animal, Animal.id == Identifier.animal_id)
    .join(Keeper, Keeper.id == Animal.keeper_id)
    # A literal: SQLite plans anew at each call when a value might pick an index with a condition.
    .where(Identifier.value == bindparam("tag"), Identifier.kind == literal_column("'tag'"))
)


def record_by_tag(tag: str, *, by: Actor) -> Any:
    """What an officer sees of an animal after a scan: one question, prepared once."""
    require(by, Permission.ANIMAL_READ)
    return record_in_reach(read(RECORD, {"tag": tag}), tag, by=by)


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


def animals(
    *, by: Actor, keeper_id: UUID | None = None, village: str = "", place: Place = START
) -> Page[Animal]:
    require(by, Permission.ANIMAL_READ)
    query = _seen_by(by)
    if keeper_id is not None:
        query = query.where(Animal.keeper_id == keeper_id)
    if village:
        query = query.where(Animal.village == village)
    return page_of(query, Animal.id, place)


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
