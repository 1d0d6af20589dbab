"""Addresses outside the house, and what goes to them."""

from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import JSON, CheckConstraint, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from sijinak.core.crypto import Sealed
from sijinak.core.flow import Flow, Step
from sijinak.core.model import Model
from sijinak.core.permissions import Permission


class Purpose(StrEnum):
    """What somebody is written to about."""

    CHECKPOINT = "checkpoint"


class NoticeState(StrEnum):
    """``unknown``: it may have arrived. ``kept``: no mail server is set, so it stays here."""

    QUEUED = "queued"
    SENDING = "sending"
    SENT = "sent"
    KEPT = "kept"
    UNKNOWN = "unknown"
    FAILED = "failed"


N = NoticeState
_KEEP = Permission.LOG_CHECKPOINT
NOTICE_FLOW = Flow(
    Step(N.QUEUED, "take", N.SENDING, _KEEP),
    Step(N.UNKNOWN, "take", N.SENDING, _KEEP),
    Step(N.SENDING, "take", N.SENDING, _KEEP),  # who had it died
    Step(N.SENDING, "send", N.SENT, _KEEP),
    Step(N.SENDING, "keep", N.KEPT, _KEEP),
    Step(N.SENDING, "put-off", N.QUEUED, _KEEP),
    Step(N.SENDING, "lose", N.UNKNOWN, _KEEP),
    Step(N.SENDING, "fail", N.FAILED, _KEEP),
    Step(N.UNKNOWN, "send-again", N.QUEUED, _KEEP),
    Step(N.KEPT, "send-again", N.QUEUED, _KEEP),
    Step(N.FAILED, "send-again", N.QUEUED, _KEEP),
)
TO_SEND = (N.QUEUED, N.UNKNOWN, N.SENDING)


class NoticeAddress(Model):
    """Whom the office writes to, from one day to another; ``email_lookup`` finds one again.

    One person asks for its end, another one ends it: a witness is not sent away by one alone.
    """

    __tablename__ = "notice_addresses"
    __table_args__ = (
        CheckConstraint("ended_by <> ending_asked_by", name="four_eyes"),
        CheckConstraint("ended_by IS NULL OR ending_asked_by IS NOT NULL", name="asked"),
        CheckConstraint("(until IS NULL) = (ended_by IS NULL)", name="ended"),
    )

    who: Mapped[str]  # an office or a post: Inspektorat, BPKAD, petugas bank
    email_sealed: Mapped[bytes]
    email_lookup: Mapped[bytes] = mapped_column(index=True)
    purpose: Mapped[Purpose]
    since: Mapped[date]
    until: Mapped[date | None]
    entered_at: Mapped[datetime]
    entered_by_name: Mapped[str]
    ending_asked_at: Mapped[datetime | None]
    ending_asked_by: Mapped[UUID | None]
    ending_asked_by_name: Mapped[str] = mapped_column(default="")
    ended_by: Mapped[UUID | None]
    ended_by_name: Mapped[str] = mapped_column(default="")

    email = Sealed()


class Notice(Model):
    """One message to one address: for one reason there is one, however often somebody asks."""

    __tablename__ = "notices"
    __table_args__ = (
        UniqueConstraint("reason", "email_lookup"),
        Index("ix_notices_due", "state", "try_again_at"),
    )

    reason: Mapped[str]
    who: Mapped[str]
    email_sealed: Mapped[bytes]
    email_lookup: Mapped[bytes]
    subject: Mapped[str]
    body: Mapped[str]
    attachments: Mapped[dict[str, str]] = mapped_column(JSON)  # name of the file: its text
    state: Mapped[NoticeState]
    queued_at: Mapped[datetime]
    try_again_at: Mapped[datetime]
    attempts: Mapped[int]
    ended_at: Mapped[datetime | None]
    last_error: Mapped[str] = mapped_column(default="")

    email = Sealed()
