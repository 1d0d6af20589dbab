"""What lies where now, what expires soon, and what the thermometers showed."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import Select, exists, func, or_, select

from sijinak.core.clock import now, today
from sijinak.core.db import db
from sijinak.core.errors import NotFound
from sijinak.core.events import Event
from sijinak.core.permissions import Actor
from sijinak.vaccinations.models import Product
from sijinak.vaccinations.stock.models import (
    ColdReading,
    DoseMove,
    Holding,
    Lot,
    Minutes,
    Store,
    WasteReason,
)
from sijinak.vaccinations.stock.queries import (
    Place,
    in_reach,
    may_look,
    store_by_id,
    vaccinators,
)

SOON_DAYS = (30, 60, 90)
ALARM_DAYS = 7  # so long an alarm stands on the first page


@dataclass(frozen=True, slots=True)
class Lying:
    """Doses of a lot in one place."""

    lot_id: UUID
    number: str
    expires_on: date
    product: str
    product_id: UUID
    doses: int

    @property
    def days_left(self) -> int:
        """Below zero when it may no longer be given."""
        return (self.expires_on - today()).days


@dataclass(frozen=True, slots=True)
class Read:
    """A reading, and whether it was outside the limits of what lay there then."""

    reading: ColdReading
    is_outside: bool
    told: int


_LYING = (
    select(Lot.id, Lot.number, Lot.expires_on, Product.name, Product.id, Holding.doses)
    .join(Lot, Lot.id == Holding.lot_id)
    .join(Product, Product.id == Lot.product_id)
    .order_by(Product.name, Lot.expires_on, Lot.number)
)


def lying_in(place: Place) -> list[Lying]:
    """What first expires first, of each product; a bag may owe some. The caller has asked."""
    column, value = place.column
    asked = _LYING.where(column == value, Holding.doses != 0)
    return [Lying(*row) for row in db.session.execute(asked)]


def doses_in_stores(stores: Sequence[Store]) -> dict[UUID, tuple[int, int]]:
    """Of each store with any: how many lots, how many doses."""
    asked = (
        select(Holding.store_id, func.count(), func.sum(Holding.doses))
        .where(Holding.store_id.in_([store.id for store in stores]), Holding.doses > 0)
        .group_by(Holding.store_id)
    )
    return {row[0]: (row[1], int(row[2])) for row in db.session.execute(asked) if row[0]}


def doses_in_bags(officer_ids: Sequence[UUID]) -> dict[UUID, tuple[int, int]]:
    """Of each officer with any: doses that are there, doses that the books miss."""
    missing = func.sum(func.abs(Holding.doses)).filter(Holding.doses < 0)
    asked = (
        select(Holding.officer_id, func.sum(Holding.doses).filter(Holding.doses > 0), missing)
        .where(Holding.officer_id.in_(officer_ids), Holding.doses != 0)
        .group_by(Holding.officer_id)
    )
    rows = db.session.execute(asked)
    return {row[0]: (int(row[1] or 0), int(row[2] or 0)) for row in rows if row[0]}


def ending(*, by: Actor, days: int = SOON_DAYS[-1]) -> list[tuple[Store, Lying]]:
    """What expires within so many days, or has expired and still lies in a store in reach."""
    may_look(by)
    until = today() + timedelta(days=days)
    asked = (
        _LYING.add_columns(Store)
        .join(Store, Store.id == Holding.store_id)
        .where(in_reach(by, Store.region), Holding.doses > 0, Lot.expires_on <= until)
        .order_by(None)
        .order_by(Lot.expires_on, Product.name, Store.name)
    )
    return [(row[6], Lying(*row[:6])) for row in db.session.execute(asked)]


def lot_by_id(lot_id: UUID, *, by: Actor) -> tuple[Lot, Product]:
    """One that ever lay in a store in reach, or whose doses moved there. Raises NotFound."""
    may_look(by)
    lay = exists().where(
        Holding.lot_id == Lot.id, Holding.store_id == Store.id, in_reach(by, Store.region)
    )
    moved = exists().where(DoseMove.lot_id == Lot.id, in_reach(by, DoseMove.region))
    asked = select(Lot, Product).join(Product, Product.id == Lot.product_id)
    row = db.session.execute(asked.where(Lot.id == lot_id, or_(lay, moved))).one_or_none()
    if row is None:
        raise NotFound(lot=str(lot_id))
    return row[0], row[1]


def corrections_of(lot_id: UUID) -> list[Event]:
    """Of its expiry day, newest first. The caller has asked for the lot."""
    asked = select(Event).where(
        Event.subject_id == lot_id, Event.name == "vaccine.lot-day-corrected"
    )
    return list(db.session.scalars(asked.order_by(Event.happened_at.desc(), Event.id.desc())))


def places_of(lot_id: UUID, *, by: Actor) -> list[tuple[Store | None, UUID | None, int]]:
    """Where doses of a lot lie, in reach: store, or officer; and how many."""
    asked = (
        select(Store, Holding.officer_id, Holding.doses)
        .select_from(Holding)
        .outerjoin(Store, Store.id == Holding.store_id)
        .where(Holding.lot_id == lot_id, Holding.doses != 0)
        .where(or_(in_reach(by, Store.region), Holding.officer_id.in_(vaccinators(by=by))))
        .order_by(Store.name, Holding.officer_id)
    )
    return [(row[0], row[1], row[2]) for row in db.session.execute(asked)]


def readings_of(place: Place, most: int = 20) -> list[Read]:
    """Newest first. The caller has asked for the place."""
    own = (
        ColdReading.store_id == place.store_id
        if place.store_id
        else ColdReading.officer_id == place.officer_id
    )
    asked = select(ColdReading).where(own).order_by(ColdReading.read_at.desc()).limit(most)
    found = list(db.session.scalars(asked))
    alarms = select(Event.subject_id, Event.facts).where(
        Event.subject_id.in_([one.id for one in found]), Event.name == "cold.out-of-range"
    )
    told = {row[0]: len(row[1].get("told", ())) for row in db.session.execute(alarms)}
    return [Read(one, one.id in told, told.get(one.id, 0)) for one in found]


def cold_alarms(*, by: Actor) -> list[ColdReading]:
    """Of the last days, in the actor's reach: newest first."""
    may_look(by)
    asked: Select[Any] = (
        select(ColdReading)
        .join(Event, Event.subject_id == ColdReading.id)
        .where(Event.name == "cold.out-of-range", in_reach(by, ColdReading.region))
        .where(ColdReading.read_at >= now() - timedelta(days=ALARM_DAYS))
        .order_by(ColdReading.read_at.desc())
    )
    return list(db.session.scalars(asked))


def minutes_by_id(minutes_id: UUID, *, by: Actor) -> tuple[Minutes, Store]:
    """Raises NotFound."""
    may_look(by)
    found = db.session.get(Minutes, minutes_id)
    if found is None:
        raise NotFound(minutes=str(minutes_id))
    return found, store_by_id(found.store_id, by=by)


def minutes_of(store_id: UUID) -> list[Minutes]:
    """Newest first. The caller has asked for the store."""
    asked = select(Minutes).where(Minutes.store_id == store_id)
    return list(db.session.scalars(asked.order_by(Minutes.destroyed_on.desc(), Minutes.id.desc())))


def destroyed_by(minutes_id: UUID) -> list[Lying]:
    """The lots of a destruction, and how many doses of each."""
    asked = (
        select(Lot.id, Lot.number, Lot.expires_on, Product.name, Product.id, DoseMove.doses)
        .join(Lot, Lot.id == DoseMove.lot_id)
        .join(Product, Product.id == Lot.product_id)
        .where(DoseMove.minutes_id == minutes_id)
        .order_by(Product.name, Lot.number)
    )
    return [Lying(*row) for row in db.session.execute(asked)]


def why_destroyed(minutes_id: UUID) -> tuple[WasteReason | None, str]:
    """One reason for all lots of the minutes, and the words beside it."""
    asked = select(DoseMove.reason, DoseMove.note).where(DoseMove.minutes_id == minutes_id)
    row = db.session.execute(asked.limit(1)).one()
    return row[0], row[1]
