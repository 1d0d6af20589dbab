"""An inspection that comes from a phone: animal by animal, and one record that closes it."""

from collections.abc import Callable, Collection, Sequence
from typing import Any, cast
from uuid import UUID

import msgspec
from sqlalchemy import select

from sijinak.core.clock import now
from sijinak.core.db import db
from sijinak.core.errors import Conflict, Invalid, NotFound
from sijinak.core.permissions import Permission, require
from sijinak.field.inspection_bodies import ABSENT, KINDS, PASSED
from sijinak.field.keeping import Visit
from sijinak.field.models import FieldPhoto, InspectionNote
from sijinak.field.reading import Incoming
from sijinak.permits.checks import Finding
from sijinak.permits.commands import Inspected, PhotoNamed, RecordInspection, SampleNamed
from sijinak.permits.inspecting import MayNotPass, record_inspection
from sijinak.permits.labels import sentence
from sijinak.permits.models import Permit, PermitState
from sijinak.permits.photos.naming import attach_photo
from sijinak.permits.queries import animals_on, permit_by_id


class InspectionClosed(Conflict):
    """The application does not wait for an inspection, any more or yet."""

    code = "inspection-closed"


class NotOnTheList(Invalid):
    """Facts: ``tag``."""

    code = "not-on-the-list"


class InspectionHasGaps(Conflict):
    """Records that the closing one names are not here. Facts: ``n``."""

    code = "inspection-has-gaps"


def note_inspected(one: Incoming, visit: Visit) -> None:
    """It is put by until the inspection is closed."""
    permit = _open_permit(one.data["permit"], visit)
    if one.data["code"] not in {animal.tag for _, animal in animals_on(permit)}:
        raise NotOnTheList(tag=one.data["code"])
    _put_by(one, visit, one.data["code"])


def note_vehicle(one: Incoming, visit: Visit) -> None:
    _open_permit(one.data["permit"], visit)
    _put_by(one, visit, "")


def close_inspection(one: Incoming, visit: Visit) -> None:
    """All of it in one step, or a person decides. Raises InspectionHasGaps and more."""
    said = one.data
    permit = _open_permit(said["permit"], visit)
    notes = _notes(said["records"], permit, visit)
    vehicle = _notes([said["vehicle"]], permit, visit)[0] if said["vehicle"] else None
    ids = {animal.tag: animal.id for _, animal in animals_on(permit)}
    command = RecordInspection(
        id=one.id,
        permit_id=permit.id,
        animals=tuple(_inspected(note, ids) for note in notes),
        note=said["note"],
        vehicle_plate=vehicle.said["plate"] if vehicle else "",
        vehicle_photos=_photos(vehicle) if vehicle else (),
        device_id=visit.device_id,
    )
    try:
        record_inspection(command, by=visit.by)
    except MayNotPass as error:
        why = sentence(cast("Finding", error.facts["finding"]))
        one.review(error.code, tag=error.facts["tag"], sentence=why)
        return
    _match(visit.device_id, [*notes, *([vehicle] if vehicle else [])])


def _open_permit(permit_id: UUID, visit: Visit) -> Permit:
    permit = permit_by_id(permit_id, by=visit.by)
    require(visit.by, Permission.PERMIT_INSPECT, region=permit.region, keeper_id=permit.keeper_id)
    if permit.state is not PermitState.ACCEPTED:
        raise InspectionClosed
    return permit


def _put_by(one: Incoming, visit: Visit, code: str) -> None:
    said = KINDS[one.kind, one.version].dump(one.data)
    db.session.add(
        InspectionNote(
            id=one.id,
            device_id=visit.device_id,
            permit_id=one.data["permit"],
            code=code,
            said=msgspec.json.decode(msgspec.json.encode(said)),
            said_at=one.at or now(),
        )
    )
    db.session.flush()


def _notes(record_ids: Collection[UUID], permit: Permit, visit: Visit) -> list[InspectionNote]:
    """In the order of the ids that were named. Raises InspectionHasGaps."""
    asked = select(InspectionNote).where(
        InspectionNote.id.in_(record_ids),
        InspectionNote.permit_id == permit.id,
        InspectionNote.device_id == visit.device_id,
    )
    found = {note.id: note for note in db.session.scalars(asked)}
    if missing := len(set(record_ids) - found.keys()):
        raise InspectionHasGaps(n=missing)
    return [found[record_id] for record_id in record_ids]


def _inspected(note: InspectionNote, ids: dict[str, UUID]) -> Inspected:
    said = KINDS["inspected", 1].load(note.said)
    if note.code not in ids:
        raise NotFound(tag=note.code)
    weighed: dict[str, Any] = {"weight_method": said["method"]} if said["method"] else {}
    return Inspected(
        animal_id=ids[note.code],
        passed=said["result"] == PASSED,
        weight_kg=said["weight"],
        reason=said["reason"],
        was_absent=said["result"] == ABSENT,
        looked_at=note.said_at,
        samples=tuple(SampleNamed(**sample) for sample in said["samples"]),
        photos=_photos(note),
        **weighed,
    )


def _photos(note: InspectionNote) -> tuple[PhotoNamed, ...]:
    return tuple(PhotoNamed(**photo) for photo in KINDS[_kind(note), 1].load(note.said)["photos"])


def _kind(note: InspectionNote) -> str:
    return "inspected" if note.code else "vehicle"


def _match(device_id: UUID, notes: Sequence[InspectionNote]) -> None:
    """Pictures that came before the inspection was closed."""
    db.session.flush()
    named = {bytes.fromhex(photo.sha256) for note in notes for photo in _photos(note)}
    asked = select(FieldPhoto).where(
        FieldPhoto.device_id == device_id, FieldPhoto.sha256.in_(named)
    )
    for photo in db.session.scalars(asked):
        attach_photo(device_id, photo.sha256, photo.file_id)


HANDLERS: dict[str, Callable[[Incoming, Visit], None]] = {
    "inspected": note_inspected,
    "vehicle": note_vehicle,
    "inspection-done": close_inspection,
}
