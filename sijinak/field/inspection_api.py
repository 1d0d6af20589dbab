"""Beside the door for records: the list of what to inspect, and the door for photos."""

from dataclasses import dataclass

from flask import Blueprint, request
from flask.typing import ResponseReturnValue
from marshmallow import fields, validate

from sijinak.core.clock import now
from sijinak.core.errors import NotFound
from sijinak.field.inspection_lists import inspections_for
from sijinak.field.knocking import phone_at_the_door, working_phone
from sijinak.field.phones import DeviceExpired, PhoneState
from sijinak.field.photos import MOST_BYTES, receive_photo
from sijinak.field.receipts import spelt
from sijinak.web.access import public
from sijinak.web.io import InputSchema, read_json

bp = Blueprint("field_photos", __name__)
DIGEST_LETTERS = 64


@dataclass(frozen=True, slots=True)
class PhotoSent:
    """``jpeg``: the bytes in base 64."""

    jpeg: str


class PhotoSchema(InputSchema[PhotoSent]):
    makes = PhotoSent

    jpeg = fields.String(required=True, validate=validate.Length(min=1))


@bp.put("/photos/<digest>")
@public
def put(digest: str) -> ResponseReturnValue:
    """The same photo again is no second one. A revoked phone's photos are kept, as its records."""
    phone = phone_at_the_door()
    if phone.state is PhoneState.EXPIRED:
        raise DeviceExpired
    request.max_content_length = MOST_BYTES * 2
    is_new = receive_photo(phone, _digest(digest), read_json(PhotoSchema()).jpeg)
    return {"sha256": digest, "new": is_new}, 201 if is_new else 200


@bp.get("/inspections")
@public
def inspections() -> ResponseReturnValue:
    """What waits for an inspection where the officer of the phone may hold one."""
    phone = working_phone()
    found = inspections_for(phone.officer)
    return {"v": 1, "made_at": spelt(now()), "permits": found}


def _digest(text: str) -> bytes:
    try:
        digest = bytes.fromhex(text)
    except ValueError:
        raise NotFound from None
    if len(text) != DIGEST_LETTERS or text != digest.hex():
        raise NotFound
    return digest
