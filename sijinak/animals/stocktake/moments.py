"""What stock-takes tell of an animal that was not found. What was seen or mutated tells itself."""

from collections.abc import Collection
from uuid import UUID

from flask import url_for

from sijinak.animals.models import Verification
from sijinak.animals.record import officer_names
from sijinak.animals.stocktake.queries import still_there
from sijinak.animals.timeline import Moment
from sijinak.areas.queries import full_name
from sijinak.core.permissions import Permission
from sijinak.web.access import actor
from sijinak.web.i18n import gettext as _
from sijinak.web.labels import label


def told(animal_ids: Collection[UUID]) -> list[Moment]:
    found = still_there(animal_ids)
    who = officer_names({line.acted_by for line, _taken in found if line.acted_by})
    may_read = actor().reaches(Permission.POPULATION_READ)
    return [
        Moment(
            at=line.acted_at,
            kind="stocktake",
            title=_("Not found at the stock-take; still there, says the owner"),
            by_name=who.get(line.acted_by, "") if line.acted_by else "",
            place=full_name(taken.village),
            basis=label(Verification.DECLARED),
            lines=(line.action_note,) if line.action_note else (),
            url=url_for("stocktake.show", stock_take_id=taken.id) if may_read else "",
        )
        for line, taken in found
        if line.acted_at
    ]
