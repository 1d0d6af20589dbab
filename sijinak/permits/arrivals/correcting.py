"""What was said of an arrival is said anew: the animals follow."""

from collections.abc import Collection, Mapping
from datetime import datetime
from uuid import UUID

from sqlalchemy import select

from sijinak.animals.models import Observation
from sijinak.animals.mutations.queries import animals_in_open_mutation
from sijinak.animals.shipping import (
    Voyage,
    bury_shipped,
    ship_animals,
    take_back_animals,
    unbury_shipped,
)
from sijinak.core.db import db
from sijinak.core.errors import Conflict
from sijinak.core.permissions import Actor
from sijinak.permits.arrivals.queries import aboard
from sijinak.permits.models import Arrival, Permit
from sijinak.permits.rulebook import open_elsewhere


class BuiltUpon(Conflict):
    """An animal that came back has been sold, moved or applied for since. Facts: ``count``."""

    code = "arrival-built-upon"


def correct_outcomes(
    permit: Permit, wanted: Mapping[UUID, Arrival], when: datetime, *, by: Actor
) -> None:
    """Every animal first back on its way, then to where it is now said to be. Raises BuiltUpon."""
    lines = {line.animal_id: line for line in aboard(permit)}
    changed = {i for i, line in lines.items() if i in wanted and line.arrival is not wanted[i]}
    back = {i for i in changed if lines[i].arrival is Arrival.REJECTED}
    _refuse_built_upon(permit, back)
    voyage = Voyage(cause_id=permit.id, happened_at=when, reason=permit.number or "")
    unbury_shipped([i for i in changed if lines[i].arrival is Arrival.DEAD], voyage, by=by)
    ship_animals(back, voyage, by=by)
    for animal_id in changed:
        lines[animal_id].arrival = wanted[animal_id]
    permit.arrived_at = when
    bury_shipped([i for i in changed if wanted[i] is Arrival.DEAD], voyage, by=by)
    take_back_animals([i for i in changed if wanted[i] is Arrival.REJECTED], voyage, by=by)


def _refuse_built_upon(permit: Permit, back: Collection[UUID]) -> None:
    """What came back is as it came back, and on its way nowhere else."""
    newest = (
        select(Observation.animal_id, Observation.cause_id)
        .where(Observation.animal_id.in_(back))
        .order_by(Observation.id)
    )
    causes = {row[0]: row[1] for row in db.session.execute(newest)}
    busy = {animal_id for animal_id, cause in causes.items() if cause != permit.id}
    busy |= animals_in_open_mutation(list(back)) | open_elsewhere(permit.id, back)
    if busy:
        raise BuiltUpon(count=len(busy))
