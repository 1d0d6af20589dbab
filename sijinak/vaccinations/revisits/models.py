"""Draws of animals to visit again."""

from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from sijinak.core.model import Model, RegionCode


class RevisitResult(StrEnum):
    CONFIRMED = "confirmed"
    NOT_VACCINATED = "not-vaccinated"
    NOT_FOUND = "not-found"


class SeedSource(StrEnum):
    PUBLIC = "public"  # something everybody can look up, and nobody of the office can choose
    AGREED = "agreed"  # written down before the days ended, and kept secret until the draw


class Draw(Model):
    """``permille`` of the doses of these days, announced first and drawn when they are over.

    ``population`` is what it was drawn from, as it was at that moment: the ids of the doses, 16
    bytes each, sorted. ``digest`` is SHA-256 over the same list as text, one id in each line.
    """

    __tablename__ = "revisit_draws"
    __table_args__ = (
        CheckConstraint("permille BETWEEN 1 AND 1000", name="permille"),
        CheckConstraint("last_day >= first_day", name="days"),
    )

    region: Mapped[str] = mapped_column(RegionCode, index=True)
    first_day: Mapped[date]
    last_day: Mapped[date]
    permille: Mapped[int]
    source: Mapped[SeedSource]
    source_words: Mapped[str]  # which lottery of which day, or who agreed on it
    seed: Mapped[str]  # empty until the public source has spoken
    announced_at: Mapped[datetime]
    drawn_at: Mapped[datetime | None]
    among: Mapped[int] = mapped_column(default=0)  # how many doses it was drawn from
    digest: Mapped[str] = mapped_column(default="")
    population: Mapped[bytes] = mapped_column(default=b"", deferred=True)
    by_id: Mapped[UUID]
    by_name: Mapped[str]


class Revisit(Model):
    __tablename__ = "revisits"
    __table_args__ = (UniqueConstraint("draw_id", "vaccination_id"),)

    draw_id: Mapped[UUID] = mapped_column(ForeignKey(Draw.id))
    vaccination_id: Mapped[UUID] = mapped_column(ForeignKey("vaccinations.id"), index=True)
    result: Mapped[RevisitResult | None]
    note: Mapped[str] = mapped_column(default="")
    visited_on: Mapped[date | None]
    by_id: Mapped[UUID | None]
    by_name: Mapped[str] = mapped_column(default="")
