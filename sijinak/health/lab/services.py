"""What is done with samples and results."""

from collections import Counter
from collections.abc import Container
from datetime import date
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from sijinak.core.clock import local, now, today
from sijinak.core.db import db
from sijinak.core.errors import Conflict, Invalid
from sijinak.core.events import events
from sijinak.core.once import first_time
from sijinak.core.permissions import Actor, Permission, require
from sijinak.files.services import keep_picture
from sijinak.health.lab.commands import CorrectResult, RecordResults, SampleTaken, TakeSamples
from sijinak.health.lab.models import Result, Sample, SampleAnimal
from sijinak.health.lab.queries import result_by_id, samples_by_ids, standing_results


class SampleNumberTaken(Conflict):
    """A tube with this number was taken before for the same test. Facts: ``number``."""

    code = "sample-number-taken"


class ResultThere(Conflict):
    """A sample has one result; a wrong one is corrected. Facts: ``number``."""

    code = "result-there"


class ResultSuperseded(Conflict):
    """Somebody else corrected it meanwhile."""

    code = "result-superseded"


class WrongTestDay(Invalid):
    """Before the sample was taken, or in the future. Facts: ``number``."""

    code = "wrong-test-day"


class CorrectionWithoutReason(Invalid):
    code = "correction-without-reason"


def take_samples(command: TakeSamples, *, by: Actor) -> list[Sample]:
    """Raises SampleNumberTaken."""
    require(by, Permission.PERMIT_INSPECT, region=command.village)
    if not first_time(command, by=by):
        return _taken([one.number for one in command.samples])
    _check_numbers(command.samples)
    made = [_sample(command, one, by=by) for one in command.samples]
    try:
        with db.session.begin_nested():
            db.session.add_all(made)
    except IntegrityError:
        raise SampleNumberTaken(number=", ".join(one.number for one in made)) from None
    for sample in made:
        _tell("lab.sample-taken", sample, by=by, method=sample.method)
    return made


def record_results(command: RecordResults, *, by: Actor) -> list[Result]:
    """Raises NotFound, ResultThere, WrongTestDay."""
    found = samples_by_ids([line.sample_id for line in command.lines], by=by)
    if not first_time(command, by=by):
        return list(standing_results(found).values())
    if known := standing_results(found):
        raise ResultThere(number=_numbers(found, known))
    for sample in found.values():
        _check_day(sample, command.tested_on)
    report = keep_picture(command.report, by=by) if command.report else None
    made = [
        _result(command, line.sample_id, by=by, finding=line.finding,
                lab=command.lab, report_id=report.id if report else None)
        for line in command.lines
    ]  # fmt: skip
    try:
        with db.session.begin_nested():
            db.session.add_all(made)
    except IntegrityError:
        raise ResultThere(number=_numbers(found, found)) from None
    for result in made:
        _tell("lab.result", found[result.sample_id], by=by, finding=result.finding)
    return made


def correct_result(command: CorrectResult, *, by: Actor) -> Result:
    """A new row in the place of the old one. Raises ResultSuperseded and the errors above."""
    old = result_by_id(command.result_id, by=by)
    sample = samples_by_ids([old.sample_id], by=by)[old.sample_id]
    if not first_time(command, by=by):
        return standing_results([sample.id])[sample.id]
    if not command.note.strip():
        raise CorrectionWithoutReason
    _check_day(sample, command.tested_on)
    made = _result(
        command, sample.id, by=by, finding=command.finding, lab=old.lab,
        report_id=old.report_id, supersedes_id=old.id, note=command.note.strip(),
    )  # fmt: skip
    try:
        with db.session.begin_nested():
            db.session.add(made)
    except IntegrityError:
        raise ResultSuperseded from None
    _tell("lab.result", sample, by=by, finding=made.finding, corrected=True)
    return made


def _sample(command: TakeSamples, one: SampleTaken, *, by: Actor) -> Sample:
    sample = Sample(
        number=one.number,
        disease=one.disease,
        method=one.method,
        is_pooled=len(one.animal_ids) > 1,
        permit_id=command.permit_id,
        village=command.village,
        lab=command.lab,
        taken_at=command.taken_at or now(),
        taken_by=by.id,
        taken_by_name=by.name,
    )
    sample.animals = [
        SampleAnimal(sample_id=sample.id, animal_id=animal_id)
        for animal_id in sorted(set(one.animal_ids))
    ]
    return sample


def _result(
    command: RecordResults | CorrectResult, sample_id: UUID, *, by: Actor, **columns: object
) -> Result:
    return Result(
        sample_id=sample_id,
        tested_on=command.tested_on,
        report_number=command.report_number,
        recorded_at=now(),
        recorded_by=by.id,
        recorded_by_name=by.name,
        **columns,
    )


def _check_numbers(wanted: tuple[SampleTaken, ...]) -> None:
    tests = Counter((one.number, one.disease, one.method) for one in wanted)
    twice = [number for (number, _, _), times in tests.items() if times > 1]
    known = {(s.number, s.disease, s.method) for s in _taken([one.number for one in wanted])}
    if wrong := twice or sorted(number for number, *_ in known & set(tests)):
        raise SampleNumberTaken(number=wrong[0])


def _taken(numbers: list[str]) -> list[Sample]:
    asked = select(Sample).where(Sample.number.in_(numbers)).order_by(Sample.id)
    return list(db.session.scalars(asked))


def _check_day(sample: Sample, day: date) -> None:
    if not local(sample.taken_at).date() <= day <= today():
        raise WrongTestDay(number=sample.number)


def _numbers(found: dict[UUID, Sample], some: Container[UUID]) -> str:
    return ", ".join(sorted(sample.number for key, sample in found.items() if key in some))


def _tell(name: str, sample: Sample, *, by: Actor, **facts: object) -> None:
    permit = str(sample.permit_id) if sample.permit_id else ""
    about = {"number": sample.number, "disease": sample.disease, "permit_id": permit}
    events.record(name, sample, by=by, region=sample.village, **about, **facts)
