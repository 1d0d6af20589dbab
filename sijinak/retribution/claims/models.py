"""Bills that the office gives up: asked for by one person, approved by another, by decree."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from sijinak.core.model import Model, RegionCode

_WAITS = text("ended_at IS NULL")


class WriteOff(Model):
    """While ``ended_at`` is open it waits for the second person."""

    __tablename__ = "write_offs"
    __table_args__ = (
        CheckConstraint("approved_by IS NULL OR approved_by <> proposed_by", name="four_eyes"),
        CheckConstraint("decree <> ''", name="decree"),
        CheckConstraint("approved_by IS NULL OR ended_at IS NOT NULL", name="ended"),
        Index(
            "uq_write_offs_waiting",
            "skrd_id",
            unique=True,
            sqlite_where=_WAITS,
            postgresql_where=_WAITS,
        ),
    )

    skrd_id: Mapped[UUID] = mapped_column(ForeignKey("skrd.id"), index=True)
    region: Mapped[str] = mapped_column(RegionCode)
    decree: Mapped[str]  # surat keputusan penghapusan piutang
    decree_on: Mapped[date]
    reason: Mapped[str]
    proposed_by: Mapped[UUID]
    proposed_by_name: Mapped[str]
    proposed_at: Mapped[datetime]
    approved_by: Mapped[UUID | None]
    approved_by_name: Mapped[str] = mapped_column(default="")
    refused_why: Mapped[str] = mapped_column(default="")
    ended_at: Mapped[datetime | None]
