"""Photos that phones send beside their records: each once, whatever the network does."""

from base64 import b64decode
from binascii import Error as NotBase64
from datetime import timedelta
from hashlib import sha256
from uuid import UUID

from sqlalchemy import func, select

from sijinak.core.clock import now
from sijinak.core.db import Clash, db, transaction
from sijinak.core.errors import Conflict, Invalid
from sijinak.core.events import events
from sijinak.field.devices import home_of
from sijinak.field.models import Device, FieldPhoto
from sijinak.field.phones import Phone
from sijinak.files.pictures import fit_picture
from sijinak.files.services import keep_picture
from sijinak.permits.photos.naming import attach_photo

MOST_BYTES = 600 * 1024  # of one photo; phones make them about 100 kB
MOST_A_DAY = 2_500  # of one phone
A_DAY = timedelta(days=1)


class PhotoAltered(Invalid):
    """What came is not what its name says: it was cut off, or changed on the way."""

    code = "photo-altered"


class PhotoTooLarge(Invalid):
    """Facts: ``most``, in kilobytes."""

    code = "photo-too-large"


class TooManyPhotosToday(Conflict):
    """Facts: ``most``."""

    code = "too-many-photos-today"


def receive_photo(phone: Phone, digest: bytes, jpeg: str) -> bool:
    """Keep the picture and put it where the phone's records name it. False: it was here before.

    An edge: making the picture fit takes half a second, so the transaction begins after it.
    """
    content = _content(digest, jpeg)
    if _known(phone.id, digest):
        return False
    _check_pace(phone.id)
    picture = fit_picture(content)
    try:
        with transaction():
            kept = keep_picture(picture, by=phone.officer)
            db.session.add(
                FieldPhoto(device_id=phone.id, sha256=digest, file_id=kept.id, received_at=now())
            )
            db.session.flush()
            matched = attach_photo(phone.id, digest, kept.id)
            device = db.session.get_one(Device, phone.id)
            facts = {"file": str(kept.id), "matched": len(matched)}
            events.record(
                "field.photo-received", device, by=phone.officer, region=home_of(phone.officer.id),
                **facts,
            )  # fmt: skip
    except Clash:  # the same photo at the same moment
        return False
    return True


def _content(digest: bytes, jpeg: str) -> bytes:
    if len(jpeg) > MOST_BYTES * 4 // 3 + 4:
        raise PhotoTooLarge(most=MOST_BYTES // 1024)
    try:
        content = b64decode(jpeg, validate=True)
    except (NotBase64, ValueError):
        raise PhotoAltered from None
    if sha256(content).digest() != digest:
        raise PhotoAltered
    return content


def _known(device_id: UUID, digest: bytes) -> bool:
    asked = select(FieldPhoto.id).where(
        FieldPhoto.device_id == device_id, FieldPhoto.sha256 == digest
    )
    return db.session.scalar(asked) is not None


def _check_pace(device_id: UUID) -> None:
    asked = select(func.count()).select_from(FieldPhoto)
    lately = FieldPhoto.received_at > now() - A_DAY
    if (
        db.session.scalar(asked.where(FieldPhoto.device_id == device_id, lately)) or 0
    ) >= MOST_A_DAY:
        raise TooManyPhotosToday(most=MOST_A_DAY)
