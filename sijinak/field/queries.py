"""Questions about phones and what they brought."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, and_, false, func, or_, select

from sijinak.accounts.models import Appointment
from sijinak.core.clock import now, today
from sijinak.core.db import db
from sijinak.core.errors import NotFound
from sijinak.core.paging import START, Page, Place, page_of
from sijinak.core.permissions import Actor, Permission, within_reach
from sijinak.field.models import Device, FieldRecord, ResendRequest

Gap = tuple[int, int]
MOST_GAPS = 100
SILENT = timedelta(days=7)


def device_by_id(device_id: UUID, *, by: Actor) -> Device:
    """One's own phone, or one in one's reach. Raises NotFound."""
    return _found(_seen_by(by).where(Device.id == device_id), device_id)


def device_for_update(device_id: UUID, *, by: Actor) -> Device:
    """The same, its row locked until the transaction ends."""
    asked = _seen_by(by).where(Device.id == device_id).with_for_update(of=Device)
    return _found(asked.execution_options(populate_existing=True), device_id)


def devices(*, by: Actor, place: Place = START) -> Page[Device]:
    """The phones in reach and one's own, newest first."""
    return page_of(_seen_by(by), Device.id, place, first=(Device.enrolled_at,))


def silent_phones(*, by: Actor, place: Place = START) -> Page[Device]:
    """Those in sight that hold unsent records, and were not heard for SILENT."""
    return page_of(_silent(by), Device.id, place, first=(Device.enrolled_at,))


def count_silent(*, by: Actor) -> int:
    return db.session.scalar(select(func.count()).select_from(_silent(by).subquery())) or 0


def records_of(device_id: UUID, place: Place = START) -> Page[FieldRecord]:
    """What a phone brought, as it came in, the newest first. The caller has asked for the phone.

    Not by id: the phone makes those, and its clock may be wrong by years.
    """
    asked = select(FieldRecord).where(FieldRecord.device_id == device_id)
    came = (FieldRecord.received_at, FieldRecord.seq)
    return page_of(asked, FieldRecord.id, place, first=came)


def gaps_of(device: Device) -> list[Gap]:
    """From and to of the first MOST_GAPS runs of numbers below the highest that never came."""
    return [(first, last) for first, last in device.gaps[:MOST_GAPS]]


def gaps_by_id(device_id: UUID) -> list[Gap]:
    return gaps_of(db.session.get_one(Device, device_id, populate_existing=True))


def resend_from(device_id: UUID) -> int | None:
    """From which number on the office asks this phone for its records again."""
    asked = select(func.min(ResendRequest.from_seq)).where(*_open_resends(device_id))
    return db.session.scalar(asked)


def open_resends(device_id: UUID) -> Iterator[ResendRequest]:
    return iter(db.session.scalars(select(ResendRequest).where(*_open_resends(device_id))))


def _open_resends(device_id: UUID) -> tuple[ColumnElement[bool], ...]:
    return ResendRequest.device_id == device_id, ResendRequest.done_at.is_(None)


def _found(asked: Select[Device], device_id: UUID) -> Device:
    device = db.session.scalar(asked)
    if device is None:
        raise NotFound(device_id=str(device_id))
    return device


def _seen_by(by: Actor) -> Select[Device]:
    return select(Device).where(in_sight(by))


def _silent(by: Actor) -> Select[Device]:
    waiting = (Device.unsent > 0, Device.wiped_at.is_(None))
    return _seen_by(by).where(Device.seen_at < now() - SILENT, *waiting)


def in_sight(by: Actor) -> ColumnElement[bool]:
    """One's own phones, and those of people who work in the reach today, or worked there last."""
    own = Device.user_id == by.id if by.reaches(Permission.FIELD_PHONE) else false()
    near = within_reach(by, Permission.FIELD_OVERSEE, Appointment.region)
    left = and_(~_appointed(_today()), _appointed(near))
    return or_(own, _appointed(near, _today()), left)


def _appointed(*conditions: Any) -> ColumnElement[bool]:
    return select(Appointment.id).where(Appointment.user_id == Device.user_id, *conditions).exists()


def _today() -> ColumnElement[bool]:
    until = Appointment.valid_until
    return and_(
        Appointment.ended_at.is_(None),
        Appointment.valid_from <= today(),
        or_(until.is_(None), until >= today()),
    )
