"""Vaccinations for people: the list, the form with its answers to check, and one act."""

from collections.abc import Collection, Iterator, Mapping, Sequence

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from sijinak.animals import labels as _animal_labels  # noqa: F401 - names species and sexes
from sijinak.animals.models import AnimalState
from sijinak.animals.queries import AnimalFacts
from sijinak.areas.queries import full_name
from sijinak.core.clock import local, now
from sijinak.core.codes import NotATagCode, parse_tag_code, spaced
from sijinak.core.db import transaction
from sijinak.core.errors import Conflict, Invalid
from sijinak.core.money import thousands
from sijinak.core.permissions import Actor, Permission, may
from sijinak.vaccinations import labels as _labels  # noqa: F401 - names our diseases
from sijinak.vaccinations.campaigns import labels as _campaign_labels  # noqa: F401 - its sentences
from sijinak.vaccinations.campaigns.queries import campaign_name, open_campaigns
from sijinak.vaccinations.queries import (
    SOON_DAYS,
    animals_to_vaccinate,
    done_on,
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
LONGEST_CODES = 4000  # 200 animals
UNKNOWN_TAG = N_("%(tag)s: there is no such animal in your working area.")
NOT_PRESENT = N_("%(tag)s: %(state)s. Only an animal that is there can be vaccinated.")
BROWSER_MOMENT = "%Y-%m-%dT%H:%M"
FIELD_OF = {
    "unknown-product": "product_id",
    "product-inactive": "product_id",
    "lot-missing": "lot",
    "no-animals": "codes",
    "too-many-animals": "codes",
    "animal-twice": "codes",
    "animal-not-present": "codes",
    "campaign-of-another-disease": "campaign_id",
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
        may_see_villages=may(actor(), Permission.POPULATION_READ),
    )


@bp.get("/baru")
@needs(Permission.VACCINATION_RECORD)
def new() -> ResponseReturnValue:
    """Product and lot are those of the actor's last act today, so that a round goes fast."""
    form = blank(given_at=local(now()).strftime(BROWSER_MOMENT), codes=_scanned())
    last = own_last_act(by=actor())
    if last is not None and last.product.is_active:
        form.raw.update(product_id=str(last.product_id), lot=last.lot)
        form.raw["campaign_id"] = str(last.campaign_id or "")
    return _form(form)


@bp.post("/baru")
@needs(Permission.VACCINATION_RECORD)
def create() -> ResponseReturnValue:
    """One address for the steps of the form: check the answers, change them, record them."""
    form = read_form(VaccinationFormSchema())
    if form.value is None or form.value.step == "change":
        return _form(form), 422 if form.errors else 200
    animals = animals_to_vaccinate(form.value.codes, by=actor())
    if wrong := list(_not_to_vaccinate(form.value.codes, animals)):
        form.errors["codes"] = wrong
        return _form(form), 422
    try:
        return _next_step(form.value, animals)
    except (Conflict, Invalid) as error:
        return _form(form.refuse(error, FIELD_OF.get(error.code, WHOLE_FORM))), 422


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
        campaign_id=answers.campaign_id,
    )
    if answers.step == "check":
        return _check(answers, command, [animals[code] for code in answers.codes])
    with transaction():
        act = record_vaccinations(command, by=actor())
    heads = len(command.animal_ids)
    said = ngettext("%(n)s animal is recorded.", "%(n)s animals are recorded.", heads)
    flash(said, "success")
    return redirect(url_for(".show", act_id=act.id))


def _not_to_vaccinate(codes: Collection[str], animals: Mapping[str, AnimalFacts]) -> Iterator[str]:
    """A sentence for each tag whose animal is out of reach, or not there any more."""
    for code in codes:
        if code not in animals:
            yield _(UNKNOWN_TAG, tag=spaced(code))
        elif (state := animals[code].state) is not AnimalState.PRESENT:
            yield _(NOT_PRESENT, tag=spaced(code), state=label(state))


def _check(answers: Answers, command: RecordVaccinations, animals: list[AnimalFacts]) -> str:
    product = check_vaccinations(command, by=actor())
    day = local(command.given_at).date()
    return render_template(
        "vaccinations/check.html",
        answers=answers,
        kept={**request.form, "codes": "\n".join(spaced(code) for code in answers.codes)},
        product=product,
        campaign=campaign_name(answers.campaign_id),
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
        campaigns=[("", _("None")), *((str(c.id), c.name) for c in open_campaigns(by=actor()))],
    )


def _scanned() -> str:
    """The code that the record page hands over; what is no code is left for the person to see."""
    code = request.args.get("kode", "")[:LONGEST_CODES]
    try:
        return spaced(parse_tag_code(code))
    except NotATagCode:
        return code
