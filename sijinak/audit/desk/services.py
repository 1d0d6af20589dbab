"""Samples are planned, drawn by what nobody chose, and ticked off; notes and files are kept."""

from dataclasses import replace

from sqlalchemy import insert

from sijinak.areas.queries import places
from sijinak.audit.desk.commands import DrawSample, PlanSample, TickItem, WriteNote
from sijinak.audit.desk.models import (
    AuditNote,
    AuditSample,
    AuditSampleItem,
    AuditSampleResult,
    Method,
    Result,
)
from sijinak.audit.desk.sampled import (
    MOST,
    Listed,
    digest_of,
    first_checkpoint_after,
    listed,
    numbers_of,
    packed,
    plan_of,
    population_until,
    sample_to_draw,
)
from sijinak.audit.desk.subjects import subject_of
from sijinak.audit.desk.wanted import Wanted
from sijinak.core.clock import now
from sijinak.core.db import db
from sijinak.core.drawing import by_amount, smallest
from sijinak.core.errors import Conflict, Invalid, NotFound
from sijinak.core.events import events
from sijinak.core.ids import uuid7
from sijinak.core.money import Rupiah
from sijinak.core.once import first_time
from sijinak.core.permissions import Actor, Permission, require
from sijinak.core.signednote import words_of
from sijinak.files.services import keep_document

LEAST_WORDS = 6
MOST_DRAWN = 1000


class UnknownRegion(Invalid):
    code = "unknown-region"


class WordsTooShort(Invalid):
    """Facts: ``least``."""

    code = "sample-words-short"


class WrongSize(Invalid):
    """Facts: ``most``."""

    code = "sample-size"


class NothingToSample(Conflict):
    code = "nothing-to-sample"


class TooManyToSample(Conflict):
    """Facts: ``most``."""

    code = "too-many-to-sample"


class DrawnAlready(Conflict):
    code = "sample-drawn"


class NoCheckpointYet(Conflict):
    """The seed is the words of one that is made after the plan."""

    code = "no-checkpoint-yet"


class NotDrawnYet(Conflict):
    code = "sample-not-drawn"


class SayWhatIsWrong(Invalid):
    code = "sample-say-what"


class RightAmountMissing(Invalid):
    code = "sample-right-amount"


def plan_sample(command: PlanSample, *, by: Actor) -> AuditSample:
    """Raises UnknownRegion, WordsTooShort, WrongSize."""
    require(by, Permission.AUDIT_WORK, region=command.region)
    if not first_time(command, by=by):
        return db.session.get_one(AuditSample, command.id)
    if command.region not in places():
        raise UnknownRegion
    if len(command.words.strip()) < LEAST_WORDS:
        raise WordsTooShort(least=LEAST_WORDS)
    if not 1 <= command.size <= MOST_DRAWN:
        raise WrongSize(most=MOST_DRAWN)
    sample = AuditSample(
        id=command.id,
        title=command.title,
        region=command.region,
        wanted=_within(command.wanted, command.region).spelt(),
        method=command.method,
        size=command.size,
        words=command.words.strip(),
        planned_at=now(),
        by_id=by.id,
        by_name=by.name,
    )
    db.session.add(sample)
    events.record(
        "audit.sample-planned", sample, by=by, region=sample.region,
        method=sample.method.value, size=sample.size,
    )  # fmt: skip
    return sample


def _within(wanted: Wanted, region: str) -> Wanted:
    """Whoever draws, the list is the same: no more, and no less, than the region of the plan."""
    inside = f"{wanted.region}.".startswith(f"{region}.")
    return wanted if inside else replace(wanted, region=region)


def draw_sample(command: DrawSample, *, by: Actor) -> AuditSample:
    """Raises NotFound, DrawnAlready, NoCheckpointYet, NothingToSample, TooManyToSample."""
    sample = sample_to_draw(command.sample_id, by=by)
    if not first_time(command, by=by):
        return sample
    if sample.drawn_at is not None:
        raise DrawnAlready
    checkpoint = first_checkpoint_after(sample)
    if checkpoint is None:
        raise NoCheckpointYet
    rows = population_until(checkpoint.made_at, plan_of(sample), by=by)
    if not rows:
        raise NothingToSample
    if len(rows) > MOST:
        raise TooManyToSample(most=MOST)
    text = listed(rows)
    sample.checkpoint_id = checkpoint.id
    sample.seed = f"{words_of(checkpoint.root)} {sample.words}"
    sample.population, sample.digest = packed(rows), digest_of(text)
    sample.among = len(rows)
    sample.total = Rupiah(sum(amount for _, amount in rows))
    sample.drawn_at = now()
    db.session.flush()
    drawn = _drawn(sample, rows)
    _keep(sample, rows, drawn)
    events.record(
        "audit.sample-drawn", sample, by=by, region=sample.region, among=sample.among,
        total=sample.total, chosen=len(drawn), digest=sample.digest,
    )  # fmt: skip
    return sample


def tick_item(command: TickItem, *, by: Actor) -> AuditSampleResult:
    """What was found; a later result stands beside it and counts instead.

    Raises NotFound, NotDrawnYet, SayWhatIsWrong, RightAmountMissing.
    """
    item = db.session.get(AuditSampleItem, command.item_id)
    if item is None:
        raise NotFound(item_id=str(command.item_id))
    sample = sample_to_draw(item.sample_id, by=by)
    require(by, Permission.AUDIT_WORK, region=sample.region)
    if not first_time(command, by=by):
        return db.session.get_one(AuditSampleResult, command.id)
    is_wrong = command.result is Result.WRONG
    if command.result is not Result.RIGHT and not command.words.strip():
        raise SayWhatIsWrong
    if is_wrong and command.right_amount is None:
        raise RightAmountMissing
    result = AuditSampleResult(
        id=command.id,
        item_id=item.id,
        result=command.result,
        right_amount=command.right_amount if is_wrong else None,
        words=command.words.strip(),
        file_id=keep_document(command.paper, by=by).id if command.paper else None,
        at=now(),
        by_id=by.id,
        by_name=by.name,
    )
    db.session.add(result)
    facts = {"result": result.result.value, "number": item.number}
    events.record("audit.sample-ticked", sample, by=by, region=sample.region, **facts)
    return result


def write_note(command: WriteNote, *, by: Actor) -> AuditNote:
    """On a record that the auditor may see. Raises NotFound."""
    subject = subject_of(command.subject_type, command.subject_id, by=by)
    require(by, Permission.AUDIT_WORK, region=subject.region or None)
    if not first_time(command, by=by):
        return db.session.get_one(AuditNote, command.id)
    note = AuditNote(
        id=command.id,
        subject_type=command.subject_type,
        subject_id=command.subject_id,
        region=subject.region,
        words=command.words.strip(),
        file_id=keep_document(command.paper, by=by).id if command.paper else None,
        at=now(),
        by_id=by.id,
        by_name=by.name,
    )
    db.session.add(note)
    events.record(
        "audit.note-written", note, by=by, region=note.region, about=command.subject_type,
        about_id=str(command.subject_id),
    )  # fmt: skip
    return note


def _drawn(sample: AuditSample, rows: list[Listed]) -> list[tuple[int, int]]:
    """Places in the list, and hits."""
    if sample.method is Method.BY_AMOUNT:
        return by_amount(sample.seed, [amount for _, amount in rows], sample.size)
    numbers = numbers_of([one for one, _ in rows])
    places_ = smallest(sample.seed, [numbers[one] for one, _ in rows], sample.size)
    return [(place, 1) for place in places_]


def _keep(sample: AuditSample, rows: list[Listed], drawn: list[tuple[int, int]]) -> None:
    numbers = numbers_of([rows[place][0] for place, _ in drawn])
    items = [
        {
            "id": uuid7(), "sample_id": sample.id, "position": position,
            "receipt_id": rows[place][0], "number": numbers[rows[place][0]],
            "amount": rows[place][1], "hits": hits,
        }
        for position, (place, hits) in enumerate(drawn, start=1)
    ]  # fmt: skip
    db.session.execute(insert(AuditSampleItem), items)
