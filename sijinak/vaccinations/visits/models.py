"""Results of a visit that are no dose of a registered animal."""

from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from sijinak.animals.models import Species
from sijinak.core.model import Model, RegionCode
from sijinak.vaccinations.models import Disease, Standing, VaccinationAct


class Outcome(StrEnum):
    """Why an animal that was to be vaccinated was not."""

    REFUSED = "refused"
    ABSENT = "absent"
    NOT_CAUGHT = "not-caught"


class Severity(StrEnum):
    MILD = "mild"
    SEVERE = "severe"
    DIED = "died"


class VisitResult(Model):
    """An animal, or some heads of an owner or a village, that were not vaccinated, and why."""

    __tablename__ = "visit_results"
    __table_args__ = (
        CheckConstraint("heads > 0", name="heads"),
        CheckConstraint("animal_id IS NULL OR heads = 1", name="animal"),
        CheckConstraint("animal_id IS NOT NULL OR species IS NOT NULL", name="species"),
        Index("ix_visit_results_village", "village", "disease", "found_on"),
    )

    campaign_id: Mapped[UUID | None] = mapped_column(ForeignKey("campaigns.id"), index=True)
    disease: Mapped[Disease]
    village: Mapped[str] = mapped_column(RegionCode)
    animal_id: Mapped[UUID | None] = mapped_column(ForeignKey("animals.id"), index=True)
    keeper_id: Mapped[UUID | None] = mapped_column(ForeignKey("keepers.id"), index=True)
    species: Mapped[Species | None]
    heads: Mapped[int]
    outcome: Mapped[Outcome]
    reason: Mapped[str]
    found_at: Mapped[datetime]
    found_on: Mapped[date]
    next_visit: Mapped[date | None] = mapped_column(index=True)
    standing: Mapped[Standing] = mapped_column(default=Standing.COUNTS)
    by_id: Mapped[UUID] = mapped_column(index=True)
    by_name: Mapped[str]
    recorded_at: Mapped[datetime]


class HeadCount(Model):
    """Declared animals that were vaccinated: so many heads, never an animal's history."""

    __tablename__ = "head_counts"
    __table_args__ = (
        CheckConstraint("heads > 0", name="heads"),
        Index("ix_head_counts_village", "village", "disease", "given_on"),
    )

    act_id: Mapped[UUID] = mapped_column(ForeignKey(VaccinationAct.id), index=True)
    disease: Mapped[Disease]
    village: Mapped[str] = mapped_column(RegionCode)
    keeper_id: Mapped[UUID | None] = mapped_column(ForeignKey("keepers.id"), index=True)
    species: Mapped[Species]
    heads: Mapped[int]
    given_at: Mapped[datetime]
    given_on: Mapped[date]
    standing: Mapped[Standing] = mapped_column(default=Standing.COUNTS)
    by_id: Mapped[UUID]
    by_name: Mapped[str]
    recorded_at: Mapped[datetime]


class Reaction(Model):
    """What an animal suffered after a dose. Never updated; a later look is another row."""

    __tablename__ = "vaccine_reactions"

    animal_id: Mapped[UUID] = mapped_column(ForeignKey("animals.id"), index=True)
    vaccination_id: Mapped[UUID | None] = mapped_column(ForeignKey("vaccinations.id"), index=True)
    signs: Mapped[str]
    severity: Mapped[Severity]
    treatment: Mapped[str] = mapped_column(default="")
    began_at: Mapped[datetime]
    village: Mapped[str] = mapped_column(RegionCode, index=True)
    by_id: Mapped[UUID]
    by_name: Mapped[str]
    recorded_at: Mapped[datetime]
