"""Questions about animals."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import (
    Select,
    and_,
    bindparam,
    case,
    func,
    literal_column,
    or_,
    select,
)
from sqlalchemy.orm import aliased

from sijinak.animals.models import (
    Animal,
    AnimalState,
    EndReason,
    Identifier,
    IdentifierKind,
    ImportBatch,
    Observation,
    Sex,
    Species,
    Verification,
)
from sijinak.core.db import db
from sijinak.core.errors import NotFound
from sijinak.core.paging import START, Page, Place, page_of
from sijinak.core.permissions import Actor, Permission, may, require, within_reach
from sijinak.keepers.models import Keeper
from sijinak.keepers.search import keeper_ids_named


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
    state: AnimalState
    village: str
    keeper_id: UUID
    keeper_name: str


_ENTRY = aliased(Animal)  # a record; when it was merged, another one stands for it
STANDING = func.coalesce(_ENTRY.merged_into_id, _ENTRY.id)
_LIVE_TAG = aliased(Identifier)
_IS_LIVE_TAG = and_(
    _LIVE_TAG.animal_id == Animal.id,
    # A literal: SQLite plans anew at each call when a value might pick an index with a condition.
    _LIVE_TAG.kind == literal_column("'tag'"),
    _LIVE_TAG.ended_at.is_(None),
)
_FACTS = (
    select(
        Animal.id, _LIVE_TAG.value.label("tag"), Animal.species, Animal.sex, Animal.breed,
        Animal.colour, Animal.birth_date, Animal.teeth, Animal.is_pregnant, Animal.verification,
        Animal.seen_at, Animal.state, Animal.village, Animal.keeper_id,
        Keeper.name.label("keeper_name"),
    )
    .select_from(_ENTRY)
    .join(Animal, Animal.id == STANDING)
    .join(_LIVE_TAG, _IS_LIVE_TAG)
    .join(Keeper, Keeper.id == Animal.keeper_id)
)  # fmt: skip
_EARTAG = (
    select(func.min(Identifier.value))  # it wears one; it may be asked for in one row only
    .where(Identifier.animal_id == Animal.id, Identifier.kind == literal_column("'eartag'"))
    .where(Identifier.ended_at.is_(None))
    .correlate(Animal)
    .scalar_subquery()
)
_READ = aliased(Identifier)
_NEWER_TAG = select(_LIVE_TAG.value).where(_IS_LIVE_TAG).correlate(Animal).scalar_subquery()
RECORD = (
    select(
        Animal.id,
        _READ.value.label("read_as"),  # the code that was scanned
        case((_READ.ended_at.is_(None), _READ.value), else_=func.coalesce(_NEWER_TAG, _READ.value))
        .label("tag"),  # the one that the animal wears now, if it wears one
        _READ.ended_at, _READ.end_reason, Animal.species, Animal.sex, Animal.breed,
        Animal.birth_date, Animal.birth_precision, Animal.teeth, Animal.calvings,
        Animal.is_pregnant, Animal.colour, Animal.horns, Animal.ears, Animal.whorls, Animal.brand,
        Animal.special_marks, Animal.verification, Animal.seen_at, Animal.state, Animal.village,
        Animal.hamlet, Animal.registered_at, Animal.keeper_id, Keeper.name.label("keeper_name"),
        Keeper.village.label("keeper_village"), _EARTAG.label("eartag"),
    )
    .select_from(_READ)
    .join(_ENTRY, _ENTRY.id == _READ.animal_id)
    .join(Animal, Animal.id == STANDING)
    .join(Keeper, Keeper.id == Animal.keeper_id)
    .where(_READ.value == bindparam("tag"), _READ.kind == literal_column("'tag'"))
)  # fmt: skip


def record_in_reach(rows: Sequence[Any], tag: str, *, by: Actor) -> Any:
    """The first of the rows of RECORD, if the actor may see it. Raises NotFound."""
    if not rows or not may(
        by, Permission.ANIMAL_READ, region=rows[0].village, keeper_id=rows[0].keeper_id
    ):
        raise NotFound(tag=tag)
    return rows[0]


def animals_by_tags(codes: Collection[str]) -> dict[str, AnimalFacts]:
    """By the codes as they were read: one of a record that was merged finds the one that stands."""
    leads = or_(_READ.ended_at.is_(None), _READ.end_reason == EndReason.MERGED)
    asked = _FACTS.add_columns(_READ.value.label("asked")).join(_READ, _READ.animal_id == _ENTRY.id)
    return _facts(asked.where(_READ.kind == IdentifierKind.TAG, _READ.value.in_(codes), leads))


def animals_by_ids(ids: Collection[UUID]) -> dict[UUID, AnimalFacts]:
    """By the ids that were asked for; of a record that was merged the facts of what stands."""
    return _facts(_FACTS.add_columns(_ENTRY.id.label("asked")).where(_ENTRY.id.in_(ids)))


def _facts(asked: Select[*tuple[Any, ...]]) -> dict[Any, AnimalFacts]:
    rows = [dict(row) for row in db.session.execute(asked).mappings()]
    return {row.pop("asked"): AnimalFacts(**row) for row in rows}


def standing_animal_id(animal_id: UUID) -> UUID:
    """The animal itself, or the one that it was merged into."""
    return db.session.scalar(select(STANDING).where(_ENTRY.id == animal_id)) or animal_id


def same_animals(animal_id: UUID) -> list[UUID]:
    """All records of one animal, the one that stands first."""
    kept = standing_animal_id(animal_id)
    merged = select(Animal.id).where(Animal.merged_into_id == kept).order_by(Animal.id)
    return [kept, *db.session.scalars(merged)]


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """Which animals of a list are wanted. ``owner`` is a name, or the beginning of one."""

    keeper_id: UUID | None = None
    owner: str = ""
    village: str = ""
    species: Species | None = None
    verification: Verification | None = None
    state: AnimalState | None = None  # None: those that live


ALL = Wanted()
LIVING = (AnimalState.PRESENT, AnimalState.STOLEN)


def animals(*, by: Actor, wanted: Wanted = ALL, place: Place = START) -> Page[Animal]:
    require(by, Permission.ANIMAL_READ)
    query = _seen_by(by)
    for name in ("keeper_id", "village", "species", "verification"):
        if value := getattr(wanted, name):
            query = query.where(getattr(Animal, name) == value)
    states = (wanted.state,) if wanted.state else LIVING
    query = query.where(Animal.state.in_(states))
    if wanted.owner:
        query = query.where(Animal.keeper_id.in_(keeper_ids_named(wanted.owner, by=by)))
    return page_of(query, Animal.id, place)


def count_owned(keeper_id: UUID, *, by: Actor) -> int:
    """The living ones in reach."""
    owned = _seen_by(by).where(Animal.keeper_id == keeper_id, Animal.state.in_(LIVING))
    return db.session.scalar(select(func.count()).select_from(owned.subquery())) or 0


def tag_of(kind: IdentifierKind, value: str, *, by: Actor) -> str | None:
    """The tag that leads to the record of the animal with this code or number, if in reach."""
    require(by, Permission.ANIMAL_READ)
    named_so = select(STANDING).join(Identifier, Identifier.animal_id == _ENTRY.id)
    named_so = named_so.where(Identifier.kind == kind, Identifier.value == value)
    animal = db.session.scalar(_seen_by(by).where(Animal.id.in_(named_so)))
    if animal is None:
        return None
    if kind is IdentifierKind.TAG:
        return value
    tags = [i.value for i in identifiers_of(animal.id) if i.kind is IdentifierKind.TAG]
    return tags[-1] if tags else None


def animal_by_id(animal_id: UUID, *, by: Actor) -> Animal:
    require(by, Permission.ANIMAL_READ)
    animal = db.session.scalar(_seen_by(by).where(Animal.id == animal_id))
    if animal is None:
        raise NotFound(animal_id=str(animal_id))
    return animal


def animal_to_change(
    animal_id: UUID, *, by: Actor, permission: Permission = Permission.ANIMAL_REGISTER
) -> Animal:
    """Held until the end, as it is now: of two at once the second sees what the first did."""
    return animals_to_change([animal_id], by=by, permission=permission)[0]


def animals_to_change(
    animal_ids: Collection[UUID],
    *,
    by: Actor,
    permission: Permission = Permission.ANIMAL_REGISTER,
) -> list[Animal]:
    """Held until the end, in one order, so that two who want the same do not wait in a ring.

    Raises NotFound when one of them is out of reach.
    """
    reached = within_reach(by, permission, Animal.village, Animal.keeper_id)
    asked = select(Animal).where(Animal.id.in_(animal_ids), reached).order_by(Animal.id)
    held = asked.with_for_update(key_share=True).execution_options(populate_existing=True)
    animals = list(db.session.scalars(held))
    if len(animals) < len(set(animal_ids)):
        raise NotFound
    return animals


def observations_of(animal_ids: Collection[UUID]) -> list[Observation]:
    """Oldest first. The caller has asked for the animals themselves."""
    asked = select(Observation).where(Observation.animal_id.in_(animal_ids))
    return list(db.session.scalars(asked.order_by(Observation.recorded_at, Observation.id)))


def eartags_of(animal_ids: Collection[UUID]) -> dict[UUID, str]:
    """The ear tag numbers of animals that wear one."""
    asked = select(Animal.id, _EARTAG).where(Animal.id.in_(animal_ids))
    return {row[0]: row[1] for row in db.session.execute(asked) if row[1]}


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
