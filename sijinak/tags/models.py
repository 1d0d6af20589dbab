"""Sheets of labels that were printed."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from sijinak.core.model import Model, RegionCode


class LabelSheet(Model):
    """One print job; it can be printed again as it was."""

    __tablename__ = "label_sheets"

    region: Mapped[str] = mapped_column(RegionCode, index=True)
    layout: Mapped[str]
    printed_at: Mapped[datetime]
    printed_by: Mapped[UUID]


class Label(Model):
    __tablename__ = "labels"
    __table_args__ = (UniqueConstraint("sheet_id", "position"),)

    sheet_id: Mapped[UUID] = mapped_column(ForeignKey(LabelSheet.id))
    position: Mapped[int]
    identifier_id: Mapped[UUID] = mapped_column(ForeignKey("identifiers.id"), index=True)
