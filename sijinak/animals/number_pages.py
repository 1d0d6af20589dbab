"""The forms with which an officer gives an animal another number, or ends one."""

from typing import Any
from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from sijinak.animals.models import Identifier, IdentifierKind
from sijinak.animals.numbers import LINKED, REASONS, EndNumber, LinkNumber, end_number, link_number
from sijinak.animals.queries import animal_by_id
from sijinak.animals.record import numbers_of
from sijinak.animals.schemas import EndNumberSchema, LinkNumberSchema
from sijinak.core.db import transaction
from sijinak.core.errors import Conflict, Invalid, NotFound
from sijinak.core.permissions import Permission
from sijinak.web.access import actor, needs
from sijinak.web.i18n import gettext as _
from sijinak.web.io import WHOLE_FORM, Form, blank, read_form
from sijinak.web.labels import label

bp = Blueprint("animal_numbers", __name__)
LONGEST = 40
IN_NUMBER = frozenset(
    {"eartag-taken", "rfid-taken", "old-card-taken", "not-an-rfid", "number-missing"}
)


@bp.get("/nomor")
@needs(Permission.ANIMAL_REGISTER)
def new() -> ResponseReturnValue:
    """With the animal or the number already filled in, from wherever the officer comes."""
    animal, number = (request.args.get(name, "")[:LONGEST] for name in ("ternak", "nomor"))
    return _form(blank(animal=animal, number=number, kind=_likely(number)))


@bp.post("/nomor")
@needs(Permission.ANIMAL_REGISTER)
def create() -> ResponseReturnValue:
    form = read_form(LinkNumberSchema())
    if form.value is None:
        return _form(form), 422
    try:
        with transaction():
            linked = link_number(form.value, by=actor())
    except (Conflict, Invalid) as error:
        field = "number" if error.code in IN_NUMBER else WHOLE_FORM
        return _form(form.refuse(error, field)), 422
    said = {"kind": label(linked.kind), "number": linked.value}
    flash(_("%(kind)s %(number)s now leads to this animal.", **said), "success")
    return redirect(url_for("animal_record.show", animal_id=linked.animal_id))


@bp.get("/<uuid:animal_id>/nomor/<uuid:identifier_id>")
@needs(Permission.ANIMAL_REGISTER)
def ending(animal_id: UUID, identifier_id: UUID) -> ResponseReturnValue:
    return _ending(animal_id, identifier_id, blank())


@bp.post("/<uuid:animal_id>/nomor/<uuid:identifier_id>")
@needs(Permission.ANIMAL_REGISTER)
def end(animal_id: UUID, identifier_id: UUID) -> ResponseReturnValue:
    form = read_form(EndNumberSchema())
    if form.value is None:
        return _ending(animal_id, identifier_id, form), 422
    said = form.value
    command = EndNumber(
        id=said.id, animal_id=animal_id, identifier_id=identifier_id, reason=said.reason
    )
    with transaction():
        end_number(command, by=actor())
    flash(_("The number is ended. It still leads to the record."), "success")
    return redirect(url_for("animal_record.show", animal_id=animal_id))


def _form(form: Form[LinkNumber]) -> str:
    kinds = [(kind.value, label(kind)) for kind in LINKED]
    return render_template("animals/number.html", form=form, kinds=kinds)


def _ending(animal_id: UUID, identifier_id: UUID, form: Form[Any]) -> str:
    animal = animal_by_id(animal_id, by=actor())
    return render_template(
        "animals/number_end.html",
        form=form,
        animal=animal,
        number=_number(animal_id, identifier_id),
        reasons=[(reason.value, label(reason)) for reason in REASONS],
    )


def _number(animal_id: UUID, identifier_id: UUID) -> Identifier:
    """One that may be ended here. Raises NotFound."""
    for number in numbers_of([animal_id]):
        if number.id == identifier_id and number.kind in LINKED and not number.ended_at:
            return number
    raise NotFound(identifier_id=str(identifier_id))


def _likely(number: str) -> str:
    digits = number.replace(" ", "")
    is_rfid = digits.isdigit() and len(digits) == 15  # noqa: PLR2004 - ISO 11784
    return IdentifierKind.RFID if is_rfid else IdentifierKind.EARTAG
