"""Delegations, who may take one, and which mandates run out soon."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import or_, select
from sqlalchemy.orm import aliased

from sijinak.accounts.grants import DELEGABLE, GRANTS, NEVER_STANDS_IN
from sijinak.accounts.in_force import appointed_on, delegated_on
from sijinak.accounts.models import Appointment, Delegation, Manner, Role, User
from sijinak.accounts.queries import appointments_of
from sijinak.core.clock import today
from sijinak.core.db import db
from sijinak.core.permissions import Actor, Permission, region_lies_in, require, within_reach

LOOKS_ON = (Role.ADMINISTRATOR, Role.AUDITOR)


@dataclass(frozen=True, slots=True, kw_only=True)
class DelegationLine:
    """One delegation as lists show it. ``state``: coming, running, over, ended or lapsed."""

    row: Delegation
    role: Role
    giver: str
    taker: str
    state: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RunningOut:
    """A mandate whose last day is near, and what its holder cannot sign from then on."""

    user_id: UUID
    name: str
    role: Role
    region: str
    manner: Manner | None
    until: date
    stops: Sequence[Permission]

    @property
    def days_left(self) -> int:
        return (self.until - today()).days


def roles_today(user_id: UUID) -> frozenset[Role]:
    held = select(Appointment.role).where(Appointment.user_id == user_id, appointed_on(today()))
    return frozenset(db.session.scalars(held))


def can_stand_in(user_id: UUID) -> bool:
    """An officer with an open account who neither looks on nor gives rights."""
    user = db.session.get(User, user_id)
    roles = roles_today(user_id)
    looks_on = any(role in roles for role in LOOKS_ON)
    return bool(user and user.is_active and not looks_on and roles - NEVER_STANDS_IN)


def possible_takers(but: UUID) -> list[tuple[UUID, str, list[Role]]]:
    """Who may stand in for that person: id, name and roles, by name."""
    asked = (
        select(User.id, User.name, Appointment.role)
        .join(Appointment, Appointment.user_id == User.id)
        .where(User.is_active, User.id != but, appointed_on(today()))
        .order_by(User.name, User.id, Appointment.role)
    )
    found: dict[UUID, tuple[str, list[Role]]] = {}
    for user_id, name, role in db.session.execute(asked):
        found.setdefault(user_id, (name, []))[1].append(role)
    return [
        (user_id, name, roles)
        for user_id, (name, roles) in found.items()
        if set(roles) - NEVER_STANDS_IN and not set(roles) & set(LOOKS_ON)
    ]


def shareable_of(user_id: UUID) -> list[Appointment]:
    """The appointments that give something to delegate; past ones too, for a Plt."""
    return [a for a in appointments_of(user_id) if GRANTS[a.role] & set(DELEGABLE)]


def delegations_about(user_id: UUID) -> list[DelegationLine]:
    """What the person gave and was given, newest first. The caller knows who may see it."""
    asked = _lines().where(or_(Delegation.giver_id == user_id, Delegation.taker_id == user_id))
    return [_line(*row) for row in db.session.execute(asked)]


def delegation_line(delegation_id: UUID) -> DelegationLine | None:
    row = db.session.execute(_lines().where(Delegation.id == delegation_id)).one_or_none()
    return _line(*row) if row else None


def _lines() -> Any:
    giver, taker = aliased(User), aliased(User)
    return (
        select(Delegation, Appointment, giver.name, taker.name)
        .join(Appointment, Appointment.id == Delegation.appointment_id)
        .join(giver, giver.id == Delegation.giver_id)
        .join(taker, taker.id == Delegation.taker_id)
        .order_by(Delegation.valid_from.desc(), Delegation.id.desc())
    )


def _line(row: Delegation, appointment: Appointment, giver: str, taker: str) -> DelegationLine:
    state = _state(row, appointment)
    return DelegationLine(row=row, role=appointment.role, giver=giver, taker=taker, state=state)


def _state(row: Delegation, appointment: Appointment) -> str:
    day = today()
    if row.ended_at is not None:
        return "ended"
    if row.valid_until < day:
        return "over"
    held = appointment.ended_at is None and (appointment.valid_until or day) >= day
    if row.manner is not Manner.PLT and not held:
        return "lapsed"
    return "coming" if row.valid_from > day else "running"


def own_running_out(user_id: UUID, days: int) -> list[RunningOut]:
    """The person's own mandates that end within so many days."""
    return _running_out(days, Appointment.user_id == user_id, Delegation.taker_id == user_id)


def running_out(days: int, *, by: Actor) -> list[RunningOut]:
    """The mandates within reach that end within so many days, the soonest first."""
    require(by, Permission.MANDATE_READ)
    near = within_reach(by, Permission.MANDATE_READ, Appointment.region)
    return _running_out(days, near, near)


def _running_out(days: int, whose: Any, to_whom: Any) -> list[RunningOut]:
    last = today() + timedelta(days=days)
    found = [*_appointments(last, whose), *_delegations(last, to_whom)]
    return sorted(found, key=lambda one: (one.until, one.name))


def _appointments(last: date, whose: Any) -> list[RunningOut]:
    asked = (
        select(Appointment, User.name)
        .join(User, User.id == Appointment.user_id)
        .where(User.is_active, appointed_on(today()), Appointment.valid_until <= last, whose)
    )
    return [
        RunningOut(
            user_id=row.user_id,
            name=name,
            role=row.role,
            region=row.region,
            manner=None,
            until=row.valid_until or last,
            stops=_signable(GRANTS[row.role]),
        )
        for row, name in db.session.execute(asked)
        if not _goes_on(row)
    ]


def _goes_on(ending: Appointment) -> bool:
    """Whether the same person has the same role there the day after, by another decree."""
    following = select(Appointment.region).where(
        Appointment.user_id == ending.user_id,
        Appointment.role == ending.role,
        Appointment.id != ending.id,
        appointed_on((ending.valid_until or today()) + timedelta(days=1)),
    )
    return any(region_lies_in(ending.region, region) for region in db.session.scalars(following))


def _delegations(last: date, to_whom: Any) -> list[RunningOut]:
    asked = (
        select(Delegation, Appointment.role, User.name)
        .join(Appointment, Appointment.id == Delegation.appointment_id)
        .join(User, User.id == Delegation.taker_id)
        .where(User.is_active, delegated_on(today()), Delegation.valid_until <= last, to_whom)
    )
    return [
        RunningOut(
            user_id=row.taker_id,
            name=name,
            role=role,
            region=row.region,
            manner=row.manner,
            until=row.valid_until,
            stops=_signable(row.permissions),
        )
        for row, role, name in db.session.execute(asked)
    ]


def _signable(held: Collection[str]) -> list[Permission]:
    """In the order of the table, what of it is signed."""
    return [one for one in DELEGABLE if one in held]
