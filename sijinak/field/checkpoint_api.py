"""What a phone at a checkpoint takes along."""

from flask import Blueprint, request
from flask.typing import ResponseReturnValue

from sijinak.core.clock import now
from sijinak.field.knocking import working_phone
from sijinak.field.receipts import spelt
from sijinak.permits.checkpoint.drawing import table_of
from sijinak.permits.checkpoint.pack import pack_of
from sijinak.web.access import public
from sijinak.web.settings import settings

bp = Blueprint("checkpoint_api", __name__)


@bp.get("/pack")
@public
def pack() -> ResponseReturnValue:
    """The phone proves itself by its token; its officer's rights are those of this moment."""
    phone = working_phone()
    table = table_of(settings().checkpoint_draw)
    found = pack_of(request.args.get("port", ""), table, by=phone.officer)
    return {**found, "made_at": spelt(now())}
