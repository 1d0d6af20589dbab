"""The places of a day: taken and given back by conditional updates, never more than there are."""

from datetime import date
from uuid import UUID

from sqlalchemy import update

from sijinak.core.clock import now
from sijinak.core.db import db
from sijinak.core.errors import Conflict
from sijinak.core.events import events
from sijinak.core.permissions import Actor
from sijinak.permits.models import Permit
from sijinak.permits.queries import heads_on
from sijinak.permits.slots.models import SlotBooking, SlotDay, SlotUnit
from sijinak.permits.slots.queries import slot_of


class SlotFull(Conflict):
    """Facts: ``day``, ``free``, ``wanted``."""

    code = "slot-full"


def amount_of(permit: Permit, day: SlotDay) -> int:
    return 1 if day.unit is SlotUnit.TRUCKS else heads_on(permit)


def take(permit: Permit, day: SlotDay, booking_id: UUID, *, by: Actor) -> SlotBooking:
    """Raises SlotFull."""
    db.session.refresh(day, with_for_update=True)  # the office may count in another unit by now
    amount = amount_of(permit, day)
    if not _add(day.id, amount):
        db.session.refresh(day)
        raise SlotFull(day=day.day, free=day.free, wanted=amount)
    booking = SlotBooking(
        id=booking_id, permit_id=permit.id, slot_day_id=day.id, amount=amount, booked_at=now(),
        booked_by=by.id, booked_by_name=by.name,
    )  # fmt: skip
    db.session.add(booking)
    db.session.flush()
    return booking


def give_back(booking: SlotBooking, why: str, *, by: Actor) -> None:
    booking.is_live = False
    booking.ended_at, booking.ended_by_name, booking.ended_why = now(), by.name, why
    _add(booking.slot_day_id, -booking.amount)
    db.session.flush()


def free_slot(permit: Permit, why: str, *, by: Actor) -> None:
    """The permit ends before departure: its place is free. Twice is as once."""
    booking = slot_of(permit.id)
    if booking is not None:
        give_back(booking, why, by=by)
        tell("slot.cancelled", permit, booking.slot_day, by=by, why=why)


def tell(name: str, permit: Permit, day: SlotDay, *, by: Actor, **facts: str) -> None:
    events.record(
        name, day, by=by, region=permit.region, permit=str(permit.id), port=day.port,
        day=_iso(day.day), **facts,
    )  # fmt: skip


def _add(day_id: UUID, amount: int) -> bool:
    """The row's lock makes two wait for each other; the condition lets one too many not in."""
    after = SlotDay.booked + amount
    asked = update(SlotDay).where(SlotDay.id == day_id).values(booked=after)
    if amount > 0:
        asked = asked.where(after <= SlotDay.capacity)
    done = db.session.execute(
        asked.returning(SlotDay.id).execution_options(synchronize_session=False)
    )
    return done.scalar() is not None


def _iso(day: date) -> str:
    return day.isoformat()
