"""What vaccinations tell of an animal's life."""

from collections.abc import Collection
from uuid import UUID

from flask import url_for

from sijinak.animals.timeline import Moment
from sijinak.areas.queries import full_name
from sijinak.core.permissions import Permission, may
from sijinak.vaccinations import labels as _labels  # noqa: F401 - names our diseases
from sijinak.vaccinations.models import Standing, VaccinationAct
from sijinak.vaccinations.queries import doses_given
from sijinak.web.access import actor
from sijinak.web.i18n import gettext as _
from sijinak.web.labels import label


def vaccinated(animal_ids: Collection[UUID]) -> list[Moment]:
    return [
        Moment(
            at=act.given_at,
            kind="vaccinated",
            title=f"{label(dose.disease)} – {act.product.name}",
            by_name=act.vaccinator_name,
            place=full_name(act.region),
            lines=(_("Lot %(lot)s", lot=act.lot), *_standing(dose.standing)),
            url=_address(act),
        )
        for dose, act in doses_given(animal_ids)
    ]


def _address(act: VaccinationAct) -> str:
    """For those who may open it."""
    if not may(actor(), Permission.VACCINATION_READ, region=act.region):
        return ""
    return url_for("vaccinations.show", act_id=act.id)


def _standing(standing: Standing) -> tuple[str, ...]:
    if standing is Standing.COUNTS:
        return ()
    if standing is Standing.WITHDRAWN:
        return (_("Taken back: this dose does not count."),)
    return (_("Double: something against this was given on the same day."),)
