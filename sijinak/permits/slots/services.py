"""What is done with slots: the office sets how many there are, the applicant picks one."""

from datetime import date, timedelta
from uuid import UUID

from sqlalchemy import ColumnElement, or_, select, update
from sqlalchemy.dialects import postgresql, sqlite

from sijinak.areas.models import Port
from sijinak.core.clock import today
from sijinak.core.db import db
from sijinak.core.errors import Conflict, Invalid
from sijinak.core.events import events
from sijinak.core.ids import uuid7
from sijinak.core.once import first_time
from sijinak.core.permissions import Actor, Permission, may, require
from sijinak.permits.models import Permit, PermitState
from sijinak.permits.queries import permit_for_update
from sijinak.permits.slots.booking import free_slot, give_back, take, tell
from sijinak.permits.slots.commands import (
    MOST,
    MOST_DAYS,
    BookSlot,
    CancelSlot,
    ChangeSlot,
    SetCapacity,
)
from sijinak.permits.slots.models import SlotBooking, SlotDay
from sijinak.permits.slots.queries import port_to_set, slot_day, slot_of

BOOKABLE = (PermitState.APPROVED, PermitState.ISSUED)


class WrongDays(Invalid):
    """Facts: ``most`` days at once."""

    code = "slot-days-wrong"


class WrongCapacity(Invalid):
    """Facts: ``most``."""

    code = "slot-capacity-wrong"


class MoreBooked(Conflict):
    """Facts: ``days`` on which more is booked, or in another unit, and how many of them."""

    code = "slot-more-booked"


class TooEarlyForSlot(Conflict):
    """The permit is not approved yet, or over."""

    code = "slot-too-early"


class NoSlotNeeded(Conflict):
    """Nobody counts at that port on that day."""

    code = "slot-not-needed"


class SlotBookedAlready(Conflict):
    code = "slot-booked-already"


class NoSlotYet(Conflict):
    code = "slot-none-yet"


class SlotDayWrong(Invalid):
    """Over, or after the permit's last day. Facts: ``until``."""

    code = "slot-day-wrong"


class SlotWhyMissing(Invalid):
    code = "slot-why-missing"


def set_capacity(command: SetCapacity, *, by: Actor) -> list[date]:
    """The days, all of them or none. Raises MoreBooked, WrongDays, WrongCapacity."""
    port = port_to_set(command.port, by=by)
    require(by, Permission.SLOT_MANAGE, region=port.region)
    days = _days(command)
    if not first_time(command, by=by):
        return days
    if command.capacity is not None and not 0 <= command.capacity <= MOST:
        raise WrongCapacity(most=MOST)
    _open_days(command, port, days)
    _lock(SlotDay.port == command.port, SlotDay.day.between(days[0], days[-1]))
    changed = _change_days(command)
    if missed := sorted(set(days) - changed):
        raise MoreBooked(days=", ".join(day.isoformat() for day in missed[:5]), count=len(missed))
    events.record(
        "slot.capacity-set", port, by=by, region=port.region, port=port.code,
        first=days[0].isoformat(), last=days[-1].isoformat(), capacity=command.capacity,
        unit=command.unit, note=command.note,
    )  # fmt: skip
    return days


def book_slot(command: BookSlot, *, by: Actor) -> SlotBooking:
    """One place for a permit that is approved or issued. Raises SlotFull, SlotBookedAlready."""
    permit = _permit(command.permit_id, by=by)
    if not first_time(command, by=by):
        return db.session.get_one(SlotBooking, command.id)
    day = _day(permit, command.day)
    if slot_of(permit.id) is not None:
        raise SlotBookedAlready
    booking = take(permit, day, command.id, by=by)
    tell("slot.booked", permit, day, by=by)
    return booking


def change_slot(command: ChangeSlot, *, by: Actor) -> SlotBooking:
    """To another day, or nothing changes. Raises SlotFull, NoSlotYet."""
    permit = _permit(command.permit_id, by=by)
    if not first_time(command, by=by):
        return db.session.get_one(SlotBooking, command.id)
    booking = _booking(permit, command.why)
    day = _day(permit, command.day)
    if day.id == booking.slot_day_id:
        raise SlotBookedAlready
    _lock(SlotDay.id.in_([day.id, booking.slot_day_id]))
    give_back(booking, command.why, by=by)
    moved = take(permit, day, command.id, by=by)
    tell("slot.changed", permit, day, by=by, reason=command.why)
    return moved


def cancel_slot(command: CancelSlot, *, by: Actor) -> Permit:
    permit = _permit(command.permit_id, by=by)
    if not first_time(command, by=by):
        return permit
    _booking(permit, command.why)
    free_slot(permit, command.why, by=by)
    return permit


def _permit(permit_id: UUID, *, by: Actor) -> Permit:
    """The locked permit; its applicant books, and the office that looks after the slots."""
    permit = permit_for_update(permit_id, by=by)
    if not may(by, Permission.SLOT_MANAGE, region=permit.region):
        require(by, Permission.PERMIT_APPLY, region=permit.region, keeper_id=permit.keeper_id)
    return permit


def _booking(permit: Permit, why: str) -> SlotBooking:
    if not why:
        raise SlotWhyMissing
    booking = slot_of(permit.id)
    if booking is None or permit.state not in BOOKABLE:
        raise NoSlotYet
    return booking


def _day(permit: Permit, day: date) -> SlotDay:
    if permit.state not in BOOKABLE:
        raise TooEarlyForSlot
    if day < today() or (permit.valid_until and day > permit.valid_until):
        raise SlotDayWrong(until=permit.valid_until)
    found = slot_day(permit.port, day)
    if found is None:
        raise NoSlotNeeded
    return found


def _lock(*which: ColumnElement[bool]) -> None:
    """In one order, so that two who want the same days never wait for each other."""
    asked = select(SlotDay.id).where(*which).order_by(SlotDay.id)
    db.session.scalars(asked.with_for_update()).all()


def _days(command: SetCapacity) -> list[date]:
    count = (command.last_day - command.first_day).days + 1
    if not 1 <= count <= MOST_DAYS:
        raise WrongDays(most=MOST_DAYS)
    return [command.first_day + timedelta(days=n) for n in range(count)]


def _open_days(command: SetCapacity, port: Port, days: list[date]) -> None:
    insert = sqlite.insert if db.engine.dialect.name == "sqlite" else postgresql.insert
    rows = [
        {
            "id": uuid7(), "port": port.code, "day": day, "region": port.region,
            "unit": command.unit, "capacity": None, "booked": 0, "note": "",
        }
        for day in days
    ]  # fmt: skip
    db.session.execute(insert(SlotDay).on_conflict_do_nothing(), rows)


def _change_days(command: SetCapacity) -> set[date]:
    """Days on which as much or less is booked, counted in the same unit."""
    fits = [or_(SlotDay.booked == 0, SlotDay.unit == command.unit)]
    if command.capacity is not None:
        fits.append(SlotDay.booked <= command.capacity)
    changed = db.session.scalars(
        update(SlotDay)
        .where(
            SlotDay.port == command.port,
            SlotDay.day.between(command.first_day, command.last_day),
            *fits,
        )
        .values(capacity=command.capacity, unit=command.unit, note=command.note)
        .returning(SlotDay.day)
        .execution_options(synchronize_session=False)
    )
    return set(changed)
