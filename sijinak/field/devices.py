"""What becomes of a phone: it is enrolled, renewed, opened again, revoked, and forgets."""

import secrets
from collections.abc import Collection
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from hmac import compare_digest
from uuid import UUID

from sijinak.accounts.queries import roles_of, session_began, token_digest
from sijinak.areas.queries import region_of_all
from sijinak.core.clock import now
from sijinak.core.db import db
from sijinak.core.errors import Conflict, Forbidden, NotFound
from sijinak.core.events import events
from sijinak.core.once import first_time
from sijinak.core.permissions import Actor, Permission, require
from sijinak.field.models import Device
from sijinak.field.phones import DeviceRevoked, Phone, device_of, phone_by_id
from sijinak.field.queries import device_for_update

__all__ = ["Phone", "device_of", "phone_by_id"]

FRESH = timedelta(minutes=15)


class OtherOwner(Forbidden):
    """The phone is enrolled for somebody else."""

    code = "other-owner"


class SignInAgain(Forbidden):
    """Keys are handed out to people who proved just now who they are."""

    code = "sign-in-again"


class OtherKeys(Conflict):
    """A phone was enrolled under this id before, with another recovery key."""

    code = "other-keys"


class RevokeReason(StrEnum):
    LOST = "lost"
    STOLEN = "stolen"
    BROKEN = "broken"
    HANDED_BACK = "handed-back"
    LEFT_SERVICE = "left-service"


@dataclass(frozen=True, slots=True, kw_only=True)
class EnrolDevice:
    """``public_key`` is SubjectPublicKeyInfo (DER); ``recovery`` 32 bytes in base64."""

    id: UUID
    name: str
    platform: str
    public_key: bytes
    recovery: str
    app: str


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenDevice:
    """Asked by the owner of the phone, signed in through this session."""

    device_id: UUID
    session_id: UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class RevokeDevice:
    id: UUID
    device_id: UUID
    reason: RevokeReason


@dataclass(frozen=True, slots=True)
class Key:
    """A new token of a phone. The token is shown this once."""

    device: Device
    token: str
    is_new: bool


def enrol_device(command: EnrolDevice, *, by: Actor, days: int) -> Key:
    """The same phone again gets a new token: the answer before may have been lost.

    It may bring a new signing key. Only itself and its owner know the recovery key, so the same
    one proves that it is the same phone. Raises OtherOwner, OtherKeys, DeviceRevoked.
    """
    require(by, Permission.FIELD_PHONE)
    device = db.session.get(Device, command.id, with_for_update=True)
    if device is not None and device.is_enrolled:
        _refuse_others(device, command, by)
        _take_new_key(device, command, by)
        return _new_token(device, days, is_new=False)
    if device is None:
        device = Device(id=command.id)
        db.session.add(device)
    _describe(device, command, by)
    key = _new_token(device, days, is_new=True)
    events.record("field.device-enrolled", device, by=by, region=home_of(by.id))
    return key


def renew_device(command: OpenDevice, *, by: Actor, days: int) -> Key:
    """Raises NotFound, OtherOwner, SignInAgain, DeviceRevoked."""
    require(by, Permission.FIELD_PHONE)
    device = _own_device(command, by)
    key = _new_token(device, days, is_new=False)
    events.record("field.device-renewed", device, by=by, region=home_of(by.id))
    return key


def hand_out_recovery(command: OpenDevice, *, by: Actor) -> str:
    """What opens the phone's data when its PIN is forgotten. Each time leaves a line."""
    require(by, Permission.FIELD_PHONE)
    device = _own_device(command, by)
    events.record("field.recovery-handed-out", device, by=by, region=home_of(by.id))
    recovery: str = device.recovery
    return recovery


def revoke_device(command: RevokeDevice, *, by: Actor) -> Device:
    """By its owner, or by who oversees the owner's field work."""
    device = device_for_update(command.device_id, by=by)
    if not first_time(command, by=by) or device.revoked_at is not None:
        return device
    device.revoked_at = now()
    device.revoked_by_name = by.name
    region = home_of(device.user_id)
    events.record("field.device-revoked", device, by=by, region=region, reason=command.reason)
    return device


def note_wiped(phone: Phone) -> None:
    """The phone says that it has forgotten everything."""
    device = db.session.get_one(Device, phone.id, with_for_update=True)
    if device.wiped_at is None:
        device.wiped_at = now()
        region = home_of(device.user_id)
        events.record("field.device-wiped", device, by=phone.officer, region=region)


def home_of(user_id: UUID) -> str:
    """The smallest region that holds all mandates of a person."""
    return homes_of([user_id])[user_id]


def homes_of(user_ids: Collection[UUID]) -> dict[UUID, str]:
    mandates = roles_of(list(user_ids)).items()
    return {user_id: region_of_all(region for _, region in held) for user_id, held in mandates}


def _own_device(command: OpenDevice, by: Actor) -> Device:
    device = db.session.get(Device, command.device_id, with_for_update=True)
    if device is None:
        raise NotFound(device_id=str(command.device_id))
    if device.user_id != by.id:
        raise OtherOwner
    began = session_began(command.session_id, by.id)
    if began is None or now() - began > FRESH:
        raise SignInAgain
    if device.revoked_at is not None:
        raise DeviceRevoked
    return device


def _describe(device: Device, command: EnrolDevice, by: Actor) -> None:
    """Also of one that came in a file before: what it brought stays where it is."""
    device.user_id = by.id
    device.name, device.platform = command.name, command.platform
    device.public_key, device.recovery = command.public_key, command.recovery
    device.app_version = command.app
    device.enrolled_at = device.seen_at = now()
    device.revoked_at, device.revoked_by_name = None, ""


def _refuse_others(device: Device, command: EnrolDevice, by: Actor) -> None:
    if device.user_id != by.id:
        raise OtherOwner
    if device.revoked_at is not None:
        raise DeviceRevoked
    if not compare_digest(device.recovery, command.recovery):
        raise OtherKeys


def _take_new_key(device: Device, command: EnrolDevice, by: Actor) -> None:
    if device.public_key != command.public_key:
        device.public_key = command.public_key
        events.record("field.device-rekeyed", device, by=by, region=home_of(by.id))


def _new_token(device: Device, days: int, *, is_new: bool) -> Key:
    token = secrets.token_urlsafe(32)
    device.token_digest = token_digest(token)
    device.expires_at = now() + timedelta(days=days)
    return Key(device, token, is_new)
