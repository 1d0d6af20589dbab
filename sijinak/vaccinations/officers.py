"""What one officer gave of each lot, and whether whole vials explain it. Figures, no verdict."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from sqlalchemy import ColumnElement, and_, case, func, select

from sijinak.core.clock import today
from sijinak.core.db import db
from sijinak.core.errors import NotFound
from sijinak.core.permissions import Actor, Permission, require, within_reach
from sijinak.vaccinations.findings.models import Finding
from sijinak.vaccinations.models import Product, ReadBy, Standing, Vaccination, VaccinationAct
from sijinak.vaccinations.stock.models import DoseMove, Holding, Lot, MoveKind

DAYS = 90
GONE = (MoveKind.USED, MoveKind.WASTED)


@dataclass(frozen=True, slots=True)
class Work:
    """Of the last days: doses, the share of typed codes of those from a phone, findings."""

    name: str
    doses: int
    from_phone: int
    typed: int
    open_findings: int
    findings: int


@dataclass(frozen=True, slots=True)
class Vials:
    """Of one lot on one officer's days. ``per_vial`` None: nobody has read the label yet.

    A vial that was opened is used up or thrown away on its day: what is left of whole vials is
    what nobody wrote down.
    """

    product: str
    lot: str
    used: int
    wasted: int
    per_vial: int | None
    unexplained: int


def work_of(officer_id: UUID, *, by: Actor) -> Work:
    """Raises NotFound: when nothing in reach is by this officer."""
    require(by, Permission.FINDING_READ)
    found = select(func.count(), func.count(Finding.settled_at), func.max(Finding.officer_name))
    mine = and_(
        Finding.officer_id == officer_id, within_reach(by, Permission.FINDING_READ, Finding.region)
    )
    total, settled, name = db.session.execute(found.where(mine)).one()
    phone = func.count(Vaccination.read_by)
    typed = func.sum(case((Vaccination.read_by == ReadBy.TYPED, 1), else_=0))
    given = (
        select(func.count(), phone, typed, func.max(VaccinationAct.vaccinator_name))
        .select_from(Vaccination)
        .join(VaccinationAct, VaccinationAct.id == Vaccination.act_id)
        .where(_of(officer_id, by), Vaccination.standing != Standing.WITHDRAWN)
    )
    doses, from_phone, typed_ones, by_name = db.session.execute(given).one()
    if not total and not doses:
        raise NotFound(officer_id=str(officer_id))
    return Work(by_name or name, doses, from_phone, typed_ones or 0, total - settled, total)


def vials_of(officer_id: UUID, *, by: Actor) -> list[Vials]:
    """By product and lot. What is not explained is summed over days."""
    require(by, Permission.FINDING_READ)
    label = (Product.name, Lot.number, Product.doses_per_vial)
    same = (*label, DoseMove.moved_on, DoseMove.kind)
    asked = (
        select(*same, func.sum(DoseMove.doses))
        .join(Lot, Lot.id == DoseMove.lot_id)
        .join(Product, Product.id == Lot.product_id)
        .join(Holding, Holding.id == DoseMove.from_holding_id)
        .where(Holding.officer_id == officer_id, DoseMove.kind.in_(GONE))
        .where(DoseMove.moved_on >= _since(), _in_reach(by))
        .group_by(*same)
        .order_by(Product.name, Lot.number)
    )  # fmt: skip
    lots: dict[tuple[str, str, int | None], dict[date, dict[MoveKind, int]]] = defaultdict(dict)
    for name, number, per_vial, day, kind, doses in db.session.execute(asked):
        lots[name, number, per_vial].setdefault(day, {})[kind] = int(doses)
    return [_vials(*lot, days.values()) for lot, days in lots.items()]


def _vials(
    product: str, lot: str, per_vial: int | None, days: Iterable[dict[MoveKind, int]]
) -> Vials:
    sums = [(day.get(MoveKind.USED, 0), day.get(MoveKind.WASTED, 0)) for day in days]
    loose = sum(-(used + wasted) % per_vial for used, wasted in sums) if per_vial else 0
    used, wasted = (sum(column) for column in zip(*sums, strict=True))
    return Vials(product, lot, used, wasted, per_vial, loose)


def _of(officer_id: UUID, by: Actor) -> ColumnElement[bool]:
    mine = and_(VaccinationAct.vaccinator_id == officer_id, VaccinationAct.given_on >= _since())
    return and_(mine, within_reach(by, Permission.FINDING_READ, VaccinationAct.region))


def _in_reach(by: Actor) -> ColumnElement[bool]:
    return within_reach(by, Permission.FINDING_READ, DoseMove.region)


def _since() -> date:
    return today() - timedelta(days=DAYS)
