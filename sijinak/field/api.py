"""The sync door for phones: a batch in, an answer for each record out."""

from typing import Any

import msgspec
from flask import Blueprint, Response, request
from flask.typing import ResponseReturnValue

from sijinak.core.errors import Forbidden, Invalid
from sijinak.field import labels as _labels  # noqa: F401 - names our reasons
from sijinak.field.door import bring
from sijinak.field.inbox import ACCEPTED, Taken
from sijinak.field.keeping import Visit
from sijinak.field.knocking import phone_at_the_door
from sijinak.field.models import Verdict, Way
from sijinak.field.phones import DeviceExpired, Phone, PhoneState
from sijinak.field.reading import Incoming
from sijinak.field.receipts import receipt, spelt
from sijinak.field.wire import MOST_BYTES, Batch, batches
from sijinak.web.access import public

bp = Blueprint("field_api", __name__)


class BatchUnreadable(Invalid):
    """It is no batch: the app that sent it is broken."""

    code = "batch-unreadable"


class OtherDevice(Forbidden):
    """The token is of one phone, the batch of another."""

    code = "other-device"


@bp.post("/sync")
@public
def sync() -> ResponseReturnValue:
    """What a revoked phone brings waits for a person: nothing is lost."""
    phone = phone_at_the_door()
    if phone.state is PhoneState.EXPIRED:
        raise DeviceExpired
    batch = _batch()
    if batch.device != phone.id:
        raise OtherDevice
    taken, visit = bring(
        batch.records,
        phone,
        way=Way.SYNC,
        sent_at=batch.sent_at,
        unsent=batch.unsent,
        app_version=batch.app,
    )
    return _answer(taken, phone, visit)


def _batch() -> Batch:
    request.max_content_length = MOST_BYTES  # also of one that does not say how long it is
    try:
        return batches.decode(request.get_data())
    except (msgspec.MsgspecError, UnicodeError):
        raise BatchUnreadable from None


def _answer(taken: Taken, phone: Phone, visit: Visit) -> Response:
    """In the order of the batch."""
    records = sorted(taken.records, key=lambda one: one.place)
    said = {
        "server_time": spelt(visit.received_at),
        "state": phone.state.value,
        "gaps": taken.gaps,
        "resend_from": taken.resend_from,
        "records": [answer_of(one, visit) for one in records],
    }
    return Response(msgspec.json.encode(said), content_type="application/json")


def answer_of(one: Incoming, visit: Visit) -> dict[str, Any]:
    """The verdict with a receipt for exactly what came."""
    received = one.verdict in (Verdict.ACCEPTED, Verdict.REVIEW)
    verdict = one.answer or (ACCEPTED if received else one.verdict.value)
    return {
        "id": one.id,
        "verdict": verdict,
        "reason": "" if received else one.reason,
        "review": one.reason if one.verdict is Verdict.REVIEW else None,
        "facts": one.facts,
        "receipt": receipt(one.id, one.hash, verdict, visit.received_at),
    }
