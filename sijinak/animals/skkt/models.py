"""Sheets of ownership and their lines."""

from datetime import date, datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from sijinak.animals.models import Verification
from sijinak.core.flow import Flow, Step
from sijinak.core.model import Model, RegionCode
from sijinak.core.permissions import Permission

MOST_LINES = 30


class SheetState(StrEnum):
    DRAFT = "draft"
    ISSUED = "issued"
    SUPERSEDED = "superseded"
    VOID = "void"


SHEET_FLOW = Flow(
    Step(SheetState.DRAFT, "sign", SheetState.ISSUED, Permission.SHEET_SIGN),
    Step(SheetState.DRAFT, "discard", SheetState.VOID, Permission.SHEET_PREPARE),
    Step(SheetState.ISSUED, "supersede", SheetState.SUPERSEDED, Permission.SHEET_SIGN),
    Step(SheetState.ISSUED, "void", SheetState.VOID, Permission.SHEET_SIGN),
)


class Sheet(Model):
    """What the paper says is kept as it was at the signature; ``digest`` proves that it still is.

    The number is given at the signature: series, year and ``no`` without a gap.
    """

    __tablename__ = "sheets"
    __table_args__ = (
        UniqueConstraint("series", "year", "no"),
        CheckConstraint("prepared_by <> signed_by", name="four_eyes"),
        CheckConstraint("state <> 'issued' OR number IS NOT NULL", name="number"),
        Index(
            "uq_sheets_issued",  # one set of sheets stands …
            "keeper_id",
            "part",
            unique=True,
            sqlite_where=text("state = 'issued'"),
            postgresql_where=text("state = 'issued'"),
        ),
        Index(
            "uq_sheets_draft",  # … and one is being prepared, for each owner
            "keeper_id",
            "part",
            unique=True,
            sqlite_where=text("state = 'draft'"),
            postgresql_where=text("state = 'draft'"),
        ),
        Index(
            "ix_sheets_village_draft",
            "village",
            sqlite_where=text("state = 'draft'"),
            postgresql_where=text("state = 'draft'"),
        ),
    )

    keeper_id: Mapped[UUID] = mapped_column(ForeignKey("keepers.id"), index=True)
    village: Mapped[str] = mapped_column(RegionCode, index=True)
    state: Mapped[SheetState]
    series: Mapped[str | None]
    year: Mapped[int | None]
    no: Mapped[int | None]
    number: Mapped[str | None] = mapped_column(unique=True)
    public_code: Mapped[str] = mapped_column(unique=True)
    part: Mapped[int]  # sheet 2 …
    parts: Mapped[int]  # … of 3 of this owner
    owner_name: Mapped[str]
    prepared_at: Mapped[datetime]
    prepared_by: Mapped[UUID]
    prepared_by_name: Mapped[str]
    signed_at: Mapped[datetime | None]
    signed_on: Mapped[date | None]
    signed_by: Mapped[UUID | None]
    signed_by_name: Mapped[str | None]
    signed_as: Mapped[str | None]  # role and decree of the mandate, as printed
    digest: Mapped[bytes | None]
    superseded_by_id: Mapped[UUID | None] = mapped_column(ForeignKey("sheets.id"))
    ended_at: Mapped[datetime | None]
    ended_because: Mapped[str] = mapped_column(default="")

    lines: Mapped[list["SheetLine"]] = relationship(order_by="SheetLine.no", viewonly=True)


class SheetLine(Model):
    """An animal as it was. A struck line stays readable, with the reason."""

    __tablename__ = "sheet_lines"
    __table_args__ = (
        UniqueConstraint("sheet_id", "basis", "no"),
        UniqueConstraint("sheet_id", "animal_id"),
        CheckConstraint("basis <> 'seen' OR no BETWEEN 1 AND 30", name="no"),
        Index(
            "ix_sheet_lines_cause_id",
            "cause_id",
            sqlite_where=text("cause_id IS NOT NULL"),
            postgresql_where=text("cause_id IS NOT NULL"),
        ),
    )

    sheet_id: Mapped[UUID] = mapped_column(ForeignKey(Sheet.id))
    no: Mapped[int]
    animal_id: Mapped[UUID] = mapped_column(ForeignKey("animals.id"), index=True)
    basis: Mapped[Verification]  # seen: owned; declared: listed apart
    tag: Mapped[str]
    facts: Mapped[dict[str, Any]] = mapped_column(JSON)  # species, sex, birth, marks
    struck_at: Mapped[datetime | None]
    struck_because: Mapped[str] = mapped_column(default="")  # the kind of mutation
    cause_id: Mapped[UUID | None]  # the mutation
