"""Products and acts for tests."""

from collections.abc import Collection
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import select

from sijinak.animals.queries import live_tags
from sijinak.core.clock import now
from sijinak.core.db import db, transaction
from sijinak.core.permissions import OPERATOR, Actor
from sijinak.vaccinations.models import Product, VaccinationAct
from sijinak.vaccinations.queries import record_with_history
from sijinak.vaccinations.services import RecordVaccinations, record_vaccinations


def product(code: str = "lumpyvac") -> Product:
    return db.session.scalars(select(Product).where(Product.code == code)).one()


def doses(
    animal_ids: Collection[UUID], *, of: str = "lumpyvac", **fields: Any
) -> RecordVaccinations:
    """An act that was done a moment ago."""
    defaults: dict[str, Any] = {
        "product_id": product(of).id,
        "lot": "L-2611",
        "given_at": now() - timedelta(minutes=1),
        "animal_ids": tuple(animal_ids),
    }
    return RecordVaccinations(**{**defaults, **fields})


def vaccinate(command: RecordVaccinations, *, by: Actor = OPERATOR) -> VaccinationAct:
    """Committed. Inside the app's context."""
    with transaction():
        return record_vaccinations(command, by=by)


def days_ago(days: int) -> datetime:
    return now() - timedelta(days=days)


def history_of(animal_id: UUID) -> list[Any]:
    """The doses as the record after a scan shows them, newest first."""
    tag = live_tags([animal_id])[animal_id].value
    return record_with_history(tag, by=OPERATOR)[1]
