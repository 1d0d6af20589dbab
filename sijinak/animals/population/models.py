"""Totals that are kept, so that a regency of a million animals is counted at once.

A count is the totals of the last recount plus the changes since. ``population`` is written by the
recount only; each change of an animal that counts adds a row to ``population_changes``.
"""

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from sijinak.animals.models import Sex, Species
from sijinak.core.model import Model, RegionCode


class AgeClass(StrEnum):
    """iSIKHNAS' classes, by full months of age."""

    CALF = "calf"  # below 12
    YEARLING = "yearling"  # 12 to 23
    YOUNG_ADULT = "young-adult"  # 24 to 47
    ADULT = "adult"  # 48 to 71
    OLD = "old"  # 72 and more
    UNKNOWN = "unknown"


class Population(Model):
    """Heads of one kind in one village, on the day of the last recount."""

    __tablename__ = "population"
    __table_args__ = (UniqueConstraint("village", "species", "sex", "age_class"),)

    village: Mapped[str] = mapped_column(RegionCode)
    species: Mapped[Species]
    sex: Mapped[Sex]
    age_class: Mapped[AgeClass]
    seen_recently: Mapped[int]  # within twelve months
    seen_earlier: Mapped[int]
    declared: Mapped[int]


class PopulationChange(Model):
    """Heads that came (above zero) or went since the last recount."""

    __tablename__ = "population_changes"

    village: Mapped[str] = mapped_column(RegionCode, index=True)
    species: Mapped[Species]
    sex: Mapped[Sex]
    birth_date: Mapped[date | None]
    seen_at: Mapped[datetime | None]  # None: declared only
    heads: Mapped[int]


class PopulationCount(Model):
    """A recount: when it was made, and whether the kept totals were right."""

    __tablename__ = "population_counts"

    counted_at: Mapped[datetime]
    counted_on: Mapped[date]
    heads: Mapped[int]
    corrected: Mapped[int]  # heads by which the kept totals were wrong; 0 is what we expect
