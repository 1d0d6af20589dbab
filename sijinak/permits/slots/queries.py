"""Questions about slots."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import select

from sijinak.areas.models import Port
from sijinak.areas.queries import ports
from sijinak.core.clock import today
from sijinak.core.db import db
from sijinak.core.errors import Conflict, NotFound
from sijinak.core.permissions import Actor, Permission, may, require, within_reach
from sijinak.keepers.models import Keeper
from sijinak.permits.models import Permit
from sijinak.permits.slots.models import SlotBooking, SlotDay


class SlotMissing(Conflict):
    """The port counts on that day, and the permit has no place. Facts: ``port``, ``day``."""

    code = "slot-missing"


@dataclass(frozen=True, slots=True)
class Booked:
    """One place of a day, and whose it is."""

    booking: SlotBooking
    permit: Permit
    firm: str


def slot_of(permit_id: UUID) -> SlotBooking | None:
    """The place that a permit has now."""
    asked = select(SlotBooking).where(SlotBooking.permit_id == permit_id, SlotBooking.is_live)
    return db.session.scalar(asked.execution_options(populate_existing=True))


def earlier_slots_of(permit_id: UUID) -> Sequence[SlotBooking]:
    """Places it had before, with why they ended."""
    asked = select(SlotBooking).where(SlotBooking.permit_id == permit_id, ~SlotBooking.is_live)
    return db.session.scalars(asked.order_by(SlotBooking.id)).all()


def refuse_without_slot(permit: Permit, port: str, day: date) -> None:
    """Raises SlotMissing when the port counts that day and the permit has no place on it."""
    if slot_day(port, day) is None:
        return
    slot = slot_of(permit.id)
    if slot is None or (slot.slot_day.port, slot.slot_day.day) != (port, day):
        raise SlotMissing(port=port, day=day)


def slot_day(port: str, day: date) -> SlotDay | None:
    """None where nobody counts."""
    asked = select(SlotDay).where(
        SlotDay.port == port, SlotDay.day == day, SlotDay.capacity.is_not(None)
    )
    return db.session.scalar(asked.execution_options(populate_existing=True))


def counted_days(port: str, first: date, last: date) -> list[SlotDay]:
    asked = select(SlotDay).where(
        SlotDay.port == port, SlotDay.day.between(first, last), SlotDay.capacity.is_not(None)
    )
    return list(
        db.session.scalars(asked.order_by(SlotDay.day).execution_options(populate_existing=True))
    )


def days_to_choose(permit: Permit, most: int = 60) -> list[SlotDay]:
    """From today to the end of the permit's validity, full days too."""
    last = permit.valid_until or date.max
    return counted_days(permit.port, today(), last)[:most]


def booked_on(day: SlotDay) -> list[Booked]:
    """In the order in which they booked."""
    rows = db.session.execute(
        select(SlotBooking, Permit, Keeper.name)
        .join(Permit, Permit.id == SlotBooking.permit_id)
        .join(Keeper, Keeper.id == Permit.keeper_id)
        .where(SlotBooking.slot_day_id == day.id, SlotBooking.is_live)
        .order_by(SlotBooking.id)
    )
    return [Booked(*row) for row in rows]


def ports_of(by: Actor) -> list[Port]:
    """Those whose slots the actor sets."""
    require(by, Permission.SLOT_MANAGE)
    return [port for port in ports() if may(by, Permission.SLOT_MANAGE, region=port.region)]


def port_to_set(code: str, *, by: Actor) -> Port:
    """Raises Forbidden, or NotFound when it is out of reach."""
    require(by, Permission.SLOT_MANAGE)
    inside = within_reach(by, Permission.SLOT_MANAGE, Port.region)
    port = db.session.scalar(select(Port).where(Port.code == code, inside))
    if port is None:
        raise NotFound(port=code)
    return port
