"""What one person had to do with money and permits: a keeper, or an officer."""

from uuid import UUID

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from sijinak.areas.queries import full_name, place_name
from sijinak.audit.desk.dealings import dealings_of_keeper, dealings_of_officer
from sijinak.audit.desk.links import list_url, subject_url
from sijinak.audit.desk.noted import notes_about
from sijinak.audit.desk.wanted import Standing
from sijinak.audit.findings.labels import title_of
from sijinak.core.db import transaction
from sijinak.core.permissions import Permission, may
from sijinak.keepers.looking import Page, note_look
from sijinak.keepers.queries import number_masked
from sijinak.payments.labels import channel_name
from sijinak.web.access import actor, needs

bp = Blueprint("auditdesk_people", __name__)
P = Permission


@bp.get("/orang/<uuid:keeper_id>")
@needs(P.AUDIT_READ)
def keeper(keeper_id: UUID) -> ResponseReturnValue:
    """Such a look is a line of the trail, as any other at a person's data."""
    found = dealings_of_keeper(keeper_id, by=actor())
    with transaction():
        note_look(found.keeper, by=actor(), why=Page.KEEPER)
    return render_template(
        "auditdesk/keeper.html",
        found=found,
        number=number_masked(found.keeper),
        notes=notes_about("keepers", keeper_id, by=actor()),
        full_name=full_name,
        subject_url=subject_url,
        list_url=list_url,
        standing=Standing,
        may_work=may(actor(), P.AUDIT_WORK, region=found.keeper.village),
    )


@bp.get("/petugas/<uuid:user_id>")
@needs(P.AUDIT_READ)
def officer(user_id: UUID) -> ResponseReturnValue:
    return render_template(
        "auditdesk/officer.html",
        found=dealings_of_officer(user_id, by=actor()),
        notes=notes_about("users", user_id, by=actor()),
        channel_name=channel_name,
        place_name=place_name,
        subject_url=subject_url,
        list_url=list_url,
        title_of=title_of,
        may_work=may(actor(), P.AUDIT_WORK),
    )
