"""What the office enters beside its own books: targets, and the figures of the regional treasury.

Nothing is altered: what is entered later counts instead of what was entered before.
"""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, Index
from sqlalchemy.orm import Mapped

from sijinak.core.model import Model
from sijinak.core.money import Rupiah


class RevenueTarget(Model):
    """What a month of a year is to bring by kode rekening, by the decree on the budget."""

    __tablename__ = "revenue_targets"
    __table_args__ = (
        CheckConstraint("amount >= 0", name="amount"),
        CheckConstraint("month BETWEEN 1 AND 12", name="month"),
        Index("ix_revenue_targets_year_law_code", "year", "law_code", "month"),
    )

    year: Mapped[int]
    month: Mapped[int]
    law_code: Mapped[str]
    amount: Mapped[Rupiah]
    decree: Mapped[str]
    entered_at: Mapped[datetime]
    entered_by: Mapped[UUID]
    entered_by_name: Mapped[str]


class RegionalFigure(Model):
    """What BPKAD says (SIPD) that our accounts brought in a month, to compare with."""

    __tablename__ = "regional_figures"
    __table_args__ = (Index("ix_regional_figures_month", "month"),)

    month: Mapped[date]  # its first day
    amount: Mapped[Rupiah]
    source: Mapped[str]
    entered_at: Mapped[datetime]
    entered_by: Mapped[UUID]
    entered_by_name: Mapped[str]
