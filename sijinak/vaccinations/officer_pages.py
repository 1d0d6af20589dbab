"""The work of one officer, for those who look into findings."""

from uuid import UUID

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from sijinak.core.permissions import Permission
from sijinak.vaccinations.officers import DAYS, vials_of, work_of
from sijinak.web.access import actor, needs

bp = Blueprint("vaccinations_officers", __name__)


@bp.get("/<uuid:officer_id>")
@needs(Permission.FINDING_READ)
def show(officer_id: UUID) -> ResponseReturnValue:
    work = work_of(officer_id, by=actor())
    vials = vials_of(officer_id, by=actor())
    return render_template(
        "findings/officer.html", officer_id=officer_id, work=work, vials=vials, days=DAYS
    )
