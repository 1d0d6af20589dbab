"""A stock-take and its lines."""

from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from sijinak.core.model import Model, RegionCode


class Finding(StrEnum):
    HERE = "here"  # scanned, and the register has it here
    ELSEWHERE = "elsewhere"  # scanned here, but the register has it elsewhere, or as gone
    UNKNOWN = "unknown"  # scanned, and no animal has this code
    MISSING = "missing"  # the register has it here, and it was not scanned


class LineAction(StrEnum):
    """The one thing that is done about a line."""

    CONFIRMED = "confirmed"  # seen here, marks as they were
    STILL_THERE = "still-there"  # the owner says that it is there, not seen
    SOLD = "sold"
    DEAD = "dead"
    STOLEN = "stolen"
    SLAUGHTERED = "slaughtered"
    MOVED = "moved"
    TAG_LOST = "tag-lost"
    REGISTERED = "registered"
    NOTHING = "nothing"  # looked at, with a reason


class StockTake(Model):
    """Of a village, or of one keeper's animals in it."""

    __tablename__ = "stock_takes"

    village: Mapped[str] = mapped_column(RegionCode, index=True)
    keeper_id: Mapped[UUID | None] = mapped_column(ForeignKey("keepers.id"), index=True)
    begun_at: Mapped[datetime]
    begun_by: Mapped[UUID]
    begun_by_name: Mapped[str]
    compared_at: Mapped[datetime | None]  # scanning is over, the missing are listed
    closed_at: Mapped[datetime | None]
    closed_by: Mapped[UUID | None]


class StockTakeLine(Model):
    __tablename__ = "stock_take_lines"
    __table_args__ = (
        UniqueConstraint("stock_take_id", "code"),
        Index("ix_stock_take_lines_animal_id", "animal_id"),
        Index("ix_stock_take_lines_stock_take_id_scanned_at", "stock_take_id", "scanned_at"),
    )

    stock_take_id: Mapped[UUID] = mapped_column(ForeignKey(StockTake.id))
    code: Mapped[str]  # as scanned in its one spelling; of a known animal its live tag, or its id
    animal_id: Mapped[UUID | None] = mapped_column(ForeignKey("animals.id"))
    finding: Mapped[Finding]
    scanned_at: Mapped[datetime | None]
    scanned_by: Mapped[UUID | None]
    action: Mapped[LineAction | None]
    action_note: Mapped[str] = mapped_column(default="")
    mutation_id: Mapped[UUID | None] = mapped_column(ForeignKey("mutations.id"))
    acted_at: Mapped[datetime | None]
    acted_by: Mapped[UUID | None]
