"""The page of an act: here, because it also shows what came of it."""

from uuid import UUID

from flask import render_template
from flask.typing import ResponseReturnValue

from sijinak.areas.queries import full_name
from sijinak.core.permissions import Permission, may
from sijinak.vaccinations.campaigns.queries import campaign_name
from sijinak.vaccinations.findings.queries import findings_of_act
from sijinak.vaccinations.models import VaccinationAct
from sijinak.vaccinations.pages import bp
from sijinak.vaccinations.queries import act_by_id
from sijinak.vaccinations.stock.queries import SEES, lots_named
from sijinak.vaccinations.visits import labels as _labels  # noqa: F401 - names our severities
from sijinak.vaccinations.visits.queries import heads_of_act, reactions_in
from sijinak.web.access import actor, needs


@bp.get("/<uuid:act_id>")
@needs(Permission.VACCINATION_READ)
def show(act_id: UUID) -> ResponseReturnValue:
    facts = act_by_id(act_id, by=actor())
    animals = {one.animal.id: one.animal for one in facts.animals}
    return render_template(
        "vaccinations/show.html",
        facts=facts,
        campaign=campaign_name(facts.act.campaign_id),
        heads=heads_of_act(act_id, by=actor()),
        reactions=[(one, animals[one.animal_id]) for one in reactions_in(act_id, animals)
                   if one.animal_id in animals],
        findings=findings_of_act(act_id, by=actor()),
        lot_id=_lot_id(facts.act),
        full_name=full_name,
        may_record=may(actor(), Permission.VACCINATION_RECORD),
    )  # fmt: skip


def _lot_id(act: VaccinationAct) -> UUID | None:
    """The lot in the books, for those who may open it there."""
    if not any(actor().reaches(permission) for permission in SEES):
        return None
    found = lots_named([(act.product_id, act.lot)]).get((act.product_id, act.lot))
    return found.id if found else None
