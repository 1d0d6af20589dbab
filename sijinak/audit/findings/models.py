"""What looks wrong in the records, who answered, and who closed it."""

from datetime import date, datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import JSON, CheckConstraint, Computed, ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from sijinak.core.flow import Flow, Step
from sijinak.core.model import Model, RegionCode
from sijinak.core.permissions import Permission
from sijinak.files.models import StoredFile

BY_HAND = "by-hand"  # the code of what an auditor raised, where every other is a check's


class Severity(StrEnum):
    HIGH = "high"
    MIDDLE = "middle"
    LOW = "low"


# What waits first, and of that the most serious: lists stand in falling order.
_RANK = (
    "CASE severity WHEN 'high' THEN 3 WHEN 'middle' THEN 2 ELSE 1 END"
    " + CASE state WHEN 'closed' THEN 0 ELSE 3 END"
)


class FindingState(StrEnum):
    OPEN = "open"
    ANSWERED = "answered"  # the office has said what it has to say
    CLOSED = "closed"


class Outcome(StrEnum):
    """What the auditor decided."""

    EXPLAINED = "explained"  # there is a good reason
    MENDED = "mended"  # it was wrong, and has been put right
    PROVEN = "proven"  # it is as it looks
    FALSE_ALARM = "false-alarm"  # nothing was wrong: the check was


class NoteKind(StrEnum):
    """One line of a finding's history."""

    NOTE = "note"
    ANSWER = "answer"
    SENT_BACK = "sent-back"
    CLOSED = "closed"
    REOPENED = "reopened"
    GONE = "gone"  # the machine does not see it any more
    SEEN_AGAIN = "seen-again"


S = FindingState
_WORK, _ANSWER = Permission.AUDIT_WORK, Permission.AUDIT_ANSWER

# Machines only open. What is gone from the records stays here until an auditor closes it.
FINDING_FLOW = Flow(
    Step(S.OPEN, "answer", S.ANSWERED, _ANSWER),
    Step(S.ANSWERED, "send-back", S.OPEN, _WORK),
    Step(S.OPEN, "close", S.CLOSED, _WORK),
    Step(S.ANSWERED, "close", S.CLOSED, _WORK),
    Step(S.CLOSED, "reopen", S.OPEN, _WORK),
)


class AuditFinding(Model):
    """One check about one thing. What was seen first never changes; triggers refuse it.

    ``key`` tells several findings of one check about one subject apart: a month, a series.
    ``facts`` and ``evidence`` hold ids, numbers and amounts, and no personal data.
    """

    __tablename__ = "audit_findings"
    __table_args__ = (
        UniqueConstraint("code", "subject_id", "key"),
        CheckConstraint("(state = 'closed') = (closed_at IS NOT NULL)", name="closed"),
        CheckConstraint("(closed_at IS NULL) = (closed_by IS NULL)", name="closer"),
        CheckConstraint("(closed_at IS NULL) = (outcome IS NULL)", name="outcome"),
        CheckConstraint("state = 'closed' OR NOT unanswered", name="unanswered"),
        Index("ix_audit_findings_rank", "rank", "id"),
        Index("ix_audit_findings_state", "state", "severity"),
        Index("ix_audit_findings_code_seen", "code", "last_seen_at"),
    )

    code: Mapped[str]  # of the check
    subject_type: Mapped[str]  # its table
    subject_id: Mapped[UUID] = mapped_column(index=True)
    key: Mapped[str]
    severity: Mapped[Severity]
    rank: Mapped[int] = mapped_column(Computed(_RANK, persisted=True))
    title: Mapped[str]  # of what an auditor raised; else the check's
    region: Mapped[str] = mapped_column(RegionCode, index=True)
    amount: Mapped[int]  # rupiah that it is about; 0 when it is not about money
    happened_on: Mapped[date | None]
    facts: Mapped[dict[str, Any]] = mapped_column(JSON)
    evidence: Mapped[list[list[str]]] = mapped_column(JSON)  # table and id of each record
    raised_at: Mapped[datetime]
    raised_by: Mapped[UUID]
    raised_by_name: Mapped[str]
    last_seen_at: Mapped[datetime]
    gone_at: Mapped[datetime | None]
    state: Mapped[FindingState]
    outcome: Mapped[Outcome | None]
    closed_at: Mapped[datetime | None]
    closed_by: Mapped[UUID | None]
    closed_by_name: Mapped[str] = mapped_column(default="")
    unanswered: Mapped[bool] = mapped_column(default=False)  # closed while an answer was due

    people: Mapped[list["FindingPerson"]] = relationship(
        order_by="FindingPerson.person_id", lazy="selectin", viewonly=True
    )

    @property
    def needs_reason(self) -> bool:
        """To be closed as it is: it is serious, and the answer of the office is due."""
        return self.severity is Severity.HIGH and self.state is FindingState.OPEN

    @property
    def people_ids(self) -> frozenset[UUID]:
        return frozenset(one.person_id for one in self.people)


class FindingPerson(Model):
    """Somebody whose work it is about: they neither answer nor close it."""

    __tablename__ = "audit_finding_people"
    __table_args__ = (UniqueConstraint("finding_id", "person_id"),)

    finding_id: Mapped[UUID] = mapped_column(ForeignKey(AuditFinding.id))
    person_id: Mapped[UUID] = mapped_column(index=True)


class FindingNote(Model):
    """What was said or decided about a finding. Inserted, never updated."""

    __tablename__ = "audit_finding_notes"

    finding_id: Mapped[UUID] = mapped_column(ForeignKey(AuditFinding.id), index=True)
    kind: Mapped[NoteKind]
    words: Mapped[str]
    outcome: Mapped[Outcome | None]  # of a closing
    because: Mapped[str] = mapped_column(default="")  # why it was closed without an answer
    file_id: Mapped[UUID | None] = mapped_column(ForeignKey(StoredFile.id))
    written_at: Mapped[datetime]
    by_id: Mapped[UUID]
    by_name: Mapped[str]


class AuditLook(Model):
    """One round of all checks. ``counts``: by check what was found, and what of it was new."""

    __tablename__ = "audit_looks"

    asked_at: Mapped[datetime]
    asked_by: Mapped[UUID]
    asked_by_name: Mapped[str]
    began_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]
    counts: Mapped[dict[str, list[int]]] = mapped_column(JSON, default=dict)
