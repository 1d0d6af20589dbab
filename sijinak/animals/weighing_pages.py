"""The form with which an officer writes down what an animal weighs."""

from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from sijinak.animals.models import WeighingMethod
from sijinak.animals.queries import animal_by_id, live_tags
from sijinak.animals.record import weighings_of
from sijinak.animals.schemas import Weighed, WeighingFormSchema
from sijinak.animals.weighing import GIRTHS, WeighAnimal, schoorl, weigh_animal
from sijinak.core.db import transaction
from sijinak.core.errors import Conflict, Invalid, NotFound
from sijinak.core.permissions import Permission, may
from sijinak.web.access import actor, needs
from sijinak.web.fields import REQUIRED
from sijinak.web.i18n import gettext as _
from sijinak.web.io import WHOLE_FORM, Form, blank, read_form

bp = Blueprint("animal_weights", __name__)
FIELD_OF = {"not-a-weight": "kg", "not-a-girth": "girth_cm", "girth-missing": "girth_cm"}


@bp.get("/<uuid:animal_id>/timbang")
@needs(Permission.ANIMAL_REGISTER)
def new(animal_id: UUID) -> ResponseReturnValue:
    return _form(animal_id, blank())


@bp.post("/<uuid:animal_id>/timbang")
@needs(Permission.ANIMAL_REGISTER)
def create(animal_id: UUID) -> ResponseReturnValue:
    """Without a weight the form comes again, with what the girth says: the officer decides."""
    form = read_form(WeighingFormSchema())
    if form.value is None:
        return _form(animal_id, form), 422
    said = form.value
    if said.kg is None:
        return _suggest(animal_id, form, said)
    command = WeighAnimal(
        id=said.id, animal_id=animal_id, kg=said.kg, method=said.method, girth_cm=said.girth_cm
    )
    try:
        with transaction():
            weigh_animal(command, by=actor())
    except (Conflict, Invalid) as error:
        return _form(animal_id, form.refuse(error, FIELD_OF.get(error.code, WHOLE_FORM))), 422
    flash(_("The weight is kept: %(kg)s kg.", kg=said.kg), "success")
    return redirect(url_for("animal_record.show", animal_id=animal_id))


def _suggest(animal_id: UUID, form: Form[Weighed], said: Weighed) -> ResponseReturnValue:
    animal = animal_by_id(animal_id, by=actor())
    kg = schoorl(animal.species, said.girth_cm) if said.girth_cm is not None else None
    if kg is None:
        form.errors["kg"] = [str(REQUIRED["required"])]
        return _form(animal_id, form), 422
    form.raw["kg"] = str(kg)
    return _form(animal_id, form, suggested=kg)


def _form(animal_id: UUID, form: Form[Weighed], suggested: int | None = None) -> str:
    animal = animal_by_id(animal_id, by=actor())
    if not may(actor(), Permission.ANIMAL_REGISTER, region=animal.village):
        raise NotFound(animal_id=str(animal_id))
    tag = live_tags([animal_id]).get(animal_id)
    return render_template(
        "animals/weigh.html",
        form=form,
        animal=animal,
        tag=tag.value if tag else "",
        methods=WeighingMethod,
        suggested=suggested,
        has_formula=schoorl(animal.species, GIRTHS[0]) is not None,
        last=weighings_of([animal_id])[:1],
    )
