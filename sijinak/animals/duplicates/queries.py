"""Questions about records that may be one animal."""

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from typing import Any, TypeVarTuple
from uuid import UUID

from sqlalchemy import Select, func, select, tuple_
from sqlalchemy.orm import aliased

from sijinak.animals.duplicates.models import DuplicatePair, DuplicateRule, Merge, PairState
from sijinak.animals.duplicates.pairing import Rule, Village
from sijinak.animals.duplicates.terms import Look, terms_of
from sijinak.animals.models import (
    Animal,
    AnimalState,
    EndReason,
    Identifier,
    IdentifierKind,
    Observation,
    ObservationKind,
    Sex,
    Species,
)
from sijinak.animals.queries import standing_animal_id
from sijinak.animals.since import standing_since
from sijinak.core.db import Clash, db
from sijinak.core.errors import NotFound
from sijinak.core.paging import SIZE, START, Page, Place, page_of
from sijinak.core.permissions import Actor, Permission, require, within_reach

Columns = TypeVarTuple("Columns")
SHORTEST_NUMBER = 4
TAG_GONE = (EndReason.LOST, EndReason.BROKEN, EndReason.STOLEN, EndReason.REPRINTED)
FATES = frozenset({"keeper_id", "raiser_id", "state"})  # columns
_READ_TWO_WAYS = str.maketrans("OIL", "011")


@dataclass(frozen=True, slots=True)
class Block:
    """Only records of one block are compared; without species and sex all of the village's."""

    village: str
    species: Species | None = None
    sex: Sex | None = None


def active_rules() -> list[Rule]:
    asked = select(DuplicateRule).where(DuplicateRule.is_active).order_by(DuplicateRule.code)
    return [Rule(r.code, r.points, terms_of(r.terms)) for r in db.session.scalars(asked)]


def duplicate_rules() -> list[DuplicateRule]:
    """The likeliest first."""
    asked = select(DuplicateRule).order_by(DuplicateRule.points.desc(), DuplicateRule.code)
    return list(db.session.scalars(asked))


def villages_with_animals(*, after: str = "") -> list[str]:
    """In the order of their codes, those behind a code."""
    asked = select(Animal.village).where(Animal.village > after).distinct()
    return list(db.session.scalars(asked.order_by(Animal.village)))


def blocks_of(animal_ids: Select[UUID]) -> dict[Block, set[UUID]]:
    """Where the present ones among the animals are compared."""
    asked = select(Animal.id, Animal.village, Animal.species, Animal.sex)
    found: dict[Block, set[UUID]] = defaultdict(set)
    for animal_id, village, species, sex in db.session.execute(
        asked.where(Animal.id.in_(animal_ids), Animal.state == AnimalState.PRESENT)
    ):
        found[Block(village, species, sex)].add(animal_id)
    return found


def records_in(block: Block) -> Village:
    looks: Select[*tuple[Any, ...]] = select(*(getattr(Animal, name) for name in Look._fields))
    numbers = defaultdict(list)
    named = select(Identifier.animal_id, Identifier.kind, Identifier.value).join(Animal)
    named = named.where(Identifier.kind != IdentifierKind.TAG)
    for animal_id, kind, value in db.session.execute(_inside(named, block)):
        if len(number := _folded(value)) >= SHORTEST_NUMBER:
            numbers[animal_id].append((str(kind), number))
    ended: dict[UUID, list[date]] = defaultdict(list)
    gone = select(Identifier.animal_id, Identifier.ended_at).join(Animal)
    gone = gone.where(Identifier.kind == IdentifierKind.TAG, Identifier.end_reason.in_(TAG_GONE))
    for animal_id, ended_at in db.session.execute(_inside(gone, block)):
        if ended_at:
            ended[animal_id].append(ended_at.date())
    rows = db.session.execute(_inside(looks, block))
    return Village([Look._make(row) for row in rows], numbers, ended)


def open_pairs(*, by: Actor, village: str = "", place: Place = START) -> Page[DuplicatePair]:
    """The likeliest first. Pairs of which one is no longer present wait unseen."""
    asked = _open_pairs(by)
    if village:
        asked = asked.where(DuplicatePair.region == village)
    if last := place.after and db.session.get(DuplicatePair, place.after):
        key = tuple_(DuplicatePair.points, DuplicatePair.id)
        asked = asked.where(key < tuple_(last.points, last.id))
    ordered = asked.order_by(DuplicatePair.points.desc(), DuplicatePair.id.desc())
    found = list(db.session.scalars(ordered.limit(SIZE + 1)))
    items = found[:SIZE]
    older = Place(after=items[-1].id) if len(found) > SIZE else None
    return Page(items, older, START if place.after else None)


def count_open_pairs(*, by: Actor) -> int:
    return db.session.scalar(select(func.count()).select_from(_open_pairs(by).subquery())) or 0


def pair_of(first_id: UUID, second_id: UUID) -> DuplicatePair | None:
    first, second = sorted((first_id, second_id))
    asked = select(DuplicatePair).where(
        DuplicatePair.first_id == first, DuplicatePair.second_id == second
    )
    return db.session.scalar(asked.execution_options(populate_existing=True))


def two_records(ids: Collection[UUID], *, by: Actor) -> list[Animal]:
    """Those that are compared, in their order. Raises NotFound when one is out of reach."""
    require(by, Permission.DUPLICATE_REVIEW)
    reached = within_reach(by, Permission.DUPLICATE_REVIEW, Animal.village)
    asked = select(Animal).where(Animal.id.in_(ids), reached).order_by(Animal.id)
    animals = list(db.session.scalars(asked))
    if len(animals) != 2:  # noqa: PLR2004
        raise NotFound
    return animals


def merges(*, by: Actor, place: Place = START) -> Page[Merge]:
    require(by, Permission.DUPLICATE_REVIEW)
    return page_of(_merges(by), Merge.id, place)


def merge_by_id(merge_id: UUID, *, by: Actor) -> Merge:
    require(by, Permission.DUPLICATE_REVIEW)
    merge = db.session.scalar(_merges(by).where(Merge.id == merge_id))
    if merge is None:
        raise NotFound(merge_id=str(merge_id))
    return merge


def merges_of(animal_ids: Collection[UUID]) -> list[Merge]:
    """Oldest first. The caller has asked for the animals themselves."""
    concerns = Merge.kept_id.in_(animal_ids) | Merge.gone_id.in_(animal_ids)
    return list(db.session.scalars(select(Merge).where(concerns).order_by(Merge.id)))


def held_with_root(merge: Merge) -> Merge:
    """The merge as it is now, its animals held by the one that stands for them.

    Whoever merges or unmerges holds that one first: so nobody else turns the chain meanwhile.
    """
    root = standing_animal_id(merge.gone_id)
    held = select(Animal.id).where(Animal.id == root).with_for_update(key_share=True)
    db.session.execute(held)
    if standing_animal_id(merge.gone_id) != root:
        raise Clash
    db.session.refresh(merge)
    return merge


def stood_for(merge: Merge) -> list[UUID]:
    """The record that was kept, and those that it was merged into, up to the one that stands."""
    found = [merge.kept_id]
    while above := db.session.scalar(
        select(Merge.kept_id).where(Merge.gone_id == found[-1], Merge.unmerged_at.is_(None))
    ):
        found.append(above)
    return found


def lived_on(merge: Merge) -> bool:
    """Since the merge what stood for both was sold, lent, died or the like, and that stands."""
    told = standing_since(stood_for(merge), merge.merged_at, merge.id)
    told = told.where(Observation.kind != ObservationKind.MERGED)
    return any(not FATES.isdisjoint(one.after) for one in db.session.scalars(told))


def merged_below(animal_id: UUID) -> list[UUID]:
    """All that were merged into it, also through others, as the merges that stand say."""
    found: list[UUID] = []
    above = [animal_id]
    while above:
        asked = select(Merge.gone_id).where(Merge.kept_id.in_(above), Merge.unmerged_at.is_(None))
        above = list(db.session.scalars(asked.order_by(Merge.gone_id)))
        found += above
    return found


def _merges(by: Actor) -> Select[Merge]:
    reached = within_reach(by, Permission.DUPLICATE_REVIEW, Animal.village)
    return select(Merge).join(Animal, Animal.id == Merge.gone_id).where(reached)


def _open_pairs(by: Actor) -> Select[DuplicatePair]:
    require(by, Permission.DUPLICATE_REVIEW)
    first, second = aliased(Animal), aliased(Animal)
    return (
        select(DuplicatePair)
        .join(first, first.id == DuplicatePair.first_id)
        .join(second, second.id == DuplicatePair.second_id)
        .where(
            within_reach(by, Permission.DUPLICATE_REVIEW, DuplicatePair.region),
            DuplicatePair.state == PairState.OPEN,
            first.state == AnimalState.PRESENT,
            second.state == AnimalState.PRESENT,
        )
    )


def _inside(asked: Select[*Columns], block: Block) -> Select[*Columns]:
    asked = asked.where(Animal.village == block.village, Animal.state == AnimalState.PRESENT)
    for column, value in ((Animal.species, block.species), (Animal.sex, block.sex)):
        asked = asked.where(column == value) if value else asked
    return asked


def _folded(number: str) -> str:
    """A number without the signs that people write between its letters and digits."""
    return "".join(c for c in number.upper() if c.isalnum()).translate(_READ_TWO_WAYS)
