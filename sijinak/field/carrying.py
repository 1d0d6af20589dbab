"""One record, or a run of doses, is carried out; what stands in the way becomes a review."""

import json
import logging
from collections.abc import Callable, Sequence
from uuid import UUID

from sqlalchemy.exc import OperationalError

from sijinak.core.db import db
from sijinak.core.errors import Forbidden, NotFound, SijinakError
from sijinak.field.handling import HANDLERS, at_of
from sijinak.field.keeping import Visit, open_reviews
from sijinak.field.models import Verdict
from sijinak.field.reading import HOT, Incoming
from sijinak.field.undoing import early_undo, take_back, take_back_early
from sijinak.vaccinations.models import ReadBy
from sijinak.vaccinations.receiving import OUT_OF_REACH, Dose, receive_doses

log = logging.getLogger(__name__)
FAULT = "fault"


def is_hot(one: Incoming) -> bool:
    return (one.kind, one.version) == HOT


def receive(run: Sequence[Incoming], visit: Visit) -> None:
    doses = [_dose(one) for one in run if one.is_open]
    if not doses:
        return
    reasons = receive_doses(doses, device_id=visit.device_id, by=visit.by)
    for one in run:
        if one.is_open and reasons[one.id]:
            one.review(reasons[one.id])


def carry_out(one: Incoming, visit: Visit) -> None:
    """Whatever goes wrong, a person decides about this one."""
    if not one.is_open:
        return
    if is_hot(one):
        _attempt(one, lambda: receive([one], visit))
    elif one.kind == "undo":
        _attempt(one, lambda: take_back(one, visit))
    else:
        _attempt(one, lambda: HANDLERS[one.kind](one, visit))


def undo_early(record: Incoming, visit: Visit, undo_id: UUID) -> None:
    """The record came after its undo, which was accepted. If it fails now, a person decides."""
    undo = early_undo(undo_id)
    _attempt(undo, lambda: take_back_early(undo, record.id, visit))
    if undo.verdict is Verdict.REVIEW:
        open_reviews([undo], visit)


def _attempt(one: Incoming, work: Callable[[], None]) -> None:
    """With a savepoint of its own."""
    try:
        with db.session.begin_nested():
            work()
    except (Forbidden, NotFound):
        one.review(OUT_OF_REACH)
    except SijinakError as error:
        one.review(error.code)
        one.facts = _plain(error.facts)
    except OperationalError:
        raise  # the database is in trouble, not the record
    except Exception:
        log.exception("record %s could not be carried out", one.id)
        one.review(FAULT)


def _plain(facts: dict[str, object]) -> dict[str, object]:
    """As JSON has them."""
    spelt: dict[str, object] = json.loads(json.dumps(facts, default=str))
    return spelt


def _dose(one: Incoming) -> Dose:
    said = one.data
    latitude, longitude, accuracy = one.pos or (None, None, None)
    return Dose(
        one.id, said.round, said.code, said.product, said.lot, said.campaign, said.village,
        at_of(one), ReadBy(said.read), latitude, longitude, accuracy, said.note,
    )  # fmt: skip
