"""Photos of an inspection that were taken, or handed in, at the desk."""

from dataclasses import dataclass, field
from uuid import UUID

from sijinak.core.clock import now
from sijinak.core.db import db
from sijinak.core.errors import Conflict, NotFound
from sijinak.core.events import events
from sijinak.core.flow import WrongState
from sijinak.core.ids import uuid7
from sijinak.core.once import first_time
from sijinak.core.permissions import Actor, Permission, require
from sijinak.files.pictures import Picture
from sijinak.files.services import keep_picture
from sijinak.permits.photos.models import InspectionPhoto, InspectionView
from sijinak.permits.photos.queries import count_photos, takes_photos
from sijinak.permits.queries import permit_for_update
from sijinak.permits.taking import SamePerson, is_barred

MOST_FOR_AN_ANIMAL = 4


class TooManyInspectionPhotos(Conflict):
    """Facts: ``most``."""

    code = "too-many-inspection-photos"


@dataclass(frozen=True, slots=True, kw_only=True)
class AddInspectionPhoto:
    """At the desk: the picture itself is there. No animal: it shows the vehicle."""

    id: UUID = field(default_factory=uuid7)
    permit_id: UUID
    animal_id: UUID | None
    view: InspectionView
    picture: Picture


def add_inspection_photo(command: AddInspectionPhoto, *, by: Actor) -> InspectionPhoto:
    """Raises WrongState, SamePerson, NotFound, TooManyInspectionPhotos."""
    permit = permit_for_update(command.permit_id, by=by)
    require(by, Permission.PERMIT_INSPECT, region=permit.region, keeper_id=permit.keeper_id)
    if not first_time(command, by=by):
        return db.session.get_one(InspectionPhoto, command.id)
    if not takes_photos(permit):
        raise WrongState(state=permit.state, action="photo")
    if is_barred(permit, "inspect", by=by):
        raise SamePerson
    if command.animal_id not in {None, *(line.animal_id for line in permit.animals)}:
        raise NotFound(animal_id=str(command.animal_id))
    if count_photos(permit.id, command.animal_id) >= MOST_FOR_AN_ANIMAL:
        raise TooManyInspectionPhotos(most=MOST_FOR_AN_ANIMAL)
    kept = keep_picture(command.picture, by=by)
    photo = InspectionPhoto(
        id=command.id,
        permit_id=permit.id,
        animal_id=command.animal_id,
        view=command.view,
        sha256=kept.sha256,
        file_id=kept.id,
        taken_at=now(),
        by_id=by.id,
        by_name=by.name,
    )
    db.session.add(photo)
    events.record("permit.photo-added", permit, by=by, region=permit.region, view=photo.view)
    return photo
