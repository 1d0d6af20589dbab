"""The forms with which an officer records what became of one animal. Its record leads here."""

from dataclasses import replace
from typing import Any
from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from sijinak.animals.models import Animal, Origin, Precision, Sex, Species, Use, Verification
from sijinak.animals.mutations.commands import RecordPurchase
from sijinak.animals.mutations.filling import catch_up, filled
from sijinak.animals.mutations.labels import outcome
from sijinak.animals.mutations.models import Mutation, MutationKind
from sijinak.animals.mutations.queries import animals_in_open_mutation, mutations_of
from sijinak.animals.mutations.retagging import WHYS
from sijinak.animals.mutations.schemas import (
    BirthSchema,
    CorrectSchema,
    PurchaseSchema,
    RecordSchema,
    RetagSchema,
)
from sijinak.animals.mutations.services import (
    CorrectAnimal,
    RecordBirth,
    RecordMutation,
    RetagAnimal,
    correct_animal,
    record_birth,
    record_mutation,
    record_purchase,
    retag_animal,
)
from sijinak.animals.mutations.view import (
    ICONS,
    SLUGS,
    TELLS,
    possible_for,
    tags_shown,
    what_it_is,
)
from sijinak.animals.mutations.writing import ChangedMeanwhile
from sijinak.animals.queries import animal_by_id
from sijinak.areas.queries import full_name, villages_in
from sijinak.core.clock import today
from sijinak.core.db import db, transaction
from sijinak.core.errors import Conflict, Invalid, NotFound
from sijinak.core.ids import uuid7
from sijinak.core.permissions import Permission, may
from sijinak.files.answers import sent_picture
from sijinak.files.services import keep_picture
from sijinak.keepers.pages import village_options
from sijinak.keepers.queries import keeper_by_id
from sijinak.web.access import actor, needs
from sijinak.web.i18n import gettext as _
from sijinak.web.io import WHOLE_FORM, Form, blank, read_form
from sijinak.web.labels import label
from sijinak.web.settings import settings

P, K = Permission, MutationKind
bp = Blueprint("mutations_recording", __name__)
KINDS = {slug: kind for kind, slug in SLUGS.items()}
FIELD_OF = {
    "needs-police-number": "police_no",
    "needs-cause": "cause",
    "needs-place": "place",
    "moves-nowhere": "to_village",
    "happened-in-the-future": "happened_on",
    "happened-before-birth": "happened_on",
    "calved-too-soon": "is_certain",
    "needs-reason": "reason",
    "tag-taken": "tag",
    "tag-not-usable": "tag",
    "not-the-dam": "dam",
    "not-the-sire": "sire",
    "seen-without-marks": "colour",
    "male-is-pregnant": "is_pregnant",
    "male-has-calved": "calvings",
    "born-in-the-future": "birth_date",
    "needs-seller": "seller",
    "eartag-taken": "eartag",
}


@bp.get("/ternak/<uuid:animal_id>")
@needs(P.MUTATION_READ)
def animal(animal_id: UUID) -> ResponseReturnValue:
    """What can be done with this animal, and what was."""
    found = animal_by_id(animal_id, by=actor())
    may_record = may(actor(), P.MUTATION_RECORD, region=found.village)
    may_propose = may(actor(), P.MUTATION_PROPOSE, region=found.village, keeper_id=found.keeper_id)
    is_open = bool(animals_in_open_mutation([animal_id]))
    return render_template(
        "mutations/animal.html",
        kinds=possible_for(found) if may_record else [],
        slugs=SLUGS,
        tells=TELLS,
        icons=ICONS,
        outcome=outcome,
        is_open=is_open,
        may_propose=may_propose and found.state == "present" and not is_open,
        mutations=mutations_of([animal_id])[::-1],
        **_about(found),
    )


@bp.get("/ternak/<uuid:animal_id>/<slug>")
@needs(P.MUTATION_RECORD)
def new(animal_id: UUID, slug: str) -> ResponseReturnValue:
    kind, found = _asked(animal_id, slug)
    return _form(kind, found, filled(kind, found))


@bp.post("/ternak/<uuid:animal_id>/<slug>")
@needs(P.MUTATION_RECORD)
def create(animal_id: UUID, slug: str) -> ResponseReturnValue:
    kind, found = _asked(animal_id, slug)
    form = read_form(_schema(kind, animal_id))
    if form.value is None:
        return _form(kind, found, form), 422
    try:
        picture = sent_picture("photo")
        with transaction():
            mutation = _do(form.value, picture)
    except (Conflict, Invalid) as error:
        if isinstance(error, ChangedMeanwhile):
            catch_up(form, kind, found)
        field = "photo" if "picture" in error.code else FIELD_OF.get(error.code, WHOLE_FORM)
        field = "code" if field == "tag" and kind is K.RETAG else field
        return _form(kind, found, form.refuse(error, field)), 422
    flash(_("It is recorded, with its numbers in the registers."), "success")
    return redirect(url_for("mutations.show", mutation_id=mutation.id))


@bp.get("/pembelian")
@needs(P.MUTATION_RECORD)
def purchase() -> ResponseReturnValue:
    keeper = keeper_by_id(_keeper_asked(), by=actor())
    form = blank(
        mutation_id=str(uuid7()), keeper_id=str(keeper.id), village=keeper.village,
        hamlet=keeper.hamlet, species="cattle", verification="seen",
        happened_on=today().isoformat(),
    )  # fmt: skip
    return _purchase_form(form)


@bp.post("/pembelian")
@needs(P.MUTATION_RECORD)
def buy() -> ResponseReturnValue:
    form = read_form(PurchaseSchema())
    if form.value is None:
        return _purchase_form(form), 422
    told: Any = form.value
    command = RecordPurchase(
        id=told.mutation_id,
        animal=told.animal,
        happened_on=told.happened_on,
        seller=told.seller,
        came_from=told.came_from,
        paper_no=told.paper_no,
    )
    try:
        with transaction():
            mutation = record_purchase(command, by=actor())
    except (Conflict, Invalid) as error:
        return _purchase_form(form.refuse(error, FIELD_OF.get(error.code, WHOLE_FORM))), 422
    flash(_("It is recorded, with its numbers in the registers."), "success")
    return redirect(url_for("mutations.show", mutation_id=mutation.id))


def _asked(animal_id: UUID, slug: str) -> tuple[MutationKind, Animal]:
    found = animal_by_id(animal_id, by=actor())
    if slug not in KINDS or not may(actor(), P.MUTATION_RECORD, region=found.village):
        raise NotFound(animal_id=str(animal_id))
    return KINDS[slug], found


def _schema(kind: MutationKind, animal_id: UUID) -> Any:
    special = {K.BIRTH: BirthSchema, K.RETAG: RetagSchema, K.CORRECTION: CorrectSchema}
    if kind in special:
        return special[kind](animal_id)
    return RecordSchema(kind, animal_id)


def _do(command: Any, picture: Any) -> Mutation:
    match command:
        case RecordBirth():
            return record_birth(command, by=actor())
        case RetagAnimal():
            return retag_animal(command, by=actor())
        case CorrectAnimal():
            return correct_animal(command, by=actor())
        case RecordMutation():
            return record_mutation(_with_picture(command, picture), by=actor())
    raise TypeError(type(command).__name__)


def _with_picture(command: RecordMutation, picture: Any) -> RecordMutation:
    """Sent twice, the first picture counts: the second is not kept."""
    before = db.session.get(Mutation, command.id)
    if before is not None:
        return replace(command, file_id=before.file_id)
    if picture is None:
        return command
    return replace(command, file_id=keep_picture(picture, by=actor()).id)


def _form(kind: MutationKind, found: Animal, form: Form[Any]) -> str:
    return render_template(
        "mutations/record.html",
        form=form,
        kind=kind,
        slug=SLUGS[kind],
        fields=f"mutations/_{kind.value}.html",
        # An animal may go anywhere in the regency: the village that gets it agrees by receiving it.
        villages=[(v.code, full_name(v.code)) for v in villages_in(settings().regency)],
        whys=[(why.value, label(why)) for why in WHYS],
        **_choices(),
        **_about(found),
    )


def _purchase_form(form: Form[Any]) -> str:
    keeper = keeper_by_id(_uuid(form.raw.get("keeper_id", "")), by=actor())
    return render_template(
        "mutations/purchase.html",
        form=form,
        keeper=keeper,
        villages=village_options(actor(), P.MUTATION_RECORD),
        **_choices(),
    )


def _choices() -> dict[str, Any]:
    return {
        "species": Species,
        "sexes": Sex,
        "precisions": Precision,
        "evidence": Verification,
        "origins": Origin,
        "uses": Use,
    }


def _about(found: Animal) -> dict[str, Any]:
    return {
        "animal": found,
        "what": what_it_is(found),
        "tag": tags_shown([found.id])[found.id],
        "place": full_name(found.village),
    }


def _keeper_asked() -> UUID:
    return _uuid(request.args.get("pemilik", ""))


def _uuid(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError:
        raise NotFound(keeper_id=text[:40]) from None
