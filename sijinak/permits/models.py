"""Permits to take livestock out: the rules, the application, and the way it goes."""

from collections.abc import Mapping
from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from sijinak.animals.models import Sex, Species
from sijinak.core.flow import Flow, Step
from sijinak.core.model import Model, RegionCode
from sijinak.core.permissions import Permission as P  # noqa: N817


class Purpose(StrEnum):
    SLAUGHTER = "slaughter"
    BREEDING = "breeding"


class Scope(StrEnum):
    IN_PROVINCE = "in-province"
    OUT_OF_PROVINCE = "out-of-province"


class RbtResult(StrEnum):
    """What the brucellosis test (Rose Bengal) of one animal said."""

    NEGATIVE = "negative"
    POSITIVE = "positive"
    NOT_TESTED = "not-tested"


class PermitState(StrEnum):
    DRAFT = "draft"
    SUBMITTED = "submitted"
    RETURNED = "returned"
    ACCEPTED = "accepted"
    INSPECTED = "inspected"
    BILLED = "billed"
    PAID = "paid"
    APPROVED = "approved"
    ISSUED = "issued"
    REJECTED = "rejected"
    CANCELLED = "cancelled"


S = PermitState
# Whose turn it is; what is not here is over.
TURN: Mapping[PermitState, P] = {
    S.DRAFT: P.PERMIT_APPLY,
    S.RETURNED: P.PERMIT_APPLY,
    S.SUBMITTED: P.PERMIT_CHECK,
    S.ACCEPTED: P.PERMIT_INSPECT,
    S.INSPECTED: P.SKRD_ISSUE,
    S.BILLED: P.PAYMENT_START,
    S.PAID: P.PERMIT_DECIDE,
    S.APPROVED: P.PERMIT_ISSUE,
}
CANCELLABLE = (S.DRAFT, S.SUBMITTED, S.RETURNED, S.ACCEPTED, S.INSPECTED)
CLOSED = (S.ISSUED, S.REJECTED, S.CANCELLED)

PERMIT_FLOW = Flow(
    Step(S.DRAFT, "submit", S.SUBMITTED, P.PERMIT_APPLY),
    Step(S.RETURNED, "submit", S.SUBMITTED, P.PERMIT_APPLY),
    Step(S.SUBMITTED, "return", S.RETURNED, P.PERMIT_CHECK),
    Step(S.SUBMITTED, "accept", S.ACCEPTED, P.PERMIT_CHECK),
    Step(S.ACCEPTED, "inspect", S.INSPECTED, P.PERMIT_INSPECT),
    Step(S.INSPECTED, "bill", S.BILLED, P.SKRD_ISSUE),
    Step(S.BILLED, "settle", S.PAID, P.PERMIT_SETTLE),
    Step(S.BILLED, "withdraw", S.CANCELLED, P.PERMIT_SETTLE),  # the SKRD was cancelled
    Step(S.PAID, "approve", S.APPROVED, P.PERMIT_DECIDE),
    Step(S.PAID, "reject", S.REJECTED, P.PERMIT_DECIDE),
    Step(S.INSPECTED, "reject", S.REJECTED, P.PERMIT_DECIDE),
    Step(S.APPROVED, "issue", S.ISSUED, P.PERMIT_ISSUE),
    *(Step(state, "cancel", S.CANCELLED, P.PERMIT_CANCEL) for state in CANCELLABLE),
)


class Rule(Model):
    """What a species must meet for a purpose and scope. None: nobody has said, so it is asked."""

    __tablename__ = "permit_rules"
    __table_args__ = (UniqueConstraint("code", "valid_from"),)

    code: Mapped[str]
    species: Mapped[Species]
    purpose: Mapped[Purpose]
    scope: Mapped[Scope]
    sex: Mapped[Sex | None]
    min_weight_kg: Mapped[int | None]
    vaccines: Mapped[dict[str, int] | None] = mapped_column(JSON(none_as_null=True))  # {"pmk": 1}
    legal_basis: Mapped[str]
    source: Mapped[str]
    valid_from: Mapped[date]
    valid_until: Mapped[date | None]


class DestinationRule(Model):
    """What a destination asks for, or that it is closed, from one day to another."""

    __tablename__ = "destination_rules"
    __table_args__ = (UniqueConstraint("region", "valid_from"),)

    region: Mapped[str] = mapped_column(RegionCode, index=True)
    requires_rbt: Mapped[bool] = mapped_column(default=False)
    vaccines: Mapped[dict[str, int]] = mapped_column(JSON, default=dict)  # more than the rule asks
    is_closed: Mapped[bool] = mapped_column(default=False)
    reason: Mapped[str] = mapped_column(default="")
    source: Mapped[str]
    valid_from: Mapped[date]
    valid_until: Mapped[date | None]


class Permit(Model):
    """``region`` is the village where the animals are gathered and inspected."""

    __tablename__ = "permits"
    __table_args__ = (
        CheckConstraint("inspected_by <> decided_by", name="inspector_is_not_signer"),
        CheckConstraint("billed_by <> decided_by", name="biller_is_not_signer"),
        CheckConstraint("inspected_by <> billed_by", name="inspector_is_not_biller"),
        CheckConstraint(
            "applied_by <> inspected_by AND applied_by <> billed_by AND applied_by <> decided_by",
            name="applicant_is_no_officer",
        ),
        CheckConstraint("state <> 'issued' OR number IS NOT NULL", name="issued_has_a_number"),
    )

    number: Mapped[str | None] = mapped_column(unique=True)
    keeper_id: Mapped[UUID] = mapped_column(ForeignKey("keepers.id"), index=True)
    applied_by: Mapped[UUID]
    region: Mapped[str] = mapped_column(RegionCode, index=True)
    species: Mapped[Species]
    purpose: Mapped[Purpose]
    destination: Mapped[str] = mapped_column(RegionCode)
    destination_note: Mapped[str] = mapped_column(default="")
    port: Mapped[str]
    planned_on: Mapped[date]
    vehicle_plate: Mapped[str] = mapped_column(default="")
    tags: Mapped[list[str]] = mapped_column(JSON)  # as applied for; the animals come with submit
    sale_letter: Mapped[str] = mapped_column(default="")
    state: Mapped[PermitState] = mapped_column(index=True)
    rule_id: Mapped[UUID | None] = mapped_column(ForeignKey(Rule.id))
    needs_rbt: Mapped[bool] = mapped_column(default=False)
    created_at: Mapped[datetime]
    submitted_at: Mapped[datetime | None]
    inspected_by: Mapped[UUID | None]
    inspected_by_name: Mapped[str] = mapped_column(default="")
    inspected_at: Mapped[datetime | None]
    billed_by: Mapped[UUID | None]
    decided_by: Mapped[UUID | None]
    decided_by_name: Mapped[str] = mapped_column(default="")
    decided_mandate: Mapped[str] = mapped_column(default="")
    decided_at: Mapped[datetime | None]
    issued_at: Mapped[datetime | None]
    valid_until: Mapped[date | None]
    last_note: Mapped[str] = mapped_column(default="")

    animals: Mapped[list["PermitAnimal"]] = relationship(
        order_by="PermitAnimal.position", lazy="selectin", cascade="all, delete-orphan"
    )


_OPEN = text("is_open")


class PermitAnimal(Model):
    """One animal on an application. ``is_open`` keeps it off every other open one."""

    __tablename__ = "permit_animals"
    __table_args__ = (
        UniqueConstraint("permit_id", "animal_id"),
        Index(
            "uq_permit_animals_open",
            "animal_id",
            unique=True,
            sqlite_where=_OPEN,
            postgresql_where=_OPEN,
        ),
        CheckConstraint("weight_kg BETWEEN 1 AND 2000", name="weight"),
        CheckConstraint("NOT passed OR rbt_result = 'negative'", name="rbt"),
    )

    permit_id: Mapped[UUID] = mapped_column(ForeignKey(Permit.id))
    animal_id: Mapped[UUID] = mapped_column(ForeignKey("animals.id"))
    position: Mapped[int]
    sale_letter: Mapped[str] = mapped_column(default="")
    is_open: Mapped[bool] = mapped_column(default=False)
    passed: Mapped[bool | None]
    weight_kg: Mapped[int | None]
    rbt_result: Mapped[RbtResult | None]  # only where the destination asks for the test
    rbt_number: Mapped[str] = mapped_column(default="")
    reason: Mapped[str] = mapped_column(default="")
