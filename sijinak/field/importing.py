"""An exported file is brought in at the office, through the same door as every batch."""

from uuid import UUID

from sijinak.accounts.models import User
from sijinak.core.clock import now
from sijinak.core.db import db, transaction
from sijinak.core.errors import NotFound
from sijinak.core.permissions import Actor, Permission, may, require
from sijinak.field.door import bring
from sijinak.field.exported import Export, is_signed, read_export
from sijinak.field.inbox import BAD_SIGNATURE
from sijinak.field.keeping import Brought
from sijinak.field.models import Device, Way
from sijinak.field.phones import Phone, phone_by_id
from sijinak.field.reading import Incoming
from sijinak.field.wire import MOST_RECORDS

UNKNOWN_DEVICE = "unknown-device"


def bring_file(content: bytes, *, by: Actor) -> list[Incoming]:
    """Every record with its verdict. What nobody signed waits for a person, as from a stranger.

    Raises NotAnExport. Its records come in as many transactions as they are batches: brought
    again after a fault, what is there already is a duplicate.
    """
    if not may(by, Permission.FIELD_OVERSEE):
        require(by, Permission.FIELD_WORK)
    export = read_export(content)
    phone = phone_by_id(export.device)
    hold = ""
    if phone is None:
        phone, hold = _stranger(export, by), UNKNOWN_DEVICE
    elif not is_signed(export, phone.public_key):
        hold = BAD_SIGNATURE
    records: list[Incoming] = []
    for start in range(0, len(export.records), MOST_RECORDS):
        some = export.records[start : start + MOST_RECORDS]
        taken, _ = bring(some, phone, way=Way.FILE, file=Brought(by.id, hold))
        records += taken.records
    return records


def _stranger(export: Export, by: Actor) -> Phone:
    """A phone that was never enrolled here gets a row, revoked from its first moment."""
    with transaction():
        author = db.session.get(User, export.author) if export.author else None
        device = Device(
            id=export.device, user_id=author.id if author else by.id, name="?", platform="file",
            public_key=b"", recovery="", token_digest=_no_token(export.device), enrolled_at=now(),
            expires_at=now(), seen_at=now(), revoked_at=now(), revoked_by_name=by.name,
        )  # fmt: skip
        db.session.add(device)
    phone = phone_by_id(export.device)
    if phone is None:
        raise NotFound(device_id=str(export.device))
    return phone


def _no_token(device_id: UUID) -> bytes:
    """Unlike every digest, which has 32 bytes."""
    return device_id.bytes
