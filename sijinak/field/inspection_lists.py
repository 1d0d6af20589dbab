"""The applications that wait for an inspection, as an officer's phone takes them along.

Of people they hold nothing but the name of the firm.
"""

from typing import Any

from sijinak.animals.models import Sex
from sijinak.animals.queries import eartags_of
from sijinak.areas.queries import full_name
from sijinak.core.permissions import Actor, Permission
from sijinak.keepers.queries import keeper_facts
from sijinak.permits.models import Permit, PermitState
from sijinak.permits.queries import animals_on, permits_waiting
from sijinak.permits.rulebook import terms_for
from sijinak.permits.sampling import tests_for

MOST = 50
MOST_TURNS = 200  # of which some wait for other steps of the same person
INSPECT = Permission.PERMIT_INSPECT


def inspections_for(officer: Actor) -> list[dict[str, Any]]:
    """Those that the officer may inspect, the oldest first."""
    if not officer.reaches(INSPECT):
        return []
    found = permits_waiting(by=officer, most=MOST_TURNS)
    mine = [permit for permit in found if permit.state is PermitState.ACCEPTED]
    return [_entry(permit) for permit in mine[:MOST]]


def _entry(permit: Permit) -> dict[str, Any]:
    lines = animals_on(permit)
    rule, tests = terms_for(permit).rule, tests_for(permit)
    eartags = eartags_of([animal.id for _, animal in lines])
    return {
        "id": str(permit.id),
        "firm": keeper_facts([permit.keeper_id])[permit.keeper_id].name,
        "village": permit.region,
        "place": full_name(permit.region),
        "to": full_name(permit.destination),
        "species": permit.species,
        "planned_on": permit.planned_on.isoformat(),
        "plate": permit.vehicle_plate,
        "least": rule.min_weight_kg if rule else None,
        "animals": [
            {
                "code": animal.tag,
                "sex": "m" if animal.sex is Sex.MALE else "f",
                "marks": ", ".join(
                    filter(None, (animal.breed, animal.colour, eartags.get(animal.id, "")))
                ),
                "tests": tests.get(animal.id, []),
            }
            for _, animal in lines
        ],
    }
