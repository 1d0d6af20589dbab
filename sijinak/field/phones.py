"""Who knocks: a phone by its token, with its user's rights of today, in one question."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from itertools import groupby
from typing import Any
from uuid import UUID

from sqlalchemy import bindparam, select

from sijinak.accounts.models import Appointment, User
from sijinak.accounts.queries import MANDATE_TODAY, Mandate, reach_of, token_digest
from sijinak.core.clock import now, today
from sijinak.core.db import db, read
from sijinak.core.errors import Unproven
from sijinak.core.permissions import Permission, Reach
from sijinak.field.models import Device

SCHEME = "Device "


class DeviceUnknown(Unproven):
    code = "device-unknown"


class DeviceRevoked(Unproven):
    """The office or the owner closed this phone: it wipes itself when it hears so."""

    code = "device-revoked"


class DeviceExpired(Unproven):
    code = "device-expired"


class AccountClosed(Unproven):
    """The account is closed, or its owner does no field work any more."""

    code = "account-closed"


class PhoneState(StrEnum):
    """What is worse comes first: a phone that was revoked and has expired is revoked."""

    REVOKED = "revoked"
    CLOSED = "closed"
    EXPIRED = "expired"
    OK = "ok"


REFUSALS: dict[PhoneState, type[Unproven]] = {
    PhoneState.REVOKED: DeviceRevoked,
    PhoneState.CLOSED: AccountClosed,
    PhoneState.EXPIRED: DeviceExpired,
}


@dataclass(frozen=True, slots=True)
class Officer:
    """The user of a phone as an actor: the rights are those of this moment."""

    id: UUID
    name: str
    mandates: tuple[Mandate, ...]

    def reaches(self, permission: Permission) -> tuple[Reach, ...]:
        return reach_of(self.mandates, None, permission)


@dataclass(frozen=True, slots=True, kw_only=True)
class Phone:
    """A device as its token found it; ``state`` says what it may do now."""

    id: UUID
    officer: Officer
    state: PhoneState
    highest_seq: int
    last_hash: bytes
    public_key: bytes
    seen_at: datetime
    expires_at: datetime

    def refuse_unless_ok(self) -> None:
        """Raises DeviceRevoked, AccountClosed or DeviceExpired."""
        if self.state is not PhoneState.OK:
            raise REFUSALS[self.state]


_PHONE: Any = (
    select(
        Device.id,
        Device.highest_seq,
        Device.last_hash,
        Device.public_key,
        Device.seen_at,
        Device.expires_at,
        Device.revoked_at,
        User.id.label("user_id"),
        User.name,
        User.is_active,
        Appointment.role,
        Appointment.region,
    )
    .join(User, User.id == Device.user_id)
    .outerjoin(Appointment, MANDATE_TODAY)
)
_BY_TOKEN = _PHONE.where(Device.token_digest == bindparam("digest"))
_BY_ID = _PHONE.where(Device.id == bindparam("device"))


def device_of(header: str) -> Phone | None:
    """The phone that ``Authorization: Device <id>.<token>`` proves; None when it proves nothing.

    The digest is looked up, not compared letter by letter, so time tells a guesser nothing.
    """
    if not header.startswith(SCHEME):
        return None
    device, _, token = header.removeprefix(SCHEME).partition(".")
    phone = _phone(read(_BY_TOKEN, {"digest": token_digest(token), "today": today()}))
    return phone if phone is not None and str(phone.id) == device else None


def phone_by_id(device_id: UUID) -> Phone | None:
    """For records that come in a file: there the signature proves who made them."""
    return _phone(read(_BY_ID, {"device": device_id, "today": today()}))


def phones_of(device_ids: Collection[UUID]) -> dict[UUID, Phone]:
    """For lists: each with its user and its state now."""
    asked = _PHONE.where(Device.id.in_(device_ids)).order_by(Device.id)
    rows = db.session.execute(asked, {"today": today()})
    found = {each: _phone(list(its)) for each, its in groupby(rows, key=lambda row: row.id)}
    return {each: phone for each, phone in found.items() if phone is not None}


def _phone(rows: Any) -> Phone | None:
    if not rows:
        return None
    row = rows[0]
    mandates = tuple((each.role, each.region) for each in rows if each.role is not None)
    officer = Officer(row.user_id, row.name, mandates if row.is_active else ())
    return Phone(
        id=row.id,
        officer=officer,
        state=_state(row, officer),
        highest_seq=row.highest_seq,
        last_hash=row.last_hash,
        public_key=row.public_key,
        seen_at=row.seen_at,
        expires_at=row.expires_at,
    )


def _state(row: Any, officer: Officer) -> PhoneState:
    if row.revoked_at is not None:
        return PhoneState.REVOKED
    if not officer.reaches(Permission.FIELD_PHONE):
        return PhoneState.CLOSED
    return PhoneState.EXPIRED if row.expires_at <= now() else PhoneState.OK
