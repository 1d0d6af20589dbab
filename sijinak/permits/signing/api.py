"""What a checkpoint without a network needs to know beforehand: keys, and what became of papers."""

from base64 import b64encode
from hashlib import sha256

from flask import Blueprint, jsonify, request
from flask.typing import ResponseReturnValue
from werkzeug.wrappers import Response

from sijinak.core.errors import NotFound
from sijinak.permits.signing.keys import known_keys
from sijinak.permits.signing.queries import status_list
from sijinak.web.access import public

bp = Blueprint("papers_api", __name__)
MINUTES = "public, max-age=120"


@bp.get("/keys")
@public
def keys() -> ResponseReturnValue:
    """Every key that ever signed a QR code; which still count, each says itself."""
    return _kept(
        {
            "keys": [
                {
                    "kid": row.kid,
                    "spki": b64encode(row.spki).decode(),
                    "from": int(row.valid_from.timestamp()),
                    "until": int(row.valid_until.timestamp()) if row.valid_until else None,
                    "revoked": row.revoked_at is not None,
                    "demo": row.is_demo,
                }
                for row in known_keys().values()
            ]
        }
    )


@bp.get("/status/<int:number>")
@public
def status(number: int) -> ResponseReturnValue:
    """Signed, so that it may come from anywhere. Who has it asks with its ETag."""
    found = status_list(number)
    if found is None:
        raise NotFound(number=number)
    return _kept({"list": b64encode(found.body).decode()}, sha256(found.body).hexdigest())


def _kept(said: dict[str, object], etag: str = "") -> Response:
    answer = jsonify(said)
    answer.headers["Cache-Control"] = MINUTES
    if etag:
        answer.set_etag(etag)
        answer.make_conditional(request)
    return answer
