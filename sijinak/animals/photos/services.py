"""What is done with photos of animals."""

from dataclasses import dataclass, field
from uuid import UUID

from sijinak.animals.models import Animal, AnimalState
from sijinak.animals.photos.models import AnimalPhoto, PhotoView
from sijinak.animals.photos.queries import count_photos
from sijinak.animals.queries import animal_to_change
from sijinak.animals.services import NotPresent
from sijinak.core.clock import now
from sijinak.core.db import db
from sijinak.core.errors import Conflict, NotFound
from sijinak.core.events import events
from sijinak.core.ids import uuid7
from sijinak.core.once import first_time
from sijinak.core.permissions import Actor, Permission, require
from sijinak.files.pictures import Picture
from sijinak.files.services import keep_picture

MOST_PHOTOS = 20
GONE = frozenset({AnimalState.MERGED, AnimalState.WITHDRAWN})


class TooManyPhotos(Conflict):
    """Facts: ``most``."""

    code = "too-many-photos"


@dataclass(frozen=True, slots=True, kw_only=True)
class AddPhoto:
    id: UUID = field(default_factory=uuid7)
    animal_id: UUID
    view: PhotoView
    picture: Picture


@dataclass(frozen=True, slots=True, kw_only=True)
class RemovePhoto:
    id: UUID = field(default_factory=uuid7)
    animal_id: UUID
    photo_id: UUID


def add_photo(command: AddPhoto, *, by: Actor) -> AnimalPhoto:
    """Of a dead animal, too: its carcass proves it. Raises NotFound, NotPresent, TooManyPhotos."""
    require(by, Permission.ANIMAL_REGISTER)
    is_new = first_time(command, by=by)
    animal = animal_to_change(command.animal_id, by=by)
    if not is_new:
        return db.session.get_one(AnimalPhoto, command.id)
    if animal.state in GONE:
        raise NotPresent(state=animal.state)
    if count_photos(animal.id) >= MOST_PHOTOS:
        raise TooManyPhotos(most=MOST_PHOTOS)
    photo = AnimalPhoto(
        id=command.id,
        animal_id=animal.id,
        file_id=keep_picture(command.picture, by=by).id,
        view=command.view,
        added_at=now(),
        added_by=by.id,
        by_name=by.name,
    )
    db.session.add(photo)
    _note("animal.photo-added", animal, photo, by=by)
    return photo


def remove_photo(command: RemovePhoto, *, by: Actor) -> AnimalPhoto:
    """Auditors still see it. Raises NotFound."""
    require(by, Permission.ANIMAL_REGISTER)
    is_new = first_time(command, by=by)
    animal = animal_to_change(command.animal_id, by=by)
    photo = db.session.get(AnimalPhoto, command.photo_id, populate_existing=True)
    if photo is None or photo.animal_id != animal.id:
        raise NotFound(photo_id=str(command.photo_id))
    if is_new and photo.removed_at is None:
        photo.removed_at, photo.removed_by = now(), by.id
        _note("animal.photo-removed", animal, photo, by=by)
    return photo


def _note(name: str, animal: Animal, photo: AnimalPhoto, *, by: Actor) -> None:
    region = animal.village
    events.record(name, animal, by=by, region=region, photo=str(photo.id), view=photo.view)
