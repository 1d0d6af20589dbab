"""The papers of a permit for those who may see it: what there is, and the files."""

from uuid import UUID

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue
from werkzeug.wrappers import Response

from sijinak.core.db import transaction
from sijinak.core.errors import NotFound
from sijinak.core.permissions import WORKER, Permission
from sijinak.keepers.looking import Page as Where
from sijinak.keepers.showing import shows
from sijinak.permits.models import Permit
from sijinak.permits.queries import permit_by_id
from sijinak.permits.signing.labels import STATUSES
from sijinak.permits.signing.models import PaperType, SignedPaper
from sijinak.permits.signing.proving import PaperAltered, prove
from sijinak.permits.signing.queries import being_made, paper_of, papers_of, status_of
from sijinak.permits.signing.services import note_altered
from sijinak.permits.signing.statuslist import PaperStatus
from sijinak.web.access import actor, needs
from sijinak.web.i18n import gettext as _

bp = Blueprint("papers", __name__)
NAMES = {"rekomendasi": PaperType.RECOMMENDATION, "skkh": PaperType.HEALTH_LETTER}
WORDS = {kind: name for name, kind in NAMES.items()}


@bp.get("/<uuid:permit_id>/surat")
@needs(Permission.PERMIT_READ)
def index(permit_id: UUID) -> ResponseReturnValue:
    permit = permit_by_id(permit_id, by=actor())
    return render_template(
        "permits/papers.html",
        permit=permit,
        papers=[
            (paper, status is PaperStatus.VALID, _(STATUSES[status]))
            for paper in papers_of(permit.id)
            for status in [status_of(paper, permit)]
        ],
        being_made=being_made(permit.id),
        words=WORDS,
    )


@bp.get("/<uuid:permit_id>/surat.pdf", defaults={"kind": "rekomendasi"})
@bp.get("/<uuid:permit_id>/surat/<kind>.pdf")
@needs(Permission.PERMIT_READ)
def download(permit_id: UUID, kind: str) -> ResponseReturnValue:
    """What was signed, byte by byte: it is hashed anew, and altered bytes go to nobody."""
    permit = permit_by_id(permit_id, by=actor())
    if kind not in NAMES:
        raise NotFound(kind=kind)
    version = request.args.get("versi", type=int)
    if version is None and NAMES[kind] in being_made(permit.id):
        page = render_template("permits/paper_waits.html", permit=permit, kind=NAMES[kind])
        return page, 202, {"Refresh": "5"}
    paper = paper_of(permit.id, NAMES[kind], version)
    shows(permit.keeper_id, permit.region, Where.PAPER)
    return _answer(paper, permit)


def _answer(paper: SignedPaper, permit: Permit) -> Response:
    proved = prove(paper)
    if proved.faults:
        with transaction():
            note_altered(paper, proved.faults, by=WORKER)
        raise PaperAltered(faults=", ".join(proved.faults), permit_id=str(permit.id))
    answer = Response(proved.content, mimetype="application/pdf")
    name = paper.number.replace("/", "-")
    answer.headers["Content-Disposition"] = f'inline; filename="{name}.pdf"'
    return answer
