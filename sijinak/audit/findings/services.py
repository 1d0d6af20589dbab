"""What people do with findings: raise, answer, send back, close, reopen, and note."""

from dataclasses import dataclass, field
from uuid import UUID

from sqlalchemy import select

from sijinak.audit.findings.looking import PATIENCE, plan_look
from sijinak.audit.findings.models import (
    BY_HAND,
    FINDING_FLOW,
    AuditFinding,
    AuditLook,
    FindingNote,
    FindingPerson,
    FindingState,
    NoteKind,
    Outcome,
    Severity,
)
from sijinak.audit.findings.queries import finding_for_update, has_answered, look_underway
from sijinak.core.clock import now, today
from sijinak.core.db import db
from sijinak.core.errors import Conflict, Forbidden, Invalid
from sijinak.core.events import events
from sijinak.core.ids import uuid7
from sijinak.core.once import first_time
from sijinak.core.permissions import Actor, Permission, may, require
from sijinak.files.papers import Paper
from sijinak.files.pictures import Picture
from sijinak.files.services import keep_document
from sijinak.treasury.policy import policy

NOTE, CLOSE = "note", "close"
KINDS = {
    NOTE: NoteKind.NOTE,
    "answer": NoteKind.ANSWER,
    "send-back": NoteKind.SENT_BACK,
    CLOSE: NoteKind.CLOSED,
    "reopen": NoteKind.REOPENED,
}


class OwnFinding(Forbidden):
    """It is about this very person: nobody answers or closes what is about themselves."""

    code = "audit-own-finding"


class AnsweredByYou(Forbidden):
    """Four eyes: who answered for the office does not close."""

    code = "audit-answered-by-you"


class FindingWordsMissing(Invalid):
    code = "audit-words-missing"


class AnswerMissing(Invalid):
    """The office has not answered what is serious: whoever closes it says why that must be."""

    code = "audit-answer-missing"


class OutcomeMissing(Invalid):
    code = "audit-outcome-missing"


class LookUnderway(Conflict):
    code = "audit-look-underway"


@dataclass(frozen=True, slots=True, kw_only=True)
class AskForLook:
    id: UUID = field(default_factory=uuid7)


@dataclass(frozen=True, slots=True, kw_only=True)
class AdvanceFinding:
    """``action``: of FINDING_FLOW, or ``note``. A closing has an outcome, nothing else has.

    ``because``: why something is closed that the office has not answered.
    """

    id: UUID = field(default_factory=uuid7)
    finding_id: UUID
    action: str
    words: str
    outcome: Outcome | None = None
    because: str = ""
    paper: Paper | Picture | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class RaiseByHand:
    """``title`` are the auditor's words. The same id raises once."""

    id: UUID = field(default_factory=uuid7)
    subject_type: str
    subject_id: UUID
    title: str
    severity: Severity
    region: str = ""
    amount: int = 0
    people: tuple[UUID, ...] = ()
    words: str = ""


def ask_for_look(command: AskForLook, *, by: Actor) -> AuditLook:
    """The worker looks; the page does not wait for it. Raises LookUnderway."""
    require(by, Permission.AUDIT_WORK)
    underway = look_underway(PATIENCE)
    if not first_time(command, by=by):
        newest = select(AuditLook).order_by(AuditLook.asked_at.desc(), AuditLook.id).limit(1)
        return db.session.scalars(newest).one()
    if underway:
        raise LookUnderway
    look = plan_look(by)
    events.record("audit.look-asked", look, by=by, region=policy.regency)
    return look


def advance_finding(command: AdvanceFinding, *, by: Actor) -> AuditFinding:
    """Take a step of FINDING_FLOW, or leave a note.

    Raises WrongState, OwnFinding, AnsweredByYou, FindingWordsMissing, OutcomeMissing,
    AnswerMissing.
    """
    finding = finding_for_update(command.finding_id, by=by)
    _require_either(finding, by=by)
    if not first_time(command, by=by):
        return finding
    if command.action != NOTE:
        needs = FINDING_FLOW.step(finding.state, command.action).needs
        require(by, needs, region=finding.region)
    _refuse(finding, command, by=by)
    if command.action != NOTE:
        was = finding.state
        finding.state = FINDING_FLOW.step(was, command.action).target
        _close(finding, command, was, by=by)
    _write(finding, command, by=by)
    facts: dict[str, object] = {"outcome": command.outcome.value} if command.outcome else {}
    facts |= {"unanswered": True} if finding.unanswered and command.action == CLOSE else {}
    events.record(
        f"audit.finding-{KINDS[command.action]}", finding, by=by, region=finding.region,
        code=finding.code, **facts,
    )  # fmt: skip
    return finding


def raise_by_hand(command: RaiseByHand, *, by: Actor) -> AuditFinding:
    """What an auditor saw himself: in a sample, or on the spot. Raises FindingWordsMissing."""
    region = command.region or policy.regency
    require(by, Permission.AUDIT_WORK, region=region)
    if not first_time(command, by=by):
        return db.session.get_one(AuditFinding, command.id)
    if not command.title.strip():
        raise FindingWordsMissing
    finding = _by_hand(command, region, by=by)
    db.session.add(finding)
    db.session.flush()
    db.session.add_all(
        FindingPerson(finding_id=finding.id, person_id=one) for one in sorted(set(command.people))
    )
    if command.words.strip():
        _note(finding, NoteKind.NOTE, command.words, by=by)
    db.session.flush()
    db.session.refresh(finding, ["people"])
    events.record(
        "audit.finding-raised", finding, by=by, region=region, code=BY_HAND,
        severity=command.severity.value, amount=command.amount,
    )  # fmt: skip
    return finding


def _require_either(finding: AuditFinding, *, by: Actor) -> None:
    """Whoever works on findings or answers them may leave a note; a step says what it needs."""
    if not may(by, Permission.AUDIT_WORK, region=finding.region):
        require(by, Permission.AUDIT_ANSWER, region=finding.region)


def _refuse(finding: AuditFinding, command: AdvanceFinding, *, by: Actor) -> None:
    if by.id in finding.people_ids:
        raise OwnFinding
    if not command.words.strip():
        raise FindingWordsMissing
    if command.action == CLOSE:
        _refuse_closing(finding, command, by=by)


def _refuse_closing(finding: AuditFinding, command: AdvanceFinding, *, by: Actor) -> None:
    if command.outcome is None:
        raise OutcomeMissing
    if has_answered(finding.id, by.id):
        raise AnsweredByYou
    if finding.needs_reason and not command.because.strip():
        raise AnswerMissing


def _close(finding: AuditFinding, command: AdvanceFinding, was: FindingState, *, by: Actor) -> None:
    finding.unanswered = command.action == CLOSE and was is FindingState.OPEN
    if finding.state is FindingState.CLOSED:
        finding.outcome, finding.closed_at = command.outcome, now()
        finding.closed_by, finding.closed_by_name = by.id, by.name
    else:
        finding.outcome = finding.closed_at = finding.closed_by = None
        finding.closed_by_name = ""


def _write(finding: AuditFinding, command: AdvanceFinding, *, by: Actor) -> None:
    kept = keep_document(command.paper, by=by) if command.paper else None
    note = _note(finding, KINDS[command.action], command.words, by=by)
    closes = command.action == CLOSE
    note.outcome = command.outcome if closes else None
    note.because = command.because.strip() if closes and finding.unanswered else ""
    note.file_id = kept.id if kept else None


def _note(finding: AuditFinding, kind: NoteKind, words: str, *, by: Actor) -> FindingNote:
    note = FindingNote(
        finding_id=finding.id, kind=kind, words=words.strip(), outcome=None, file_id=None,
        written_at=now(), by_id=by.id, by_name=by.name,
    )  # fmt: skip
    db.session.add(note)
    return note


def _by_hand(command: RaiseByHand, region: str, *, by: Actor) -> AuditFinding:
    return AuditFinding(
        id=command.id,
        code=BY_HAND,
        subject_type=command.subject_type,
        subject_id=command.subject_id,
        key=str(command.id),
        severity=command.severity,
        title=command.title.strip(),
        region=region,
        amount=command.amount,
        happened_on=today(),
        facts={},
        evidence=[[command.subject_type, str(command.subject_id)]],
        raised_at=now(),
        raised_by=by.id,
        raised_by_name=by.name,
        last_seen_at=now(),
        gone_at=None,
        state=FindingState.OPEN,
        outcome=None,
        closed_at=None,
        closed_by=None,
        closed_by_name="",
        unanswered=False,
    )
