"""A registration that was a mistake is withdrawn, while nothing hangs on it."""

from dataclasses import dataclass, field
from datetime import timedelta
from uuid import UUID

from sijinak.animals.changing import Circumstances, change_animal
from sijinak.animals.hanging import hanging
from sijinak.animals.models import Animal, AnimalState, EndReason, ObservationKind
from sijinak.animals.naming import end
from sijinak.animals.queries import animal_to_change, identifiers_of, observations_of
from sijinak.animals.services import NotPresent
from sijinak.core.clock import now
from sijinak.core.errors import Conflict
from sijinak.core.events import events
from sijinak.core.ids import uuid7
from sijinak.core.once import first_time
from sijinak.core.permissions import Actor, Permission, require


class CameOtherwise(Conflict):
    """It came by a mutation or in a list: that is what is undone."""

    code = "came-otherwise"


@dataclass(frozen=True, slots=True, kw_only=True)
class WithdrawRegistration:
    id: UUID = field(default_factory=uuid7)
    animal_id: UUID
    reason: str


def withdraw_registration(command: WithdrawRegistration, *, by: Actor) -> Animal:
    """The record stays readable; what named the animal names it no longer, and is free again.

    Raises NotFound, NotPresent, CameOtherwise, ThingsHangOnIt.
    """
    require(by, Permission.ANIMAL_REGISTER)
    is_new = first_time(command, by=by)
    animal = animal_to_change(command.animal_id, by=by)
    if not is_new:
        return animal
    if animal.state is not AnimalState.PRESENT:
        raise NotPresent(state=animal.state)
    registered, *_ = observations_of([animal.id])
    if registered.cause_id or animal.batch_id:
        raise CameOtherwise
    since = registered.recorded_at + timedelta(microseconds=1)  # what came after it
    hanging.refuse([animal.id], since, cause_id=command.id)
    undone = Circumstances(
        kind=ObservationKind.UNDONE,
        basis=animal.verification,
        village=animal.village,
        reason=command.reason,
        cause_id=command.id,
    )
    take_out(animal, undone, by=by)
    events.record("animal.withdrawn", animal, by=by, region=animal.village, reason=command.reason)
    return animal


def take_out(animal: Animal, undone: Circumstances, *, by: Actor) -> None:
    """It was never there. What named it names it no longer, and is free again."""
    for identifier in identifiers_of(animal.id):
        if identifier.ended_at is None:
            end(identifier, EndReason.WITHDRAWN, by=by, region=animal.village)
    change_animal(animal, {"state": AnimalState.WITHDRAWN, "state_at": now()}, undone, by=by)
