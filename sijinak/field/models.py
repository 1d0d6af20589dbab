"""Phones that work without network, and every record that they brought."""

from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import JSON, ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from sijinak.core.crypto import Sealed
from sijinak.core.model import Model, RegionCode


class Verdict(StrEnum):
    """What the door answers for a record. Only these four are kept: ``retry`` leaves no trace."""

    ACCEPTED = "accepted"
    REVIEW = "review"  # received, and a person decides what becomes of it
    CONFLICT = "conflict"  # its id came before with other content: the first stands
    REJECTED = "rejected"  # it cannot be read; whoever made it must mend it


class Way(StrEnum):
    """How a record came."""

    SYNC = "sync"
    FILE = "file"  # from an exported file, at the office


class Decision(StrEnum):
    TAKEN = "taken"
    REFUSED = "refused"


class Device(Model):
    """A phone's installation of the field app; a new installation is a new device.

    ``public_key`` is SubjectPublicKeyInfo (DER) of the P-256 key that signs exported files;
    ``recovery`` opens the phone's data when its PIN is forgotten, after a sign-in.
    """

    __tablename__ = "field_devices"

    user_id: Mapped[UUID] = mapped_column(ForeignKey("users.id"), index=True)
    name: Mapped[str]
    platform: Mapped[str]
    token_digest: Mapped[bytes] = mapped_column(unique=True)
    public_key: Mapped[bytes]
    recovery_sealed: Mapped[bytes]
    app_version: Mapped[str] = mapped_column(default="")
    enrolled_at: Mapped[datetime]
    expires_at: Mapped[datetime]  # of the token: after that, sign in again
    seen_at: Mapped[datetime]
    highest_seq: Mapped[int] = mapped_column(default=0)
    last_hash: Mapped[bytes] = mapped_column(default=b"")  # of the record ``highest_seq``
    last_at: Mapped[datetime | None]  # the phone's hour in the record ``highest_seq``
    gaps: Mapped[list[Any]] = mapped_column(JSON, default=list)  # [from, to] that did not come yet
    unsent: Mapped[int | None]  # as the phone said when it was seen last
    revoked_at: Mapped[datetime | None]
    revoked_by_name: Mapped[str] = mapped_column(default="")
    wiped_at: Mapped[datetime | None]  # when the phone said that it had forgotten everything

    recovery = Sealed()

    @property
    def is_enrolled(self) -> bool:
        """False of a phone that only an exported file has named so far."""
        return bool(self.public_key)


class FieldRecord(Model):
    """A record as it came, word for word. Inserted, never updated; the id is the phone's.

    ``hash`` is SHA-256 over the hexadecimal hash of the record before, a line feed and ``body``.
    What may name a person is sealed: only what a dose says lies ``plain``.
    A conflicting record is kept under an id of its own, with ``claims_id`` saying which it claimed;
    an undo says there what it takes back.
    """

    __tablename__ = "field_records"
    __table_args__ = (Index("ix_field_records_device_seq", "device_id", "seq"),)

    device_id: Mapped[UUID] = mapped_column(ForeignKey(Device.id))
    seq: Mapped[int]
    kind: Mapped[str]
    schema_version: Mapped[int]
    author_id: Mapped[UUID] = mapped_column(index=True)
    plain: Mapped[str] = mapped_column(default="")
    hidden_sealed: Mapped[bytes | None]
    hash: Mapped[bytes]
    previous: Mapped[bytes]
    device_at: Mapped[datetime | None]
    sent_at: Mapped[datetime | None]
    received_at: Mapped[datetime] = mapped_column(index=True)
    batch_id: Mapped[UUID] = mapped_column(index=True)
    way: Mapped[Way]
    verdict: Mapped[Verdict]
    reason: Mapped[str] = mapped_column(default="")  # a code, as errors have
    facts: Mapped[dict[str, Any]] = mapped_column(JSON)
    claims_id: Mapped[UUID | None] = mapped_column(index=True)
    region: Mapped[str] = mapped_column(RegionCode)

    hidden = Sealed()

    @property
    def body(self) -> str:
        """The text as it came."""
        return self.plain or self.hidden or ""


class Review(Model):
    """A record that waits for a person, and what the person decided."""

    __tablename__ = "field_reviews"
    __table_args__ = (Index("ix_field_reviews_open", "decided_at", "region"),)

    record_id: Mapped[UUID] = mapped_column(ForeignKey(FieldRecord.id), unique=True)
    region: Mapped[str] = mapped_column(RegionCode)
    reason: Mapped[str]  # a code, as errors have; ``facts`` are what its sentence needs
    facts: Mapped[dict[str, Any]] = mapped_column(JSON)
    opened_at: Mapped[datetime]
    decided_at: Mapped[datetime | None]
    decided_by_id: Mapped[UUID | None]
    decided_by_name: Mapped[str] = mapped_column(default="")
    decision: Mapped[Decision | None]
    note: Mapped[str] = mapped_column(default="")


class FieldPhoto(Model):
    """A photo that a phone sent, known by the SHA-256 of what it sent; kept after re-encoding."""

    __tablename__ = "field_photos"
    __table_args__ = (UniqueConstraint("device_id", "sha256"),)

    device_id: Mapped[UUID] = mapped_column(ForeignKey(Device.id))
    sha256: Mapped[bytes]
    file_id: Mapped[UUID] = mapped_column(ForeignKey("stored_files.id"))
    received_at: Mapped[datetime]


class InspectionNote(Model):
    """What a phone said of one animal, or of the vehicle, before its inspection is finished.

    The id is the record's; ``code`` is the animal's tag, empty for the vehicle.
    """

    __tablename__ = "field_inspections"

    device_id: Mapped[UUID] = mapped_column(ForeignKey(Device.id))
    permit_id: Mapped[UUID] = mapped_column(index=True)
    code: Mapped[str]
    said: Mapped[dict[str, Any]] = mapped_column(JSON)
    said_at: Mapped[datetime]


class ResendRequest(Model):
    """The office asks a phone for its sent records again, after the server was restored."""

    __tablename__ = "field_resends"

    device_id: Mapped[UUID] = mapped_column(ForeignKey(Device.id), index=True)
    from_seq: Mapped[int]
    asked_at: Mapped[datetime]
    asked_by_name: Mapped[str]
    done_at: Mapped[datetime | None]
