"""What checks found is written down once. Only what is new, gone or there again makes a line."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import select, update

from sijinak.audit.findings.hits import Check, Hit
from sijinak.audit.findings.models import (
    BY_HAND,
    AuditFinding,
    AuditLook,
    FindingNote,
    FindingPerson,
    FindingState,
    NoteKind,
)
from sijinak.core.clock import now
from sijinak.core.db import db
from sijinak.core.events import events
from sijinak.core.permissions import OPERATOR, WORKER, Actor
from sijinak.treasury.policy import policy

AT_ONCE = 500
MACHINES = frozenset({WORKER.id, OPERATOR.id})
PATIENCE = timedelta(hours=2)  # so long a look may take; one that died is taken up after it


def plan_look(by: Actor) -> AuditLook:
    look = AuditLook(asked_at=now(), asked_by=by.id, asked_by_name=by.name, counts={})
    db.session.add(look)
    db.session.flush()
    return look


def begin_look(look_id: UUID) -> bool:
    """False when it is over, or somebody is at it."""
    asked = select(AuditLook).where(AuditLook.id == look_id).with_for_update()
    look = db.session.scalars(asked.execution_options(populate_existing=True)).one()
    if look.ended_at or (look.began_at and now() - look.began_at < PATIENCE):
        return False
    look.began_at = now()
    return True


def end_look(look_id: UUID, counts: dict[str, list[int]]) -> None:
    look = db.session.get_one(AuditLook, look_id)
    look.ended_at, look.counts = now(), counts


def note_hits(check: Check, hits: Sequence[Hit], seen_at: datetime, *, by: Actor) -> int:
    """Into the open transaction; the answer is how many are new."""
    known = _known(check, [hit.subject_id for hit in hits])
    found = {(hit.subject_id, hit.key): hit for hit in hits}
    new = [hit for place, hit in found.items() if place not in known]
    again = [one for place, one in known.items() if place in found]
    for hit in new:
        _raise(check, hit, seen_at, by=by)
    for one in again:
        if one.gone_at is not None:
            one.gone_at = None
            _tell(one, NoteKind.SEEN_AGAIN, by=by)
    _touch([one.id for one in again], seen_at)
    return len(new)


def tell_gone(code: str, seen_at: datetime, *, by: Actor) -> int:
    """What this look did not see any more. Nothing is closed by that: only an auditor closes."""
    asked = (
        select(AuditFinding)
        .where(
            AuditFinding.code == code,
            AuditFinding.code != BY_HAND,
            AuditFinding.last_seen_at < seen_at,
            AuditFinding.gone_at.is_(None),
        )
        .order_by(AuditFinding.id)
        .limit(AT_ONCE)
    )
    gone = db.session.scalars(asked).all()
    for one in gone:
        one.gone_at = seen_at
        _tell(one, NoteKind.GONE, by=by)
    return len(gone)


def _known(check: Check, subjects: Sequence[UUID]) -> dict[tuple[UUID, str], AuditFinding]:
    asked = select(AuditFinding).where(
        AuditFinding.code == check.code, AuditFinding.subject_id.in_(set(subjects))
    )
    rows = db.session.scalars(asked.order_by(AuditFinding.id))
    return {(one.subject_id, one.key): one for one in rows}


def _touch(ids: Sequence[UUID], seen_at: datetime) -> None:
    db.session.flush()
    for start in range(0, len(ids), AT_ONCE):
        some = AuditFinding.id.in_(ids[start : start + AT_ONCE])
        db.session.execute(
            update(AuditFinding).where(some).values(last_seen_at=seen_at),
            execution_options={"synchronize_session": False},
        )


def _raise(check: Check, hit: Hit, seen_at: datetime, *, by: Actor) -> None:
    finding = AuditFinding(
        code=check.code,
        subject_type=hit.subject,
        subject_id=hit.subject_id,
        key=hit.key,
        severity=check.severity,
        title="",
        region=hit.region or policy.regency,
        amount=hit.amount,
        happened_on=hit.on,
        facts=hit.facts,
        evidence=[[table, str(one)] for table, one in hit.evidence if one is not None],
        raised_at=seen_at,
        raised_by=by.id,
        raised_by_name=by.name,
        last_seen_at=seen_at,
        gone_at=None,
        state=FindingState.OPEN,
        outcome=None,
        closed_at=None,
        closed_by=None,
        closed_by_name="",
        unanswered=False,
    )
    db.session.add(finding)
    db.session.flush()
    people = {one for one in hit.people if one is not None and one not in MACHINES}
    db.session.add_all(
        FindingPerson(finding_id=finding.id, person_id=one) for one in sorted(people)
    )
    events.record(
        "audit.finding-raised", finding, by=by, region=finding.region, code=check.code,
        severity=check.severity.value, amount=hit.amount,
    )  # fmt: skip


def _tell(finding: AuditFinding, kind: NoteKind, *, by: Actor) -> None:
    db.session.add(
        FindingNote(
            finding_id=finding.id, kind=kind, words="", outcome=None, file_id=None,
            written_at=now(), by_id=by.id, by_name=by.name,
        )
    )  # fmt: skip
    events.record(f"audit.finding-{kind}", finding, by=by, region=finding.region, code=finding.code)
