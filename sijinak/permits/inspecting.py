"""What the inspector found, recorded: each animal passes, or is taken off with its reason."""

from collections.abc import Mapping, Sequence
from uuid import UUID

from sijinak.animals.models import WeighingMethod
from sijinak.core.clock import now
from sijinak.core.errors import Invalid
from sijinak.core.permissions import Actor
from sijinak.permits.checks import Report
from sijinak.permits.commands import Inspected, RecordInspection, SampleNamed
from sijinak.permits.models import PERMIT_FLOW, Permit, PermitAnimal, RbtResult
from sijinak.permits.photos.naming import name_photos
from sijinak.permits.queries import passed
from sijinak.permits.quota.claiming import shrink_quota
from sijinak.permits.rulebook import report_with
from sijinak.permits.sampling import (
    Awaited,
    awaited_tests,
    feed_rbt,
    sent_for,
    take_named_samples,
)
from sijinak.permits.services import NobodyPassed, ReasonMissing
from sijinak.permits.taking import begin, end


class InspectionIncomplete(Invalid):
    code = "inspection-incomplete"


class NotWeighed(Invalid):
    code = "not-weighed"


class RbtNotRecorded(Invalid):
    """The destination asks for the test: each animal needs its result, a result its number."""

    code = "rbt-not-recorded"


class MayNotPass(Invalid):
    """The rule refuses an animal that the inspector let pass. Facts: ``tag``, ``finding``."""

    code = "may-not-pass"


class SampleMissing(Invalid):
    """A test is asked for, and nothing was sent to a laboratory. Facts: ``tag``, ``disease``."""

    code = "sample-missing"


def record_inspection(command: RecordInspection, *, by: Actor) -> Permit:
    """Each animal passes, weighed, or is taken off with a reason. One at least must pass.

    With a test that has no result yet it goes to the laboratory. Raises SampleMissing and others.
    """
    permit, step = begin(command, "inspect", by=by)
    if step is None:
        return permit
    found = {line.animal_id: line for line in command.animals}
    if set(found) != {a.animal_id for a in permit.animals} or len(found) < len(command.animals):
        raise InspectionIncomplete
    waits = _refuse_wrong_passes(permit, command.animals) or command.awaits_lab
    for animal in permit.animals:
        _write(animal, found[animal.animal_id], needs_rbt=permit.needs_rbt)
    permit.inspected_by, permit.inspected_by_name = by.id, by.name
    permit.inspected_at = now()
    permit.vehicle_plate = command.vehicle_plate or permit.vehicle_plate
    take_named_samples(command, permit, _tubes(command.animals), by=by)
    name_photos(command, by=by)
    feed_rbt(permit)
    heads = len(passed(permit))
    shrink_quota(permit, heads, by=by)
    counts = {"passed": heads, "refused": len(found) - heads}
    if waits:
        step = PERMIT_FLOW.step(permit.state, "sample")
    return end(permit, step, by=by, note=command.note, **counts)


def _write(animal: PermitAnimal, line: Inspected, *, needs_rbt: bool) -> None:
    animal.passed, animal.weight_kg = line.passed, line.weight_kg
    animal.weight_method = line.weight_method if line.weight_kg else None
    animal.reason, animal.is_open = line.reason, line.passed
    animal.was_absent = line.was_absent
    animal.female_letter = line.female_letter
    animal.looked_at = min(line.looked_at or now(), now())
    if needs_rbt:
        animal.rbt_result, animal.rbt_number = line.rbt, line.rbt_number


def _tubes(lines: Sequence[Inspected]) -> dict[SampleNamed, list[UUID]]:
    """A number that stands at several animals is a pool."""
    tubes: dict[SampleNamed, list[UUID]] = {}
    for line in lines:
        for sample in line.samples:
            tubes.setdefault(sample, []).append(line.animal_id)
    return tubes


def _refuse_wrong_passes(permit: Permit, lines: Sequence[Inspected]) -> bool:
    """Whether a result is still to come.

    Raises NotWeighed, RbtNotRecorded, ReasonMissing, NobodyPassed, MayNotPass or SampleMissing.
    """
    going = {line.animal_id: line for line in lines if line.passed}
    if any(not _is_weighed(line) for line in going.values()):
        raise NotWeighed
    if any(line.rbt not in (None, RbtResult.NOT_TESTED) and not line.rbt_number for line in lines):
        raise RbtNotRecorded
    if any(not line.passed and not _says_why(line) for line in lines):
        raise ReasonMissing
    if not going:
        raise NobodyPassed
    report = report_with(permit, going)
    for checked in report.refused:
        raise MayNotPass(tag=checked.tag, finding=checked.refusal)
    awaited = awaited_tests(report)
    _refuse_without_samples(report, awaited, going)
    return bool(awaited)


def _refuse_without_samples(
    report: Report, awaited: Awaited, going: Mapping[UUID, Inspected]
) -> None:
    tags = {checked.animal.id: checked.tag for checked in report.passing if checked.animal}
    sent = sent_for(awaited)
    for animal_id, diseases in awaited.items():
        taken = {sample.disease for sample in going[animal_id].samples} | sent.get(animal_id, set())
        for disease in diseases:
            if disease not in taken:
                raise SampleMissing(tag=tags[animal_id], disease=disease)


def _is_weighed(line: Inspected) -> bool:
    return line.weight_kg is not None and line.weight_method is not WeighingMethod.ESTIMATE


def _says_why(line: Inspected) -> bool:
    return bool(line.reason) or line.rbt is RbtResult.POSITIVE
