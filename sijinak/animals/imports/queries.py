"""What the register knows already of a list, asked in batches and never row by row."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import date
from itertools import islice
from typing import TypeVar
from uuid import UUID

from sqlalchemy import select

from sijinak.animals.models import Animal, Identifier, IdentifierKind, ImportBatch, Sex, Species
from sijinak.core.crypto import keyring
from sijinak.core.db import db
from sijinak.core.errors import NotFound
from sijinak.core.permissions import Actor, Permission, may, require, within_reach
from sijinak.keepers.models import Keeper

T = TypeVar("T")
BATCH = 500


@dataclass(frozen=True, slots=True)
class KnownKeeper:
    id: UUID
    name: str
    in_reach: bool


Looks = tuple[UUID, Species, Sex, date | None, str]


def known_keepers(niks: Collection[str], *, by: Actor) -> dict[str, KnownKeeper]:
    digests = {keyring.lookup("nik", nik): nik for nik in niks}
    asked = select(Keeper.nik_lookup, Keeper.id, Keeper.name, Keeper.village)
    known: dict[str, KnownKeeper] = {}
    for some in _batches(digests):
        for row in db.session.execute(asked.where(Keeper.nik_lookup.in_(some))):
            reached = may(by, Permission.KEEPER_READ, region=row.village, keeper_id=row.id)
            known[digests[row.nik_lookup]] = KnownKeeper(row.id, row.name, reached)
    return known


def known_identifiers(kind: IdentifierKind, values: Collection[str]) -> set[str]:
    asked = select(Identifier.value).where(Identifier.kind == kind)
    return {
        value
        for some in _batches(values)
        for value in db.session.scalars(asked.where(Identifier.value.in_(some)))
    }


def looks_of_animals(keeper_ids: Collection[UUID]) -> set[Looks]:
    """What the animals of these keepers look like, to notice one that comes a second time."""
    asked = select(Animal.keeper_id, Animal.species, Animal.sex, Animal.birth_date, Animal.colour)
    return {
        (row.keeper_id, row.species, row.sex, row.birth_date, row.colour)
        for some in _batches(keeper_ids)
        for row in db.session.execute(asked.where(Animal.keeper_id.in_(some)))
    }


def batch_with(digest: bytes) -> ImportBatch | None:
    """The batch of the same list. Who holds the list may know of it."""
    return db.session.scalar(select(ImportBatch).where(ImportBatch.digest == digest))


def batch_by_id(batch_id: UUID, *, by: Actor) -> ImportBatch:
    require(by, Permission.ANIMAL_IMPORT)
    seen = within_reach(by, Permission.ANIMAL_IMPORT, ImportBatch.region)
    batch = db.session.scalar(select(ImportBatch).where(seen, ImportBatch.id == batch_id))
    if batch is None:
        raise NotFound(batch_id=str(batch_id))
    return batch


def _batches(values: Collection[T]) -> Iterator[list[T]]:
    left = iter(values)
    while some := list(islice(left, BATCH)):
        yield some
