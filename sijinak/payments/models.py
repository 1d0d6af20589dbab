"""One row for each attempt to pay, and one for all money that came."""

from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from sijinak.core.flow import Flow, Step
from sijinak.core.model import Model, RegionCode
from sijinak.core.money import Rupiah
from sijinak.core.permissions import Permission
from sijinak.payments.adapters.base import Trust


class AttemptState(StrEnum):
    CREATED = "created"
    SUBMITTED = "submitted"
    PENDING = "pending"
    UNKNOWN = "unknown"
    REJECTED = "rejected"
    EXPIRED = "expired"
    CANCELLED = "cancelled"
    SUCCEEDED = "succeeded"


LIVE = (AttemptState.CREATED, AttemptState.SUBMITTED, AttemptState.PENDING, AttemptState.UNKNOWN)
ENDED = (AttemptState.REJECTED, AttemptState.EXPIRED, AttemptState.CANCELLED)
_SETTLE = Permission.PAYMENT_SETTLE

# Money that is seen has come, whatever the state said before: late money is money.
ATTEMPT_FLOW = Flow(
    Step(AttemptState.CREATED, "submit", AttemptState.SUBMITTED, _SETTLE),
    Step(AttemptState.SUBMITTED, "accept", AttemptState.PENDING, _SETTLE),
    Step(AttemptState.SUBMITTED, "lose", AttemptState.UNKNOWN, _SETTLE),
    Step(AttemptState.SUBMITTED, "reject", AttemptState.REJECTED, _SETTLE),
    Step(AttemptState.UNKNOWN, "accept", AttemptState.PENDING, _SETTLE),
    Step(AttemptState.UNKNOWN, "reject", AttemptState.REJECTED, _SETTLE),
    Step(AttemptState.PENDING, "expire", AttemptState.EXPIRED, _SETTLE),
    Step(AttemptState.PENDING, "cancel", AttemptState.CANCELLED, _SETTLE),
    *(Step(s, "succeed", AttemptState.SUCCEEDED, _SETTLE) for s in (*LIVE, *ENDED)),
)

_LIVE = text("state IN ('created', 'submitted', 'pending', 'unknown')")


class Attempt(Model):
    """One try to pay one bill through one adapter; ``ref`` is committed before anybody is asked."""

    __tablename__ = "payment_attempts"
    __table_args__ = (
        CheckConstraint("amount > 0", name="amount"),
        Index(
            "uq_payment_attempts_live",
            "bill_id",
            unique=True,
            sqlite_where=_LIVE,
            postgresql_where=_LIVE,
        ),
    )

    ref: Mapped[str] = mapped_column(unique=True)
    bill_id: Mapped[UUID] = mapped_column(index=True)
    bill_number: Mapped[str]
    region: Mapped[str] = mapped_column(RegionCode)
    adapter: Mapped[str]
    amount: Mapped[Rupiah]
    state: Mapped[AttemptState] = mapped_column(index=True)
    instructions: Mapped[str] = mapped_column(default="")
    started_by: Mapped[UUID]
    started_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    ask_again_at: Mapped[datetime | None] = mapped_column(index=True)
    asked: Mapped[int] = mapped_column(default=0)


class Collection(Model):
    """Money that really came. Inserted, never updated; a receipt or an exception points to it."""

    __tablename__ = "collections"
    __table_args__ = (
        UniqueConstraint("adapter", "money_id"),
        CheckConstraint("amount > 0", name="amount"),
    )

    adapter: Mapped[str]
    money_id: Mapped[str]
    ref: Mapped[str] = mapped_column(index=True)
    attempt_id: Mapped[UUID | None] = mapped_column(ForeignKey(Attempt.id), index=True)
    bill_id: Mapped[UUID | None] = mapped_column(index=True)
    amount: Mapped[Rupiah]
    happened_at: Mapped[datetime]
    seen_at: Mapped[datetime]
    trust: Mapped[Trust]
    seen_by: Mapped[UUID]
