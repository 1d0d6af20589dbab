"""The form with which an officer says: I see this animal. Its record leads here."""

from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from sijinak.animals.queries import animal_by_id, live_tags
from sijinak.animals.schemas import SeeAnimalSchema
from sijinak.animals.services import MARKS, AlreadySeen, SeeAnimal, see_animal
from sijinak.areas.queries import full_name
from sijinak.core.db import transaction
from sijinak.core.errors import Conflict, Invalid, NotFound
from sijinak.core.permissions import Permission, may
from sijinak.web.access import actor, needs
from sijinak.web.i18n import gettext as _
from sijinak.web.io import WHOLE_FORM, Form, blank, read_form

bp = Blueprint("animals_seen", __name__)


@bp.get("/<uuid:animal_id>/terlihat")
@needs(Permission.ANIMAL_REGISTER)
def new(animal_id: UUID) -> ResponseReturnValue:
    animal = animal_by_id(animal_id, by=actor())
    marks = {name: getattr(animal, name) for name in MARKS}
    marks["teeth"] = "" if animal.teeth is None else str(animal.teeth)
    seen_before = animal.seen_at.isoformat() if animal.seen_at else ""
    return _form(animal_id, blank(animal_id=str(animal_id), seen_before=seen_before, **marks))


@bp.post("/<uuid:animal_id>/terlihat")
@needs(Permission.ANIMAL_REGISTER)
def create(animal_id: UUID) -> ResponseReturnValue:
    form = read_form(SeeAnimalSchema())
    form.raw["animal_id"] = str(animal_id)
    if form.value is None or form.value.animal_id != animal_id:
        return _form(animal_id, form), 422
    try:
        with transaction():
            see_animal(form.value, by=actor())
    except AlreadySeen as error:
        return _form(animal_id, _as_it_is_now(animal_id, form.refuse(error))), 409
    except (Conflict, Invalid) as error:
        field = "colour" if error.code == "seen-without-marks" else WHOLE_FORM
        return _form(animal_id, form.refuse(error, field)), 422
    flash(_("The animal was seen today."), "success")
    return redirect(url_for("public.tag", code=live_tags([animal_id])[animal_id].value))


def _as_it_is_now(animal_id: UUID, form: Form[SeeAnimal]) -> Form[SeeAnimal]:
    """What was typed, as a new command that knows of the other officer's visit."""
    animal = animal_by_id(animal_id, by=actor())
    fresh = blank(seen_before=animal.seen_at.isoformat() if animal.seen_at else "")
    form.raw.update(fresh.raw)
    return form


def _form(animal_id: UUID, form: Form[SeeAnimal]) -> str:
    animal = animal_by_id(animal_id, by=actor())
    if not may(actor(), Permission.ANIMAL_REGISTER, region=animal.village):
        raise NotFound(animal_id=str(animal_id))
    tag = live_tags([animal_id]).get(animal_id)
    return render_template(
        "animals/see.html",
        form=form,
        animal=animal,
        tag=tag.value if tag else "",
        village=full_name(animal.village),
    )
