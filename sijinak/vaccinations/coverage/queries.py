"""How many of the animals that were to be vaccinated were: counted by the database, by village."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from sqlalchemy import (
    CTE,
    ColumnElement,
    Select,
    String,
    Subquery,
    and_,
    case,
    cast,
    exists,
    func,
    or_,
    select,
    union_all,
)
from sqlalchemy.orm import InstrumentedAttribute, aliased

from sijinak.animals.models import Animal
from sijinak.areas.queries import full_name
from sijinak.core.clock import today
from sijinak.core.db import db
from sijinak.core.permissions import Actor, Permission, require, within_reach
from sijinak.vaccinations.campaigns.models import Campaign, CampaignState
from sijinak.vaccinations.campaigns.queries import outbreak_villages, villages_of
from sijinak.vaccinations.models import Disease, Standing, Vaccination
from sijinak.vaccinations.queries import COUNTS
from sijinak.vaccinations.visits.models import HeadCount, Outcome, VisitResult

READ = Permission.VACCINATION_READ
AFTER_THE_DAY = len("2026-11-22 ") + 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """A disease, between two days. ``villages`` None: all that lie in ``region``."""

    disease: Disease
    first: date
    last: date
    region: str = ""
    villages: Collection[str] | None = None

    def covers(self, village: InstrumentedAttribute[str], *, by: Actor) -> ColumnElement[bool]:
        inside = within_reach(by, READ, village)
        if self.villages is not None:
            return and_(village.in_(self.villages), inside)
        return and_(village >= self.region, village < (self.region or ":") + "/", inside)


@dataclass(slots=True)
class Line:
    """One village. What was not vaccinated is counted by the last visit."""

    village: str
    animals: int = 0  # registered ones with a dose that counts, each once
    heads: int = 0  # declared ones that were counted
    missed: dict[Outcome, int] = field(default_factory=dict)
    target: int | None = None
    had_outbreak: bool = False

    @property
    def done(self) -> int:
        return self.animals + self.heads

    @property
    def to_do(self) -> int:
        """All that were to be reached, as far as somebody was there."""
        return self.done + sum(self.missed.values())

    @property
    def percent(self) -> int | None:
        """Rounded down: 79.9 does not reach a goal of 80. None where nobody has been."""
        return 100 * self.done // self.to_do if self.to_do else None

    @property
    def percent_of_target(self) -> int | None:
        """Rounded down; also those nobody went to are missing. None without a target."""
        return 100 * self.done // self.target if self.target else None

    def reaches(self, goal: int) -> bool:
        return self.percent is not None and self.percent >= goal


def coverage_of(campaign: Campaign, *, by: Actor) -> list[Line]:
    """The campaign's villages in reach, also those where nobody has been; urgent ones first."""
    wanted = villages_of(campaign, by=by)
    last = max(campaign.ends_on, today()) if _runs(campaign) else campaign.ends_on
    question = Question(
        disease=campaign.disease,
        first=campaign.starts_on,
        last=last,
        villages=[row.village for row in wanted],
    )
    found = {line.village: line for line in _counted(question, by=by)}
    for row in wanted:
        found.setdefault(row.village, Line(row.village)).target = row.target_heads
    return _ordered(found.values(), campaign.disease, campaign.goal_percent)


def coverage_between(question: Question, goal: int, *, by: Actor) -> list[Line]:
    """Every village in reach where something was recorded; urgent ones first."""
    require(by, READ)
    return _ordered(_counted(question, by=by), question.disease, goal)


def sum_of(lines: Iterable[Line]) -> Line:
    total = Line("")
    for line in lines:
        total.animals += line.animals
        total.heads += line.heads
        for outcome, heads in line.missed.items():
            total.missed[outcome] = total.missed.get(outcome, 0) + heads
        if line.target is not None:
            total.target = (total.target or 0) + line.target
    return total


def _runs(campaign: Campaign) -> bool:
    return campaign.state is CampaignState.OPEN


def _ordered(lines: Iterable[Line], disease: Disease, goal: int) -> list[Line]:
    """Below the goal first, and of these those where the disease has been."""
    known, kept = outbreak_villages(disease), list(lines)
    for line in kept:
        line.had_outbreak = line.village in known
    return sorted(
        kept,
        key=lambda line: (
            line.reaches(goal), not line.had_outbreak, line.percent or 0, full_name(line.village)
        ),
    )  # fmt: skip


def _counted(question: Question, *, by: Actor) -> list[Line]:
    found: dict[str, Line] = {}
    if question.villages is not None and not question.villages:
        return []
    for village, count in db.session.execute(_done(question, by=by)):
        found.setdefault(village, Line(village)).animals = count
    for village, heads in db.session.execute(_heads(question, by=by)):
        found.setdefault(village, Line(village)).heads = int(heads)
    missed = union_all(_missed_animals(question, by=by), _missed_heads(question, by=by))
    for village, outcome, heads in db.session.execute(missed):
        line = found.setdefault(village, Line(village))
        kind = Outcome(outcome)
        line.missed[kind] = line.missed.get(kind, 0) + int(heads)
    return list(found.values())


def _merged() -> CTE:
    """Records that were merged into another; few, and read once."""
    asked = select(Animal.id, Animal.merged_into_id).where(Animal.merged_into_id.is_not(None))
    return asked.cte("merged")


def _done(question: Question, *, by: Actor) -> Select[*tuple[str, int]]:
    """Animals with a dose that counts, each once: in the village of its last dose."""
    gone = _merged()
    animal = func.coalesce(gone.c.merged_into_id, Vaccination.animal_id)
    latest = func.max(cast(Vaccination.given_on, String) + " " + Vaccination.village)
    each = (
        select(func.substr(latest, AFTER_THE_DAY).label("village"))
        .select_from(Vaccination)
        .outerjoin(gone, gone.c.id == Vaccination.animal_id)
        .where(
            question.covers(Vaccination.village, by=by),
            Vaccination.disease == question.disease,
            Vaccination.given_on.between(question.first, question.last),
            COUNTS,
        )
        .group_by(animal)
        .subquery()
    )
    return select(each.c.village, func.count()).group_by(each.c.village)


def _heads(question: Question, *, by: Actor) -> Select[*tuple[str, int]]:
    counted = select(HeadCount.village, func.sum(HeadCount.heads)).where(
        question.covers(HeadCount.village, by=by),
        HeadCount.disease == question.disease,
        HeadCount.given_on.between(question.first, question.last),
        HeadCount.standing == Standing.COUNTS,
    )
    return counted.group_by(HeadCount.village)


def _missed_animals(question: Question, *, by: Actor) -> Select[Any]:
    """Animals by their last result, without those that got a dose before or after it."""
    gone = _merged()
    animal = func.coalesce(gone.c.merged_into_id, VisitResult.animal_id)
    told = _results(question, by=by).add_columns(animal.label("animal"), _newest(animal))
    told = told.outerjoin(gone, gone.c.id == VisitResult.animal_id)
    last = told.where(VisitResult.animal_id.is_not(None)).subquery()
    entry = aliased(Animal)
    same = or_(entry.id == last.c.animal, entry.merged_into_id == last.c.animal)
    dose = (
        exists()
        .where(same)
        .where(Vaccination.animal_id == entry.id)
        .where(Vaccination.disease == question.disease)
        .where(Vaccination.given_on.between(question.first, question.last), COUNTS)
    )
    return _summed(last).where(~dose)


def _missed_heads(question: Question, *, by: Actor) -> Select[Any]:
    """By the last word about an owner's animals of a species; a later head count ends it.

    Where no owner is named, the officer who was there stands for one.
    """
    kind = (VisitResult.village, VisitResult.species, VisitResult.keeper_id, _stands_for_owner())
    told = _results(question, by=by).add_columns(
        VisitResult.species, VisitResult.keeper_id, VisitResult.found_on, _newest(*kind)
    )
    last = told.where(VisitResult.animal_id.is_(None)).subquery()
    done = (
        exists()
        .where(HeadCount.village == last.c.village, HeadCount.disease == question.disease)
        .where(HeadCount.given_on > last.c.found_on, HeadCount.given_on <= question.last)
        .where(HeadCount.keeper_id == last.c.keeper_id, HeadCount.species == last.c.species)
        .where(HeadCount.standing == Standing.COUNTS)
    )
    return _summed(last).where(~done)


def _results(question: Question, *, by: Actor) -> Select[*tuple[str, Outcome, int]]:
    return select(VisitResult.village, VisitResult.outcome, VisitResult.heads).where(
        question.covers(VisitResult.village, by=by),
        VisitResult.disease == question.disease,
        VisitResult.found_on.between(question.first, question.last),
        VisitResult.standing == Standing.COUNTS,
    )


def _stands_for_owner() -> ColumnElement[Any]:
    return case((VisitResult.keeper_id.is_(None), VisitResult.by_id), else_=None)


def _newest(*kind: Any) -> ColumnElement[int]:
    order = VisitResult.found_at.desc(), VisitResult.id.desc()
    return func.row_number().over(partition_by=kind, order_by=order).label("place")


def _summed(last: Subquery) -> Select[Any]:
    heads = func.sum(last.c.heads)
    asked: Select[Any] = select(last.c.village, last.c.outcome, heads).where(last.c.place == 1)
    return asked.group_by(last.c.village, last.c.outcome)
