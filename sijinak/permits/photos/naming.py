"""Pictures of a phone: named with the inspection, which has asked, matched when they come."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select

from sijinak.core.clock import now
from sijinak.core.db import db
from sijinak.core.permissions import Actor
from sijinak.permits.commands import PhotoNamed, RecordInspection
from sijinak.permits.photos.models import InspectionPhoto


def name_photos(command: RecordInspection, *, by: Actor) -> None:
    """The pictures come later, from the same phone."""
    for line in command.animals:
        for photo in line.photos:
            at = line.looked_at or now()
            _name(command, photo, by=by, animal_id=line.animal_id, taken_at=min(at, now()))
    for photo in command.vehicle_photos:
        _name(command, photo, by=by, taken_at=now())


def attach_photo(device_id: UUID, sha256: bytes, file_id: UUID) -> list[InspectionPhoto]:
    """The picture of a phone has come: wherever that phone named it, it is there now."""
    asked = select(InspectionPhoto).where(
        InspectionPhoto.device_id == device_id,
        InspectionPhoto.sha256 == sha256,
        InspectionPhoto.file_id.is_(None),
    )
    waiting = list(db.session.scalars(asked))
    for photo in waiting:
        photo.file_id = file_id
    return waiting


def _name(
    command: RecordInspection,
    photo: PhotoNamed,
    *,
    by: Actor,
    taken_at: datetime,
    animal_id: UUID | None = None,
) -> None:
    same: dict[str, Any] = {"by_id": by.id, "by_name": by.name, "device_id": command.device_id}
    db.session.add(
        InspectionPhoto(
            permit_id=command.permit_id,
            animal_id=animal_id,
            view=photo.view,
            sha256=bytes.fromhex(photo.sha256),
            taken_at=taken_at,
            **same,
        )
    )
