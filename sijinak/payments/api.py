"""The door at which those who move money for us tell that it came."""

from flask import Blueprint, abort, request
from flask.typing import ResponseReturnValue

from sijinak.core.db import transaction
from sijinak.core.errors import NotFound
from sijinak.core.permissions import WORKER
from sijinak.payments.adapters.base import Can, NotAuthentic, RawRequest
from sijinak.payments.adapters.registry import registry
from sijinak.payments.services import take_notice
from sijinak.web.access import public

bp = Blueprint("payments_api", __name__)
LARGEST = 64 * 1024


@bp.post("/notices/<adapter>")
@public
def notice(adapter: str) -> ResponseReturnValue:
    """Anybody may knock; the adapter finds out who it is. The answer says: received, no more."""
    known = registry.known(adapter)
    if Can.NOTIFIES not in known.can:
        raise NotFound(adapter=adapter)
    if (request.content_length or 0) > LARGEST:
        abort(413)
    try:
        seen = known.read_notice(_raw())
    except NotAuthentic:
        abort(401)
    with transaction():
        take_notice(adapter, seen, by=WORKER)
    return {"status": "received"}


def _raw() -> RawRequest:
    return RawRequest(
        method=request.method,
        path=request.full_path.rstrip("?"),
        headers=dict(request.headers),
        body=request.get_data(),
    )
