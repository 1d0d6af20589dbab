"""Samples of animals, and what laboratories found in them."""

from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from sijinak.core.model import Model, RegionCode
from sijinak.health.diseases import Disease


class Method(StrEnum):
    RBT = "rbt"  # Rose Bengal, for brucellosis
    CFT = "cft"  # complement fixation, which confirms it
    PCR = "pcr"
    ELISA = "elisa"
    ELISA_NSP = "elisa-nsp"  # tells infected from vaccinated, for FMD
    CULTURE = "culture"
    MICROSCOPY = "microscopy"


class Finding(StrEnum):
    """What the laboratory says. The last two ask for another sample."""

    NEGATIVE = "negative"
    POSITIVE = "positive"
    UNCLEAR = "unclear"
    UNUSABLE = "unusable"


class Sample(Model):
    """What was taken from one animal, or pooled from several, to be tested for one disease.

    Inserted, never updated. ``permit_id`` is of an application that lies above this feature.
    """

    __tablename__ = "lab_samples"
    __table_args__ = (UniqueConstraint("number", "disease", "method"),)

    number: Mapped[str]  # on the tube; one tube may serve several diseases
    disease: Mapped[Disease]
    method: Mapped[Method]
    is_pooled: Mapped[bool]
    permit_id: Mapped[UUID | None] = mapped_column(index=True)
    village: Mapped[str] = mapped_column(RegionCode, index=True)
    lab: Mapped[str] = mapped_column(default="")
    taken_at: Mapped[datetime]
    taken_by: Mapped[UUID]
    taken_by_name: Mapped[str]

    animals: Mapped[list["SampleAnimal"]] = relationship(
        order_by="SampleAnimal.animal_id", lazy="selectin"
    )
    results: Mapped[list["Result"]] = relationship(order_by="Result.id")


class SampleAnimal(Model):
    """Inserted, never updated."""

    __tablename__ = "lab_sample_animals"
    __table_args__ = (UniqueConstraint("sample_id", "animal_id"),)

    sample_id: Mapped[UUID] = mapped_column(ForeignKey(Sample.id))
    animal_id: Mapped[UUID] = mapped_column(ForeignKey("animals.id"), index=True)


_FIRST = text("supersedes_id IS NULL")


class Result(Model):
    """Inserted, never updated: a correction is a new row. A sample has one that stands."""

    __tablename__ = "lab_results"
    __table_args__ = (
        Index(
            "uq_lab_results_first",
            "sample_id",
            unique=True,
            sqlite_where=_FIRST,
            postgresql_where=_FIRST,
        ),
        UniqueConstraint("supersedes_id"),
        CheckConstraint("supersedes_id IS NULL OR note <> ''", name="correction_says_why"),
    )

    sample_id: Mapped[UUID] = mapped_column(ForeignKey(Sample.id), index=True)
    finding: Mapped[Finding]
    tested_on: Mapped[date]
    lab: Mapped[str]
    report_number: Mapped[str]
    report_id: Mapped[UUID | None] = mapped_column(ForeignKey("stored_files.id"))
    recorded_at: Mapped[datetime]
    recorded_by: Mapped[UUID]
    recorded_by_name: Mapped[str]
    supersedes_id: Mapped[UUID | None] = mapped_column(ForeignKey("lab_results.id"))
    note: Mapped[str] = mapped_column(default="")
