"""A permit is used: its animals leave, arrive, and the journey is closed."""

from collections.abc import Collection
from datetime import date, datetime
from uuid import UUID

from sijinak.animals.models import AnimalState
from sijinak.animals.queries import animals_by_ids
from sijinak.animals.shipping import Voyage, bury_shipped, ship_animals, take_back_animals
from sijinak.core.clock import local, now
from sijinak.core.errors import Conflict, Invalid
from sijinak.core.flow import WrongState
from sijinak.core.permissions import Actor
from sijinak.permits.commands import ArrivePermit, ClosePermit, DepartPermit
from sijinak.permits.enclosures.needs import refuse_without_papers
from sijinak.permits.models import Arrival, Permit, PermitAnimal, PermitState
from sijinak.permits.queries import passed, permit_for_update
from sijinak.permits.quota.claiming import consume_quota
from sijinak.permits.rulebook import terms_for
from sijinak.permits.slots.queries import refuse_without_slot
from sijinak.permits.taking import PermitExpired, begin, end


class PermitUsed(Conflict):
    """It was used before. Facts: ``when``, ``where`` (the port's code), ``heads``."""

    code = "permit-used"


class PermitRevoked(Conflict):
    """Facts: ``note``."""

    code = "permit-revoked"


class TooManyHeads(Conflict):
    """More were counted than the permit is for. Facts: ``heads``, ``written``."""

    code = "too-many-heads"


class NotAboard(Invalid):
    """An animal is named that is not on the permit, or twice. Facts: ``count``."""

    code = "not-aboard"


def depart_permit(command: DepartPermit, *, by: Actor) -> Permit:
    """Once. The animals are out of the regency; those left behind stay.

    Raises PermitUsed, PermitExpired, PermitRevoked, TooManyHeads, PapersMissing, TooFewDays,
    QuotaNotReserved, SlotMissing.
    """
    try:
        permit, step = begin(command, "depart", by=by)
    except WrongState:
        _say_why_not(permit_for_update(command.permit_id, by=by))
        raise
    if step is None:
        return permit
    when = _moment(permit, command.happened_at)
    aboard = _aboard(permit, command.left_behind)
    _refuse_departure(permit, command, local(when).date(), len(aboard))
    for line in passed(permit):
        line.departed = line in aboard
    permit.departed_at, permit.departed_by = when, by.id
    permit.departed_port, permit.departed_heads = command.port, command.heads
    consume_quota(permit, command.heads, by=by)
    ship_animals([line.animal_id for line in aboard], _voyage(permit, when), by=by)
    facts = {"port": command.port, "heads": command.heads, "at": when.isoformat()}
    return end(permit, step, by=by, note=command.note, **facts)


def arrive_permit(command: ArrivePermit, *, by: Actor) -> Permit:
    """What became of each animal; who was rejected is here again. Raises NotAboard."""
    permit, step = begin(command, "arrive", by=by)
    if step is None:
        return permit
    said = {
        Arrival.RECEIVED: command.received,
        Arrival.DEAD: command.dead,
        Arrival.REJECTED: command.rejected,
    }
    _refuse_strangers(permit, [one for ids in said.values() for one in ids])
    lines = {line.animal_id: line for line in permit.animals}
    for arrival, ids in said.items():
        for animal_id in ids:
            lines[animal_id].arrival = arrival
    permit.arrived_at = min(command.happened_at, now())
    voyage = _voyage(permit, permit.arrived_at)
    bury_shipped(command.dead, voyage, by=by)
    take_back_animals(command.rejected, voyage, by=by)
    facts = {arrival.value: len(ids) for arrival, ids in said.items()}
    return end(permit, step, by=by, note=command.note, missing=_missing(permit), **facts)


def close_permit(command: ClosePermit, *, by: Actor) -> Permit:
    """The journey is over; from a departure of which nobody reported the arrival, too."""
    permit, step = begin(command, "close", by=by)
    if step is None:
        return permit
    return end(permit, step, by=by, note=command.note, missing=_missing(permit))


def refuse_use(permit: Permit, on: date) -> None:
    """Whether anybody may leave with it that day. Raises what is in the way."""
    _say_why_not(permit)
    if permit.valid_until is None or permit.valid_until < on:
        raise PermitExpired(until=permit.valid_until)


def _refuse_departure(permit: Permit, command: DepartPermit, day: date, aboard: int) -> None:
    refuse_use(permit, day)
    _refuse_strangers(permit, command.left_behind)
    if not 1 <= command.heads <= aboard:
        raise TooManyHeads(heads=command.heads, written=aboard)
    refuse_without_papers(permit, terms_for(permit), day)
    refuse_without_slot(permit, command.port, day)


def _aboard(permit: Permit, left_behind: Collection[UUID]) -> list[PermitAnimal]:
    """Those that passed, were not left behind, and still live here: what died meanwhile is not."""
    going = [line for line in passed(permit) if line.animal_id not in left_behind]
    animals = animals_by_ids([line.animal_id for line in going])
    return [line for line in going if animals[line.animal_id].state is AnimalState.PRESENT]


def _say_why_not(permit: Permit) -> None:
    if permit.departed_at:
        raise PermitUsed(
            when=permit.departed_at, where=permit.departed_port, heads=permit.departed_heads
        )
    if permit.state is PermitState.REVOKED:
        raise PermitRevoked(note=permit.last_note)
    if permit.state is PermitState.EXPIRED:
        raise PermitExpired(until=permit.valid_until)


def _refuse_strangers(permit: Permit, ids: Collection[UUID]) -> None:
    """Those named went aboard, or are about to, each once."""
    known = {line.animal_id for line in passed(permit) if line.departed is not False}
    if strange := len(ids) - len(set(ids) & known):
        raise NotAboard(count=strange)


def _missing(permit: Permit) -> int:
    """Animals that left and of which nobody said how they arrived."""
    return sum(bool(line.departed) and line.arrival is None for line in permit.animals)


def _moment(permit: Permit, said: datetime) -> datetime:
    """Nobody leaves before the letter is issued, or later than now: a phone's clock errs."""
    return min(max(said, permit.issued_at or said), now())


def _voyage(permit: Permit, when: datetime) -> Voyage:
    return Voyage(cause_id=permit.id, happened_at=when, reason=permit.number or "")
