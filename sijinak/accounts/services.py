"""What is done with accounts and appointments."""

import secrets
from dataclasses import dataclass, field
from datetime import date
from uuid import UUID

from sijinak.accounts.models import Appointment, Role, User
from sijinak.accounts.passwords import Policy, hashed, matches, refuse_weak
from sijinak.accounts.queries import user_by_id, user_by_name
from sijinak.accounts.sessions import end_sessions
from sijinak.core.clock import now, today
from sijinak.core.db import db
from sijinak.core.errors import Conflict, Invalid, NotFound
from sijinak.core.events import events
from sijinak.core.ids import uuid7
from sijinak.core.once import first_time
from sijinak.core.permissions import Actor, Permission, require


class UsernameTaken(Conflict):
    code = "username-taken"


class WrongPassword(Invalid):
    code = "wrong-password"


class SamePassword(Invalid):
    code = "same-password"


class NotYourOwn(Conflict):
    """Nobody changes their own rights."""

    code = "not-your-own"


@dataclass(frozen=True, slots=True, kw_only=True)
class AddUser:
    id: UUID = field(default_factory=uuid7)
    username: str
    name: str
    role: Role
    region: str
    decree: str = ""
    valid_from: date
    valid_until: date | None = None
    keeper_id: UUID | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Appoint:
    id: UUID = field(default_factory=uuid7)
    user_id: UUID
    role: Role
    region: str
    decree: str = ""
    valid_from: date
    valid_until: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangePassword:
    current: str
    new: str


def add_user(command: AddUser, *, by: Actor, password: str | None = None) -> tuple[User, str]:
    """A new account and its one-time password, which its owner must change at once.

    The same command again gives the account and a fresh one-time password.
    """
    require(by, Permission.USER_MANAGE, region=command.region)
    if not first_time(command, by=by):
        known = db.session.get_one(User, command.id)
        return known, reset_password(known.id, by=by)
    if user_by_name(command.username):
        raise UsernameTaken(username=command.username)
    password = password or secrets.token_urlsafe(12)
    user = User(
        id=command.id,
        username=command.username.lower(),
        name=command.name,
        password_hash=hashed(password),
        password_changed_at=now(),
        must_change_password=True,
        keeper_id=command.keeper_id,
    )
    db.session.add(user)
    db.session.flush()
    # The name of a person's account goes when the person is forgotten; the trail stays.
    named = {} if user.keeper_id else {"username": user.username}
    events.record("user.added", user, by=by, region=command.region, **named)
    _appoint(
        Appoint(
            user_id=user.id,
            role=command.role,
            region=command.region,
            decree=command.decree,
            valid_from=command.valid_from,
            valid_until=command.valid_until,
        ),
        user,
        by=by,
    )
    return user, password


def appoint(command: Appoint, *, by: Actor) -> Appointment:
    require(by, Permission.USER_MANAGE, region=command.region)
    user = _somebody_else(command.user_id, by=by)
    if not first_time(command, by=by):
        return db.session.get_one(Appointment, command.id)
    return _appoint(command, user, by=by)


def _appoint(command: Appoint, user: User, *, by: Actor) -> Appointment:
    appointment = Appointment(
        id=command.id,
        user_id=user.id,
        role=command.role,
        region=command.region,
        decree=command.decree,
        valid_from=command.valid_from,
        valid_until=command.valid_until,
    )
    db.session.add(appointment)
    events.record(
        "user.appointed",
        appointment,
        by=by,
        region=command.region,
        user_id=str(user.id),
        role=command.role,
        decree=command.decree,
    )
    return appointment


def end_appointment(appointment_id: UUID, *, by: Actor) -> Appointment:
    """It gives no right from this moment; one that has not begun is over before it begins."""
    appointment = db.session.get(Appointment, appointment_id)
    if appointment is None:
        raise NotFound(appointment_id=str(appointment_id))
    require(by, Permission.USER_MANAGE, region=appointment.region)
    if appointment.user_id == by.id:
        raise NotYourOwn
    if appointment.ended_at is not None:
        return appointment
    until = appointment.valid_until or today()
    appointment.valid_until = max(min(until, today()), appointment.valid_from)
    appointment.ended_at = now()
    events.record("user.appointment-ended", appointment, by=by, region=appointment.region)
    return appointment


def set_active(user_id: UUID, *, active: bool, by: Actor) -> User:
    """Open or close an account; closing ends all its sessions."""
    user = _somebody_else(user_id, by=by)
    user.is_active = active
    events.record("user.activated" if active else "user.deactivated", user, by=by, region="")
    if not active:
        end_sessions(user, by=by)
    return user


def reset_password(user_id: UUID, *, by: Actor) -> str:
    """A new one-time password for somebody else; it ends their sessions."""
    user = _somebody_else(user_id, by=by)
    password = secrets.token_urlsafe(12)
    user.password_hash = hashed(password)
    user.password_changed_at = now()
    user.must_change_password = True
    user.one_time_spent = False
    events.record("user.password-reset", user, by=by, region="")
    end_sessions(user, by=by)
    return password


def sign_out_everywhere(user_id: UUID, *, by: Actor) -> None:
    """For a telephone that was stolen: every session of somebody else ends."""
    end_sessions(_somebody_else(user_id, by=by), by=by)


def _somebody_else(user_id: UUID, *, by: Actor) -> User:
    require(by, Permission.USER_MANAGE)
    if user_id == by.id:
        raise NotYourOwn
    return user_by_id(user_id, by=by)


def own_account(password: str, *, by: Actor) -> User:
    """The actor's account, once they have shown that it is they. Raises WrongPassword."""
    user = db.session.get_one(User, by.id, populate_existing=True)
    if not matches(user.password_hash, password):
        raise WrongPassword
    return user


def change_own_password(
    command: ChangePassword, policy: Policy, *, by: Actor, session_id: UUID
) -> None:
    """Raises WrongPassword or WeakPassword; ends the person's other sessions."""
    user = own_account(command.current, by=by)
    refuse_weak(command.new, user.username, policy)
    if command.new == command.current:
        raise SamePassword
    user.password_hash = hashed(command.new)
    user.password_changed_at = now()
    user.must_change_password = False
    user.one_time_spent = False
    events.record("user.password-changed", user, by=by, region="")
    end_sessions(user, by=by, keep=session_id)
