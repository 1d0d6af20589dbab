"""An officer takes back a record of their own, also before the record itself has come."""

from collections.abc import Callable
from uuid import UUID, uuid5

from sqlalchemy import select, update

from sijinak.animals.models import EndReason, Identifier, IdentifierKind
from sijinak.animals.naming import spelt
from sijinak.animals.numbers import EndNumber, end_number
from sijinak.animals.withdrawing import WithdrawRegistration, withdraw_registration
from sijinak.core.db import db
from sijinak.core.errors import NotFound
from sijinak.core.permissions import Actor
from sijinak.field.keeping import Visit
from sijinak.field.models import Decision, FieldRecord, Review, Verdict
from sijinak.field.reading import Incoming, body_of, read_kept
from sijinak.vaccinations.visits.commands import WithdrawHeads, WithdrawResult
from sijinak.vaccinations.visits.services import withdraw_heads, withdraw_result
from sijinak.vaccinations.withdrawing import WithdrawVaccination, withdraw_vaccination

NOT_YOURS = "not-yours"
CANNOT_UNDO = "cannot-undo"
UNDONE = "undone by its author"  # when the phone gave no other reason

Undoing = Callable[[FieldRecord, UUID, str, Actor], None]


def take_back(undo: Incoming, visit: Visit) -> None:
    """What it names may not be here yet: then it waits for it."""
    undo.claims_id = undo.data["record"]
    asked = select(FieldRecord).where(FieldRecord.id == undo.claims_id)
    record = db.session.scalar(asked)
    if record is not None:
        _undo(record, undo, undo.data["reason"] or UNDONE, visit)


def early_undo(undo_id: UUID) -> Incoming:
    """An undo that came before what it takes back."""
    return read_kept(db.session.get_one(FieldRecord, undo_id))


def take_back_early(undo: Incoming, record_id: UUID, visit: Visit) -> None:
    """The record came now. It is kept, and what it did is taken back at once."""
    record = db.session.get_one(FieldRecord, record_id)
    known = db.session.get_one(FieldRecord, undo.id)
    if known.device_id != record.device_id and known.author_id != record.author_id:
        undo.review(NOT_YOURS)
        return
    _undo(record, undo, undo.data["reason"] or UNDONE, visit)


def _undo(record: FieldRecord, undo: Incoming, reason: str, visit: Visit) -> None:
    if visit.device_id != record.device_id and visit.author.id != record.author_id:
        undo.review(NOT_YOURS)
        return
    review = db.session.scalar(
        select(Review).where(Review.record_id == record.id).with_for_update()
    )
    if review is not None and review.decided_at is None:
        _refuse(review, visit, reason)
        return
    if not took_effect(record, review):
        return
    if (undoing := UNDOING.get(record.kind)) is None:
        undo.review(CANNOT_UNDO)
        return
    undoing(record, uuid5(undo.id, "undo"), reason, visit.by)


def took_effect(record: FieldRecord, review: Review | None) -> bool:
    if record.verdict is Verdict.REVIEW:
        return review is not None and review.decision is Decision.TAKEN
    return record.verdict is Verdict.ACCEPTED


def _refuse(review: Review, visit: Visit, reason: str) -> None:
    db.session.execute(
        update(Review)
        .where(Review.id == review.id)
        .values(
            decided_at=visit.received_at,
            decided_by_id=visit.author.id,
            decided_by_name=visit.author.name,
            decision=Decision.REFUSED,
            note=reason,
        )
    )


def _vaccination(record: FieldRecord, undo_id: UUID, reason: str, by: Actor) -> None:
    command = WithdrawVaccination(id=undo_id, vaccination_id=record.id, reason=reason)
    withdraw_vaccination(command, by=by)


def _heads(record: FieldRecord, undo_id: UUID, reason: str, by: Actor) -> None:
    withdraw_heads(WithdrawHeads(id=undo_id, heads_id=record.id, reason=reason), by=by)


def _result(record: FieldRecord, undo_id: UUID, reason: str, by: Actor) -> None:
    withdraw_result(WithdrawResult(id=undo_id, result_id=record.id, reason=reason), by=by)


def _registration(record: FieldRecord, undo_id: UUID, reason: str, by: Actor) -> None:
    animal_id = body_of(record)["animal"]
    command = WithdrawRegistration(id=undo_id, animal_id=animal_id, reason=reason)
    withdraw_registration(command, by=by)


def _link(record: FieldRecord, undo_id: UUID, reason: str, by: Actor) -> None:  # noqa: ARG001 - the number itself was the mistake
    said = body_of(record)
    kind: IdentifierKind = said["kind"]
    asked = select(Identifier).where(
        Identifier.kind == kind, Identifier.value == spelt(kind, said["text"])
    )
    number = db.session.scalar(asked)
    if number is None:
        raise NotFound(record_id=str(record.id))
    command = EndNumber(
        id=undo_id, animal_id=number.animal_id, identifier_id=number.id, reason=EndReason.MISTAKE
    )
    end_number(command, by=by)


UNDOING: dict[str, Undoing] = {
    "vaccination": _vaccination,
    "heads": _heads,
    "result": _result,
    "registration": _registration,
    "link": _link,
}
