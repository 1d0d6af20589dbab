"""The queue of applications, and how fast the office serves it."""

from flask import render_template
from flask.typing import ResponseReturnValue

from sijinak.areas.queries import place_name
from sijinak.core.permissions import Permission
from sijinak.keepers.looking import Page as Where
from sijinak.keepers.queries import keeper_facts
from sijinak.keepers.showing import shows_list
from sijinak.permits.labels import standing
from sijinak.permits.pace import paces
from sijinak.permits.pages import bp
from sijinak.permits.queries import heads_on
from sijinak.permits.queue import queue_for
from sijinak.web.access import actor, needs


@bp.get("/antrean")
@needs(Permission.PERMIT_READ)
def queue() -> ResponseReturnValue:
    """Names and reasons are for those who may see the application itself."""
    places = queue_for(by=actor())
    keepers = keeper_facts({place.permit.keeper_id for place in places if place.permit})
    shows_list(Where.PERMITS, keepers)
    return render_template(
        "permits/queue.html",
        places=places,
        keepers=keepers,
        standing=standing,
        heads_on=heads_on,
        place_name=place_name,
        is_officer=any(r.keeper_id is None for r in actor().reaches(Permission.PERMIT_READ)),
    )


@bp.get("/layanan")
@needs(Permission.PERMIT_READ)
def service() -> ResponseReturnValue:
    return render_template("permits/service.html", paces=paces(by=actor()))
