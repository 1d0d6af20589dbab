"""What people ask about their data, and how it was answered."""

from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from sijinak.core.crypto import Sealed
from sijinak.core.flow import Flow, Step
from sijinak.core.model import Model, RegionCode
from sijinak.core.permissions import Permission
from sijinak.keepers.models import Keeper


class RequestKind(StrEnum):
    """UU 27/2022, art. 6 to 10."""

    ACCESS = "access"  # art. 7
    CORRECTION = "correction"  # art. 6
    ERASURE = "erasure"  # art. 8; taking back an agreement, art. 9, asks for the same
    OBJECTION = "objection"  # art. 10


class RequestState(StrEnum):
    OPEN = "open"
    ANSWERED = "answered"
    REFUSED = "refused"


R = RequestState
_KEEP = Permission.PRIVACY_KEEP
REQUEST_FLOW = Flow(
    Step(R.OPEN, "answer", R.ANSWERED, _KEEP),
    Step(R.OPEN, "refuse", R.REFUSED, _KEEP),
)


class LegalReason(StrEnum):
    """Why a wish cannot be granted (UU 27/2022, art. 15 and 43; archives: UU 43/2009)."""

    PUBLIC_TASK = "public-task"  # a task in the public interest needs the data
    RETENTION = "retention"  # the law says how long papers of public money are kept
    PROCEEDINGS = "proceedings"  # an inspection, a lawsuit, a claim
    DISEASE = "disease"  # disease control must be able to trace animals
    NOT_PROVEN = "not-proven"  # nobody showed that they are the person
    UNFOUNDED = "unfounded"  # the data are right, or the person has none here


class PrivacyRequest(Model):
    """The clock of three times 24 hours runs from ``asked_at``. What was said is sealed."""

    __tablename__ = "privacy_requests"
    __table_args__ = (
        CheckConstraint("(state = 'open') = (answered_at IS NULL)", name="answered"),
        CheckConstraint("(state = 'refused') = (legal_reason IS NOT NULL)", name="refused"),
        Index("ix_privacy_requests_clock", "state", "due_at"),
    )

    kind: Mapped[RequestKind]
    keeper_id: Mapped[UUID] = mapped_column(ForeignKey(Keeper.id), index=True)
    region: Mapped[str] = mapped_column(RegionCode)
    state: Mapped[RequestState]
    asked_at: Mapped[datetime]
    due_at: Mapped[datetime]
    asked_by: Mapped[UUID]
    asked_by_name: Mapped[str]
    identity: Mapped[str]  # at the counter: by what the officer knew who asked; empty: themselves
    words_sealed: Mapped[bytes | None]
    answered_at: Mapped[datetime | None]
    answered_by: Mapped[UUID | None]
    answered_by_name: Mapped[str] = mapped_column(default="")
    answer_sealed: Mapped[bytes | None]
    legal_reason: Mapped[LegalReason | None]

    words = Sealed()
    answer = Sealed()


class ErasureState(StrEnum):
    PROPOSED = "proposed"
    DONE = "done"
    DROPPED = "dropped"


E = ErasureState
_CONFIRM = Permission.PRIVACY_CONFIRM
ERASURE_FLOW = Flow(
    Step(E.PROPOSED, "confirm", E.DONE, _CONFIRM),
    Step(E.PROPOSED, "drop", E.DROPPED, _CONFIRM),
)
_LIVE = text("state <> 'dropped'")


class Erasure(Model):
    """One person proposes it, another confirms it, and then it is done and cannot be undone."""

    __tablename__ = "erasures"
    __table_args__ = (
        CheckConstraint("decided_by <> proposed_by", name="four_eyes"),
        CheckConstraint("(state = 'proposed') = (decided_by IS NULL)", name="decided"),
        Index(
            "uq_erasures_live",
            "request_id",
            unique=True,
            sqlite_where=_LIVE,
            postgresql_where=_LIVE,
        ),
    )

    request_id: Mapped[UUID] = mapped_column(ForeignKey(PrivacyRequest.id))
    keeper_id: Mapped[UUID] = mapped_column(ForeignKey(Keeper.id), index=True)
    state: Mapped[ErasureState]
    proposed_at: Mapped[datetime]
    proposed_by: Mapped[UUID]
    proposed_by_name: Mapped[str]
    decided_at: Mapped[datetime | None]
    decided_by: Mapped[UUID | None]
    decided_by_name: Mapped[str] = mapped_column(default="")
    emptied: Mapped[int] = mapped_column(default=0)
