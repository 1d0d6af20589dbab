"""The door of phones: enrolment, keys, state and work packs. What they bring comes in by api."""

import gzip
from typing import Any, cast
from uuid import UUID

from flask import Blueprint, Response, request
from flask.typing import ResponseReturnValue

from sijinak.accounts.queries import SignedIn
from sijinak.core.clock import now
from sijinak.core.db import transaction
from sijinak.core.permissions import Permission
from sijinak.field import device_labels as _labels  # noqa: F401 - names states and errors
from sijinak.field.device_schemas import EnrolDeviceSchema
from sijinak.field.devices import (
    Key,
    OpenDevice,
    enrol_device,
    hand_out_recovery,
    note_wiped,
    renew_device,
)
from sijinak.field.knocking import phone_at_the_door, working_phone
from sijinak.field.packs import Bounds, Pack, note_pack_taken, pack_for, reach_of_officer
from sijinak.field.phones import PhoneState
from sijinak.field.queries import gaps_by_id, resend_from
from sijinak.field.receipts import receipt_keys, spelt
from sijinak.web.access import actor, needs, public
from sijinak.web.io import read_json
from sijinak.web.settings import settings

bp = Blueprint("field_devices_api", __name__)
OLDEST_APP = "1"  # older ones still send what they hold, and are told to renew themselves
COMPRESSION = 5


@bp.post("/devices")
@needs(Permission.FIELD_PHONE)
def enrol() -> ResponseReturnValue:
    command = read_json(EnrolDeviceSchema())
    with transaction():
        key = enrol_device(command, by=actor(), days=settings().field_device_days)
    answer = {
        "device": str(key.device.id),
        "server_time": spelt(now()),
        "user": {"id": str(actor().id), "name": actor().name},
        "receipt_keys": receipt_keys(),
        "villages": reach_of_officer(actor(), settings().regency),
        **_key(key),
    }
    return answer, 201 if key.is_new else 200


@bp.post("/devices/<uuid:device_id>/renew")
@needs(Permission.FIELD_PHONE)
def renew(device_id: UUID) -> ResponseReturnValue:
    with transaction():
        key = renew_device(_opened(device_id), by=actor(), days=settings().field_device_days)
    return _key(key)


@bp.post("/devices/<uuid:device_id>/recovery")
@needs(Permission.FIELD_PHONE)
def recovery(device_id: UUID) -> ResponseReturnValue:
    with transaction():
        found = hand_out_recovery(_opened(device_id), by=actor())
    return {"recovery": found}


@bp.get("/status")
@public
def status() -> ResponseReturnValue:
    phone = phone_at_the_door()
    is_at_work = phone.state is PhoneState.OK
    return {
        "state": phone.state,
        "server_time": spelt(now()),
        "highest_seq": phone.highest_seq,
        "gaps": gaps_by_id(phone.id),
        "resend_from": resend_from(phone.id),
        "receipt_keys": receipt_keys(),
        "oldest_app": OLDEST_APP,
        "villages": reach_of_officer(phone.officer, settings().regency) if is_at_work else [],
    }


@bp.post("/wiped")
@public
def wiped() -> ResponseReturnValue:
    phone = phone_at_the_door()
    with transaction():
        note_wiped(phone)
    return "", 204


@bp.get("/pack")
@public
def pack() -> ResponseReturnValue:
    phone = working_phone()
    wanted = [code for code in request.args.get("villages", "").split(",") if code]
    bounds = Bounds(settings().regency, settings().field_pack_animals)
    found = pack_for(phone.officer, wanted, bounds)
    if request.if_none_match.contains_weak(found.etag):
        return _with_etag(Response(status=304), found)
    with transaction():
        note_pack_taken(phone, found)
    return _with_etag(_written(found), found)


def _written(found: Pack) -> Response:
    body = found.spelt().encode()
    response = Response(body, content_type="application/json")
    response.vary.add("Accept-Encoding")
    if request.accept_encodings["gzip"] > 0:
        response.set_data(gzip.compress(body, COMPRESSION, mtime=0))
        response.content_encoding = "gzip"
    return response


def _with_etag(response: Response, found: Pack) -> Response:
    response.set_etag(found.etag, weak=True)
    return response


def _opened(device_id: UUID) -> OpenDevice:
    return OpenDevice(device_id=device_id, session_id=cast("SignedIn", actor()).session_id)


def _key(key: Key) -> dict[str, Any]:
    return {"token": key.token, "expires_at": spelt(key.device.expires_at)}
