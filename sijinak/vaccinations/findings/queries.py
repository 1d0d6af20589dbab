"""Questions about findings."""

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import ColumnElement, func, or_, select
from sqlalchemy.orm import aliased

from sijinak.animals.models import Animal
from sijinak.core.db import db
from sijinak.core.errors import NotFound
from sijinak.core.paging import START, Page, Place, page_of
from sijinak.core.permissions import Actor, Permission, require, within_reach
from sijinak.vaccinations.findings.models import Finding, FindingKind
from sijinak.vaccinations.models import Standing, Vaccination, VaccinationAct

MOST_OFFICERS = 200
Dose = tuple[Vaccination, VaccinationAct]


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """Which findings of a list are wanted. ``region`` covers all below it."""

    is_open: bool = True
    kind: FindingKind | None = None
    officer_id: UUID | None = None
    region: str = ""


OPEN = Wanted()


def findings(*, by: Actor, wanted: Wanted = OPEN, place: Place = START) -> Page[Finding]:
    """Those in reach, the newest first."""
    require(by, Permission.FINDING_READ)
    asked = select(Finding).where(_seen_by(by), _is_open(wanted.is_open))
    if wanted.kind:
        asked = asked.where(Finding.kind == wanted.kind)
    if wanted.officer_id:
        asked = asked.where(Finding.officer_id == wanted.officer_id)
    if wanted.region:
        inside = Finding.region.between(wanted.region, wanted.region + "/")
        asked = asked.where(inside)
    return page_of(asked, Finding.id, place)


def finding_by_id(finding_id: UUID, *, by: Actor) -> Finding:
    require(by, Permission.FINDING_READ)
    found = db.session.scalar(select(Finding).where(Finding.id == finding_id, _seen_by(by)))
    if found is None:
        raise NotFound(finding_id=str(finding_id))
    return found


def finding_to_settle(finding_id: UUID, *, by: Actor) -> Finding:
    """Held until the end, as it is now. Raises NotFound."""
    require(by, Permission.FINDING_SETTLE)
    reached = within_reach(by, Permission.FINDING_SETTLE, Finding.region)
    asked = select(Finding).where(Finding.id == finding_id, reached)
    found = db.session.scalar(
        asked.with_for_update().execution_options(populate_existing=True),
    )
    if found is None:
        raise NotFound(finding_id=str(finding_id))
    return found


def is_about(finding: Finding, *, by: Actor) -> bool:
    """It tells what this person recorded; of a double, one of the two doses is enough."""
    if finding.officer_id == by.id:
        return True
    return any(act.vaccinator_id == by.id for _dose, act in twins_of(finding))


def twins_of(finding: Finding) -> list[Dose]:
    """Of a double: all doses of that animal against that disease on that day, but withdrawn ones.

    Two records of one animal that were merged meanwhile count as one animal.
    """
    if finding.kind is not FindingKind.DOUBLE:
        return []
    one = db.session.get(Vaccination, finding.subject_id)
    if one is None:
        return []
    entry = aliased(Animal)
    stands = func.coalesce(Animal.merged_into_id, Animal.id)
    same = select(func.coalesce(entry.merged_into_id, entry.id)).where(entry.id == one.animal_id)
    asked = (
        select(Vaccination, VaccinationAct)
        .join(VaccinationAct, VaccinationAct.id == Vaccination.act_id)
        .join(Animal, Animal.id == Vaccination.animal_id)
        .where(
            Vaccination.disease == one.disease,
            Vaccination.given_on == one.given_on,
            Vaccination.standing != Standing.WITHDRAWN,
            or_(Vaccination.id == one.id, stands == same.scalar_subquery()),
        )
        .order_by(Vaccination.given_at, Vaccination.id)
        .execution_options(populate_existing=True)
    )
    return [(dose, act) for dose, act in db.session.execute(asked)]


def officers_found(*, by: Actor) -> list[tuple[UUID, str]]:
    """Whom the findings in reach are about, by name."""
    asked = select(Finding.officer_id, func.max(Finding.officer_name)).where(_seen_by(by))
    rows = db.session.execute(asked.group_by(Finding.officer_id).limit(MOST_OFFICERS))
    return sorted(((row[0], row[1]) for row in rows), key=lambda row: row[1])


def count_open_findings(*, by: Actor) -> int:
    asked = select(func.count()).select_from(Finding).where(_seen_by(by), _is_open(True))
    return db.session.scalar(asked) or 0


def findings_of_act(act_id: UUID, *, by: Actor) -> list[Finding]:
    """For the page of an act; open ones first. Empty for those who see no findings."""
    asked = select(Finding).where(Finding.act_id == act_id, _seen_by(by))
    return list(db.session.scalars(asked.order_by(Finding.settled_at.is_not(None), Finding.id)))


def _is_open(is_open: bool) -> ColumnElement[bool]:  # noqa: FBT001 - says what it is
    return Finding.settled_at.is_(None) if is_open else Finding.settled_at.is_not(None)


def _seen_by(by: Actor) -> ColumnElement[bool]:
    return within_reach(by, Permission.FINDING_READ, Finding.region)
