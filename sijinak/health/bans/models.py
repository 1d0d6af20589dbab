"""Bans on moving animals. What an area is closed for is a dated row with its legal basis."""

from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import JSON, CheckConstraint, Index
from sqlalchemy.orm import Mapped, mapped_column

from sijinak.animals.models import Species
from sijinak.core.model import Model, RegionCode
from sijinak.health.diseases import Disease


class Direction(StrEnum):
    """Seen from the area of the ban."""

    OUT = "out"
    INTO = "into"
    WITHIN = "within"
    THROUGH = "through"  # from elsewhere to elsewhere, by a port that lies in it


class Ban(Model):
    """``region`` is closed with all below it; no species means every one.

    Never altered but to be lifted: what it said on a day can be read for ever.
    """

    __tablename__ = "movement_bans"
    __table_args__ = (
        CheckConstraint("valid_until IS NULL OR valid_until >= valid_from", name="days"),
        CheckConstraint(
            "(lifted_at IS NULL) = (lifted_by IS NULL) AND "
            "(lifted_at IS NULL) = (lifted_on IS NULL)",
            name="lifted",
        ),
        Index("ix_movement_bans_days", "valid_from", "valid_until"),
    )

    region: Mapped[str] = mapped_column(RegionCode)
    species: Mapped[Species | None]
    disease: Mapped[Disease]
    directions: Mapped[list[str]] = mapped_column(JSON)
    legal_basis: Mapped[str]
    note: Mapped[str] = mapped_column(default="")
    valid_from: Mapped[date]
    valid_until: Mapped[date | None]  # None: until it is lifted
    entered_at: Mapped[datetime]
    entered_by: Mapped[UUID]
    entered_by_name: Mapped[str]
    lifted_on: Mapped[date | None]  # the first day on which it holds no more
    lifted_at: Mapped[datetime | None]
    lifted_by: Mapped[UUID | None]
    lifted_by_name: Mapped[str] = mapped_column(default="")
    lifted_because: Mapped[str] = mapped_column(default="")
