"""Vaccinations for people: the list, the form with its answers to check, and one act."""

from collections.abc import Sequence
from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from sijinak.animals import labels as _animal_labels  # noqa: F401 - names species and sexes
from sijinak.animals.queries import AnimalFacts
from sijinak.areas.queries import full_name
from sijinak.core.clock import local, now
from sijinak.core.codes import NotATagCode, parse_tag_code, spaced
from sijinak.core.db import transaction
from sijinak.core.errors import Conflict, Invalid
from sijinak.core.money import thousands
from sijinak.core.permissions import Actor, Permission, may
from sijinak.vaccinations import labels as _labels  # noqa: F401 - names our diseases
from sijinak.vaccinations.queries import (
    SOON_DAYS,
    act_by_id,
    animals_to_vaccinate,
    done_on,
    due_animals,
    due_soon,
    given_this_month,
    heads_of,
    last_vaccinations,
    own_last_act,
    products,
)
from sijinak.vaccinations.schemas import Answers, VaccinationFormSchema
from sijinak.vaccinations.services import (
    RecordVaccinations,
    check_vaccinations,
    record_vaccinations,
)
from sijinak.web.access import actor, needs
from sijinak.web.home import Tile
from sijinak.web.i18n import N_, ngettext
from sijinak.web.i18n import gettext as _
from sijinak.web.io import WHOLE_FORM, Form, blank, listing, place, read_form
from sijinak.web.labels import label

bp = Blueprint("vaccinations", __name__)
LONGEST_CODE = 80
MOST_SHOWN = 200
UNKNOWN_TAG = N_("%(tag)s: there is no such animal in your working area.")
BROWSER_MOMENT = "%Y-%m-%dT%H:%M"
FIELD_OF = {
    "unknown-product": "product_id",
    "product-inactive": "product_id",
    "lot-missing": "lot",
    "no-animals": "codes",
    "too-many-animals": "codes",
    "animal-twice": "codes",
    "given-in-the-future": "given_at",
    "given-too-long-ago": "given_at",
}


@bp.get("/")
@needs(Permission.VACCINATION_READ)
def index() -> ResponseReturnValue:
    page = last_vaccinations(by=actor(), place=place())
    return render_template(
        "vaccinations/index.html",
        page=listing(page, ".index"),
        heads=heads_of([act.id for act in page.items], by=actor()),
        full_name=full_name,
        may_record=may(actor(), Permission.VACCINATION_RECORD),
    )


@bp.get("/jatuh-tempo")
@needs(Permission.VACCINATION_READ)
def due() -> ResponseReturnValue:
    """Where animals are due soon: which villages to visit first."""
    found = sorted(due_soon(by=actor()).items(), key=lambda row: (-row[1], full_name(row[0])))
    return render_template(
        "vaccinations/due.html",
        rows=[(v, full_name(v), thousands(n)) for v, n in found],
        days=SOON_DAYS,
    )


@bp.get("/jatuh-tempo/<village>")
@needs(Permission.VACCINATION_READ)
def due_in(village: str) -> ResponseReturnValue:
    """Which animals of a village to look for; the first of them when there are very many."""
    found = due_animals(village, by=actor(), most=MOST_SHOWN + 1)
    return render_template(
        "vaccinations/due_in.html",
        village=full_name(village) if found else "",
        rows=found[:MOST_SHOWN],
        most=MOST_SHOWN if len(found) > MOST_SHOWN else 0,
        days=SOON_DAYS,
    )


@bp.get("/baru")
@needs(Permission.VACCINATION_RECORD)
def new() -> ResponseReturnValue:
    """Product and lot are those of the actor's last act today, so that a round goes fast."""
    form = blank(given_at=local(now()).strftime(BROWSER_MOMENT), codes=_scanned())
    last = own_last_act(by=actor())
    if last is not None and last.product.is_active:
        form.raw.update(product_id=str(last.product_id), lot=last.lot)
    return _form(form)


@bp.post("/baru")
@needs(Permission.VACCINATION_RECORD)
def create() -> ResponseReturnValue:
    """One address for the steps of the form: check the answers, change them, record them."""
    form = read_form(VaccinationFormSchema())
    if form.value is None or form.value.step == "change":
        return _form(form), 422 if form.errors else 200
    animals = animals_to_vaccinate(form.value.codes, by=actor())
    if missing := [code for code in form.value.codes if code not in animals]:
        form.errors["codes"] = [_(UNKNOWN_TAG, tag=spaced(code)) for code in missing]
        return _form(form), 422
    try:
        return _next_step(form.value, animals)
    except (Conflict, Invalid) as error:
        return _form(form.refuse(error, FIELD_OF.get(error.code, WHOLE_FORM))), 422


@bp.get("/<uuid:act_id>")
@needs(Permission.VACCINATION_READ)
def show(act_id: UUID) -> ResponseReturnValue:
    return render_template(
        "vaccinations/show.html",
        facts=act_by_id(act_id, by=actor()),
        full_name=full_name,
        may_record=may(actor(), Permission.VACCINATION_RECORD),
    )


def tiles(by: Actor) -> Sequence[Tile]:
    """What was given this month in the actor's area, and what is due soon."""
    if not may(by, Permission.VACCINATION_READ):
        return ()
    given, due_heads = given_this_month(by=by), sum(due_soon(by=by).values())
    month = _("Vaccinations this month")
    soon = _("Animals to vaccinate within %(days)s days", days=SOON_DAYS)
    return [
        Tile(month, thousands(given), url_for("vaccinations.index"), "vaccine"),
        Tile(
            soon,
            thousands(due_heads),
            url_for("vaccinations.due"),
            "calendar",
            "warning" if due_heads else "neutral",
        ),
    ]


def _next_step(answers: Answers, animals: dict[str, AnimalFacts]) -> ResponseReturnValue:
    command = RecordVaccinations(
        id=answers.id,
        product_id=answers.product_id,
        lot=answers.lot,
        given_at=answers.given_at,
        animal_ids=tuple(animals[code].id for code in answers.codes),
        note=answers.note,
    )
    if answers.step == "check":
        return _check(answers, command, [animals[code] for code in answers.codes])
    with transaction():
        act = record_vaccinations(command, by=actor())
    heads = len(command.animal_ids)
    said = ngettext("%(n)s animal is recorded.", "%(n)s animals are recorded.", heads)
    flash(said, "success")
    return redirect(url_for(".show", act_id=act.id))


def _check(answers: Answers, command: RecordVaccinations, animals: list[AnimalFacts]) -> str:
    product = check_vaccinations(command, by=actor())
    day = local(command.given_at).date()
    return render_template(
        "vaccinations/check.html",
        answers=answers,
        kept={**request.form, "codes": "\n".join(spaced(code) for code in answers.codes)},
        product=product,
        animals=animals,
        done=done_on(day, product.disease, command.animal_ids),
        full_name=full_name,
    )


def _form(form: Form[Answers]) -> str:
    options = [(str(p.id), f"{p.name} – {label(p.disease)}") for p in products()]
    return render_template(
        "vaccinations/new.html",
        form=form,
        products=[("", _("Choose a vaccine")), *options],
    )


def _scanned() -> str:
    """The code that the record page hands over; what is no code is left for the person to see."""
    code = request.args.get("kode", "")[:LONGEST_CODE]
    try:
        return spaced(parse_tag_code(code))
    except NotATagCode:
        return code
