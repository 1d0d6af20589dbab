"""How much may leave a port on a day, and who has booked of it."""

from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from sijinak.areas.models import Port
from sijinak.core.model import Model, RegionCode
from sijinak.permits.models import Permit


class SlotUnit(StrEnum):
    TRUCKS = "trucks"  # each permit is one
    HEADS = "heads"


class SlotDay(Model):
    """What a port takes on a day. No row or no capacity: nobody counts, and nobody needs a slot."""

    __tablename__ = "slot_days"
    __table_args__ = (
        UniqueConstraint("port", "day"),
        CheckConstraint("capacity >= 0", name="capacity"),
        CheckConstraint("booked >= 0 AND booked <= capacity", name="booked"),
    )

    port: Mapped[str] = mapped_column(ForeignKey(Port.code))
    day: Mapped[date]
    region: Mapped[str] = mapped_column(RegionCode, index=True)  # the port's
    unit: Mapped[SlotUnit]
    capacity: Mapped[int | None]
    booked: Mapped[int] = mapped_column(default=0)
    note: Mapped[str] = mapped_column(default="")

    @property
    def free(self) -> int:
        return (self.capacity or 0) - self.booked


_LIVE = text("is_live")


class SlotBooking(Model):
    """A permit has one live booking; those before it stay, with the reason they ended."""

    __tablename__ = "slot_bookings"
    __table_args__ = (
        Index(
            "uq_slot_bookings_live",
            "permit_id",
            unique=True,
            sqlite_where=_LIVE,
            postgresql_where=_LIVE,
        ),
        CheckConstraint("amount > 0", name="amount"),
        CheckConstraint("is_live OR ended_at IS NOT NULL", name="ended"),
    )

    permit_id: Mapped[UUID] = mapped_column(ForeignKey(Permit.id), index=True)
    slot_day_id: Mapped[UUID] = mapped_column(ForeignKey(SlotDay.id), index=True)
    amount: Mapped[int]  # of the day's unit
    is_live: Mapped[bool] = mapped_column(default=True)
    booked_at: Mapped[datetime]
    booked_by: Mapped[UUID]
    booked_by_name: Mapped[str]
    ended_at: Mapped[datetime | None]
    ended_by_name: Mapped[str] = mapped_column(default="")
    ended_why: Mapped[str] = mapped_column(default="")

    slot_day: Mapped[SlotDay] = relationship(lazy="joined", innerjoin=True)
