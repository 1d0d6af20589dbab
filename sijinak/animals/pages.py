"""Animals for people. The record of one animal stands behind its tag: see public."""

from collections.abc import Sequence
from enum import StrEnum
from typing import TypeVar
from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue

from sijinak.animals import labels as _labels  # noqa: F401 - names our enumerations
from sijinak.animals.models import AnimalState, Origin, Precision, Sex, Species, Use, Verification
from sijinak.animals.population.queries import seen_and_declared
from sijinak.animals.queries import Wanted, animals, count_owned, live_tags
from sijinak.animals.record import animals_named
from sijinak.animals.schemas import RegisterFormSchema
from sijinak.animals.services import RegisterAnimal, register_animal
from sijinak.areas.queries import full_name
from sijinak.core.codes import NotATagCode, parse_tag_code
from sijinak.core.db import transaction
from sijinak.core.errors import Conflict, Invalid
from sijinak.core.money import thousands
from sijinak.core.permissions import Actor, Permission, may
from sijinak.keepers.looking import Page as Where
from sijinak.keepers.pages import village_options
from sijinak.keepers.queries import keeper_by_id, keeper_facts
from sijinak.keepers.search import search_keepers
from sijinak.keepers.showing import shows_list
from sijinak.web.access import actor, needs
from sijinak.web.home import Tile
from sijinak.web.i18n import gettext as _
from sijinak.web.io import Form, blank, listing, place, read_form

Word = TypeVar("Word", bound=StrEnum)

bp = Blueprint("animals", __name__)
FILTERS = ("cari", "desa", "jenis", "dasar", "keadaan")
NUMBER = "number"  # one that nobody has yet, until the animal is registered with it
LONGEST_NUMBER = 40
FIELD_OF = {
    "tag-taken": "tag",
    "tag-not-usable": "tag",
    "eartag-taken": "eartag",
    "rfid-taken": "rfid",
    "not-an-rfid": "rfid",
    "old-card-taken": "old_card",
    "not-the-dam": "dam",
    "not-the-sire": "sire",
    "raiser-unknown": "raiser",
    "born-in-the-future": "birth_date",
    "seen-without-marks": "colour",
    "male-is-pregnant": "is_pregnant",
    "male-has-calved": "calvings",
}


@bp.app_template_global()
def animals_owned(keeper_id: UUID) -> str:
    """For the page of a keeper, who is known below animals."""
    return thousands(count_owned(keeper_id, by=actor()))


@bp.get("/")
@needs(Permission.ANIMAL_READ)
def index() -> ResponseReturnValue:
    asked = {name: request.args.get(name, "").strip() for name in FILTERS}
    if address := _the_one_named(asked["cari"]):
        return redirect(address)
    keeper_id = _uuid("pemilik")
    wanted = Wanted(
        keeper_id=keeper_id,
        owner=asked["cari"],
        village=asked["desa"],
        species=_member(Species, asked["jenis"]),
        verification=_member(Verification, asked["dasar"]),
        state=_member(AnimalState, asked["keadaan"]),
    )
    page = animals(by=actor(), wanted=wanted, place=place())
    names = keeper_facts({animal.keeper_id for animal in page.items})
    shows_list(Where.ANIMALS, names, asked["desa"], {"pemilik": keeper_id, **asked})
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
        states=AnimalState,
        villages=village_options(actor(), Permission.ANIMAL_READ),
        unknown=asked["cari"] if _may_be_a_number(asked["cari"]) else "",
    )


@bp.get("/baru")
@needs(Permission.ANIMAL_REGISTER)
def new() -> ResponseReturnValue:
    keeper_id = _uuid("pemilik")
    if number := (request.args.get("nomor") or request.args.get("tag", "")).strip():
        session[NUMBER] = number[:LONGEST_NUMBER]
    if keeper_id is None:
        flash(_("Choose the owner first."), "info")
        return redirect(url_for("keepers.index"))
    keeper = keeper_by_id(keeper_id, by=actor())
    form = blank(keeper_id=str(keeper.id), village=keeper.village, hamlet=keeper.hamlet)
    form.raw.update(species="cattle", verification="seen")
    if NUMBER in session:
        form.raw[_kind_of(session[NUMBER])] = session[NUMBER]
    return _form(form)


@bp.post("/baru")
@needs(Permission.ANIMAL_REGISTER)
def create() -> ResponseReturnValue:
    form = read_form(RegisterFormSchema())
    if form.value is None:
        return _form(form), 422
    try:
        with transaction():
            animal = register_animal(form.value, by=actor())
    except (Conflict, Invalid) as error:
        return _form(form.refuse(error, FIELD_OF.get(error.code, "_schema"))), 422
    session.pop(NUMBER, None)
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
        origins=Origin,
        uses=Use,
        raisers=_raisers(form.raw.get("raiser", "")) if "raiser" in form.errors else [],
    )


def _the_one_named(text: str) -> str | None:
    """Where the one animal stands that a code or number names."""
    found = animals_named(text, by=actor())
    if len(found) != 1:
        return None
    try:
        return url_for("public.tag", code=parse_tag_code(text))
    except NotATagCode:
        tag = live_tags(found).get(found[0])
    if tag is None:
        return url_for("animal_record.show", animal_id=found[0])
    return url_for("public.tag", code=tag.value)


def _may_be_a_number(text: str) -> bool:
    """It has digits, as no name has; an officer may give it to an animal."""
    return any(letter.isdigit() for letter in text) and may(actor(), Permission.ANIMAL_REGISTER)


def _kind_of(number: str) -> str:
    """The field of the form that a number belongs into."""
    try:
        parse_tag_code(number)
    except NotATagCode:
        digits = number.replace(" ", "")
        return "rfid" if digits.isdigit() and len(digits) == 15 else "eartag"  # noqa: PLR2004
    return "tag"


def _raisers(name: str) -> list[tuple[str, str]]:
    """Those whom a name may mean, to choose one."""
    found = search_keepers(name, by=actor())
    return [(str(one.id), f"{one.name}, {full_name(one.village)}") for one in found]


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
    seen, declared = seen_and_declared(by=by)
    return [
        Tile(
            _("Animals seen by an officer"),
            thousands(seen),
            url_for("animals.index", dasar=Verification.SEEN),
            "animal",
        ),
        Tile(
            _("Animals only declared"),
            thousands(declared),
            url_for("animals.index", dasar=Verification.DECLARED),
            "eye",
        ),
    ]
