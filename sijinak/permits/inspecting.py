"""What the inspector found, recorded: each animal passes, or is taken off with its reason."""

from collections.abc import Sequence

from sijinak.core.clock import now
from sijinak.core.errors import Invalid
from sijinak.core.permissions import Actor
from sijinak.permits.commands import Inspected, RecordInspection
from sijinak.permits.models import Permit, PermitAnimal, RbtResult
from sijinak.permits.queries import passed
from sijinak.permits.rulebook import report_with
from sijinak.permits.services import ReasonMissing
from sijinak.permits.taking import begin, end


class InspectionIncomplete(Invalid):
    code = "inspection-incomplete"


class NobodyPassed(Invalid):
    code = "nobody-passed"


class NotWeighed(Invalid):
    code = "not-weighed"


class RbtNotRecorded(Invalid):
    """The destination asks for the test: each animal needs its result, a result its number."""

    code = "rbt-not-recorded"


class MayNotPass(Invalid):
    """The rule refuses an animal that the inspector let pass. Facts: ``tag``, ``finding``."""

    code = "may-not-pass"


def record_inspection(command: RecordInspection, *, by: Actor) -> Permit:
    """Each animal passes, weighed, or is taken off with a reason. One at least must pass."""
    permit, step = begin(command, "inspect", by=by)
    if step is None:
        return permit
    found = {line.animal_id: line for line in command.animals}
    if set(found) != {a.animal_id for a in permit.animals} or len(found) < len(command.animals):
        raise InspectionIncomplete
    _refuse_wrong_passes(permit, command.animals)
    for animal in permit.animals:
        _write(animal, found[animal.animal_id], needs_rbt=permit.needs_rbt)
    permit.inspected_by, permit.inspected_by_name = by.id, by.name
    permit.inspected_at = now()
    heads = len(passed(permit))
    counts = {"passed": heads, "refused": len(found) - heads}
    return end(permit, step, by=by, note=command.note, **counts)


def _write(animal: PermitAnimal, line: Inspected, *, needs_rbt: bool) -> None:
    animal.passed, animal.weight_kg = line.passed, line.weight_kg
    animal.reason, animal.is_open = line.reason, line.passed
    if needs_rbt:
        animal.rbt_result, animal.rbt_number = line.rbt, line.rbt_number


def _refuse_wrong_passes(permit: Permit, lines: Sequence[Inspected]) -> None:
    """Raises NotWeighed, RbtNotRecorded, ReasonMissing, NobodyPassed or MayNotPass."""
    going = {line.animal_id: line for line in lines if line.passed}
    if any(line.weight_kg is None for line in going.values()):
        raise NotWeighed
    if permit.needs_rbt and any(_lacks_rbt(line) for line in lines):
        raise RbtNotRecorded
    if any(not line.passed and not _says_why(line) for line in lines):
        raise ReasonMissing
    if not going:
        raise NobodyPassed
    for checked in report_with(permit, going).refused:
        raise MayNotPass(tag=checked.tag, finding=checked.refusal)


def _lacks_rbt(line: Inspected) -> bool:
    return line.rbt is None or (line.rbt is not RbtResult.NOT_TESTED and not line.rbt_number)


def _says_why(line: Inspected) -> bool:
    return bool(line.reason) or line.rbt is RbtResult.POSITIVE
