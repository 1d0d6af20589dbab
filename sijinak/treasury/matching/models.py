"""Matches and unmatches of bank lines: inserted, never updated; and what two people propose."""

from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from sijinak.core.flow import Flow, Step
from sijinak.core.model import Model, RegionCode
from sijinak.core.money import Rupiah
from sijinak.core.permissions import Permission


class Method(StrEnum):
    """By what a line was known, the strongest first. The last one takes two people."""

    MONEY_ID = "money-id"
    PAY_CODE = "pay-code"
    SETTLEMENT = "settlement"
    BILL_CODE = "bill-code"
    DEPOSIT = "deposit"
    REFUND = "refund"  # money that went back, by its own name or that of the money
    FEE = "fee"  # a channel's fee that the bank takes by a line of its own
    BY_HAND = "by-hand"


class MatchKind(StrEnum):
    MATCH = "match"
    UNMATCH = "unmatch"


class PartKind(StrEnum):
    LINE = "line"
    COLLECTION = "collection"
    DEPOSIT = "deposit"
    OUTFLOW = "outflow"  # money that went back; the thing is its journal


class Match(Model):
    """Lines and money that are the same, or the end of that. ``fee`` is what a channel kept.

    Who undoes a match is another person than who asked for it; so is who approves one by hand.
    """

    __tablename__ = "matches"
    __table_args__ = (
        UniqueConstraint("undoes_id"),
        CheckConstraint("fee >= 0", name="fee"),
        CheckConstraint("(kind = 'unmatch') = (undoes_id IS NOT NULL)", name="undoes"),
        CheckConstraint("method <> 'by-hand' OR asked_by IS NOT NULL", name="asked"),
        CheckConstraint("kind <> 'unmatch' OR asked_by IS NOT NULL", name="unmatch_asked"),
        CheckConstraint("asked_by <> made_by", name="four_eyes"),
    )

    kind: Mapped[MatchKind]
    method: Mapped[Method]
    undoes_id: Mapped[UUID | None] = mapped_column(ForeignKey("matches.id"))
    region: Mapped[str] = mapped_column(RegionCode)
    fee: Mapped[Rupiah]
    matched_on: Mapped[date]
    reason: Mapped[str]
    made_at: Mapped[datetime]
    made_by: Mapped[UUID]
    made_by_name: Mapped[str]
    asked_by: Mapped[UUID | None]
    asked_by_name: Mapped[str]

    parts: Mapped[list["MatchPart"]] = relationship(
        order_by="MatchPart.position", lazy="selectin", viewonly=True
    )


class MatchPart(Model):
    """One line, collection, deposit or outflow of a match, and its amount as it stands there."""

    __tablename__ = "match_parts"
    __table_args__ = (
        UniqueConstraint("match_id", "position"),
        UniqueConstraint("match_id", "thing_id"),
        CheckConstraint("amount <> 0", name="amount"),
    )

    match_id: Mapped[UUID] = mapped_column(ForeignKey(Match.id))
    position: Mapped[int]
    kind: Mapped[PartKind]
    thing_id: Mapped[UUID] = mapped_column(index=True)
    amount: Mapped[Rupiah]


class MatchHold(Model):
    """What is matched just now, by its own id: the key lets nothing be matched twice."""

    __tablename__ = "match_holds"

    match_id: Mapped[UUID] = mapped_column(ForeignKey(Match.id), index=True)


class ProposalState(StrEnum):
    PROPOSED = "proposed"
    APPROVED = "approved"
    REFUSED = "refused"


PROPOSAL_FLOW = Flow(
    Step(ProposalState.PROPOSED, "approve", ProposalState.APPROVED, Permission.MONEY_RESOLVE),
    Step(ProposalState.PROPOSED, "refuse", ProposalState.REFUSED, Permission.MONEY_RESOLVE),
)


class ProposalKind(StrEnum):
    MATCH = "match"
    MONEY = "money"  # take the line in as money for a bill, or for nobody knows what
    UNMATCH = "unmatch"


class Proposal(Model):
    """What one person wants matched by hand, or undone; another person decides."""

    __tablename__ = "match_proposals"
    __table_args__ = (
        CheckConstraint("decided_by <> proposed_by", name="four_eyes"),
        CheckConstraint("(state = 'proposed') = (decided_by IS NULL)", name="decided"),
        CheckConstraint("(kind = 'unmatch') = (match_id IS NOT NULL)", name="match"),
        CheckConstraint("fee >= 0", name="fee"),
    )

    kind: Mapped[ProposalKind]
    state: Mapped[ProposalState] = mapped_column(index=True)
    line_id: Mapped[UUID] = mapped_column(ForeignKey("bank_lines.id"), index=True)
    match_id: Mapped[UUID | None] = mapped_column(ForeignKey(Match.id))  # to be undone
    bill_id: Mapped[UUID | None]  # of money
    fee: Mapped[Rupiah]
    region: Mapped[str] = mapped_column(RegionCode)
    reason: Mapped[str]
    proposed_at: Mapped[datetime]
    proposed_by: Mapped[UUID]
    proposed_by_name: Mapped[str]
    decided_at: Mapped[datetime | None]
    decided_by: Mapped[UUID | None]
    decided_by_name: Mapped[str] = mapped_column(default="")
    answer: Mapped[str] = mapped_column(default="")

    parts: Mapped[list["ProposalPart"]] = relationship(
        order_by="ProposalPart.position", lazy="selectin"
    )


class ProposalHold(Model):
    """What waits for a second person, by its own id: the key lets nothing be proposed twice."""

    __tablename__ = "match_proposal_holds"

    proposal_id: Mapped[UUID] = mapped_column(ForeignKey(Proposal.id), index=True)


class ProposalPart(Model):
    __tablename__ = "match_proposal_parts"
    __table_args__ = (UniqueConstraint("proposal_id", "thing_id"),)

    proposal_id: Mapped[UUID] = mapped_column(ForeignKey(Proposal.id))
    position: Mapped[int]
    kind: Mapped[PartKind]
    thing_id: Mapped[UUID]
