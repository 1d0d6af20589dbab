"""What came to animals since a moment: while it stands, what was before cannot be undone."""

from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from sqlalchemy import Select, exists, or_, select
from sqlalchemy.orm import aliased

from sijinak.animals.models import (
    Animal,
    AnimalState,
    Identifier,
    IdentifierKind,
    Observation,
    ObservationKind,
)
from sijinak.core.db import db
from sijinak.core.events import Event

TAKEN_BACK = (ObservationKind.UNDONE, ObservationKind.UNMERGED)


def standing_since(
    animal_ids: Collection[UUID], since: datetime, cause_id: UUID | None
) -> Select[Observation]:
    """What was told later, was not taken back, and does not belong to the cause."""
    undoing = aliased(Observation)
    undone = exists().where(
        undoing.animal_id == Observation.animal_id,
        undoing.cause_id == Observation.cause_id,
        undoing.kind.in_(TAKEN_BACK),
    )
    asked = select(Observation).where(
        Observation.animal_id.in_(animal_ids),
        Observation.recorded_at >= since,
        # Its registration comes first, also by a clock that was put back since.
        Observation.kind.not_in((*TAKEN_BACK, ObservationKind.REGISTERED)),
        ~undone,
    )
    if cause_id is None:
        return asked
    return asked.where(or_(Observation.cause_id.is_(None), Observation.cause_id != cause_id))


def observed_since(
    animal_ids: Collection[UUID], since: datetime, cause_id: UUID | None
) -> set[UUID]:
    """Animals that were changed later, by something that still stands."""
    asked = standing_since(animal_ids, since, cause_id)
    return set(db.session.scalars(asked.with_only_columns(Observation.animal_id)))


def calved_since(animal_ids: Collection[UUID], since: datetime, cause_id: UUID | None) -> set[UUID]:
    """Dams and sires of animals that were registered later, otherwise than by the cause."""
    asked = select(Animal.id, Animal.dam_id, Animal.sire_id).where(
        or_(Animal.dam_id.in_(animal_ids), Animal.sire_id.in_(animal_ids)),
        Animal.state != AnimalState.WITHDRAWN,
        Animal.registered_at >= since,
    )
    if cause_id is not None:
        by_cause = exists().where(
            Observation.animal_id == Animal.id,
            Observation.kind == ObservationKind.REGISTERED,
            Observation.cause_id == cause_id,
        )
        asked = asked.where(~by_cause)
    parents = {parent for _calf, *two in db.session.execute(asked) for parent in two}
    return set(animal_ids) & parents


def numbered_since(
    animal_ids: Collection[UUID],
    since: datetime,
    cause_id: UUID | None,  # noqa: ARG001 - nothing but people links numbers by hand
) -> set[UUID]:
    """Animals to which a number was linked by hand that they still wear."""
    worn = exists().where(
        Identifier.animal_id == Event.subject_id,
        Identifier.kind != IdentifierKind.TAG,
        Identifier.value == Event.facts["number"].as_string(),
        Identifier.ended_at.is_(None),
    )
    asked = select(Event.subject_id).where(
        Event.subject_id.in_(animal_ids),
        Event.name == "animal.number-linked",
        Event.happened_at >= since,
        worn,
    )
    return set(db.session.scalars(asked))
