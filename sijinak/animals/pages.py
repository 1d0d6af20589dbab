"""Animals for people. The record of one animal stands behind its tag: see public."""

from collections.abc import Sequence
from enum import StrEnum
from typing import TypeVar
from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from sijinak.animals import labels as _labels  # noqa: F401 - names our enumerations
from sijinak.animals.models import IdentifierKind, Precision, Sex, Species, Verification
from sijinak.animals.queries import Wanted, animals, count_animals, live_tags, tag_of
from sijinak.animals.schemas import RegisterAnimalSchema
from sijinak.animals.services import RegisterAnimal, register_animal
from sijinak.areas.queries import full_name
from sijinak.core.codes import NotATagCode, parse_tag_code
from sijinak.core.db import transaction
from sijinak.core.errors import Conflict, Invalid
from sijinak.core.money import thousands
from sijinak.core.permissions import Actor, Permission, may
from sijinak.keepers.pages import village_options
from sijinak.keepers.queries import keeper_by_id, keeper_facts
from sijinak.web.access import actor, needs
from sijinak.web.home import Tile
from sijinak.web.i18n import gettext as _
from sijinak.web.io import Form, blank, listing, place, read_form

Word = TypeVar("Word", bound=StrEnum)

bp = Blueprint("animals", __name__)
FILTERS = ("cari", "desa", "jenis", "dasar")
FIELD_OF = {
    "tag-taken": "tag",
    "eartag-taken": "eartag",
    "born-in-the-future": "birth_date",
    "seen-without-marks": "colour",
    "male-is-pregnant": "is_pregnant",
    "male-has-calved": "calvings",
}


@bp.get("/")
@needs(Permission.ANIMAL_READ)
def index() -> ResponseReturnValue:
    asked = {name: request.args.get(name, "").strip() for name in FILTERS}
    if tag := _tag_named(asked["cari"]):
        return redirect(url_for("public.tag", code=tag))
    keeper_id = _uuid("pemilik")
    wanted = Wanted(
        keeper_id=keeper_id,
        owner=asked["cari"],
        village=asked["desa"],
        species=_member(Species, asked["jenis"]),
        verification=_member(Verification, asked["dasar"]),
    )
    page = animals(by=actor(), wanted=wanted, place=place())
    names = keeper_facts({animal.keeper_id for animal in page.items})
    return render_template(
        "animals/index.html",
        page=listing(page, ".index", pemilik=keeper_id, **asked),
        tags=live_tags([animal.id for animal in page.items]),
        keepers=names,
        keeper=keeper_facts([keeper_id]).get(keeper_id) if keeper_id and page.items else None,
        full_name=full_name,
        form=Form(asked),
        species=Species,
        evidence=Verification,
        villages=village_options(actor(), Permission.ANIMAL_READ),
    )


@bp.get("/baru")
@needs(Permission.ANIMAL_REGISTER)
def new() -> ResponseReturnValue:
    keeper_id = _uuid("pemilik")
    if keeper_id is None:
        flash(_("Choose the owner first."), "info")
        return redirect(url_for("keepers.index"))
    keeper = keeper_by_id(keeper_id, by=actor())
    form = blank(keeper_id=str(keeper.id), village=keeper.village, hamlet=keeper.hamlet)
    form.raw.update(species="cattle", verification="seen")
    return _form(form)


@bp.post("/baru")
@needs(Permission.ANIMAL_REGISTER)
def create() -> ResponseReturnValue:
    form = read_form(RegisterAnimalSchema())
    if form.value is None:
        return _form(form), 422
    try:
        with transaction():
            animal = register_animal(form.value, by=actor())
    except (Conflict, Invalid) as error:
        return _form(form.refuse(error, FIELD_OF.get(error.code, "_schema"))), 422
    flash(_("The animal is registered. Print its tag, or register the next one."), "success")
    tag = live_tags([animal.id])[animal.id].value
    return redirect(url_for("public.tag", code=tag))


def _form(form: Form[RegisterAnimal]) -> str:
    keeper_id = _uuid_in(form.raw.get("keeper_id", ""))
    keeper = keeper_by_id(keeper_id, by=actor()) if keeper_id else None
    villages = village_options(actor(), Permission.ANIMAL_REGISTER)
    return render_template(
        "animals/new.html",
        form=form,
        keeper=keeper,
        villages=villages,
        species=Species,
        sexes=Sex,
        precisions=Precision,
    )


def _tag_named(text: str) -> str | None:
    """The tag of the one animal that a code or an ear tag number names."""
    try:
        tag = tag_of(IdentifierKind.TAG, parse_tag_code(text), by=actor())
    except NotATagCode:
        tag = None
    return tag or (tag_of(IdentifierKind.EARTAG, text, by=actor()) if text else None)


def _member(kind: type[Word], text: str) -> Word | None:
    return kind(text) if text in list(kind) else None


def _uuid(name: str) -> UUID | None:
    return _uuid_in(request.args.get(name, ""))


def _uuid_in(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None


def tiles(by: Actor) -> Sequence[Tile]:
    """Animals in the actor's area, seen apart from declared."""
    if not may(by, Permission.ANIMAL_READ):
        return ()
    counts = count_animals(by=by)
    return [
        Tile(
            _("Animals seen by an officer"),
            thousands(counts.get(Verification.SEEN, 0)),
            url_for("animals.index", dasar=Verification.SEEN),
            "animal",
        ),
        Tile(
            _("Animals only declared"),
            thousands(counts.get(Verification.DECLARED, 0)),
            url_for("animals.index", dasar=Verification.DECLARED),
            "eye",
        ),
    ]
