"""A finding as the file of an audit shows it: all of it, for paper has no second page to open."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select

from sijinak.areas.queries import full_name
from sijinak.audit.desk.labels import SUBJECTS, subject_name
from sijinak.audit.desk.subjects import KNOWN, subject_of
from sijinak.audit.findings.labels import fact_rows
from sijinak.audit.findings.models import AuditFinding, FindingNote
from sijinak.audit.findings.queries import finding_by_id, names_of_people, notes_of
from sijinak.audit.findings.view import PAGES
from sijinak.core.db import db
from sijinak.core.errors import NotFound
from sijinak.core.money import rupiah_text
from sijinak.core.permissions import Actor
from sijinak.files.models import StoredFile
from sijinak.keepers.models import Keeper
from sijinak.web.formats import day, moment, officer
from sijinak.web.i18n import gettext as _

ENDINGS = {"image/jpeg": "jpg", "application/pdf": "pdf"}


@dataclass(frozen=True, slots=True)
class FiledFinding:
    """``facts`` are names and what they say; a note comes with the name of its attachment."""

    finding: AuditFinding
    facts: Sequence[tuple[str, str]]
    records: Sequence[str]
    notes: Sequence[tuple[FindingNote, str]]


def filed_finding(finding_id: UUID, *, by: Actor) -> FiledFinding:
    """Raises NotFound."""
    finding = finding_by_id(finding_id, by=by)
    return FiledFinding(
        finding,
        [*_facts(finding), *fact_rows(finding)],
        list(dict.fromkeys(_records(finding, by))),
        [(note, _attachment(note)) for note in notes_of(finding)],
    )


def _facts(finding: AuditFinding) -> Iterator[tuple[str, str]]:
    yield _("Where"), full_name(finding.region)
    if finding.amount:
        yield _("Amount"), rupiah_text(finding.amount)
    if finding.happened_on:
        yield _("Day"), day(finding.happened_on)
    names = names_of_people(finding.people_ids)
    people = [names.get(one.person_id, f"…{str(one.person_id)[-6:]}") for one in finding.people]
    if people:
        yield _("Whose work it is about"), ", ".join(people)
    yield _("First seen"), f"{moment(finding.raised_at)}, {officer(finding.raised_by_name)}"


def _records(finding: AuditFinding, by: Actor) -> Iterator[str]:
    """What each is and its number, by which it is found again; a keeper is not named."""
    for kind, row_id in ((finding.subject_type, str(finding.subject_id)), *finding.evidence):
        page = PAGES.get(kind)
        name = subject_name(kind) if kind in SUBJECTS or page is None else _(page.title)
        yield f"{name} {_number(kind, row_id, by)}"


def _number(kind: str, row_id: str, by: Actor) -> str:
    if kind == Keeper.__tablename__ or kind not in KNOWN:
        return row_id
    try:
        return subject_of(kind, UUID(row_id), by=by).title
    except NotFound:
        return row_id


def _attachment(note: FindingNote) -> str:
    """As it is called when it is saved."""
    if note.file_id is None:
        return ""
    asked = select(StoredFile.media_type).where(StoredFile.id == note.file_id)
    return f"lampiran-{note.id}.{ENDINGS.get(db.session.scalar(asked) or '', 'bin')}"
