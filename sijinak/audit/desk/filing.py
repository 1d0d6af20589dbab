"""Files of an audit: opened, filled, concluded and closed."""

from sqlalchemy import select

from sijinak.areas.queries import places
from sijinak.audit.desk.commands import AddPart, CloseFile, OpenFile
from sijinak.audit.desk.models import AuditFile, AuditFilePart, AuditFileState
from sijinak.audit.desk.noted import file_by_id, file_to_change, note_by_id
from sijinak.audit.desk.services import UnknownRegion
from sijinak.audit.desk.subjects import FINDINGS, SAMPLES, subject_of
from sijinak.core.clock import now
from sijinak.core.db import db
from sijinak.core.errors import Conflict, Invalid, NotFound
from sijinak.core.events import events
from sijinak.core.once import first_time
from sijinak.core.permissions import Actor, Permission, require

NOTES = "audit_notes"


class WrongFileDays(Invalid):
    code = "audit-file-days"


class FileClosed(Conflict):
    code = "audit-file-closed"


class ConclusionMissing(Invalid):
    code = "audit-file-conclusion"


def open_file(command: OpenFile, *, by: Actor) -> AuditFile:
    """Raises UnknownRegion, WrongFileDays."""
    require(by, Permission.AUDIT_WORK, region=command.region)
    if not first_time(command, by=by):
        return file_by_id(command.id, by=by)
    if command.region not in places():
        raise UnknownRegion
    if command.last_day < command.first_day:
        raise WrongFileDays
    file = AuditFile(
        id=command.id,
        title=command.title,
        region=command.region,
        first_day=command.first_day,
        last_day=command.last_day,
        state=AuditFileState.OPEN,
        opened_at=now(),
        opened_by=by.id,
        opened_by_name=by.name,
    )
    db.session.add(file)
    events.record("audit.file-opened", file, by=by, region=file.region)
    return file


def add_part(command: AddPart, *, by: Actor) -> AuditFile:
    """What lies in it already, lies in it once. Raises NotFound, FileClosed."""
    file = file_to_change(command.file_id, by=by)
    if not first_time(command, by=by):
        return file
    if file.state is AuditFileState.CLOSED:
        raise FileClosed
    _see(command, by)
    held = select(AuditFilePart.id).where(
        AuditFilePart.file_id == file.id, AuditFilePart.subject_id == command.subject_id
    )
    if db.session.scalar(held) is not None:
        return file
    part = AuditFilePart(
        file_id=file.id,
        subject_type=command.subject_type,
        subject_id=command.subject_id,
        at=now(),
        by_id=by.id,
        by_name=by.name,
    )
    db.session.add(part)
    facts = {"about": command.subject_type, "about_id": str(command.subject_id)}
    events.record("audit.file-filled", file, by=by, region=file.region, **facts)
    return file


def close_file(command: CloseFile, *, by: Actor) -> AuditFile:
    """For good. Raises NotFound, FileClosed, ConclusionMissing."""
    file = file_to_change(command.file_id, by=by)
    if not first_time(command, by=by):
        return file
    if file.state is AuditFileState.CLOSED:
        raise FileClosed
    if not command.conclusion.strip():
        raise ConclusionMissing
    file.state, file.conclusion = AuditFileState.CLOSED, command.conclusion.strip()
    file.closed_at, file.closed_by, file.closed_by_name = now(), by.id, by.name
    events.record("audit.file-closed", file, by=by, region=file.region)
    return file


def _see(command: AddPart, by: Actor) -> None:
    if command.subject_type == NOTES:
        note_by_id(command.subject_id, by=by)
    elif command.subject_type in {SAMPLES, FINDINGS}:
        subject_of(command.subject_type, command.subject_id, by=by)
    else:
        raise NotFound(kind=command.subject_type)
