"""What came up since the inspection and keeps the letter back, whatever page is still open."""

from collections.abc import Collection, Iterator
from uuid import UUID

from sijinak.animals.models import AnimalState
from sijinak.animals.queries import AnimalFacts, animals_by_ids
from sijinak.core.clock import today
from sijinak.core.errors import Conflict
from sijinak.health.diseases import Disease
from sijinak.health.lab.models import Finding as Found
from sijinak.health.queries import TestResult, results_of
from sijinak.permits.findings import Finding, refuses
from sijinak.permits.gathering import bans_for, bans_to_come
from sijinak.permits.models import Permit, PermitAnimal
from sijinak.permits.queries import passed
from sijinak.permits.rulebook import asked_by, terms_for


class DestinationClosed(Conflict):
    """Since it was applied for. Facts: ``since``, ``reason``."""

    code = "destination-closed"


class MayNotLeave(Conflict):
    """An animal that passed is banned, sick or stolen now. Facts: ``tag``, ``finding``."""

    code = "may-not-leave"


def refuse_stopped(permit: Permit) -> None:
    """Asked at every step towards the letter; of what died meanwhile fewer heads leave.

    Raises DestinationClosed, MayNotLeave.
    """
    if closed := terms_for(permit).closed:
        raise DestinationClosed(since=closed.valid_from, reason=closed.reason)
    going = passed(permit)
    animals = animals_by_ids([line.animal_id for line in going])
    for animal_id, finding in _stops(permit, going, animals):
        raise MayNotLeave(tag=animals[animal_id].tag, finding=finding)


def sick_among(lines: Collection[PermitAnimal]) -> dict[UUID, TestResult]:
    """Those whose latest result of a disease is positive. A pool speaks for all its animals."""
    found: dict[UUID, TestResult] = {}
    for animal_id, results in results_of([line.animal_id for line in lines]).items():
        latest: dict[Disease, TestResult] = {}
        for result in results:
            latest.setdefault(result.disease, result)
        if bad := next((r for r in latest.values() if r.result is Found.POSITIVE), None):
            found[animal_id] = bad
    return found


def _stops(
    permit: Permit, going: Collection[PermitAnimal], animals: dict[UUID, AnimalFacts]
) -> Iterator[tuple[UUID, Finding]]:
    for animal_id, bad in sick_among(going).items():
        facts = {"sampled": bad.sampled_on, "number": bad.number}
        yield animal_id, refuses("TEST_POSITIVE", disease=bad.disease, **facts)
    banned = _banned(permit, {animal.village for animal in animals.values()})
    for animal_id, animal in animals.items():
        if animal.state is AnimalState.STOLEN:
            yield animal_id, refuses("REPORTED_STOLEN")
        elif animal.village in banned:
            yield animal_id, refuses("MOVEMENT_BANNED", **banned[animal.village])


def _banned(permit: Permit, villages: Collection[str]) -> dict[str, dict[str, object]]:
    """On the day of leaving, and today: whoever has the letter can leave with it at once."""
    bans, asked = bans_to_come(), asked_by(permit)
    days = {today(), max(today(), permit.planned_on)}
    return {v: why for day in days for v, why in bans_for(asked, bans, day, villages).items()}
