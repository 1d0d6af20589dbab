"""What was registered for an owner today."""

from datetime import datetime, time
from uuid import UUID

from sqlalchemy import select

from sijinak.animals.models import Animal, AnimalState
from sijinak.core.clock import clock, today
from sijinak.core.db import db

MOST_LISTED = 300


def animals_of_today(keeper_id: UUID) -> list[Animal]:
    """Newest first. The caller has asked for the keeper."""
    midnight = datetime.combine(today(), time.min, clock.zone)
    asked = select(Animal).where(
        Animal.keeper_id == keeper_id,
        Animal.registered_at >= midnight,
        Animal.state == AnimalState.PRESENT,
    )
    return list(db.session.scalars(asked.order_by(Animal.id.desc()).limit(MOST_LISTED)))
