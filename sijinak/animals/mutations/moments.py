"""What mutations tell of the life of an animal."""

from collections.abc import Collection, Iterator
from datetime import datetime
from uuid import UUID

from flask import url_for

from sijinak.animals.mutations.labels import outcome, why_refused
from sijinak.animals.mutations.models import Mutation, MutationKind
from sijinak.animals.mutations.queries import mutations_of
from sijinak.animals.mutations.writing import moment_of, register_number
from sijinak.animals.timeline import Moment
from sijinak.areas.queries import full_name
from sijinak.web.i18n import gettext as _
from sijinak.web.labels import label


def mutated(animal_ids: Collection[UUID]) -> list[Moment]:
    """A correction is told by its observation, which knows the old values."""
    found = [m for m in mutations_of(animal_ids) if m.kind is not MutationKind.CORRECTION]
    return [_moment(mutation, set(animal_ids)) for mutation in found]


def _moment(mutation: Mutation, animal_ids: set[UUID]) -> Moment:
    return Moment(
        at=_when(mutation),
        kind="mutated",
        title=f"{label(mutation.kind)}: {outcome(mutation, animal_ids)[0]}",
        by_name=mutation.recorded_by_name,
        place=full_name(mutation.region),
        lines=tuple(_lines(mutation, animal_ids)),
        url=url_for("mutations.show", mutation_id=mutation.id),
    )


def _when(mutation: Mutation) -> datetime:
    """On its day, but in the order in which things were recorded on one day."""
    recorded = mutation.done_at or mutation.recorded_at
    return min(recorded, moment_of(mutation.happened_on))


def _lines(mutation: Mutation, animal_ids: set[UUID]) -> Iterator[str]:
    if number := register_number(mutation):
        yield _("Village register: %(number)s", number=number)
    for line in mutation.animals:
        if line.animal_id in animal_ids and line.refused_by:
            yield _("Refused (%(side)s): %(reason)s",
                    side=label(line.refused_by), reason=why_refused(line))  # fmt: skip
    if mutation.ended_because:
        yield mutation.ended_because
