"""What is kept about permits that stay open after the animals left."""

from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from sijinak.core.model import Model


class ReminderWay(StrEnum):
    """By what somebody was reminded."""

    WHATSAPP = "whatsapp"
    TELEPHONE = "telephone"
    LETTER = "letter"
    VISIT = "visit"


class OpenLimit(Model):
    """From a day on: when an open permit is late, and how many late ones a keeper may have."""

    __tablename__ = "open_permit_limits"
    __table_args__ = (
        CheckConstraint("remind_after_days >= 1", name="remind"),
        CheckConstraint("late_after_days >= remind_after_days", name="late"),
        CheckConstraint("most_late >= 0", name="most"),
    )

    valid_from: Mapped[date] = mapped_column(unique=True)
    remind_after_days: Mapped[int]  # after the departure: then it stands on the desk's list
    late_after_days: Mapped[int]  # then it counts towards the block
    most_late: Mapped[int]  # with more late ones than that, no new application
    legal_basis: Mapped[str]
    source: Mapped[str]


class Reminder(Model):
    """Inserted, never updated."""

    __tablename__ = "permit_reminders"

    permit_id: Mapped[UUID] = mapped_column(ForeignKey("permits.id"), index=True)
    way: Mapped[ReminderWay]
    words: Mapped[str] = mapped_column(default="")
    reminded_at: Mapped[datetime]
    by_id: Mapped[UUID]
    by_name: Mapped[str]


_WAITING = text("heard_at IS NULL")


class BlockAppeal(Model):
    """A keeper asks for time although too many permits are open; one at a time waits."""

    __tablename__ = "block_appeals"
    __table_args__ = (
        Index(
            "uq_block_appeals_waiting",
            "keeper_id",
            unique=True,
            sqlite_where=_WAITING,
            postgresql_where=_WAITING,
        ),
        CheckConstraint("(heard_at IS NULL) = (heard_by IS NULL)", name="heard"),
        CheckConstraint("until IS NULL OR heard_at IS NOT NULL", name="until"),
    )

    keeper_id: Mapped[UUID] = mapped_column(ForeignKey("keepers.id"), index=True)
    words: Mapped[str]
    asked_at: Mapped[datetime]
    asked_by: Mapped[UUID]
    asked_by_name: Mapped[str]
    heard_at: Mapped[datetime | None]
    heard_by: Mapped[UUID | None]
    heard_by_name: Mapped[str] = mapped_column(default="")
    until: Mapped[date | None]  # the last day on which it may apply all the same; None: refused
    answer: Mapped[str] = mapped_column(default="")
