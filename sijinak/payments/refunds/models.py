"""Money that goes back, and the steps that takes."""

from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from sijinak.core.flow import Flow, Step
from sijinak.core.model import Model, RegionCode
from sijinak.core.money import Rupiah
from sijinak.core.permissions import Permission
from sijinak.payments.models import Collection


class RefundState(StrEnum):
    REQUESTED = "requested"
    APPROVED = "approved"
    REFUSED = "refused"
    SUBMITTED = "submitted"
    UNKNOWN = "unknown"
    DONE = "done"
    FAILED = "failed"


R = RefundState
_RESOLVE, _SETTLE = Permission.MONEY_RESOLVE, Permission.PAYMENT_SETTLE
REFUND_FLOW = Flow(
    Step(R.REQUESTED, "approve", R.APPROVED, _RESOLVE),
    Step(R.REQUESTED, "refuse", R.REFUSED, _RESOLVE),
    Step(R.APPROVED, "submit", R.SUBMITTED, _SETTLE),
    Step(R.APPROVED, "fail", R.FAILED, _SETTLE),  # the money was taken back meanwhile
    Step(R.APPROVED, "pay-out", R.DONE, Permission.TREASURY_KEEP),  # by hand, with a proof
    Step(R.SUBMITTED, "lose", R.UNKNOWN, _SETTLE),
    Step(R.SUBMITTED, "confirm", R.DONE, _SETTLE),
    Step(R.SUBMITTED, "fail", R.FAILED, _SETTLE),
    Step(R.UNKNOWN, "confirm", R.DONE, _SETTLE),
    Step(R.UNKNOWN, "fail", R.FAILED, _SETTLE),
)


class Refund(Model):
    """Money that goes back: asked for by one person, approved by another."""

    __tablename__ = "refunds"
    __table_args__ = (
        CheckConstraint("amount > 0", name="amount"),
        CheckConstraint("approved_by IS NULL OR approved_by <> requested_by", name="four_eyes"),
        CheckConstraint(
            "state IN ('requested', 'refused') OR approved_by IS NOT NULL", name="approved"
        ),
    )

    collection_id: Mapped[UUID] = mapped_column(ForeignKey(Collection.id), index=True)
    discrepancy_id: Mapped[UUID | None]
    refund_ref: Mapped[str] = mapped_column(unique=True)
    number: Mapped[str | None] = mapped_column(unique=True)  # of its receipt, once approved
    adapter: Mapped[str]
    region: Mapped[str] = mapped_column(RegionCode)
    amount: Mapped[Rupiah]
    state: Mapped[RefundState] = mapped_column(index=True)
    reason: Mapped[str]
    decree: Mapped[str]  # surat keputusan pengembalian
    paid_by_hand: Mapped[bool]  # by transfer or cash of the office; the channel cannot
    proof: Mapped[str]  # by hand: the transfer's or payment's reference
    requested_by: Mapped[UUID]
    requested_by_name: Mapped[str]
    requested_at: Mapped[datetime]
    approved_by: Mapped[UUID | None]
    approved_by_name: Mapped[str]
    ask_again_at: Mapped[datetime | None] = mapped_column(index=True)
    asked: Mapped[int] = mapped_column(default=0)
    done_at: Mapped[datetime | None]
