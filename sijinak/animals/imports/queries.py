"""What the register knows already of a list, asked in batches and never row by row."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from itertools import islice
from typing import Any, TypeVar
from uuid import UUID

from sqlalchemy import func, select

from sijinak.animals.models import (
    Animal,
    BatchState,
    EndReason,
    Identifier,
    IdentifierKind,
    ImportBatch,
    Sex,
    Species,
)
from sijinak.core.crypto import keyring
from sijinak.core.db import db
from sijinak.core.errors import NotFound
from sijinak.core.permissions import Actor, Permission, may, require, within_reach
from sijinak.keepers.models import Keeper
from sijinak.tagstock.models import TAG_FLOW, Tag

T = TypeVar("T")
BATCH = 2000
Number = tuple[IdentifierKind, str]
NOBODY = UUID(int=0)
Looks = tuple[UUID, Species, Sex, date | None, str]


@dataclass(frozen=True, slots=True)
class KnownKeeper:
    id: UUID
    name: str
    in_reach: bool
    is_withdrawn: bool = False


@dataclass(frozen=True, slots=True)
class KnownAnimal:
    """``row`` has the columns of Animal; ``numbers`` are those that it wears now."""

    row: Any
    nik_lookup: bytes | None
    keeper_name: str
    in_reach: bool
    numbers: dict[IdentifierKind, str] = field(default_factory=dict)


def known_keepers(niks: Collection[str], *, by: Actor) -> dict[str, KnownKeeper]:
    digests = {keyring.lookup("nik", nik): nik for nik in niks}
    asked = select(
        Keeper.nik_lookup, Keeper.id, Keeper.name, Keeper.village, Keeper.withdrawn_at
    )  # fmt: skip
    known: dict[str, KnownKeeper] = {}
    for some in batched(digests):
        for row in db.session.execute(asked.where(Keeper.nik_lookup.in_(some))):
            reached = may(by, Permission.KEEPER_READ, region=row.village, keeper_id=row.id)
            gone = row.withdrawn_at is not None
            known[digests[row.nik_lookup]] = KnownKeeper(row.id, row.name, reached or gone, gone)
    return known


def wearers(numbers: Collection[Number]) -> dict[Number, UUID]:
    """The animals that these numbers lead to; of one that was merged, the one that stands.

    A number that was given by mistake leads to nobody, and is nobody's to give.
    """
    standing = func.coalesce(Animal.merged_into_id, Animal.id)
    asked = select(Identifier.value, standing, Identifier.end_reason).join(
        Animal, Animal.id == Identifier.animal_id
    )
    found: dict[Number, UUID] = {}
    for kind in {kind for kind, _ in numbers}:
        values = [value for other, value in numbers if other is kind]
        for some in batched(values):
            worn = asked.where(Identifier.kind == kind, Identifier.value.in_(some))
            for value, animal_id, reason in db.session.execute(worn):
                is_known = reason is not EndReason.MISTAKE
                found[kind, value] = animal_id if is_known else NOBODY
    return found


def known_animals(animal_ids: Collection[UUID], *, by: Actor) -> dict[UUID, KnownAnimal]:
    asked = select(
        *Animal.__table__.columns, Keeper.nik_lookup, Keeper.name.label("keeper_name")
    ).join(Keeper, Keeper.id == Animal.keeper_id)
    found = {}
    for some in batched(animal_ids):
        for row in db.session.execute(asked.where(Animal.id.in_(some))):
            reached = may(by, Permission.ANIMAL_IMPORT, region=row.village)
            found[row.id] = KnownAnimal(row, row.nik_lookup, row.keeper_name, reached)
        live = select(Identifier.animal_id, Identifier.kind, Identifier.value).where(
            Identifier.animal_id.in_(some), Identifier.ended_at.is_(None)
        )
        for animal_id, kind, value in db.session.execute(live):
            found[animal_id].numbers[kind] = value
    return found


def unusable_tags(codes: Collection[str]) -> Mapping[str, str]:
    """Stock tags that cannot be put on an animal, with their states."""
    return {code: state for code, state in _stock(codes) if not _can_be_worn(state)}


def stock_codes(codes: Collection[str]) -> set[str]:
    return {code for code, _ in _stock(codes)}


def _stock(codes: Collection[str]) -> Iterator[tuple[str, Any]]:
    for some in batched(codes):
        yield from ((r.code, r.state) for r in db.session.execute(_TAGS.where(Tag.code.in_(some))))


_TAGS = select(Tag.code, Tag.state)


def _can_be_worn(state: Any) -> bool:
    return any(step.action == "apply" for step in TAG_FLOW.steps_from(state))


def looks_of_animals(keeper_ids: Collection[UUID]) -> set[Looks]:
    """What the animals of these keepers look like, to notice one that comes a second time."""
    asked = select(Animal.keeper_id, Animal.species, Animal.sex, Animal.birth_date, Animal.colour)
    return {
        (row.keeper_id, row.species, row.sex, row.birth_date, row.colour)
        for some in batched(keeper_ids)
        for row in db.session.execute(
            asked.where(Animal.keeper_id.in_(some), Animal.state != "withdrawn")
        )
    }


def batch_with(digest: bytes) -> ImportBatch | None:
    """The batch of the same list. Who holds the list may know of it."""
    standing = ImportBatch.state != BatchState.UNDONE
    return db.session.scalar(select(ImportBatch).where(ImportBatch.digest == digest, standing))


def batch_by_id(batch_id: UUID, *, by: Actor) -> ImportBatch:
    require(by, Permission.ANIMAL_IMPORT)
    seen = within_reach(by, Permission.ANIMAL_IMPORT, ImportBatch.region)
    asked = select(ImportBatch).where(seen, ImportBatch.id == batch_id)
    batch = db.session.scalar(asked.execution_options(populate_existing=True))
    if batch is None:
        raise NotFound(batch_id=str(batch_id))
    return batch


def batch_to_change(batch_id: UUID) -> ImportBatch:
    """Held until the end, as it is now."""
    asked = select(ImportBatch).where(ImportBatch.id == batch_id).with_for_update()
    found = db.session.scalar(asked.execution_options(populate_existing=True))
    if found is None:
        raise NotFound(batch_id=str(batch_id))
    return found


def batches_being_taken() -> list[ImportBatch]:
    """Oldest first."""
    taking = ImportBatch.state == BatchState.TAKING
    return list(db.session.scalars(select(ImportBatch).where(taking).order_by(ImportBatch.id)))


def batched(values: Collection[T], size: int = BATCH) -> Iterator[list[T]]:
    left = iter(values)
    while some := list(islice(left, size)):
        yield some
