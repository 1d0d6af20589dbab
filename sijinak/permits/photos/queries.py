"""Questions about the photos of an inspection."""

from collections.abc import Mapping, Sequence
from uuid import UUID

from sqlalchemy import and_, func, or_, select
from sqlalchemy.orm import aliased

from sijinak.core.db import db
from sijinak.core.errors import NotFound
from sijinak.core.permissions import Actor
from sijinak.permits.models import Permit, PermitState
from sijinak.permits.photos.models import InspectionPhoto
from sijinak.permits.queries import permit_by_id

S = PermitState
OPEN = (S.ACCEPTED, S.IN_LAB, S.INSPECTED, S.BILLED, S.PAID)


def takes_photos(permit: Permit) -> bool:
    """Until the health letter is signed: nobody signs what is added later."""
    return permit.state in OPEN and permit.certified_at is None


def photos_of_permit(permit_id: UUID) -> Mapping[UUID | None, Sequence[InspectionPhoto]]:
    """By animal; those of the vehicle under None. The caller has asked for the permit itself."""
    asked = select(InspectionPhoto).where(InspectionPhoto.permit_id == permit_id)
    found: dict[UUID | None, list[InspectionPhoto]] = {}
    for photo in db.session.scalars(asked.order_by(InspectionPhoto.taken_at, InspectionPhoto.id)):
        found.setdefault(photo.animal_id, []).append(photo)
    return found


def inspection_photo(photo_id: UUID, *, by: Actor) -> InspectionPhoto:
    """Raises NotFound, also when the picture has not come yet."""
    photo = db.session.get(InspectionPhoto, photo_id)
    if photo is None or photo.file_id is None:
        raise NotFound(photo_id=str(photo_id))
    permit_by_id(photo.permit_id, by=by)
    return photo


def pictures_elsewhere(permit_id: UUID) -> set[bytes]:
    """The digests of its photos that show another animal or another application, too."""
    here, there = InspectionPhoto, aliased(InspectionPhoto)
    elsewhere = or_(
        there.permit_id != here.permit_id, there.animal_id.is_distinct_from(here.animal_id)
    )
    asked = select(here.sha256).join(there, and_(there.sha256 == here.sha256, elsewhere))
    return set(db.session.scalars(asked.where(here.permit_id == permit_id)))


def count_photos(permit_id: UUID, animal_id: UUID | None) -> int:
    asked = select(func.count()).select_from(InspectionPhoto)
    asked = asked.where(InspectionPhoto.permit_id == permit_id)
    whose = InspectionPhoto.animal_id
    asked = asked.where(whose.is_(None) if animal_id is None else whose == animal_id)
    return db.session.scalar(asked) or 0
