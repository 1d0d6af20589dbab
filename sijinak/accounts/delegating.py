"""Letting another officer sign, for some days, by a decree; and ending it early."""

from dataclasses import dataclass, field
from datetime import date
from uuid import UUID

from sijinak.accounts.delegation_queries import can_stand_in, roles_today
from sijinak.accounts.grants import DELEGABLE, GRANTS, ONLY_FOR
from sijinak.accounts.models import Appointment, Delegation, Manner
from sijinak.accounts.queries import user_by_id
from sijinak.accounts.services import NotYourOwn
from sijinak.core.clock import now
from sijinak.core.db import db
from sijinak.core.errors import Invalid, NotFound
from sijinak.core.events import events
from sijinak.core.ids import uuid7
from sijinak.core.once import first_time
from sijinak.core.permissions import Actor, Permission, region_lies_in, require


class TakerUnfit(Invalid):
    """Closed, or a trader, an auditor or an administrator: they stand in for nobody."""

    code = "taker-unfit"


class SamePersonTwice(Invalid):
    code = "delegation-to-oneself"


class NotYours(Invalid):
    """The appointment does not give what was to be delegated."""

    code = "delegation-not-held"


class ProfessionNeeded(Invalid):
    """A veterinarian's signature is delegated to veterinarians alone."""

    code = "delegation-profession"


class OutsideAppointment(Invalid):
    code = "delegation-outside"


class LongerThanAppointment(Invalid):
    """The appointment does not hold on all these days."""

    code = "delegation-too-long"


class OfficeHeld(Invalid):
    """A Plt stands in where an office has no holder, by the decree of who appoints."""

    code = "office-held"


@dataclass(frozen=True, slots=True, kw_only=True)
class GiveDelegation:
    id: UUID = field(default_factory=uuid7)
    appointment_id: UUID
    taker_id: UUID
    manner: Manner
    permissions: tuple[Permission, ...]
    region: str
    decree: str
    decree_on: date
    valid_from: date
    valid_until: date


@dataclass(frozen=True, slots=True, kw_only=True)
class EndDelegation:
    id: UUID = field(default_factory=uuid7)
    delegation_id: UUID
    reason: str


def give_delegation(command: GiveDelegation, *, by: Actor) -> Delegation:
    """By the holder of the appointment, or by an administrator of its region.

    What somebody has by delegation is no appointment, and so cannot be handed on.
    """
    appointment = shareable_appointment(command.appointment_id, by=by)
    if not first_time(command, by=by):
        return db.session.get_one(Delegation, command.id)
    _check_people(command, appointment, by=by)
    _check_matter(command, appointment)
    _check_days(command, appointment, by=by)
    delegation = Delegation(
        id=command.id,
        appointment_id=appointment.id,
        giver_id=appointment.user_id,
        taker_id=command.taker_id,
        manner=command.manner,
        permissions=sorted(command.permissions),
        region=command.region,
        decree=command.decree,
        decree_on=command.decree_on,
        valid_from=command.valid_from,
        valid_until=command.valid_until,
        given_by=by.id,
        ended_at=None,
    )
    db.session.add(delegation)
    events.record("delegation.given", delegation, by=by, region=command.region, **_told(delegation))
    return delegation


def end_delegation(command: EndDelegation, *, by: Actor) -> Delegation:
    """It gives no right from this moment. By who gave it, or an administrator."""
    delegation = db.session.get(Delegation, command.delegation_id, with_for_update=True)
    if delegation is None:
        raise NotFound(delegation_id=str(command.delegation_id))
    shareable_appointment(delegation.appointment_id, by=by)
    if not first_time(command, by=by) or delegation.ended_at is not None:
        return delegation
    delegation.ended_at, delegation.end_reason = now(), command.reason
    events.record(
        "delegation.ended", delegation, by=by, region=delegation.region, reason=command.reason
    )
    return delegation


def shareable_appointment(appointment_id: UUID, *, by: Actor) -> Appointment:
    """The actor's own, or one that they look after. Raises NotFound, Forbidden."""
    appointment = db.session.get(Appointment, appointment_id)
    if appointment is None:
        raise NotFound(appointment_id=str(appointment_id))
    if appointment.user_id != by.id:
        require(by, Permission.USER_MANAGE, region=appointment.region)
        user_by_id(appointment.user_id, by=by)
    return appointment


def _told(delegation: Delegation) -> dict[str, object]:
    return {
        "appointment_id": str(delegation.appointment_id),
        "taker_id": str(delegation.taker_id),
        "manner": delegation.manner,
        "permissions": ", ".join(delegation.permissions),
        "decree": delegation.decree,
        "valid_from": delegation.valid_from.isoformat(),
        "valid_until": delegation.valid_until.isoformat(),
    }


def _check_people(command: GiveDelegation, appointment: Appointment, *, by: Actor) -> None:
    if command.taker_id == appointment.user_id:
        raise SamePersonTwice
    if command.taker_id == by.id:
        raise NotYourOwn
    if not can_stand_in(command.taker_id):
        raise TakerUnfit
    roles = roles_today(command.taker_id)
    if any(ONLY_FOR.get(one, None) not in {None, *roles} for one in command.permissions):
        raise ProfessionNeeded


def _check_matter(command: GiveDelegation, appointment: Appointment) -> None:
    given = set(command.permissions)
    if not given or not given <= GRANTS[appointment.role] & set(DELEGABLE):
        raise NotYours
    if not region_lies_in(command.region, appointment.region):
        raise OutsideAppointment


def _check_days(command: GiveDelegation, appointment: Appointment, *, by: Actor) -> None:
    last = appointment.valid_until
    over = appointment.ended_at is not None or (last is not None and last < command.valid_from)
    if command.manner is Manner.PLT:
        if not over or appointment.user_id == by.id:
            raise OfficeHeld
        return
    late = last is not None and last < command.valid_until
    if over or late or command.valid_from < appointment.valid_from:
        raise LongerThanAppointment
