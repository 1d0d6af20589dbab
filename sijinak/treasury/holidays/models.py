"""Days on which the office and the bank do not work."""

from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import CheckConstraint, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from sijinak.core.model import Model


class HolidayKind(StrEnum):
    NATIONAL = "national"
    COLLECTIVE = "collective"  # cuti bersama
    REGIONAL = "regional"  # by decision of the governor or the regent


_IN_FORCE = text("removed_at IS NULL")


class Holiday(Model):
    """One day off. What was wrong is taken out with a reason, and stays to be seen.

    A day that has begun decides what is late: it is entered or taken out by two people.
    """

    __tablename__ = "holidays"
    __table_args__ = (
        Index(
            "uq_holidays_day",
            "day",
            unique=True,
            sqlite_where=_IN_FORCE,
            postgresql_where=_IN_FORCE,
        ),
        CheckConstraint("removed_at IS NULL OR removed_why <> ''", name="removed"),
        CheckConstraint("agreed_by <> asked_by", name="four_eyes"),
    )

    day: Mapped[date]
    name: Mapped[str]
    kind: Mapped[HolidayKind]
    source: Mapped[str]  # the decision that says so
    is_example: Mapped[bool]  # not compared with the decision yet
    entered_at: Mapped[datetime]
    entered_by: Mapped[UUID]
    entered_by_name: Mapped[str]
    asked_by: Mapped[UUID | None]  # the first of two, where two are needed
    asked_by_name: Mapped[str] = mapped_column(default="")
    agreed_by: Mapped[UUID | None]
    agreed_by_name: Mapped[str] = mapped_column(default="")
    removed_at: Mapped[datetime | None]
    removed_by_name: Mapped[str] = mapped_column(default="")
    removed_why: Mapped[str] = mapped_column(default="")

    @property
    def waits(self) -> bool:
        """For a second person: to count, or, when there is a reason, to be taken out."""
        return self.removed_at is None and self.asked_by is not None and self.agreed_by is None
