"""What other offices wrote about the journey: the desk records it, and corrects by a new row."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sijinak.core.clock import now
from sijinak.core.db import db
from sijinak.core.errors import Conflict, Invalid
from sijinak.core.events import events
from sijinak.core.flow import WrongState
from sijinak.core.once import first_time
from sijinak.core.permissions import Actor, Permission, require
from sijinak.files.papers import Paper
from sijinak.files.pictures import Picture
from sijinak.files.services import keep_document
from sijinak.permits.commands import PermitCommand
from sijinak.permits.enclosures.models import ExternalPaper
from sijinak.permits.enclosures.queries import external_paper_of, external_papers_of
from sijinak.permits.models import OVER, ExternalKind, Permit, PermitState
from sijinak.permits.queries import permit_for_update
from sijinak.permits.taking import SamePerson, is_barred

# A kind that is there is corrected, not recorded twice.
NOT_YET = (PermitState.DRAFT, *OVER)


class RecordedAlready(Conflict):
    """Facts: ``kind``. Correct the one that is there."""

    code = "paper-recorded-already"


class Corrected(Conflict):
    """Somebody corrected it meanwhile."""

    code = "paper-corrected-already"


class DaysMissing(Invalid):
    """A KH-11 says where the animals were held, and how many days."""

    code = "days-missing"


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordPaper(PermitCommand):
    """``id`` becomes the paper's. ``supersedes_id`` is the one that it corrects."""

    kind: ExternalKind
    number: str
    issued_on: date
    valid_until: date | None = None
    place: str = ""
    days: int | None = None
    note: str = ""
    file: Paper | Picture | None = None
    supersedes_id: UUID | None = None


def record_paper(command: RecordPaper, *, by: Actor) -> ExternalPaper:
    """Raises WrongState, SamePerson, RecordedAlready, Corrected, DaysMissing, NotFound."""
    permit = permit_for_update(command.permit_id, by=by)
    require(by, Permission.PERMIT_CHECK, region=permit.region)
    if not first_time(command, by=by):
        return db.session.get_one(ExternalPaper, command.id)
    if permit.state in NOT_YET:
        raise WrongState(state=permit.state, action="record-paper")
    if is_barred(permit, "accept", by=by):
        raise SamePerson
    _refuse_second(permit, command)
    if command.kind is ExternalKind.KH11 and (command.days is None or not command.place):
        raise DaysMissing
    kept = keep_document(command.file, by=by).id if command.file else _file_before(command)
    paper = ExternalPaper(
        id=command.id,
        permit_id=permit.id,
        kind=command.kind,
        number=command.number,
        issued_on=command.issued_on,
        valid_until=command.valid_until,
        place=command.place,
        days=command.days,
        note=command.note,
        file_id=kept,
        supersedes_id=command.supersedes_id,
        recorded_at=now(),
        recorded_by=by.id,
        recorded_by_name=by.name,
    )
    db.session.add(paper)
    events.record(
        "permit.record-paper", permit, by=by, region=permit.region,
        paper=paper.kind, number=paper.number, corrects=bool(paper.supersedes_id), note=paper.note,
    )  # fmt: skip
    return paper


def _refuse_second(permit: Permit, command: RecordPaper) -> None:
    standing = {paper.id: paper.kind for paper in external_papers_of(permit.id)}
    if command.supersedes_id is None:
        if command.kind in standing.values():
            raise RecordedAlready(kind=command.kind)
        return
    external_paper_of(permit.id, command.supersedes_id)
    if standing.get(command.supersedes_id) is not command.kind:
        raise Corrected


def _file_before(command: RecordPaper) -> UUID | None:
    """A correction without a file is about the paper that was filed."""
    if command.supersedes_id is None:
        return None
    return external_paper_of(command.permit_id, command.supersedes_id).file_id
