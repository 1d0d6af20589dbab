"""Questions about photos of animals."""

from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, func, or_, select

from sijinak.animals.models import Animal
from sijinak.animals.photos.models import AnimalPhoto
from sijinak.core.db import db
from sijinak.core.errors import NotFound
from sijinak.core.permissions import Actor, Permission, require, within_reach


def photos_of(animal_ids: Collection[UUID], *, by: Actor) -> list[AnimalPhoto]:
    """Newest first; auditors see those, too, that were removed."""
    require(by, Permission.ANIMAL_READ)
    asked = select(AnimalPhoto).join(Animal, Animal.id == AnimalPhoto.animal_id)
    asked = asked.where(AnimalPhoto.animal_id.in_(animal_ids), _is_shown(by))
    return list(db.session.scalars(asked.order_by(AnimalPhoto.id.desc())))


def photo_by_id(photo_id: UUID, *, by: Actor) -> AnimalPhoto:
    require(by, Permission.ANIMAL_READ)
    asked = select(AnimalPhoto).join(Animal, Animal.id == AnimalPhoto.animal_id)
    asked = asked.where(
        AnimalPhoto.id == photo_id,
        within_reach(by, Permission.ANIMAL_READ, Animal.village, Animal.keeper_id),
        _is_shown(by),
    )
    photo = db.session.scalar(asked)
    if photo is None:
        raise NotFound(photo_id=str(photo_id))
    return photo


def count_photos(animal_id: UUID) -> int:
    asked = select(func.count()).select_from(AnimalPhoto)
    asked = asked.where(AnimalPhoto.animal_id == animal_id, AnimalPhoto.removed_at.is_(None))
    return db.session.scalar(asked) or 0


def photographed_since(
    animal_ids: Collection[UUID],
    since: datetime,
    cause_id: UUID | None,  # noqa: ARG001 - a photo has no cause
) -> set[UUID]:
    """Animals with a photo that was added later and is still there."""
    asked = select(AnimalPhoto.animal_id).where(
        AnimalPhoto.animal_id.in_(animal_ids),
        AnimalPhoto.added_at >= since,
        AnimalPhoto.removed_at.is_(None),
    )
    return set(db.session.scalars(asked))


def _is_shown(by: Actor) -> ColumnElement[bool]:
    audits = within_reach(by, Permission.AUDIT_READ, Animal.village)
    return or_(AnimalPhoto.removed_at.is_(None), audits)
