"""Which paper an event asks for, and its place in the list that says what becomes of it."""

from uuid import UUID

from sqlalchemy import func, select

from sijinak.core.clock import now
from sijinak.core.db import db
from sijinak.core.events import Event
from sijinak.core.numbering import next_number
from sijinak.permits.models import Permit, PermitState
from sijinak.permits.signing.models import PaperOrder, PaperType
from sijinak.permits.signing.statuslist import SIZE

ASKED_BY = {
    PaperType.HEALTH_LETTER: ("permit.certify",),
    PaperType.RECOMMENDATION: ("permit.issue", "permit.extend"),
}
KIND = {name: kind for kind, names in ASKED_BY.items() for name in names}
SERIES = "paper-status"
# Nothing is written for these any more.
ENDED = (PermitState.REVOKED, PermitState.CANCELLED, PermitState.REJECTED)


def order_paper(event: Event) -> PaperOrder | None:
    """The order of an event, the same each time; None when no paper is due any more."""
    known = db.session.get(PaperOrder, event.id)
    if known is not None:
        return known
    permit, kind = db.session.get_one(Permit, event.subject_id), KIND[event.name]
    version, newer = _place_among(event, kind)
    if permit.state in ENDED or newer:
        return None
    place = next_number(SERIES, 0) - 1  # one series for all years
    order = PaperOrder(
        id=event.id,
        permit_id=permit.id,
        kind=kind,
        version=version,
        status_list=place // SIZE + 1,
        status_index=place % SIZE,
        ordered_at=now(),
    )
    db.session.add(order)
    db.session.flush()
    return order


def latest_version(permit_id: UUID, kind: PaperType) -> int:
    """How many papers of a kind were asked for, and so the number of the newest."""
    asked = select(func.count()).where(Event.subject_id == permit_id)
    return db.session.scalar(asked.where(Event.name.in_(ASKED_BY[kind]))) or 0


def _place_among(event: Event, kind: PaperType) -> tuple[int, int]:
    """Which of its kind for this permit it is, and how many came after it."""
    same = select(Event.id).where(
        Event.subject_id == event.subject_id, Event.name.in_(ASKED_BY[kind])
    )
    ids = sorted(db.session.scalars(same))
    version = ids.index(event.id) + 1
    return version, len(ids) - version
