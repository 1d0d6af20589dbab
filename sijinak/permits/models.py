"""Permits to take livestock out: the rules, the application, and the way it goes."""

from collections.abc import Mapping
from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from sijinak.animals.models import Species, WeighingMethod
from sijinak.core.flow import Flow, Step
from sijinak.core.model import Model, RegionCode
from sijinak.core.permissions import Permission as P  # noqa: N817
from sijinak.permits.rules.models import Purpose, Rule


class RbtResult(StrEnum):
    """What the brucellosis test (Rose Bengal) of one animal said."""

    NEGATIVE = "negative"
    POSITIVE = "positive"
    NOT_TESTED = "not-tested"


class DocumentKind(StrEnum):
    """What an applicant encloses."""

    APPLICATION = "application"
    DEED = "deed"
    NIB = "nib"
    NPWP = "npwp"
    ENTRY_RECOMMENDATION = "entry-recommendation"  # of the region that the animals go to
    STATEMENT = "statement"
    SKLB = "sklb"
    ASSOCIATION = "association"
    SALE_LETTER = "sale-letter"


class ExternalKind(StrEnum):
    """What other offices write about the same journey."""

    PROVINCE = "province-recommendation"
    VETERINARY_CERTIFICATE = "veterinary-certificate"
    DPMPTSP = "dpmptsp"
    KH11 = "kh11"  # of the quarantine, with the holding ground and the days there
    DISINFECTION = "disinfection"


class Arrival(StrEnum):
    """What became of one animal at its destination."""

    RECEIVED = "received"
    DEAD = "dead"
    REJECTED = "rejected"  # it comes back


class PermitState(StrEnum):
    DRAFT = "draft"
    SUBMITTED = "submitted"
    RETURNED = "returned"
    ACCEPTED = "accepted"
    IN_LAB = "in-lab"  # inspected; samples are at the laboratory
    INSPECTED = "inspected"
    BILLED = "billed"
    PAID = "paid"
    APPROVED = "approved"
    ISSUED = "issued"
    DEPARTED = "departed"  # used up at the checkpoint
    ARRIVED = "arrived"
    CLOSED = "closed"
    REJECTED = "rejected"
    APPEALED = "appealed"
    CANCELLED = "cancelled"
    EXPIRED = "expired"
    REVOKED = "revoked"


S = PermitState
# Whose turn it is; what is not here is over, or waits for the road.
TURN: Mapping[PermitState, P] = {
    S.DRAFT: P.PERMIT_APPLY,
    S.RETURNED: P.PERMIT_APPLY,
    S.SUBMITTED: P.PERMIT_CHECK,
    S.ACCEPTED: P.PERMIT_INSPECT,
    S.IN_LAB: P.LAB_RECORD,
    S.INSPECTED: P.SKRD_ISSUE,
    S.BILLED: P.PAYMENT_START,
    S.PAID: P.PERMIT_DECIDE,
    S.APPROVED: P.PERMIT_ISSUE,
    S.APPEALED: P.PERMIT_HEAR,
    S.ARRIVED: P.PERMIT_CHECK,
}
CANCELLABLE = (S.DRAFT, S.SUBMITTED, S.RETURNED, S.ACCEPTED, S.IN_LAB, S.INSPECTED)
BEFORE_DEPARTURE = (*CANCELLABLE, S.BILLED, S.PAID, S.APPROVED, S.ISSUED, S.APPEALED)
OVER = (S.CLOSED, S.REJECTED, S.CANCELLED, S.EXPIRED, S.REVOKED)

PERMIT_FLOW = Flow(
    Step(S.DRAFT, "submit", S.SUBMITTED, P.PERMIT_APPLY),
    Step(S.RETURNED, "submit", S.SUBMITTED, P.PERMIT_APPLY),
    Step(S.SUBMITTED, "return", S.RETURNED, P.PERMIT_CHECK),
    Step(S.ACCEPTED, "return", S.RETURNED, P.PERMIT_CHECK),
    Step(S.SUBMITTED, "accept", S.ACCEPTED, P.PERMIT_CHECK),
    Step(S.ACCEPTED, "inspect", S.INSPECTED, P.PERMIT_INSPECT),
    Step(S.ACCEPTED, "sample", S.IN_LAB, P.PERMIT_INSPECT),
    Step(S.IN_LAB, "clear", S.INSPECTED, P.LAB_RECORD),
    Step(S.INSPECTED, "bill", S.BILLED, P.SKRD_ISSUE),
    Step(S.BILLED, "settle", S.PAID, P.PERMIT_SETTLE),
    # The money was taken back; of a letter that is out the office is told, and may revoke it.
    *(Step(state, "reopen", S.BILLED, P.PERMIT_SETTLE) for state in (S.PAID, S.APPROVED)),
    Step(S.ISSUED, "miss-money", S.ISSUED, P.PERMIT_SETTLE),
    Step(S.ISSUED, "find-money", S.ISSUED, P.PERMIT_SETTLE),
    Step(S.BILLED, "withdraw", S.CANCELLED, P.PERMIT_SETTLE),  # the SKRD was cancelled
    # The health letter comes before or after the payment, as the office has set it.
    Step(S.INSPECTED, "certify", S.INSPECTED, P.PERMIT_CERTIFY),
    Step(S.PAID, "certify", S.PAID, P.PERMIT_CERTIFY),
    Step(S.PAID, "approve", S.APPROVED, P.PERMIT_DECIDE),
    Step(S.PAID, "reject", S.REJECTED, P.PERMIT_DECIDE),
    Step(S.INSPECTED, "reject", S.REJECTED, P.PERMIT_DECIDE),
    Step(S.SUBMITTED, "reject", S.REJECTED, P.PERMIT_DECIDE),
    Step(S.APPROVED, "issue", S.ISSUED, P.PERMIT_ISSUE),
    Step(S.ISSUED, "extend", S.ISSUED, P.PERMIT_DECIDE),
    Step(S.ISSUED, "depart", S.DEPARTED, P.PERMIT_DEPART),
    Step(S.DEPARTED, "arrive", S.ARRIVED, P.PERMIT_ARRIVE),
    Step(S.DEPARTED, "close", S.CLOSED, P.PERMIT_CHECK),
    Step(S.ARRIVED, "close", S.CLOSED, P.PERMIT_CHECK),
    Step(S.REJECTED, "appeal", S.APPEALED, P.PERMIT_APPLY),
    Step(S.APPEALED, "uphold", S.REJECTED, P.PERMIT_HEAR),
    Step(S.APPEALED, "grant", S.RETURNED, P.PERMIT_HEAR),
    *(Step(state, "cancel", S.CANCELLED, P.PERMIT_CANCEL) for state in CANCELLABLE),
    *(Step(state, "expire", S.EXPIRED, P.PERMIT_EXPIRE) for state in (S.RETURNED, S.ISSUED)),
    *(Step(state, "revoke", S.REVOKED, P.PERMIT_REVOKE) for state in (S.APPROVED, S.ISSUED)),
)


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
        CheckConstraint("inspected_by <> certified_by", name="inspector_is_not_certifier"),
        CheckConstraint("certified_by <> decided_by", name="certifier_is_not_signer"),
        CheckConstraint("certified_by <> billed_by", name="certifier_is_not_biller"),
        CheckConstraint(
            "applied_by <> certified_by AND applied_by <> accepted_by AND applied_by <> heard_by",
            name="applicant_is_no_other_officer",
        ),
        CheckConstraint("heard_by <> decided_by", name="signer_hears_no_appeal"),
        CheckConstraint(
            "cashed_by <> applied_by AND cashed_by <> inspected_by AND cashed_by <> certified_by"
            " AND cashed_by <> billed_by AND cashed_by <> decided_by",
            name="cashier_takes_no_other_part",
        ),
        CheckConstraint("state <> 'issued' OR number IS NOT NULL", name="issued_has_a_number"),
        CheckConstraint(
            "state NOT IN ('departed', 'arrived') "
            "OR (number IS NOT NULL AND departed_at IS NOT NULL)",
            name="departed_was_issued",
        ),
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
    # By destination the versions it had then; None: submitted before they were kept.
    destination_rule_ids: Mapped[dict[str, list[str]] | None] = mapped_column(
        JSON(none_as_null=True)
    )
    needs_rbt: Mapped[bool] = mapped_column(default=False)
    created_at: Mapped[datetime]
    submitted_at: Mapped[datetime | None]
    complete_at: Mapped[datetime | None] = mapped_column(index=True)  # the first time: its place
    state_at: Mapped[datetime]  # since when it is in its state
    accepted_by: Mapped[UUID | None]
    accepted_at: Mapped[datetime | None]
    inspected_by: Mapped[UUID | None]
    inspected_by_name: Mapped[str] = mapped_column(default="")
    inspected_at: Mapped[datetime | None]
    billed_by: Mapped[UUID | None]
    cashed_by: Mapped[UUID | None]  # who took the money at the counter; none when a machine did
    skkh_number: Mapped[str | None] = mapped_column(unique=True)
    certified_by: Mapped[UUID | None]
    certified_by_name: Mapped[str] = mapped_column(default="")
    certified_mandate: Mapped[str] = mapped_column(default="")
    certified_role: Mapped[str] = mapped_column(default="")
    certified_at: Mapped[datetime | None]
    decided_by: Mapped[UUID | None]
    decided_by_name: Mapped[str] = mapped_column(default="")
    decided_mandate: Mapped[str] = mapped_column(default="")
    decided_role: Mapped[str] = mapped_column(default="")  # "Kepala Dinas", or "Plh. …"
    decided_for: Mapped[str] = mapped_column(default="")  # on whose behalf, with a delegation
    decided_at: Mapped[datetime | None]
    appeal: Mapped[str] = mapped_column(default="")
    appealed_at: Mapped[datetime | None]
    heard_by: Mapped[UUID | None]
    heard_by_name: Mapped[str] = mapped_column(default="")
    heard_at: Mapped[datetime | None]
    issued_at: Mapped[datetime | None]
    valid_until: Mapped[date | None]
    version: Mapped[int] = mapped_column(default=0)  # of its papers: 1 issued, +1 each extension
    departed_at: Mapped[datetime | None] = mapped_column(index=True)
    departed_by: Mapped[UUID | None]
    departed_port: Mapped[str] = mapped_column(default="")
    departed_heads: Mapped[int | None]
    arrived_at: Mapped[datetime | None]
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
    animal_id: Mapped[UUID] = mapped_column(ForeignKey("animals.id"), index=True)
    position: Mapped[int]
    sale_letter: Mapped[str] = mapped_column(default="")
    is_open: Mapped[bool] = mapped_column(default=False)
    passed: Mapped[bool | None]
    weight_kg: Mapped[int | None]
    rbt_result: Mapped[RbtResult | None]  # only where the destination asks for the test
    rbt_number: Mapped[str] = mapped_column(default="")
    female_letter: Mapped[str] = mapped_column(default="")  # that she is not productive
    reason: Mapped[str] = mapped_column(default="")
    was_absent: Mapped[bool] = mapped_column(default=False)  # not led before the inspector
    weight_method: Mapped[WeighingMethod | None]
    looked_at: Mapped[datetime | None]  # when the inspector saw it
    departed: Mapped[bool | None]  # of those that passed: whether it went aboard
    arrival: Mapped[Arrival | None]
