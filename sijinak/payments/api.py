"""The door at which those who move money for us speak to us."""

import logging

from flask import Blueprint, Response, abort, request
from limits import RateLimitItemPerHour
from limits.storage import MemoryStorage
from limits.strategies import MovingWindowRateLimiter
from sqlalchemy.exc import SQLAlchemyError

from sijinak.core.db import Clash, transaction
from sijinak.core.errors import NotFound
from sijinak.core.permissions import WORKER
from sijinak.payments.adapters.base import (
    Answer,
    Can,
    NotAuthentic,
    Outcome,
    RawRequest,
)
from sijinak.payments.adapters.registry import registry
from sijinak.payments.inbox import Letter, note_forgery, receive
from sijinak.payments.wallet import labels as _wallet_labels  # noqa: F401 - its sentences
from sijinak.web.access import public
from sijinak.web.settings import settings

bp = Blueprint("payments_api", __name__)
LARGEST = 64 * 1024
METHODS = ["GET", "POST", "PUT", "PATCH", "DELETE"]
TRIES = 4  # two who speak of the same money at the same moment: one goes first
FORGED = RateLimitItemPerHour(20, namespace="forged")  # lines in the trail for each address

log = logging.getLogger(__name__)
_limiter = MovingWindowRateLimiter(MemoryStorage())


@bp.route("/notices/<adapter>", methods=METHODS, defaults={"rest": ""})
@bp.route("/notices/<adapter>/<path:rest>", methods=METHODS)
@bp.route("/<adapter>/<path:rest>", methods=METHODS)
@public
def notice(adapter: str, rest: str) -> Response:
    """Anybody may knock; the adapter finds out who it is, and says the answer in its own words."""
    known = registry.known(adapter)
    if not known.can & (Can.NOTIFIES | Can.BANK_CALLS_US):
        raise NotFound(adapter=adapter)
    raw = _raw(adapter, rest)
    try:
        said = known.read_notice(raw)
    except NotAuthentic as fault:
        _note_forgery(adapter, fault)
        return _response(known.answer(raw, Outcome.NOT_AUTHENTIC, None))
    return _response(_received(Letter(known, raw, said)))


def forget_forgeries() -> None:
    """For tests, which all come from one address."""
    _limiter.storage.reset()


def _received(letter: Letter) -> Answer:
    """Only what is our own fault is answered so that they try again."""
    for _ in range(TRIES):
        try:
            return receive(letter, by=WORKER)
        except (Clash, SQLAlchemyError) as error:
            last: Exception = error
    log.error("a message of %s could not be taken: %s", letter.adapter.name, type(last).__name__)
    return letter.adapter.answer(letter.request, Outcome.FAILED, None)


def _raw(adapter: str, rest: str) -> RawRequest:
    body = request.stream.read(LARGEST + 1)  # also of a sender that does not say how much it is
    if len(body) > LARGEST or (request.content_length or 0) > LARGEST:
        abort(413)
    return RawRequest(
        method=request.method, path=_path(adapter, rest), headers=dict(request.headers), body=body
    )


def _path(adapter: str, rest: str) -> str:
    """As the other side used and signed it; a setting names the proxy that changes it."""
    outside = _doors().get(adapter)
    path = request.path if outside is None else f"{outside}/{rest}".rstrip("/")
    query = request.query_string.decode("latin-1")
    return f"{path}?{query}" if query else path


def _doors() -> dict[str, str]:
    pairs = (one.partition("=") for one in settings().payment_doors.split(",") if one)
    return {name.strip(): path.strip().rstrip("/") for name, _, path in pairs}


def _note_forgery(adapter: str, fault: NotAuthentic) -> None:
    """A flood of forgeries must fill neither the trail nor the log."""
    address = request.remote_addr or "unknown"
    if _limiter.hit(FORGED, adapter, address):
        log.warning("a message to %s from %s is not authentic: %s", adapter, address, fault)
        with transaction():
            note_forgery(adapter, address, by=WORKER)


def _response(answer: Answer) -> Response:
    return Response(answer.body, answer.status, headers=dict(answer.headers))
