"""How many animals there are: the kept totals and the changes since, read in one statement."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    Row,
    Select,
    and_,
    case,
    func,
    literal,
    not_,
    select,
    union_all,
)
from sqlalchemy.orm import InstrumentedAttribute

from sijinak.animals.models import Animal, AnimalState, Sex, Species, Verification
from sijinak.animals.population.ages import Reckoning
from sijinak.animals.population.models import (
    AgeClass,
    Population,
    PopulationChange,
    PopulationCount,
)
from sijinak.core.clock import today
from sijinak.core.db import db
from sijinak.core.errors import NotFound
from sijinak.core.permissions import Actor, Permission, may, require, within_reach

# A code's length, and that of the places right below it: regency, kecamatan, village.
BELOW = {0: 5, 2: 5, 5: 8, 8: 13, 13: 13}
MANY_CHANGES = 5000

LastCount = Row[UUID, datetime, date]


class Heads(NamedTuple):
    """How many, by the evidence for them."""

    seen_recently: int = 0  # within twelve months
    seen_earlier: int = 0
    declared: int = 0

    @property
    def total(self) -> int:
        return sum(self)

    def plus(self, other: "Heads") -> "Heads":
        return Heads(self[0] + other[0], self[1] + other[1], self[2] + other[2])


Summed = defaultdict[tuple[Any, ...], Heads]


@dataclass(frozen=True, slots=True)
class Cell:
    """Animals of one kind in one of the places below the region."""

    place: str
    species: Species
    sex: Sex
    age_class: AgeClass
    heads: Heads


@dataclass(frozen=True, slots=True)
class Count:
    """The animals of a region. Ages are those of ``reckoned_on``."""

    region: str
    cells: Sequence[Cell]
    reckoned_on: date
    counted_at: datetime | None  # the last recount; None before the first
    changes: int  # how many were added to it since, in this region

    def by(self, *names: str) -> Summed:
        """The heads for each value of ``place``, ``species``, ``sex``, ``age_class``."""
        return summed((tuple(getattr(cell, n) for n in names), cell.heads) for cell in self.cells)

    @property
    def heads(self) -> Heads:
        return self.by()[()]


def summed(parts: Iterable[tuple[tuple[Any, ...], Heads]]) -> Summed:
    """One sum for each key; where nobody stands, nobody is counted."""
    found: Summed = defaultdict(Heads)
    for key, heads in parts:
        found[key] = found[key].plus(heads)
    return found


def count_population(*, by: Actor, region: str = "") -> Count:
    """Raises NotFound for what is no region, or one out of reach."""
    require(by, Permission.POPULATION_READ)
    if len(region) not in BELOW or not may(by, Permission.POPULATION_READ, region=region):
        raise NotFound(region=region)
    while True:
        last = last_count()
        reckoning = reckoning_since(last)
        rows = db.session.execute(_cells(region, reckoning)).all()
        if last == last_count():  # else somebody recounted in between: begin again
            break
    return Count(
        region=region,
        cells=[cell for row in rows if (cell := _cell(row)).heads.total],
        reckoned_on=reckoning.day,
        counted_at=last.counted_at if last else None,
        changes=sum(row.changes for row in rows),
    )


def _cell(row: Row[Any]) -> Cell:
    heads = Heads(row.seen_recently, row.seen_earlier, row.declared)
    return Cell(row.place, row.species, row.sex, row.age_class, heads)


def seen_and_declared(*, by: Actor) -> tuple[int, int]:
    """How many animals the actor may see, by what is known of them.

    The totals of a region are kept; what a keeper owns besides is counted by its index.
    """
    seen = case((PopulationChange.seen_at.is_not(None), PopulationChange.heads), else_=0)
    is_seen = Animal.verification == Verification.SEEN
    owners = [r.keeper_id for r in by.reaches(Permission.ANIMAL_READ) if r.keeper_id]
    both = union_all(
        select(
            (Population.seen_recently + Population.seen_earlier).label("seen"),
            Population.declared.label("declared"),
        ).where(within_reach(by, Permission.ANIMAL_READ, Population.village)),
        select(seen, PopulationChange.heads - seen).where(
            within_reach(by, Permission.ANIMAL_READ, PopulationChange.village)
        ),
        select(case((is_seen, 1), else_=0), case((is_seen, 0), else_=1)).where(
            Animal.keeper_id.in_(owners),
            Animal.state == AnimalState.PRESENT,
            not_(within_reach(by, Permission.ANIMAL_READ, Animal.village)),
        ),
    ).subquery()
    row = db.session.execute(select(_sum(both.c.seen), _sum(both.c.declared))).one()
    return row[0], row[1]


def last_count() -> LastCount | None:
    asked = select(PopulationCount.id, PopulationCount.counted_at, PopulationCount.counted_on)
    return db.session.execute(asked.order_by(PopulationCount.id.desc()).limit(1)).one_or_none()


def reckoning_since(last: LastCount | None) -> Reckoning:
    """As the totals were: else an animal could be taken from a class it was never added to."""
    return Reckoning(last.counted_on if last else today())


def recount_is_due() -> bool:
    """On a new day ages change; and many changes make every count slower."""
    last = last_count()
    if last is None or last.counted_on != today():
        return True
    waiting = select(PopulationChange.id).limit(MANY_CHANGES).subquery()
    return db.session.scalar(select(func.count()).select_from(waiting)) == MANY_CHANGES


def kept_and_changed(reckoning: Reckoning, region: str = "") -> Select[*tuple[Any, ...]]:
    """The kept totals, and each change in their form."""
    seen_at, heads = PopulationChange.seen_at, PopulationChange.heads
    return select(
        union_all(
            select(
                Population.village, Population.species, Population.sex, Population.age_class,
                Population.seen_recently, Population.seen_earlier, Population.declared,
                literal(0).label("changes"),
            ).where(_within(Population.village, region)),
            select(
                PopulationChange.village, PopulationChange.species, PopulationChange.sex,
                reckoning.age_class_of(PopulationChange.birth_date),
                case((seen_at >= reckoning.recent, heads), else_=0),
                case((seen_at < reckoning.recent, heads), else_=0),
                case((seen_at.is_(None), heads), else_=0),
                literal(1),
            ).where(_within(PopulationChange.village, region)),
        ).subquery()
    )  # fmt: skip


def _cells(region: str, reckoning: Reckoning) -> Select[*tuple[Any, ...]]:
    all_of_it = kept_and_changed(reckoning, region).subquery().c
    place = func.substr(all_of_it.village, 1, BELOW[len(region)]).label("place")
    kinds = place, all_of_it.species, all_of_it.sex, all_of_it.age_class
    names = "seen_recently", "seen_earlier", "declared", "changes"
    return select(*kinds, *(_sum(all_of_it[name]).label(name) for name in names)).group_by(*kinds)


def _within(village: InstrumentedAttribute[str], region: str) -> ColumnElement[bool]:
    """As ``within_reach`` says it: "/" follows "." in ASCII."""
    return and_(village >= region, village < (f"{region}/" if region else ":"))


def _sum(column: ColumnElement[int]) -> ColumnElement[int]:
    """PostgreSQL's sums are decimal numbers."""
    return func.coalesce(func.sum(column), 0).cast(BigInteger)
