"""What waits for a person: taken in on the rights of whoever decides, or refused with a reason."""

from dataclasses import dataclass, field
from uuid import UUID

from sqlalchemy import Select, func, select

from sijinak.accounts.models import User
from sijinak.core.clock import now
from sijinak.core.db import db
from sijinak.core.errors import Conflict, Invalid, NotFound
from sijinak.core.events import Event, events
from sijinak.core.ids import uuid7
from sijinak.core.once import first_time
from sijinak.core.paging import START, Page, Place, page_of
from sijinak.core.permissions import Actor, Permission, Reach, require, within_reach
from sijinak.field.carrying import carry_out
from sijinak.field.chain import believe
from sijinak.field.handling import UNKNOWN_TEXT
from sijinak.field.keeping import Visit
from sijinak.field.models import Decision, Device, FieldRecord, Review, Verdict, Way
from sijinak.field.reading import Incoming, read_kept


class AlreadyDecided(Conflict):
    """Facts: ``name``, who decided."""

    code = "review-decided"


class OwnReview(Conflict):
    """Nobody decides about records of their own, of their phone, or of a file they brought."""

    code = "own-review"


class RefusalWithoutReason(Invalid):
    code = "refusal-without-reason"


class StillHindered(Conflict):
    """What kept it out still does."""

    def __init__(self, said: Incoming) -> None:
        self.code = said.reason
        super().__init__(**said.facts)


@dataclass(frozen=True, slots=True, kw_only=True)
class TakeInRecord:
    """``code`` names the animal, ``nik`` a new owner, when the record's own does not."""

    id: UUID = field(default_factory=uuid7)
    review_id: UUID
    code: str = ""
    nik: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class RefuseRecord:
    id: UUID = field(default_factory=uuid7)
    review_id: UUID
    reason: str


@dataclass(frozen=True, slots=True)
class StandIn:
    """The author of a record, with the rights of whoever lets it in."""

    id: UUID
    name: str
    decider: Actor

    def reaches(self, permission: Permission) -> tuple[Reach, ...]:
        return self.decider.reaches(permission)


def open_reviews(*, by: Actor, place: Place = START) -> Page[Review]:
    require(by, Permission.FIELD_OVERSEE)
    return page_of(_in_reach(by).where(Review.decided_at.is_(None)), Review.id, place)


def count_open(*, by: Actor) -> int:
    asked = _in_reach(by).where(Review.decided_at.is_(None)).subquery()
    return db.session.scalar(select(func.count()).select_from(asked)) or 0


def review_by_id(review_id: UUID, *, by: Actor) -> tuple[Review, FieldRecord]:
    """Raises NotFound."""
    require(by, Permission.FIELD_OVERSEE)
    return _found(_in_reach(by).where(Review.id == review_id))


def records_behind(reviews: list[Review]) -> dict[UUID, FieldRecord]:
    asked = select(FieldRecord).where(FieldRecord.id.in_([one.record_id for one in reviews]))
    return {record.id: record for record in db.session.scalars(asked)}


def author_name(record: FieldRecord) -> str:
    return db.session.scalar(select(User.name).where(User.id == record.author_id)) or ""


def is_own(record: FieldRecord, *, by: Actor) -> bool:
    """A record says itself who made it. So whose hands it came from counts as well."""
    if by.id == record.author_id:
        return True
    device = db.session.get_one(Device, record.device_id)
    return by.id == device.user_id or (record.way is Way.FILE and _brought(record, by.id))


def _brought(record: FieldRecord, user_id: UUID) -> bool:
    asked = select(Event.facts).where(
        Event.subject_id == record.device_id, Event.name == "field.received"
    )
    batch = {"batch": str(record.batch_id), "brought_by": str(user_id)}.items()
    return any(batch <= facts.items() for facts in db.session.scalars(asked))


def take_in_record(command: TakeInRecord, *, by: Actor) -> Review:
    """Through the door once more. Raises StillHindered, AlreadyDecided, OwnReview."""
    review, record = _to_decide(command.review_id, by=by)
    if not first_time(command, by=by):
        return review
    _check_open(review, record, by)
    said = read_kept(record, code=command.code, nik=command.nik)
    if not said.is_open:
        raise StillHindered(said)
    author = StandIn(record.author_id, author_name(record), by)
    visit = Visit(
        device_id=record.device_id, author=author, by=author, way=record.way,
        received_at=record.received_at, sent_at=None, batch_id=record.batch_id,
    )  # fmt: skip
    believe(said, record.received_at, None)
    carry_out(said, visit)
    if said.verdict is Verdict.REVIEW and said.reason != UNKNOWN_TEXT:
        raise StillHindered(said)
    _decide(review, Decision.TAKEN, command.code, by=by)
    return review


def refuse_record(command: RefuseRecord, *, by: Actor) -> Review:
    """It stays as it came, and has no effect. Raises RefusalWithoutReason and the others."""
    review, record = _to_decide(command.review_id, by=by)
    if not first_time(command, by=by):
        return review
    _check_open(review, record, by)
    if not command.reason.strip():
        raise RefusalWithoutReason
    _decide(review, Decision.REFUSED, command.reason.strip(), by=by)
    return review


def _decide(review: Review, decision: Decision, note: str, *, by: Actor) -> None:
    review.decided_at = now()
    review.decided_by_id, review.decided_by_name = by.id, by.name
    review.decision, review.note = decision, note
    events.record(
        "field.record-taken" if decision is Decision.TAKEN else "field.record-refused",
        review, by=by, region=review.region, record=str(review.record_id), reason=review.reason,
    )  # fmt: skip


def _check_open(review: Review, record: FieldRecord, by: Actor) -> None:
    if review.decided_at is not None:
        raise AlreadyDecided(name=review.decided_by_name)
    if is_own(record, by=by):
        raise OwnReview


def _to_decide(review_id: UUID, *, by: Actor) -> tuple[Review, FieldRecord]:
    require(by, Permission.FIELD_OVERSEE)
    asked = _in_reach(by).where(Review.id == review_id).with_for_update(of=Review)
    return _found(asked.execution_options(populate_existing=True))


def _found(asked: Select[Review]) -> tuple[Review, FieldRecord]:
    review = db.session.scalar(asked)
    if review is None:
        raise NotFound
    return review, db.session.get_one(FieldRecord, review.record_id)


def _in_reach(by: Actor) -> Select[Review]:
    return select(Review).where(within_reach(by, Permission.FIELD_OVERSEE, Review.region))
