"""What laboratories answer: a bad result takes the animal off, not the application."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from sijinak.core.errors import Invalid
from sijinak.core.events import events
from sijinak.core.flow import WrongState
from sijinak.core.once import first_time
from sijinak.core.permissions import Actor, Permission, require
from sijinak.health.lab.queries import samples_of_permit, standing_results
from sijinak.health.queries import TestResult
from sijinak.permits.commands import Inspected, PermitCommand, SampleNamed
from sijinak.permits.models import PERMIT_FLOW, Permit, PermitAnimal, PermitState
from sijinak.permits.queries import passed, permit_for_update
from sijinak.permits.quota.claiming import shrink_quota
from sijinak.permits.rulebook import report_with
from sijinak.permits.sampling import awaited_tests, feed_rbt, take_named_samples
from sijinak.permits.stopping import sick_among
from sijinak.permits.taking import end, take_letter_back

S = PermitState
OPEN = (S.IN_LAB, S.INSPECTED)  # not yet billed: an animal can still be taken off
TOO_LATE = (S.BILLED, S.PAID, S.APPROVED, S.ISSUED, S.DEPARTED)


class NotOnPermit(Invalid):
    """The animal is not, or no longer, among those that passed."""

    code = "not-on-permit"


@dataclass(frozen=True, slots=True, kw_only=True)
class NoteResults(PermitCommand):
    """``reason`` and ``nobody_left`` are sentences that the applicant reads."""

    reason: str
    nobody_left: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SampleAgain(PermitCommand):
    """A test that was not clear, or a sample that was spoilt."""

    animal_id: UUID
    sample: SampleNamed


def note_results(command: NoteResults, *, by: Actor) -> Permit:
    """A result came, or was corrected: look at all that this application has."""
    permit = permit_for_update(command.permit_id, by=by)
    require(by, Permission.LAB_RECORD, region=permit.region, keeper_id=permit.keeper_id)
    if not first_time(command, by=by):
        return permit
    bad = sick_among(passed(permit))
    if permit.state in OPEN:
        return _go_on(permit, bad, command, by=by)
    if bad and permit.state in TOO_LATE:
        _tell("permit.bad-result", permit, bad, by=by)
    return permit


def _go_on(
    permit: Permit, bad: Mapping[UUID, TestResult], command: NoteResults, *, by: Actor
) -> Permit:
    feed_rbt(permit)
    if bad:
        _take_off(permit, bad, command.reason, by=by)
    if not passed(permit):
        return _end_empty(permit, command.nobody_left, by=by)
    if permit.state is S.IN_LAB and not _waits(permit):
        heads = len(passed(permit))
        return end(permit, PERMIT_FLOW.step(permit.state, "clear"), by=by, passed=heads)
    return permit


def sample_again(command: SampleAgain, *, by: Actor) -> Permit:
    """Raises WrongState, NotOnPermit, SampleNumberTaken."""
    permit = permit_for_update(command.permit_id, by=by)
    require(by, Permission.PERMIT_INSPECT, region=permit.region, keeper_id=permit.keeper_id)
    if not first_time(command, by=by):
        return permit
    if permit.state is not S.IN_LAB:
        raise WrongState(state=permit.state, action="sample")
    if command.animal_id not in {line.animal_id for line in passed(permit)}:
        raise NotOnPermit
    take_named_samples(command, permit, {command.sample: [command.animal_id]}, by=by)
    return permit


def _take_off(permit: Permit, bad: Mapping[UUID, TestResult], reason: str, *, by: Actor) -> None:
    for line in passed(permit):
        if line.animal_id in bad:
            result = bad[line.animal_id]
            test = f"{result.disease} {result.method} {result.number}".upper()
            line.passed, line.is_open, line.reason = False, False, f"{reason} ({test})"
    take_letter_back(permit)
    shrink_quota(permit, len(passed(permit)), by=by)
    _tell("permit.taken-off", permit, bad, by=by)


def _end_empty(permit: Permit, note: str, *, by: Actor) -> Permit:
    """Nobody is left to leave: rejected, so that the applicant may still appeal."""
    if permit.state is S.IN_LAB:
        end(permit, PERMIT_FLOW.step(permit.state, "clear"), by=by, passed=0)
    return end(permit, PERMIT_FLOW.step(permit.state, "reject"), by=by, note=note)


def _waits(permit: Permit) -> bool:
    """For a test that is asked for, or for a sample of an animal that is still to leave."""
    going = {line.animal_id: _as_inspected(line) for line in passed(permit)}
    if awaited_tests(report_with(permit, going)):
        return True
    samples = samples_of_permit(permit.id)
    known = standing_results([sample.id for sample in samples])
    return any(
        sample.id not in known and any(one.animal_id in going for one in sample.animals)
        for sample in samples
    )


def _as_inspected(line: PermitAnimal) -> Inspected:
    return Inspected(
        animal_id=line.animal_id,
        passed=True,
        weight_kg=line.weight_kg,
        rbt=line.rbt_result,
        rbt_number=line.rbt_number,
        female_letter=line.female_letter,
    )


def _tell(name: str, permit: Permit, bad: Mapping[UUID, TestResult], *, by: Actor) -> None:
    diseases: Sequence[str] = sorted({result.disease for result in bad.values()})
    events.record(
        name, permit, by=by, region=permit.region, heads=len(bad), diseases=list(diseases)
    )
