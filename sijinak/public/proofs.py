"""The proof behind a paper's QR code, as a file that anybody can check without this server."""

from uuid import UUID

from flask import Blueprint, Response
from flask.typing import ResponseReturnValue

from sijinak.core.model import Model
from sijinak.permits.models import Permit
from sijinak.permits.queries import permit_by_public_code
from sijinak.permits.signing.models import SignedPaper
from sijinak.permits.signing.queries import paper_by_public_code
from sijinak.proofs.queries import proof_of
from sijinak.proofs.watching import watched
from sijinak.public.papers import found_paper
from sijinak.retribution.receipts.models import Receipt
from sijinak.retribution.receipts.queries import receipt_by_public_code
from sijinak.web.access import public

bp = Blueprint("publicproofs", __name__)


@bp.get("/R/<code>/bukti")
@bp.get("/r/<code>/bukti", endpoint="receipt_in_small")
@public
def receipt(code: str) -> ResponseReturnValue:
    found = found_paper(receipt_by_public_code, code)
    return _file(Receipt, found.id, found.number)


@bp.get("/I/<code>/bukti")
@bp.get("/i/<code>/bukti", endpoint="permit_in_small")
@public
def permit(code: str) -> ResponseReturnValue:
    found = found_paper(permit_by_public_code, code)
    return _file(Permit, found.id, found.number)


@bp.get("/H/<code>/bukti")
@bp.get("/h/<code>/bukti", endpoint="paper_in_small")
@public
def paper(code: str) -> ResponseReturnValue:
    found = found_paper(paper_by_public_code, code)
    return _file(SignedPaper, found.id, found.number)


def _file(model: type[Model], row_id: UUID, number: str) -> Response:
    with watched():
        text = proof_of(model, row_id)
    response = Response(text, mimetype="text/plain")
    name = f"{number.replace('/', '-')}.tlog-proof"
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response
