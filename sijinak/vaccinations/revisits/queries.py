"""Questions about draws and second visits."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import ColumnElement, Select, case, func, or_, select
from sqlalchemy.orm import undefer

from sijinak.animals.queries import AnimalFacts, animals_by_ids
from sijinak.core.db import db
from sijinak.core.errors import NotFound
from sijinak.core.paging import START, Page, Place, page_of
from sijinak.core.permissions import (
    Actor,
    Permission,
    may,
    region_lies_in,
    require,
    within_reach,
)
from sijinak.vaccinations.models import Vaccination, VaccinationAct
from sijinak.vaccinations.revisits.drawing import unpacked
from sijinak.vaccinations.revisits.models import Draw, Revisit, RevisitResult

SEES = (Permission.REVISIT_DRAW, Permission.REVISIT_RECORD, Permission.FINDING_READ)


@dataclass(frozen=True, slots=True)
class Tally:
    """How far the visits of a draw are."""

    chosen: int = 0
    confirmed: int = 0
    bad: int = 0

    @property
    def left(self) -> int:
        return self.chosen - self.confirmed - self.bad


@dataclass(frozen=True, slots=True)
class Visit:
    """One dose to visit again. ``animal`` is None for a record without a live tag."""

    revisit: Revisit
    dose: Vaccination
    act: VaccinationAct
    animal: AnimalFacts | None


_ROWS = (
    select(Revisit, Vaccination, VaccinationAct)
    .join(Vaccination, Vaccination.id == Revisit.vaccination_id)
    .join(VaccinationAct, VaccinationAct.id == Vaccination.act_id)
)


def draws(*, by: Actor, place: Place = START) -> Page[Draw]:
    """All that touch the actor's area, also those of a larger region that holds it."""
    _ask(by)
    return page_of(select(Draw).where(_touches(by)), Draw.id, place)


def draw_by_id(draw_id: UUID, *, by: Actor) -> Draw:
    _ask(by)
    found = db.session.scalar(select(Draw).where(Draw.id == draw_id, _touches(by)))
    if found is None:
        raise NotFound(draw_id=str(draw_id))
    return found


def beside(draw: Draw) -> list[Draw]:
    """Other draws whose days and region overlap: nobody draws until the result pleases."""
    asked = select(Draw).where(
        Draw.id != draw.id,
        Draw.first_day <= draw.last_day,
        Draw.last_day >= draw.first_day,
    )
    found = db.session.scalars(asked.order_by(Draw.id))
    return [one for one in found if _nested(one.region, draw.region)]


def draw_to_change(draw_id: UUID, *, by: Actor) -> Draw:
    """Held until the end, as it is now. Raises NotFound."""
    require(by, Permission.REVISIT_DRAW)
    reached = within_reach(by, Permission.REVISIT_DRAW, Draw.region)
    asked = select(Draw).where(Draw.id == draw_id, reached)
    found = db.session.scalar(asked.with_for_update().execution_options(populate_existing=True))
    if found is None:
        raise NotFound(draw_id=str(draw_id))
    return found


def population_of(draw: Draw) -> list[UUID]:
    """What it was drawn from, sorted; ids alone, which say nothing of anybody."""
    asked = select(Draw).where(Draw.id == draw.id).options(undefer(Draw.population))
    found = db.session.scalar(asked.execution_options(populate_existing=True))
    return unpacked(found.population) if found else []


def tallies(draw_ids: Sequence[UUID]) -> dict[UUID, Tally]:
    good = case((Revisit.result == RevisitResult.CONFIRMED, 1), else_=0)
    bad = case((Revisit.result.is_(None), 0), else_=1) - good
    asked = select(Revisit.draw_id, func.count(), func.sum(good), func.sum(bad))
    rows = db.session.execute(asked.where(Revisit.draw_id.in_(draw_ids)).group_by(Revisit.draw_id))
    return {row[0]: Tally(row[1], int(row[2]), int(row[3])) for row in rows}


def visits_of(draw: Draw, *, by: Actor) -> list[Visit]:
    """Those in reach, what is still to be visited first, by village."""
    reached = or_(*(within_reach(by, permission, Vaccination.village) for permission in SEES))
    asked = _ROWS.where(Revisit.draw_id == draw.id, reached)
    order = (Revisit.result.is_not(None), Vaccination.village, Revisit.id)
    return _visits(asked.order_by(*order))


def visit_by_id(revisit_id: UUID, *, by: Actor) -> Visit:
    _ask(by)
    reached = or_(*(within_reach(by, permission, Vaccination.village) for permission in SEES))
    found = _visits(_ROWS.where(Revisit.id == revisit_id, reached))
    if not found:
        raise NotFound(revisit_id=str(revisit_id))
    return found[0]


def revisit_to_change(
    revisit_id: UUID, *, by: Actor
) -> tuple[Revisit, Vaccination, VaccinationAct]:
    """Held until the end. Raises NotFound."""
    require(by, Permission.REVISIT_RECORD)
    reached = within_reach(by, Permission.REVISIT_RECORD, Vaccination.village)
    asked = _ROWS.where(Revisit.id == revisit_id, reached).with_for_update(of=Revisit)
    row = db.session.execute(asked.execution_options(populate_existing=True)).one_or_none()
    if row is None:
        raise NotFound(revisit_id=str(revisit_id))
    return row[0], row[1], row[2]


def visits_left(*, by: Actor) -> int:
    """For the home page of those who make them: doses of others that wait for a visit."""
    asked = (
        select(func.count())
        .select_from(Revisit)
        .join(Vaccination, Vaccination.id == Revisit.vaccination_id)
        .join(VaccinationAct, VaccinationAct.id == Vaccination.act_id)
        .where(Revisit.result.is_(None), VaccinationAct.vaccinator_id != by.id)
        .where(within_reach(by, Permission.REVISIT_RECORD, Vaccination.village))
    )
    return db.session.scalar(asked) or 0


def _visits(asked: Select[Revisit, Vaccination, VaccinationAct]) -> list[Visit]:
    rows = db.session.execute(asked).all()
    facts = animals_by_ids([dose.animal_id for _revisit, dose, _act in rows])
    return [Visit(one, dose, act, facts.get(dose.animal_id)) for one, dose, act in rows]


def _ask(by: Actor) -> None:
    if not any(may(by, permission) for permission in SEES):
        require(by, Permission.REVISIT_RECORD)


def _touches(by: Actor) -> ColumnElement[bool]:
    inside = [within_reach(by, permission, Draw.region) for permission in SEES]
    reaches = {reach.region for permission in SEES for reach in by.reaches(permission)}
    above = {
        ".".join(region.split(".")[:n])
        for region in reaches
        for n in range(1, region.count(".") + 2)
    }
    return or_(*inside, Draw.region.in_(above))


def _nested(one: str, other: str) -> bool:
    return region_lies_in(one, other) or region_lies_in(other, one)
