"""Questions about findings: lists, one of them, and what each check has come to."""

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from sqlalchemy import ColumnElement, Select, and_, func, or_, select

from sijinak.accounts.models import User
from sijinak.audit.findings.models import (
    AuditFinding,
    AuditLook,
    FindingNote,
    FindingPerson,
    FindingState,
    NoteKind,
    Outcome,
    Severity,
)
from sijinak.core.clock import clock, now
from sijinak.core.db import db
from sijinak.core.errors import Forbidden, NotFound
from sijinak.core.paging import START, Page, Place, page_of
from sijinak.core.permissions import Actor, Permission, within_reach
from sijinak.permits.models import Permit
from sijinak.retribution.models import Skrd
from sijinak.retribution.receipts.models import Receipt

COUNTED = ("false", "unanswered")
READS = (Permission.AUDIT_READ, Permission.AUDIT_ANSWER)


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """Which findings of a list are wanted. ``region`` covers all below it."""

    code: str = ""
    severity: Severity | None = None
    state: FindingState | None = None
    person_id: UUID | None = None
    region: str = ""
    first: date | None = None
    last: date | None = None


@dataclass(frozen=True, slots=True)
class Standing:
    """What a check has come to so far."""

    open: int = 0
    answered: int = 0
    closed: int = 0
    false_alarms: int = 0
    unanswered: int = 0  # of those closed

    @property
    def false_percent(self) -> int | None:
        """Of those that an auditor closed; None while there is none."""
        return round(100 * self.false_alarms / self.closed) if self.closed else None


ANY = Wanted()


def findings(*, by: Actor, wanted: Wanted = ANY, place: Place = START) -> Page[AuditFinding]:
    """Those in reach that are not closed first; the most serious first, of these the newest."""
    return page_of(_wanted(by, wanted), AuditFinding.id, place, first=(AuditFinding.rank,))


def finding_by_id(finding_id: UUID, *, by: Actor) -> AuditFinding:
    found = db.session.scalar(_seen(by).where(AuditFinding.id == finding_id))
    if found is None:
        raise NotFound(finding_id=str(finding_id))
    return found


def finding_for_update(finding_id: UUID, *, by: Actor) -> AuditFinding:
    """Locked until the end, as it is now. Raises NotFound."""
    asked = _seen(by).where(AuditFinding.id == finding_id).with_for_update(of=AuditFinding)
    found = db.session.scalar(asked.execution_options(populate_existing=True))
    if found is None:
        raise NotFound(finding_id=str(finding_id))
    return found


def notes_of(finding: AuditFinding) -> Sequence[FindingNote]:
    """The oldest first. The caller has asked for the finding."""
    asked = select(FindingNote).where(FindingNote.finding_id == finding.id)
    return db.session.scalars(asked.order_by(FindingNote.written_at, FindingNote.id)).all()


def note_with_file(finding_id: UUID, note_id: UUID, *, by: Actor) -> FindingNote:
    finding = finding_by_id(finding_id, by=by)
    found = db.session.get(FindingNote, note_id)
    if found is None or found.finding_id != finding.id or found.file_id is None:
        raise NotFound(note_id=str(note_id))
    return found


def has_answered(finding_id: UUID, person_id: UUID) -> bool:
    """Whether this person ever answered it for the office, also when another one did later."""
    asked = select(FindingNote.id).where(
        FindingNote.finding_id == finding_id,
        FindingNote.kind == NoteKind.ANSWER,
        FindingNote.by_id == person_id,
    )
    return db.session.scalar(asked.limit(1)) is not None


def open_by_check(*, by: Actor, wanted: Wanted = ANY) -> Mapping[str, int]:
    """How many are not closed yet, by check, most first; what else is wanted narrows it."""
    asked = _wanted(by, wanted).where(AuditFinding.state != FindingState.CLOSED)
    counted = asked.with_only_columns(AuditFinding.code, func.count()).group_by(AuditFinding.code)
    rows = db.session.execute(counted.order_by(func.count().desc(), AuditFinding.code))
    return {row[0]: row[1] for row in rows}


def standing_of_checks(*, by: Actor) -> Mapping[str, Standing]:
    """By check how many are open, answered and closed, and how many of those were nothing."""
    asked = _seen(by).with_only_columns(
        *(columns := (AuditFinding.code, AuditFinding.state, AuditFinding.outcome)),
        AuditFinding.unanswered,
        func.count(),
    )
    grouped = asked.group_by(*columns, AuditFinding.unanswered)
    counts: dict[str, Counter[str]] = {}
    for code, state, outcome, unanswered, number in db.session.execute(
        grouped.order_by(AuditFinding.code)
    ):
        told = counts.setdefault(code, Counter())
        told[state] += number
        told["false"] += number if outcome is Outcome.FALSE_ALARM else 0
        told["unanswered"] += number if unanswered else 0
    return {
        code: Standing(*(told[name] for name in ("open", "answered", "closed", *COUNTED)))
        for code, told in counts.items()
    }


def count_findings(*, by: Actor, permission: Permission, state: FindingState) -> int:
    """How many there are where the permission is held; what is about the person is left out."""
    own = select(FindingPerson.finding_id).where(FindingPerson.person_id == by.id)
    asked = select(func.count(AuditFinding.id)).where(
        within_reach(by, permission, AuditFinding.region),
        AuditFinding.state == state,
        AuditFinding.id.not_in(own),
    )
    return db.session.scalar(asked) or 0


def open_about_keeper(keeper_id: UUID) -> int:
    """Not closed, about the person, their permits and money, or what their account did."""
    theirs = [AuditFinding.subject_id == keeper_id]
    for model in (Permit, Skrd, Receipt):
        rows = select(model.id).where(model.keeper_id == keeper_id)
        theirs.append(AuditFinding.subject_id.in_(rows))
    accounts = select(User.id).where(User.keeper_id == keeper_id)
    about = select(FindingPerson.finding_id).where(FindingPerson.person_id.in_(accounts))
    asked = select(func.count(AuditFinding.id)).where(
        AuditFinding.state != FindingState.CLOSED, or_(*theirs, AuditFinding.id.in_(about))
    )
    return db.session.scalar(asked) or 0


def newest_look(*, by: Actor) -> AuditLook | None:
    _require_reader(by)
    asked = select(AuditLook).order_by(AuditLook.asked_at.desc(), AuditLook.id.desc())
    return db.session.scalar(asked.limit(1))


def look_underway(patience: timedelta) -> bool:
    """Asked for, and not ended; one that takes far too long has died."""
    since = now() - patience
    asked = select(AuditLook.id).where(AuditLook.ended_at.is_(None), AuditLook.asked_at > since)
    return db.session.scalar(asked.limit(1)) is not None


def names_of_people(ids: Collection[UUID]) -> Mapping[UUID, str]:
    """Of those who have accounts; who has none is shown by the end of the id."""
    asked = select(User.id, User.name).where(User.id.in_(ids)).order_by(User.name, User.id)
    return {row[0]: row[1] for row in db.session.execute(asked)}


def people_in_findings(*, by: Actor) -> list[tuple[UUID, str]]:
    """For the filter: whose work any finding in reach is about."""
    told = (
        select(FindingPerson.person_id)
        .join(AuditFinding, AuditFinding.id == FindingPerson.finding_id)
        .where(_in_reach(by))
    )
    asked = select(User.id, User.name).where(User.id.in_(told)).order_by(User.name, User.id)
    return [(row[0], row[1]) for row in db.session.execute(asked)]


def _wanted(by: Actor, wanted: Wanted) -> Select[AuditFinding]:
    asked = _seen(by)
    if wanted.code:
        asked = asked.where(AuditFinding.code == wanted.code)
    if wanted.severity:
        asked = asked.where(AuditFinding.severity == wanted.severity)
    if wanted.state:
        asked = asked.where(AuditFinding.state == wanted.state)
    if wanted.region:
        inside = AuditFinding.region.between(wanted.region, wanted.region + "/")
        asked = asked.where(inside)
    if wanted.person_id:
        theirs = select(FindingPerson.finding_id).where(FindingPerson.person_id == wanted.person_id)
        asked = asked.where(AuditFinding.id.in_(theirs))
    return asked.where(*_period(wanted))


def _period(wanted: Wanted) -> list[ColumnElement[bool]]:
    """By the day that it claims; without one, by the day on which it was raised."""
    found = list[ColumnElement[bool]]()
    undated = AuditFinding.happened_on.is_(None)
    if wanted.first:
        start = _start_of(wanted.first)
        of_day = AuditFinding.happened_on >= wanted.first
        found.append(or_(of_day, and_(undated, AuditFinding.raised_at >= start)))
    if wanted.last:
        end = _start_of(wanted.last + timedelta(days=1))
        of_day = AuditFinding.happened_on <= wanted.last
        found.append(or_(of_day, and_(undated, AuditFinding.raised_at < end)))
    return found


def _start_of(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, tzinfo=clock.zone)


def _seen(by: Actor) -> Select[AuditFinding]:
    _require_reader(by)
    return select(AuditFinding).where(_in_reach(by))


def _in_reach(by: Actor) -> ColumnElement[bool]:
    return or_(*(within_reach(by, permission, AuditFinding.region) for permission in READS))


def _require_reader(by: Actor) -> None:
    if not any(by.reaches(permission) for permission in READS):
        raise Forbidden(permission=str(Permission.AUDIT_READ))
