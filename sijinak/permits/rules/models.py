"""What a species must meet to leave, and what a destination asks for: rows with dates.

A row is never altered, for applications are pinned to it: a new version is one more row, and only
its end may be set later. The database refuses anything else.
"""

from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from sijinak.animals.models import Sex, Species
from sijinak.core.model import Model, RegionCode
from sijinak.permits.rules.needs import Needs, TestNeed, VaccineNeed


class Purpose(StrEnum):
    SLAUGHTER = "slaughter"
    BREEDING = "breeding"


class Scope(StrEnum):
    IN_PROVINCE = "in-province"
    OUT_OF_PROVINCE = "out-of-province"


class ApplicantKind(StrEnum):
    """Who may apply."""

    FIRM = "firm"  # a legal entity with a NIB
    ANYBODY = "anybody"


class ToldBy(StrEnum):
    """Where a rule was learned from, and so how firm it is."""

    OFFICE = "office"  # the office wrote it down from the decree or circular itself
    NEWS = "news"  # a newspaper told it: the text was not read
    EXAMPLE = "example"  # of nobody: it shows how it works


class RuleField(StrEnum):
    """What a rule may leave unsaid, by the names of its columns."""

    SEXES = "sexes"
    UNPRODUCTIVE_FEMALES = "unproductive_females"
    MIN_WEIGHT_KG = "min_weight_kg"
    MIN_TEETH = "min_teeth"
    PREGNANT_MAY_LEAVE = "pregnant_may_leave"
    VACCINES = "vaccines"
    TESTS = "tests"
    ISOLATION_DAYS = "isolation_days"
    CLINICAL = "clinical"
    DISINFECTION = "disinfection"
    DOCUMENTS = "documents"
    EXTERNAL_PAPERS = "external_papers"
    VALIDITY_DAYS = "validity_days"
    NEEDS_QUOTA = "needs_quota"
    APPLICANT = "applicant"


_STANDS = text("withdrawn_at IS NULL")


class Rule(Model):
    """What a species must meet for a purpose and scope.

    None: nobody has said, so it is asked. Nothing needed is 0 or an empty list.
    """

    __tablename__ = "permit_rules"
    __table_args__ = (
        Index(
            "uq_permit_rules_code_valid_from",
            "code",
            "valid_from",
            unique=True,
            sqlite_where=_STANDS,
            postgresql_where=_STANDS,
        ),
        CheckConstraint("min_weight_kg BETWEEN 0 AND 2000", name="min_weight"),
        CheckConstraint("min_teeth BETWEEN 0 AND 4", name="min_teeth"),
    )

    code: Mapped[str]
    species: Mapped[Species]
    purpose: Mapped[Purpose]
    scope: Mapped[Scope]
    sexes: Mapped[list[str] | None] = mapped_column(JSON(none_as_null=True))
    unproductive_females: Mapped[bool | None]  # with a veterinarian's letter
    min_weight_kg: Mapped[int | None]
    min_teeth: Mapped[int | None]  # pairs of permanent incisors (poel), which tell the age
    pregnant_may_leave: Mapped[bool | None]
    vaccines: Mapped[Needs | None] = mapped_column(JSON(none_as_null=True))  # of VaccineNeed
    tests: Mapped[Needs | None] = mapped_column(JSON(none_as_null=True))  # of TestNeed
    isolation_days: Mapped[int | None]
    clinical: Mapped[bool | None]  # a veterinarian examines each animal
    disinfection: Mapped[bool | None]  # of the vehicle
    documents: Mapped[list[str] | None] = mapped_column(JSON(none_as_null=True))
    external_papers: Mapped[list[str] | None] = mapped_column(JSON(none_as_null=True))
    validity_days: Mapped[int | None]  # of the permit
    needs_quota: Mapped[bool | None]
    applicant: Mapped[ApplicantKind | None]
    legal_basis: Mapped[str]
    source: Mapped[str]
    told_by: Mapped[ToldBy] = mapped_column(default=ToldBy.OFFICE)
    valid_from: Mapped[date]
    valid_until: Mapped[date | None]
    withdrawn_at: Mapped[datetime | None]  # a mistake that was never in force
    # The version that this one follows: from the first day of this one that counts no more.
    replaces_id: Mapped[UUID | None] = mapped_column(ForeignKey("permit_rules.id"), index=True)

    @property
    def vaccine_needs(self) -> tuple[VaccineNeed, ...] | None:
        return None if self.vaccines is None else tuple(map(VaccineNeed.read, self.vaccines))

    @property
    def test_needs(self) -> tuple[TestNeed, ...] | None:
        return None if self.tests is None else tuple(map(TestNeed.read, self.tests))

    @property
    def stated_sexes(self) -> tuple[Sex, ...]:
        return tuple(Sex(name) for name in self.sexes or ())

    def takes(self, sex: Sex) -> bool:
        return sex in self.stated_sexes


class DestinationRule(Model):
    """What a destination asks for beside the rule, or that it is closed, between two days."""

    __tablename__ = "destination_rules"
    __table_args__ = (
        Index(
            "uq_destination_rules_region_valid_from",
            "region",
            "valid_from",
            unique=True,
            sqlite_where=_STANDS,
            postgresql_where=_STANDS,
        ),
    )

    region: Mapped[str] = mapped_column(RegionCode, index=True)
    requires_rbt: Mapped[bool] = mapped_column(default=False)
    vaccines: Mapped[Needs] = mapped_column(JSON, default=list)  # of VaccineNeed
    tests: Mapped[Needs] = mapped_column(JSON, default=list)  # of TestNeed
    external_papers: Mapped[list[str]] = mapped_column(JSON, default=list)
    is_closed: Mapped[bool] = mapped_column(default=False)
    reason: Mapped[str] = mapped_column(default="")
    legal_basis: Mapped[str] = mapped_column(default="")
    source: Mapped[str]
    told_by: Mapped[ToldBy] = mapped_column(default=ToldBy.OFFICE)
    valid_from: Mapped[date]
    valid_until: Mapped[date | None]
    withdrawn_at: Mapped[datetime | None]
    replaces_id: Mapped[UUID | None] = mapped_column(ForeignKey("destination_rules.id"), index=True)

    @property
    def vaccine_needs(self) -> tuple[VaccineNeed, ...]:
        return tuple(map(VaccineNeed.read, self.vaccines))

    @property
    def test_needs(self) -> tuple[TestNeed, ...]:
        return tuple(map(TestNeed.read, self.tests))
