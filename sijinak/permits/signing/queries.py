"""Questions about papers. The caller has asked for the permit itself."""

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import aliased

from sijinak.core.clock import now
from sijinak.core.db import db
from sijinak.core.errors import NotFound
from sijinak.core.events import Event
from sijinak.permits.models import Permit, PermitState
from sijinak.permits.signing.models import PaperOrder, PaperType, SignedPaper, StatusListRow
from sijinak.permits.signing.ordering import latest_version
from sijinak.permits.signing.statuslist import PaperStatus
from sijinak.retribution.checks import id_of_code

StoredPaper = SignedPaper
S = PermitState
USED = (S.DEPARTED, S.ARRIVED, S.CLOSED)
VOID = (S.REVOKED, S.CANCELLED, S.REJECTED, S.APPEALED)
# After an appeal an application begins anew: an earlier health letter counts no more.
BEGUN_ANEW = (S.DRAFT, S.RETURNED, S.SUBMITTED, S.ACCEPTED, S.IN_LAB)


def papers_of(permit_id: UUID) -> list[SignedPaper]:
    """The newest of each kind first."""
    asked = select(SignedPaper).where(SignedPaper.permit_id == permit_id)
    return list(db.session.scalars(asked.order_by(SignedPaper.kind, SignedPaper.version.desc())))


def being_made(permit_id: UUID) -> list[PaperType]:
    """Kinds whose newest paper was asked for and is not there yet."""
    made = {(paper.kind, paper.version) for paper in papers_of(permit_id)}
    wanted = {kind: latest_version(permit_id, kind) for kind in PaperType}
    return [kind for kind, version in wanted.items() if version and (kind, version) not in made]


def is_kept(order_id: UUID) -> bool:
    return db.session.get(SignedPaper, order_id) is not None


def unmade_before(moment: datetime) -> list[Event]:
    """What asked for papers then that are not there yet."""
    asked = (
        select(Event)
        .join(PaperOrder, PaperOrder.id == Event.id)
        .outerjoin(SignedPaper, SignedPaper.id == PaperOrder.id)
        .where(SignedPaper.id.is_(None), PaperOrder.ordered_at < moment)
    )
    return list(db.session.scalars(asked.order_by(Event.id)))


def paper_of(permit_id: UUID, kind: PaperType, version: int | None = None) -> SignedPaper:
    """The newest, or the one with that version. Raises NotFound."""
    found = [paper for paper in papers_of(permit_id) if paper.kind is kind]
    for paper in found:
        if version in {None, paper.version}:
            return paper
    raise NotFound(permit_id=str(permit_id))


def paper_by_public_code(code: str) -> SignedPaper | None:
    """For anybody who holds the paper: what is shown of it is what it proves."""
    paper_id = id_of_code(code)
    return db.session.get(SignedPaper, paper_id) if paper_id else None


def status_of(paper: SignedPaper, permit: Permit) -> PaperStatus:
    newer = paper.version < latest_version(paper.permit_id, paper.kind)
    return _status(paper.kind, permit.state, permit.certified_at, is_replaced=newer)


def statuses_in(number: int) -> Mapping[int, PaperStatus]:
    """What became of the papers in a list, by index; those that are valid are left out."""
    later = aliased(PaperOrder)
    newer = select(later.id).where(
        later.permit_id == PaperOrder.permit_id,
        later.kind == PaperOrder.kind,
        later.version > PaperOrder.version,
    )
    asked = (
        select(
            PaperOrder.status_index,
            PaperOrder.kind,
            Permit.state,
            Permit.certified_at,
            newer.exists(),
        )
        .join(Permit, Permit.id == PaperOrder.permit_id)
        .where(PaperOrder.status_list == number)
    )
    said = {
        index: _status(kind, state, certified_at, is_replaced=is_replaced)
        for index, kind, state, certified_at, is_replaced in db.session.execute(asked)
    }
    return {index: status for index, status in said.items() if status}


def last_list() -> int:
    """The number of the newest list; the first is there before its first paper."""
    return db.session.scalar(select(func.max(PaperOrder.status_list))) or 1


def status_list(number: int) -> StatusListRow | None:
    """``number`` comes from an address: one that no column holds is no list."""
    if number > last_list():
        return None
    return db.session.scalar(select(StatusListRow).where(StatusListRow.number == number))


def was_told(paper_id: UUID, name: str, seconds: int) -> bool:
    """Whether such an event of this paper is in the trail, not older than that."""
    asked = select(func.max(Event.happened_at)).where(
        Event.subject_id == paper_id, Event.name == name
    )
    last = db.session.scalar(asked)
    return last is not None and (now() - last).total_seconds() < seconds


def _status(
    kind: PaperType, state: PermitState, certified_at: datetime | None, *, is_replaced: bool
) -> PaperStatus:
    is_letter = kind is PaperType.HEALTH_LETTER
    is_taken_back = is_letter and (state in BEGUN_ANEW or certified_at is None)
    if is_replaced:
        return PaperStatus.REPLACED
    if state in USED:
        return PaperStatus.USED
    return PaperStatus.REVOKED if state in VOID or is_taken_back else PaperStatus.VALID
