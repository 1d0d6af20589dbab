"""The pages of a village day: owner, line after line, and a line taken back."""

from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue

from sijinak.animals.models import Animal, Sex, Species, Verification
from sijinak.animals.pages import FIELD_OF
from sijinak.animals.queries import animal_by_id, live_tags
from sijinak.animals.services import RegisterAnimal, register_animal
from sijinak.animals.villageday.queries import animals_of_today
from sijinak.animals.villageday.schemas import LineSchema, WithdrawSchema
from sijinak.animals.withdrawing import WithdrawRegistration, withdraw_registration
from sijinak.areas.queries import full_name
from sijinak.core.clock import today
from sijinak.core.codes import spaced
from sijinak.core.db import transaction
from sijinak.core.errors import Conflict, Invalid, NotFound
from sijinak.core.permissions import Permission, may
from sijinak.keepers.looking import Page as Where
from sijinak.keepers.models import Keeper, KeeperKind
from sijinak.keepers.pages import village_options
from sijinak.keepers.queries import facts_of, keeper_by_id, keeper_by_nik, keeper_in_reach
from sijinak.keepers.schemas import RegisterKeeperSchema
from sijinak.keepers.search import search_keepers
from sijinak.keepers.services import NikTaken, RegisterKeeper, register_keeper
from sijinak.keepers.showing import shows_list
from sijinak.web.access import actor, needs
from sijinak.web.i18n import N_
from sijinak.web.i18n import gettext as _
from sijinak.web.io import WHOLE_FORM, Form, blank, read_form
from sijinak.web.messages import MESSAGES

bp = Blueprint("villageday", __name__)
MESSAGES["came-otherwise"] = N_(
    "This animal came by a mutation or in a list. Undo the mutation or the list instead."
)

REMEMBERED = "village"
TWO_YEARS = 24  # months
LONGEST_SEARCH = 64
# What the next animal most likely shares with the last; the first fields of the form.
# The sex and the marks are typed for each: it is known again by them.
CARRIED = ("species", "breed", "verification", "village", "hamlet")
FIELDS = (
    *CARRIED, "sex", "age", "age_unit", "teeth", "colour", "special_marks", "horns", "ears",
    "whorls", "brand", "calvings", "is_pregnant", "eartag", "tag",
)  # fmt: skip
MORE_MARKS = frozenset({"horns", "ears", "whorls", "brand", "calvings", "is_pregnant"})
LINE_FIELD_OF = {**FIELD_OF, "tag-not-usable": "tag"}


@bp.get("/")
@needs(Permission.ANIMAL_REGISTER)
def index() -> ResponseReturnValue:
    """Where one is, and whose animals come next."""
    villages = village_options(actor(), Permission.ANIMAL_REGISTER)
    asked = request.args.get("desa", session.get(REMEMBERED, ""))
    if asked in dict(villages):
        session[REMEMBERED] = asked
    name = request.args.get("nama", "")[:LONGEST_SEARCH].strip()
    return _start(blank(village=session.get(REMEMBERED, ""), name=name), name)


@bp.post("/")
@needs(Permission.KEEPER_REGISTER)
def add_owner() -> ResponseReturnValue:
    """An owner whom the search did not find."""
    form = read_form(RegisterKeeperSchema(KeeperKind.PERSON))
    if form.value is None:
        return _start(form), 422
    try:
        with transaction():
            keeper = register_keeper(form.value, by=actor())
    except NikTaken as error:
        known = keeper_in_reach(keeper_by_nik(form.value.nik), by=actor())
        return _start(form.refuse(error, "nik"), known=known), 422
    except (Conflict, Invalid) as error:
        return _start(form.refuse(error, "nik" if "nik" in error.code else WHOLE_FORM)), 422
    session[REMEMBERED] = keeper.village
    return redirect(url_for(".line", keeper_id=keeper.id))


@bp.get("/<uuid:keeper_id>")
@needs(Permission.ANIMAL_REGISTER)
def line(keeper_id: UUID) -> ResponseReturnValue:
    keeper = _owner(keeper_id)
    made = animals_of_today(keeper.id)
    return _lines(_next_line(keeper, made), keeper, made)


@bp.post("/<uuid:keeper_id>")
@needs(Permission.ANIMAL_REGISTER)
def save(keeper_id: UUID) -> ResponseReturnValue:
    keeper = _owner(keeper_id)
    form = read_form(LineSchema(keeper.id))
    if form.value is None:
        return _lines(form, keeper), 422
    try:
        with transaction():
            register_animal(form.value, by=actor())
    except (Conflict, Invalid) as error:
        return _lines(form.refuse(error, LINE_FIELD_OF.get(error.code, WHOLE_FORM)), keeper), 422
    return redirect(url_for(".line", keeper_id=keeper.id), 303)


@bp.get("/<uuid:keeper_id>/<uuid:animal_id>/batal")
@needs(Permission.ANIMAL_REGISTER)
def ask_to_withdraw(keeper_id: UUID, animal_id: UUID) -> ResponseReturnValue:
    form = blank(reason=_("Typed by mistake"))
    return _withdrawal(form, keeper_id, animal_id)


@bp.post("/<uuid:keeper_id>/<uuid:animal_id>/batal")
@needs(Permission.ANIMAL_REGISTER)
def withdraw(keeper_id: UUID, animal_id: UUID) -> ResponseReturnValue:
    form = read_form(WithdrawSchema(animal_id))
    if form.value is None:
        return _withdrawal(form, keeper_id, animal_id), 422
    _animal_of(keeper_id, animal_id)
    try:
        with transaction():
            withdraw_registration(form.value, by=actor())
    except (Conflict, Invalid) as error:
        return _withdrawal(form.refuse(error), keeper_id, animal_id), 409
    flash(_("The registration was taken back. Its tag and numbers are free again."), "success")
    return redirect(url_for(".line", keeper_id=keeper_id), 303)


def _owner(keeper_id: UUID) -> Keeper:
    """Raises NotFound, also for an owner at a place where the clerk registers nothing."""
    keeper = keeper_by_id(keeper_id, by=actor())
    if not may(actor(), Permission.ANIMAL_REGISTER, region=keeper.village):
        raise NotFound(keeper_id=str(keeper_id))
    return keeper


def _animal_of(keeper_id: UUID, animal_id: UUID) -> Animal:
    animal = animal_by_id(animal_id, by=actor())
    if animal.keeper_id != _owner(keeper_id).id:
        raise NotFound(animal_id=str(animal_id))
    return animal


def _next_line(keeper: Keeper, made: list[Animal]) -> Form[RegisterAnimal]:
    """What only changes from animal to animal is left to be typed."""
    if made:
        return blank(**{name: str(getattr(made[0], name)) for name in CARRIED}, age_unit="year")
    village = session.get(REMEMBERED) or keeper.village
    hamlet = keeper.hamlet if village == keeper.village else ""
    return blank(
        species=Species.CATTLE, verification=Verification.SEEN, village=village, hamlet=hamlet,
        age_unit="year",
    )  # fmt: skip


def _start(form: Form[RegisterKeeper], name: str = "", known: Keeper | None = None) -> str:
    """Searched in the village first, then wherever the clerk may look."""
    village = form.raw.get("village", "")
    found = search_keepers(name, by=actor(), village=village) if name else []
    elsewhere = not found and bool(name)
    if elsewhere:
        found = search_keepers(name, by=actor())
    reached = [k for k in found if may(actor(), Permission.ANIMAL_REGISTER, region=k.village)]
    asked = {"nama": name, "desa": "" if elsewhere else village}
    shows_list(Where.KEEPERS, (k.id for k in reached), asked["desa"], asked)
    return render_template(
        "villageday/index.html",
        form=form,
        asked=Form({"desa": village, "nama": name}),
        name=name,
        is_empty_search=not name and "nama" in request.args,
        found=reached,
        elsewhere=elsewhere,
        known=known,
        villages=village_options(actor(), Permission.ANIMAL_REGISTER),
        full_name=full_name,
        facts_of=facts_of,
    )


def _lines(form: Form[RegisterAnimal], keeper: Keeper, made: list[Animal] | None = None) -> str:
    made = animals_of_today(keeper.id) if made is None else made
    wrong = [name for name in FIELDS if name in form.errors]
    return render_template(
        "villageday/line.html",
        form=form,
        keeper=keeper,
        made=made,
        codes={animal_id: tag.value for animal_id, tag in live_tags([a.id for a in made]).items()},
        focus=wrong[0] if wrong else "sex" if made else "species",
        carried_open=not made or not set(wrong).isdisjoint(CARRIED),
        more_open=not MORE_MARKS.isdisjoint(wrong),
        villages=village_options(actor(), Permission.ANIMAL_REGISTER),
        species=Species,
        sexes=Sex,
        evidence=Verification,
        full_name=full_name,
        age=_age,
    )


def _withdrawal(form: Form[WithdrawRegistration], keeper_id: UUID, animal_id: UUID) -> str:
    animal = _animal_of(keeper_id, animal_id)
    tag = live_tags([animal.id]).get(animal.id)
    return render_template(
        "villageday/withdraw.html",
        form=form,
        animal=animal,
        keeper=_owner(keeper_id),
        code=spaced(tag.value) if tag else "",
    )


def _age(animal: Animal) -> str:
    """In full months below two years, else in years."""
    born, on = animal.birth_date, today()
    if born is None:
        return "" if animal.teeth is None else _("poel %(pairs)s", pairs=animal.teeth)
    months = (on.year - born.year) * 12 + on.month - born.month - (on.day < born.day)
    if months < TWO_YEARS:
        return _("%(n)s months", n=months)
    return _("%(n)s years", n=months // 12)
