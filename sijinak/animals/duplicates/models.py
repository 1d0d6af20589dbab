"""Pairs that look like one animal, and the merges that people decided."""

from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from sijinak.core.model import Model, RegionCode


class PairState(StrEnum):
    OPEN = "open"
    DIFFERENT = "different"  # somebody looked: two animals
    MERGED = "merged"


class DuplicateRule(Model):
    """One rule as data: which fields must agree, and how far dates may lie apart."""

    __tablename__ = "duplicate_rules"

    code: Mapped[str] = mapped_column(unique=True)
    terms: Mapped[dict[str, Any]] = mapped_column(JSON)
    points: Mapped[int]  # how likely, 1 to 100
    is_active: Mapped[bool] = mapped_column(default=True)
    source: Mapped[str] = mapped_column(default="")


class DuplicatePair(Model):
    """``first_id`` is the lower id, so that a pair stands once."""

    __tablename__ = "duplicate_pairs"
    __table_args__ = (
        UniqueConstraint("first_id", "second_id"),
        CheckConstraint("first_id < second_id", name="order"),
        Index("ix_duplicate_pairs_region_state", "region", "state"),
    )

    first_id: Mapped[UUID] = mapped_column(ForeignKey("animals.id"))
    second_id: Mapped[UUID] = mapped_column(ForeignKey("animals.id"), index=True)
    region: Mapped[str] = mapped_column(RegionCode)
    rule: Mapped[str]
    points: Mapped[int]
    state: Mapped[PairState]
    found_at: Mapped[datetime]
    decided_at: Mapped[datetime | None]
    decided_by: Mapped[UUID | None]
    decided_by_name: Mapped[str | None]
    reason: Mapped[str] = mapped_column(default="")


class Merge(Model):
    """Two records became one; ``tags`` are the identifiers that ended with it."""

    __tablename__ = "merges"

    kept_id: Mapped[UUID] = mapped_column(ForeignKey("animals.id"), index=True)
    gone_id: Mapped[UUID] = mapped_column(ForeignKey("animals.id"), index=True)
    identifiers: Mapped[list[str]] = mapped_column(JSON)
    merged_at: Mapped[datetime]
    merged_by: Mapped[UUID]
    merged_by_name: Mapped[str]
    reason: Mapped[str]
    unmerged_at: Mapped[datetime | None]
    unmerged_by: Mapped[UUID | None]
    unmerged_because: Mapped[str] = mapped_column(default="")
