"""Questions about notes and files of audits. Auditors alone read them."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import ColumnElement, Select, or_, select

from sijinak.audit.desk.models import AuditFile, AuditFilePart, AuditFileState, AuditNote
from sijinak.core.db import db
from sijinak.core.errors import NotFound
from sijinak.core.paging import START, Page, Place, page_of
from sijinak.core.permissions import Actor, Permission, require, within_reach

P = Permission.AUDIT_READ


@dataclass(frozen=True, slots=True)
class Filed:
    """A part of a file; ``note`` where it is one."""

    part: AuditFilePart
    note: AuditNote | None


def notes(*, by: Actor, place: Place = START) -> Page[AuditNote]:
    require(by, P)
    return page_of(select(AuditNote).where(_seen(by)), AuditNote.id, place)


def notes_about(kind: str, subject_id: UUID, *, by: Actor) -> Sequence[AuditNote]:
    """The first first."""
    require(by, P)
    about = AuditNote.subject_type == kind, AuditNote.subject_id == subject_id
    return db.session.scalars(
        select(AuditNote).where(*about, _seen(by)).order_by(AuditNote.id)
    ).all()


def note_by_id(note_id: UUID, *, by: Actor) -> AuditNote:
    require(by, P)
    note = db.session.scalar(select(AuditNote).where(AuditNote.id == note_id, _seen(by)))
    if note is None:
        raise NotFound(note_id=str(note_id))
    return note


def files(*, by: Actor, place: Place = START) -> Page[AuditFile]:
    require(by, P)
    return page_of(_files(by), AuditFile.id, place)


def open_files(*, by: Actor) -> Sequence[AuditFile]:
    """Into which something may be put, the newest first."""
    require(by, P)
    asked = _files(by).where(AuditFile.state == AuditFileState.OPEN)
    return db.session.scalars(asked.order_by(AuditFile.id.desc())).all()


def file_by_id(file_id: UUID, *, by: Actor) -> AuditFile:
    require(by, P)
    file = db.session.scalar(_files(by).where(AuditFile.id == file_id))
    if file is None:
        raise NotFound(file_id=str(file_id))
    return file


def file_to_change(file_id: UUID, *, by: Actor) -> AuditFile:
    """Held until the end, as it is now."""
    require(by, Permission.AUDIT_WORK)
    within = within_reach(by, Permission.AUDIT_WORK, AuditFile.region)
    asked = select(AuditFile).where(AuditFile.id == file_id, within).with_for_update()
    file = db.session.scalar(asked.execution_options(populate_existing=True))
    if file is None:
        raise NotFound(file_id=str(file_id))
    return file


def parts_of(file: AuditFile) -> list[Filed]:
    """In the order in which they came. The caller has asked for the file."""
    asked = (
        select(AuditFilePart, AuditNote)
        .outerjoin(AuditNote, AuditNote.id == AuditFilePart.subject_id)
        .where(AuditFilePart.file_id == file.id)
        .order_by(AuditFilePart.id)
    )
    return [Filed(part, note) for part, note in db.session.execute(asked)]


def _files(by: Actor) -> Select[AuditFile]:
    return select(AuditFile).where(within_reach(by, P, AuditFile.region))


def _seen(by: Actor) -> ColumnElement[bool]:
    """Of officers, who belong to no place, too."""
    return or_(within_reach(by, P, AuditNote.region), AuditNote.region == "")
