"""Questions about the vaccine stock."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import ColumnElement, and_, func, or_, select
from sqlalchemy.orm import InstrumentedAttribute

from sijinak.accounts.queries import holders_of
from sijinak.areas.models import Level
from sijinak.areas.queries import regions_within
from sijinak.core.db import db
from sijinak.core.errors import NotFound
from sijinak.core.permissions import Actor, Permission, may, region_lies_in, require, within_reach
from sijinak.vaccinations.models import Product
from sijinak.vaccinations.stock.models import Holding, Lot, Store

OFFICES = {Level.REGENCY, Level.CITY, Level.KECAMATAN}
SEES = (Permission.VACCINE_STOCK, Permission.AUDIT_READ)


@dataclass(frozen=True, slots=True)
class Place:
    """A store or an officer's bag."""

    store_id: UUID | None = None
    officer_id: UUID | None = None

    @property
    def column(self) -> tuple[InstrumentedAttribute[UUID | None], UUID | None]:
        """Of a holding, and what stands in it."""
        if self.store_id is not None:
            return Holding.store_id, self.store_id
        return Holding.officer_id, self.officer_id

    def holds(self, lot_id: UUID) -> ColumnElement[bool]:
        column, value = self.column
        return and_(Holding.lot_id == lot_id, column == value)


@dataclass(frozen=True, slots=True)
class LotFacts:
    id: UUID
    expires_on: date


def lot_number(text: str) -> str:
    """As it stands in the books: capitals, no blanks."""
    return "".join(text.split()).upper()


def lots_named(pairs: Collection[tuple[UUID, str]]) -> dict[tuple[UUID, str], LotFacts]:
    """Lots in the books by product and number, under the spelling that was asked for."""
    wanted = {(product_id, lot_number(text)) for product_id, text in pairs}
    if not wanted:
        return {}
    asked = select(Lot.product_id, Lot.number, Lot.id, Lot.expires_on).where(
        Lot.product_id.in_({product_id for product_id, _ in wanted}),
        Lot.number.in_({number for _, number in wanted}),
    )
    found = {(row[0], row[1]): LotFacts(row[2], row[3]) for row in db.session.execute(asked)}
    return {
        (product_id, text): found[product_id, lot_number(text)]
        for product_id, text in pairs
        if (product_id, lot_number(text)) in found
    }


def products_in_books(product_ids: Collection[UUID]) -> set[UUID]:
    """Those of the products of which any lot is in the books."""
    asked = select(Lot.product_id).where(Lot.product_id.in_(product_ids)).distinct()
    return set(db.session.scalars(asked))


@dataclass(frozen=True, slots=True)
class Limits:
    """Between which tenths of a degree everything that lies together may be kept."""

    coldest: int | None = None
    warmest: int | None = None

    def allow(self, tenths: int) -> bool:
        """What nobody has read from a label is no limit."""
        too_cold = self.coldest is not None and tenths < self.coldest
        too_warm = self.warmest is not None and tenths > self.warmest
        return not (too_cold or too_warm)


def stores(*, by: Actor) -> list[Store]:
    """Those in the actor's reach, by place and name, closed ones too."""
    may_look(by)
    asked = select(Store).where(in_reach(by, Store.region))
    return list(db.session.scalars(asked.order_by(Store.region, Store.name)))


def offices(*, by: Actor) -> list[str]:
    """The codes of the offices and field offices whose stock the actor looks after."""
    reached = {reach.region for reach in by.reaches(Permission.VACCINE_STOCK)}
    return sorted({
        place.code
        for region in reached for place in regions_within(region) if place.level in OFFICES
    })  # fmt: skip


def open_stores() -> list[Store]:
    """Wherever doses may be sent to."""
    asked = select(Store).where(Store.is_active).order_by(Store.region, Store.name)
    return list(db.session.scalars(asked))


def store_by_id(store_id: UUID, *, by: Actor) -> Store:
    """Raises NotFound."""
    may_look(by)
    found = db.session.scalar(select(Store).where(Store.id == store_id, in_reach(by, Store.region)))
    if found is None:
        raise NotFound(store=str(store_id))
    return found


def store_to_change(store_id: UUID, *, by: Actor) -> Store:
    """Raises Forbidden, or NotFound when it is out of reach."""
    require(by, Permission.VACCINE_STOCK)
    inside = within_reach(by, Permission.VACCINE_STOCK, Store.region)
    found = db.session.scalar(select(Store).where(Store.id == store_id, inside))
    if found is None:
        raise NotFound(store=str(store_id))
    return found


def lot_to_correct(lot_id: UUID, *, by: Actor) -> Lot:
    """One that lies, or ever lay, in a store whose stock the actor looks after.

    Raises Forbidden, or NotFound when it is out of reach.
    """
    require(by, Permission.VACCINE_STOCK)
    found = db.session.get(Lot, lot_id)
    if found is None or not lay_in_own_store(lot_id, by=by):
        raise NotFound(lot=str(lot_id))
    return found


def lay_in_own_store(lot_id: UUID, *, by: Actor) -> bool:
    """Whether it lies, or ever lay, in a store whose stock the actor looks after."""
    mine = within_reach(by, Permission.VACCINE_STOCK, Store.region)
    asked = select(Holding.id).join(Store, Store.id == Holding.store_id)
    return db.session.scalar(asked.where(Holding.lot_id == lot_id, mine).limit(1)) is not None


def vaccinators_of(region: str) -> dict[UUID, str]:
    """Who may give doses of a store there today, by name."""
    return {
        user_id: name for user_id, name, office in holders_of(Permission.VACCINATION_RECORD)
        if region_lies_in(office, region) or region_lies_in(region, office)
    }  # fmt: skip


def vaccinators(*, by: Actor) -> dict[UUID, str]:
    """Those whose bags the actor looks after, by name."""
    may_look(by)
    reached = {reach.region for permission in SEES for reach in by.reaches(permission)}
    return {key: name for region in reached for key, name in vaccinators_of(region).items()}


def who_is_told(region: str) -> list[str]:
    """The ids of those who look after the stock there: the alarm stands on their first page."""
    holders = holders_of(Permission.VACCINE_STOCK)
    return sorted(
        {str(user_id) for user_id, _, office in holders if region_lies_in(region, office)}
    )


def limits_inside(place: Place) -> Limits:
    """The narrowest limits of the products that lie there now."""
    column, value = place.column
    asked = (
        select(func.max(Product.coldest), func.min(Product.warmest))
        .join(Lot, Lot.product_id == Product.id)
        .join(Holding, Holding.lot_id == Lot.id)
        .where(column == value, Holding.doses > 0)
    )
    return Limits(*db.session.execute(asked).one())


def may_look(by: Actor) -> None:
    """Raises Forbidden. Auditors look, too."""
    if not may(by, Permission.AUDIT_READ):
        require(by, Permission.VACCINE_STOCK)


def in_reach(by: Actor, region: InstrumentedAttribute[str]) -> ColumnElement[bool]:
    return or_(*(within_reach(by, permission, region) for permission in SEES))
