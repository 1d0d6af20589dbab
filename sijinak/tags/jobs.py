"""Where codes were read: from events, and from pages that show what should not be read."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select

from sijinak.animals.models import Animal, Observation, ObservationKind, Verification
from sijinak.animals.mutations.models import MutationAnimal, MutationKind
from sijinak.animals.queries import live_tags
from sijinak.animals.stocktake.queries import scanned_at
from sijinak.core.db import db, transaction
from sijinak.core.events import Event
from sijinak.core.permissions import Actor
from sijinak.tags.alarms import Raised, alarms_of_readings, raise_alarm, was_read_just_now
from sijinak.tags.models import AlarmKind
from sijinak.tags.watching import Limits, Seen, note_sightings
from sijinak.tagstock.models import TagStep
from sijinak.web.settings import settings

LINES_AT_ONCE = 200  # of a stock-take, in one transaction
SEEN = (ObservationKind.REGISTERED, ObservationKind.SEEN)


def note_animal(event: Event) -> None:
    """An officer had the animal in sight: at registration, or later."""
    with transaction():
        seen = db.session.scalar(
            select(Observation)
            .where(
                Observation.animal_id == event.subject_id,
                Observation.by_id == event.actor_id,
                Observation.kind.in_(SEEN),
                Observation.recorded_at <= event.happened_at,
            )
            .order_by(Observation.recorded_at.desc(), Observation.id.desc())
            .limit(1)
        )
        if seen is not None and seen.basis is Verification.SEEN:
            note_animals([event.subject_id], event, seen_at=seen.made_at, observed=seen)


def note_retagged(event: Event) -> None:
    """Who changes a tag stands at the animal; other mutations are told in the office."""
    if event.facts.get("kind") != MutationKind.RETAG:
        return
    with transaction():
        asked = select(MutationAnimal.animal_id).where(
            MutationAnimal.mutation_id == event.subject_id
        )
        note_animals(db.session.scalars(asked).all(), event, seen_at=event.happened_at)


def note_applied(event: Event) -> None:
    """A stock tag was put on: by whom it was issued to, or an alarm says so."""
    facts = event.facts
    if facts["holder"] == str(event.actor_id):
        return
    animal_id = UUID(facts["animal"])
    with transaction():
        if not _was_on_before(event.subject_id, animal_id, event.happened_at):
            raise_alarm(
                Raised(
                    kind=AlarmKind.NOT_ISSUED,
                    code=facts["tag"],
                    animal_id=animal_id,
                    region=event.region,
                    facts={"was": facts["was"], "holder": facts["holder"]},
                ).by(event.actor_name, event.actor_id, event.id)
            )


def note_stock_take(event: Event) -> None:
    """Every code that was scanned in one go; a line is counted once.

    In parts, so that those who scan meanwhile wait for none of them long.
    """
    lines = scanned_at(event.subject_id, datetime.fromisoformat(event.facts["scanned_at"]))
    for start in range(0, len(lines), LINES_AT_ONCE):
        some = lines[start : start + LINES_AT_ONCE]
        with transaction():
            note_sightings([_seen_in(line, event) for line in some if line.animal_id], limits())
            unknown = {line.code: line.id for line in some if line.animal_id is None}
            for code, told in alarms_of_readings(unknown).items():
                raise_alarm(told.by(event.actor_name, event.actor_id, unknown[code]))


def note_animals(
    animal_ids: Sequence[UUID],
    event: Event,
    *,
    seen_at: datetime,
    observed: Observation | None = None,
) -> None:
    """Seen where they are kept, unless an observation says where; inside a transaction."""
    animals = db.session.scalars(select(Animal).where(Animal.id.in_(animal_ids))).all()
    worn = live_tags(animal_ids)
    note_sightings(
        [
            Seen(
                animal_id=animal.id,
                code=worn[animal.id].value,
                seen_at=seen_at,
                village=observed.village if observed else animal.village,
                latitude=observed.latitude if observed else None,
                longitude=observed.longitude if observed else None,
                by_id=event.actor_id,
                by_name=event.actor_name,
                event_id=event.id,
            )
            for animal in animals
            if animal.id in worn
        ],
        limits(),
    )


def note_reading(code: str, *, by: Actor | None = None) -> None:
    """A page showed a code that should not be read any more. Of the public nothing is kept."""
    told = alarms_of_readings([code]).get(code)
    if told is None or was_read_just_now(told):
        return
    with transaction():
        raise_alarm(told.by(by.name, by.id) if by else told.by(""))


def limits() -> Limits:
    return Limits(kmh=settings().tag_speed_kmh, hours=settings().tag_hours_apart)


def _seen_in(line: Any, event: Event) -> Seen:
    return Seen(
        animal_id=line.animal_id,
        code=line.code,
        seen_at=line.scanned_at,
        village=event.region,
        by_id=event.actor_id,
        by_name=event.actor_name,
        event_id=line.id,
    )


def _was_on_before(tag_id: UUID, animal_id: UUID, at: datetime) -> bool:
    """The same animal wore it already, and an undoing put it back."""
    asked = select(TagStep.id).where(
        TagStep.tag_id == tag_id,
        TagStep.animal_id == animal_id,
        TagStep.action == "take off",
        TagStep.taken_at <= at,
    )
    return db.session.scalar(asked.limit(1)) is not None
