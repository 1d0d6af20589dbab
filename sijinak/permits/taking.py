"""How every step is taken: the permit's row locked, through PERMIT_FLOW, by who may, once."""

from collections.abc import Mapping, Sequence
from typing import Any

from sijinak.core.clock import today
from sijinak.core.errors import Conflict
from sijinak.core.events import events
from sijinak.core.flow import Step
from sijinak.core.once import first_time
from sijinak.core.permissions import Actor, Permission, require
from sijinak.keepers.queries import suspension_of
from sijinak.permits.commands import PermitCommand
from sijinak.permits.models import CLOSED, PERMIT_FLOW, Permit, PermitState
from sijinak.permits.queries import permit_for_update

# Where the animals may stand on another application: a returned one lines them up anew.
FREE = (*CLOSED, PermitState.RETURNED)
NEEDS = {step.action: step.needs for step in PERMIT_FLOW}
# Who took part earlier may not take these steps: inspector, biller and signer are three people,
# and none of them is the applicant.
BARRED: Mapping[str, Sequence[str]] = {
    "return": ("applied_by",),
    "accept": ("applied_by",),
    "inspect": ("applied_by",),
    "bill": ("applied_by", "inspected_by"),
    "approve": ("applied_by", "inspected_by", "billed_by"),
    "reject": ("applied_by", "inspected_by", "billed_by"),
    "issue": ("applied_by",),
}
# Steps towards the letter: a firm that was suspended meanwhile waits. Money that comes counts, and
# what ends an application stays possible.
FORWARD = frozenset({"accept", "inspect", "bill", "approve", "issue"})


class SamePerson(Conflict):
    """Four eyes: whoever takes this step took part before."""

    code = "same-person"


class FirmSuspended(Conflict):
    """Facts: ``decree``."""

    code = "firm-suspended"


def is_barred(permit: Permit, action: str, *, by: Actor) -> bool:
    """Whether the four eyes keep this person from the step; nobody serves their own firm."""
    if action not in BARRED:
        return False
    own = any(reach.keeper_id == permit.keeper_id for reach in by.reaches(Permission.PERMIT_APPLY))
    return own or any(getattr(permit, column) == by.id for column in BARRED[action])


def begin(
    command: PermitCommand, action: str, *, by: Actor
) -> tuple[Permit, Step[PermitState] | None]:
    """The locked permit and the step to take; no step when this very command was done before."""
    permit = permit_for_update(command.permit_id, by=by)
    require(by, NEEDS[action], region=permit.region, keeper_id=permit.keeper_id)
    if not first_time(command, by=by):
        return permit, None
    step = PERMIT_FLOW.step(permit.state, action)
    if is_barred(permit, action, by=by):
        raise SamePerson
    if action in FORWARD and (suspension := suspension_of(permit.keeper_id, today())):
        raise FirmSuspended(decree=suspension.decree)
    return permit, step


def end(
    permit: Permit, step: Step[PermitState], *, by: Actor, note: str = "", **facts: Any
) -> Permit:
    permit.state = step.target
    permit.last_note = note
    if permit.state in FREE:
        for animal in permit.animals:
            animal.is_open = False
    events.record(f"permit.{step.action}", permit, by=by, region=permit.region, note=note, **facts)
    return permit
