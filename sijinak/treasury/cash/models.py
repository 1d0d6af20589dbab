"""Cash in hands: what moved from whom to whom, change lent, and what was counted at the end."""

from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from sijinak.core.flow import Flow, Step
from sijinak.core.model import Model, RegionCode
from sijinak.core.money import Rupiah
from sijinak.core.permissions import Permission
from sijinak.ledger.models import Journal

_HOLD, _KEEP, _RESOLVE = Permission.CASH_RECEIVE, Permission.TREASURY_KEEP, Permission.MONEY_RESOLVE


class MoveState(StrEnum):
    RESERVED = "reserved"  # promised to somebody: it cannot go anywhere else
    MOVED = "moved"
    DROPPED = "dropped"


class CashMove(Model):
    """So much of what came by one journal leaves a person: to another, or out of all hands.

    That journal says on which day the money was received: the day goes along with the money.
    """

    __tablename__ = "cash_moves"
    __table_args__ = (
        UniqueConstraint("act_id", "source_id"),
        CheckConstraint("amount > 0", name="amount"),
        CheckConstraint("giver_id <> taker_id", name="sides"),
        Index("ix_cash_moves_giver", "giver_id", "state"),
        Index("ix_cash_moves_taker", "taker_id", "state"),
    )

    act_id: Mapped[UUID]  # the hand-over, deposit or closing
    source_id: Mapped[UUID] = mapped_column(ForeignKey(Journal.id), index=True)
    giver_id: Mapped[UUID]
    taker_id: Mapped[UUID | None]
    amount: Mapped[Rupiah]
    state: Mapped[MoveState]


class HandOverState(StrEnum):
    OFFERED = "offered"
    ACCEPTED = "accepted"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"


H = HandOverState
HANDOVER_FLOW = Flow(
    Step(H.OFFERED, "accept", H.ACCEPTED, _HOLD),
    Step(H.OFFERED, "refuse", H.REFUSED, _HOLD),
    Step(H.OFFERED, "withdraw", H.WITHDRAWN, _HOLD),
)


class HandOver(Model):
    """Cash from one person to another: one declares it, the other counts it.

    The money stays with the giver until the taker has counted; what was counted moves.
    """

    __tablename__ = "handovers"
    __table_args__ = (
        UniqueConstraint("year", "no"),
        CheckConstraint("giver_id <> taker_id", name="four_eyes"),
        CheckConstraint("amount > 0", name="amount"),
        CheckConstraint("(state = 'accepted') = (counted IS NOT NULL)", name="counted"),
        CheckConstraint("counted IS NULL OR counted = amount OR why <> ''", name="why"),
        CheckConstraint("counted >= 0", name="count"),
        CheckConstraint("(counted IS NULL) = (number IS NULL)", name="number"),
        Index("ix_handovers_giver", "giver_id", "state"),
        Index("ix_handovers_taker", "taker_id", "state"),
    )

    number: Mapped[str | None] = mapped_column(unique=True)  # of the berita acara
    year: Mapped[int | None]
    no: Mapped[int | None]
    giver_id: Mapped[UUID]
    giver_name: Mapped[str]
    taker_id: Mapped[UUID]
    taker_name: Mapped[str]
    region: Mapped[str] = mapped_column(RegionCode, index=True)
    amount: Mapped[Rupiah]  # as the giver says
    notes: Mapped[dict[str, int]] = mapped_column(JSON)  # how many of each note and coin; may be {}
    counted: Mapped[Rupiah | None]  # as the taker says
    state: Mapped[HandOverState]
    why: Mapped[str] = mapped_column(default="")  # it differs, or was refused or withdrawn
    offered_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]


class FloatState(StrEnum):
    OFFERED = "offered"
    HELD = "held"
    RETURNING = "returning"
    RETURNED = "returned"
    WITHDRAWN = "withdrawn"


F = FloatState
FLOAT_FLOW = Flow(
    Step(F.OFFERED, "accept", F.HELD, _HOLD),
    Step(F.OFFERED, "withdraw", F.WITHDRAWN, _KEEP),
    Step(F.HELD, "give-back", F.RETURNING, _HOLD),
    Step(F.RETURNING, "keep", F.HELD, _HOLD),
    Step(F.RETURNING, "take-back", F.RETURNED, _KEEP),
)


class ChangeFloat(Model):
    """Change that the office lends an officer (uang kembalian): never part of public money."""

    __tablename__ = "change_floats"
    __table_args__ = (
        CheckConstraint("giver_id <> holder_id", name="four_eyes"),
        CheckConstraint("taken_back_by IS NULL OR taken_back_by <> holder_id", name="back"),
        CheckConstraint("(state = 'returned') = (taken_back_by IS NOT NULL)", name="returned"),
        CheckConstraint("amount > 0", name="amount"),
    )

    holder_id: Mapped[UUID] = mapped_column(index=True)
    holder_name: Mapped[str]
    giver_id: Mapped[UUID]
    giver_name: Mapped[str]
    region: Mapped[str] = mapped_column(RegionCode)
    amount: Mapped[Rupiah]
    origin: Mapped[str]  # where the office has it from
    state: Mapped[FloatState]
    offered_at: Mapped[datetime]
    accepted_at: Mapped[datetime | None]
    taken_back_by: Mapped[UUID | None]
    taken_back_by_name: Mapped[str] = mapped_column(default="")
    ended_at: Mapped[datetime | None]


class ClosingState(StrEnum):
    COUNTED = "counted"
    CLOSED = "closed"
    REJECTED = "rejected"


C = ClosingState
CLOSING_FLOW = Flow(
    Step(C.COUNTED, "countersign", C.CLOSED, _RESOLVE),
    Step(C.COUNTED, "reject", C.REJECTED, _RESOLVE),
)
_STANDING = text("state <> 'rejected'")


class CashClosing(Model):
    """What a person held at the end of a day: by the books, and counted (tutup kas).

    It covers the days since the closing before. A second person watches the count.
    """

    __tablename__ = "cash_closings"
    __table_args__ = (
        CheckConstraint("opening + came - went = expected", name="adds_up"),
        CheckConstraint("expected + difference = counted", name="counted"),
        CheckConstraint("counted >= 0", name="count"),
        CheckConstraint("difference = 0 OR why <> ''", name="why"),
        CheckConstraint("signed_by <> holder_id", name="four_eyes"),
        CheckConstraint("(state = 'counted') = (signed_by IS NULL)", name="signed"),
        Index(
            "uq_cash_closings_day",
            "holder_id",
            "day",
            unique=True,
            sqlite_where=_STANDING,
            postgresql_where=_STANDING,
        ),
    )

    holder_id: Mapped[UUID] = mapped_column(index=True)
    holder_name: Mapped[str]
    region: Mapped[str] = mapped_column(RegionCode, index=True)
    day: Mapped[date]
    opening: Mapped[Rupiah]
    came: Mapped[Rupiah]
    went: Mapped[Rupiah]
    expected: Mapped[Rupiah]
    flows: Mapped[dict[str, int]] = mapped_column(JSON)  # by kind of journal
    floats: Mapped[Rupiah]  # change, counted apart
    counted: Mapped[Rupiah]  # without the change
    difference: Mapped[int]
    notes: Mapped[dict[str, int]] = mapped_column(JSON)
    why: Mapped[str]
    state: Mapped[ClosingState]
    counted_at: Mapped[datetime]
    signed_by: Mapped[UUID | None]
    signed_by_name: Mapped[str] = mapped_column(default="")
    signed_at: Mapped[datetime | None]
    rejected_why: Mapped[str] = mapped_column(default="")
