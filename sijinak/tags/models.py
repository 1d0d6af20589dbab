"""Sheets of labels that were printed, and what scans of them tell."""

from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import JSON, ForeignKey, Index, UniqueConstraint, text
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


class Sighting(Model):
    """A code was read somewhere by an officer. Inserted, never updated."""

    __tablename__ = "sightings"
    __table_args__ = (Index("ix_sightings_animal_id_seen_at", "animal_id", "seen_at"),)

    animal_id: Mapped[UUID] = mapped_column(ForeignKey("animals.id"))
    code: Mapped[str]
    seen_at: Mapped[datetime]
    village: Mapped[str] = mapped_column(RegionCode)
    latitude: Mapped[float | None]  # degrees, WGS 84
    longitude: Mapped[float | None]
    by_id: Mapped[UUID]
    event_id: Mapped[UUID | None]  # what the officer did there


class AlarmKind(StrEnum):
    TWO_PLACES = "two-places"  # read in two places too far apart for the time between
    NOT_ISSUED = "not-issued"  # bound by an officer it was never issued to
    DEAD_TAG = "dead-tag"  # a tag that was reported lost or stolen was read
    STOLEN_ANIMAL = "stolen-animal"


class TagAlarm(Model):
    """One stands open for each kind and code; what comes again is counted at it."""

    __tablename__ = "tag_alarms"
    __table_args__ = (
        Index("ix_tag_alarms_region_closed_at", "region", "closed_at"),
        Index(
            "uq_tag_alarms_open",
            "kind",
            "code",
            unique=True,
            sqlite_where=text("closed_at IS NULL"),
            postgresql_where=text("closed_at IS NULL"),
        ),
    )

    kind: Mapped[AlarmKind]
    code: Mapped[str]
    animal_id: Mapped[UUID | None] = mapped_column(ForeignKey("animals.id"), index=True)
    region: Mapped[str] = mapped_column(RegionCode)
    facts: Mapped[dict[str, Any]] = mapped_column(JSON)
    event_id: Mapped[UUID | None]  # what raised it; none for a reading that changed nothing
    raised_at: Mapped[datetime]
    readings: Mapped[int] = mapped_column(default=1)
    last_read_at: Mapped[datetime]
    closed_at: Mapped[datetime | None]
    closed_by: Mapped[UUID | None]
    closed_by_name: Mapped[str | None]
    resolution: Mapped[str] = mapped_column(default="")
