"""What was checked at the posts, for the office: holds, refusals, double uses, and the minutes."""

from collections.abc import Mapping, Sequence
from uuid import UUID

from flask import Blueprint, Response, render_template, request, url_for
from flask.typing import ResponseReturnValue

from sijinak.areas.queries import full_name, ports
from sijinak.core.codes import spaced
from sijinak.core.money import thousands
from sijinak.core.permissions import Actor, Permission
from sijinak.permits.checkpoint.labels import ANIMALS, FINDINGS, TONES, WHY
from sijinak.permits.checkpoint.models import CheckDecision, CheckOutcome, CheckpointCheck
from sijinak.permits.checkpoint.papers import minutes_pdf
from sijinak.permits.checkpoint.queries import check_by_id, checks, checks_of_permit, count_found
from sijinak.web.access import actor, needs
from sijinak.web.home import Tile
from sijinak.web.i18n import gettext as _
from sijinak.web.io import Form, listing, place
from sijinak.web.settings import settings

bp = Blueprint("checkpoints", __name__)
LOOKS = (
    Permission.PERMIT_DEPART,
    Permission.PERMIT_CHECK,
    Permission.PERMIT_REVOKE,
    Permission.AUDIT_READ,
)
C, D = CheckOutcome, CheckDecision
# As the address says it: what the checks came to, and what was decided.
PARTS: Mapping[str, tuple[tuple[CheckOutcome, ...], tuple[CheckDecision, ...]]] = {
    "ganda": ((C.DOUBLE_USE,), ()),
    "tidak-berangkat": ((C.NOT_DEPARTED,), ()),
    "ditahan": ((), (D.HOLD,)),
    "ditolak": ((), (D.REFUSE,)),
    "berangkat": ((C.DEPARTED,), ()),
}


@bp.get("/")
@needs(*LOOKS)
def index() -> ResponseReturnValue:
    part = request.args.get("pilih", "")
    outcomes, decisions = PARTS.get(part, ((), ()))
    page = checks(by=actor(), outcomes=outcomes, decisions=decisions, place=place())
    return render_template(
        "checkpoint/office/index.html",
        page=listing(page, ".index", pilih=part),
        form=Form[None]({"pilih": part}),
        parts=_parts(),
        tones=TONES,
        port_names=_port_names(),
        findings=_findings,
    )


@bp.get("/<uuid:check_id>")
@needs(*LOOKS)
def show(check_id: UUID) -> ResponseReturnValue:
    check = check_by_id(check_id, by=actor())
    others = checks_of_permit(check.permit_id, by=actor()) if check.permit_id else []
    return render_template(
        "checkpoint/office/show.html",
        check=check,
        others=[other for other in others if other.id != check.id],
        why=_why(check),
        findings=_findings(check),
        animals=_animals(check),
        tones=TONES,
        port_names=_port_names(),
        full_name=full_name,
    )


@bp.get("/<uuid:check_id>/berita-acara.pdf")
@needs(*LOOKS)
def minutes(check_id: UUID) -> Response:
    content = minutes_pdf(check_by_id(check_id, by=actor()), settings())
    name = f'inline; filename="berita-acara-pos-{check_id}.pdf"'
    headers = {"Content-Disposition": name}
    return Response(content, content_type="application/pdf", headers=headers)


def tiles(by: Actor) -> Sequence[Tile]:
    """Permits that were used twice, or let pass and could not leave, in thirty days."""
    if not any(by.reaches(permission) for permission in LOOKS[1:]):
        return ()
    found, url = count_found(by=by), url_for("checkpoints.index")
    name = _("Double uses and wrong passes at posts, 30 days")
    return [Tile(name, thousands(found), url, "flag", "danger")] if found else ()


def _why(check: CheckpointCheck) -> str:
    """Why a pass was no departure, as a sentence."""
    return _(WHY.get(check.why, WHY["other"]), code=check.why) if check.why else ""


def _findings(check: CheckpointCheck) -> list[str]:
    return [_(FINDINGS[code]) if code in FINDINGS else code for code in check.reasons]


def _animals(check: CheckpointCheck) -> list[tuple[int, str, str]]:
    named = ((one, ANIMALS[one["found"]]) for one in check.scanned)
    return [
        (one["position"], spaced(one["code"]) if one["code"] else "–", _(found))
        for one, found in named
    ]


def _parts() -> list[tuple[str, str]]:
    return [
        ("", _("All")),
        ("ganda", _("Double uses")),
        ("tidak-berangkat", _("Passed, but no departure")),
        ("ditahan", _("Held")),
        ("ditolak", _("Refused")),
        ("berangkat", _("Departed")),
    ]


def _port_names() -> dict[str, str]:
    return {port.code: port.name for port in ports()}
