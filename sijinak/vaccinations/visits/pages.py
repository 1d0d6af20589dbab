"""Visits for people: what was not vaccinated and why, where to go again, reactions."""

from datetime import timedelta
from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from sijinak.animals.models import Animal, Species
from sijinak.animals.queries import animal_by_id, live_tags
from sijinak.areas.queries import full_name, places
from sijinak.core.clock import local, now, today
from sijinak.core.db import transaction
from sijinak.core.errors import Conflict, Invalid, NotFound
from sijinak.core.ids import uuid7
from sijinak.core.permissions import Permission, may
from sijinak.keepers.looking import Page as Where
from sijinak.keepers.pages import village_options
from sijinak.keepers.showing import shows_list
from sijinak.vaccinations.campaigns.queries import open_campaigns
from sijinak.vaccinations.models import Disease
from sijinak.vaccinations.pages import BROWSER_MOMENT
from sijinak.vaccinations.queries import products
from sijinak.vaccinations.visits.commands import CountHeads, RecordReaction, RecordResult
from sijinak.vaccinations.visits.labels import FIELD_OF
from sijinak.vaccinations.visits.models import Outcome, Severity
from sijinak.vaccinations.visits.queries import (
    heads_in,
    owners_in,
    results_in,
    to_visit_again,
    whose,
)
from sijinak.vaccinations.visits.schemas import HeadsSchema, ReactionSchema, ResultSchema
from sijinak.vaccinations.visits.services import count_heads, record_reaction, record_result
from sijinak.web.access import actor, needs
from sijinak.web.i18n import gettext as _
from sijinak.web.io import WHOLE_FORM, Form, blank, read_form
from sijinak.web.labels import label, options

bp = Blueprint("visits", __name__)
READ, RECORD = Permission.VACCINATION_READ, Permission.VACCINATION_RECORD


@bp.get("/")
@needs(READ)
def index() -> ResponseReturnValue:
    """Where to go again: by village, the soonest day first."""
    groups: dict[str, list[object]] = {}
    found = to_visit_again(by=actor())
    shows_list(Where.DUE, whose(found))
    for told in found:
        groups.setdefault(told.result.village, []).append(told)
    return render_template(
        "visits/index.html",
        groups=groups,
        today=today(),
        full_name=full_name,
        may_record=may(actor(), RECORD),
    )


@bp.get("/desa/<village>")
@needs(READ)
def in_village(village: str) -> ResponseReturnValue:
    """Everything that was said of a village, also what was taken back."""
    if not may(actor(), READ, region=village) or village not in places():
        raise NotFound(village=village)
    results = results_in(village, by=actor())
    shows_list(Where.DUE, whose(results), village)
    return render_template(
        "visits/village.html",
        village=village,
        results=results,
        counts=heads_in(village, by=actor()),
        full_name=full_name,
        me_id=actor().id,
        leads=may(actor(), Permission.CAMPAIGN_MANAGE, region=village),
        may_record=may(actor(), RECORD, region=village),
    )


@bp.get("/baru")
@needs(RECORD)
def new() -> ResponseReturnValue:
    """From a campaign's village, or from an animal's page."""
    asked = {name: request.args.get(word, "") for name, word in _ASKED.items()}
    again = (today() + timedelta(days=7)).isoformat()
    return _result_form(blank(at=_moment(), heads="1", next_visit=again, **asked))


@bp.post("/baru")
@needs(RECORD)
def create() -> ResponseReturnValue:
    form = read_form(ResultSchema())
    if form.value is None:
        return _result_form(form), 422
    try:
        with transaction():
            result = record_result(form.value, by=actor())
    except (Conflict, Invalid) as error:
        return _result_form(form.refuse(error, FIELD_OF.get(error.code, WHOLE_FORM))), 422
    flash(_("The result is recorded."), "success")
    return redirect(url_for(".in_village", village=result.village))


@bp.get("/kepala/baru")
@needs(RECORD)
def new_heads() -> ResponseReturnValue:
    asked = {name: request.args.get(word, "") for name, word in _ASKED.items()}
    return _heads_form(blank(at=_moment(), act_id=str(uuid7()), **asked))


@bp.post("/kepala/baru")
@needs(RECORD)
def create_heads() -> ResponseReturnValue:
    form = read_form(HeadsSchema())
    if form.value is None:
        return _heads_form(form), 422
    try:
        with transaction():
            heads = count_heads(form.value, by=actor())
    except (Conflict, Invalid) as error:
        return _heads_form(form.refuse(error, FIELD_OF.get(error.code, WHOLE_FORM))), 422
    flash(_("The animals are counted."), "success")
    return redirect(url_for(".in_village", village=heads.village))


@bp.get("/reaksi/<uuid:animal_id>")
@needs(RECORD)
def new_reaction(animal_id: UUID) -> ResponseReturnValue:
    return _reaction_form(_animal(animal_id), blank(at=_moment()))


@bp.post("/reaksi/<uuid:animal_id>")
@needs(RECORD)
def create_reaction(animal_id: UUID) -> ResponseReturnValue:
    animal = _animal(animal_id)
    form = read_form(ReactionSchema())
    if form.value is None or form.value.animal_id != animal_id:
        return _reaction_form(animal, form), 422
    try:
        with transaction():
            record_reaction(form.value, by=actor())
    except (Conflict, Invalid) as error:
        form.refuse(error, FIELD_OF.get(error.code, WHOLE_FORM))
        return _reaction_form(animal, form), 422
    flash(_("The reaction is recorded."), "success")
    return redirect(url_for("animal_record.show", animal_id=animal_id))


_ASKED = {
    "campaign_id": "kampanye",
    "village": "desa",
    "animal_id": "ternak",
    "disease": "penyakit",
}


def _moment() -> str:
    return local(now()).strftime(BROWSER_MOMENT)


def _animal(animal_id: UUID) -> Animal:
    """Where the actor may record. Raises NotFound."""
    animal = animal_by_id(animal_id, by=actor())
    if not may(actor(), RECORD, region=animal.village):
        raise NotFound(animal_id=str(animal_id))
    return animal


def _campaigns(form: Form[RecordResult] | Form[CountHeads]) -> list[tuple[str, str]]:
    """Those under way; one that the address named also chooses the disease."""
    found = open_campaigns(by=actor())
    for campaign in found:
        if str(campaign.id) == form.raw.get("campaign_id") and not form.raw.get("disease"):
            form.raw["disease"] = campaign.disease.value
        if str(campaign.id) == form.raw.get("campaign_id") and not form.raw.get("product_id"):
            form.raw["product_id"] = str(campaign.product_id or "")
    return [("", _("None")), *((str(one.id), one.name) for one in found)]


def _owners(village: str) -> list[tuple[str, str]]:
    known = owners_in(village, by=actor()) if village else []
    return [("", _("Nobody in particular")), *((str(one), name) for one, name in known)]


def _result_form(form: Form[RecordResult]) -> str:
    animal = None
    try:
        if form.raw.get("animal_id"):
            animal = _animal(UUID(form.raw["animal_id"]))
            form.raw["village"] = animal.village
    except ValueError:
        raise NotFound from None
    return render_template(
        "visits/new.html",
        form=form,
        animal=animal,
        tag=live_tags([animal.id])[animal.id].value if animal else "",
        campaigns=_campaigns(form),
        diseases=[("", _("Choose a disease")), *options(Disease)],
        villages=[("", _("Choose a village")), *village_options(actor(), RECORD)],
        owners=_owners(form.raw.get("village", "")),
        species=[("", _("Choose a species")), *options(Species)],
        outcomes=options(Outcome),
        full_name=full_name,
    )


def _heads_form(form: Form[CountHeads]) -> str:
    known = [(str(p.id), f"{p.name} – {label(p.disease)}") for p in products()]
    return render_template(
        "visits/heads.html",
        form=form,
        campaigns=_campaigns(form),
        products=[("", _("Choose a vaccine")), *known],
        villages=[("", _("Choose a village")), *village_options(actor(), RECORD)],
        owners=_owners(form.raw.get("village", "")),
        species=[("", _("Choose a species")), *options(Species)],
    )


def _reaction_form(animal: Animal, form: Form[RecordReaction]) -> str:
    return render_template(
        "visits/reaction.html",
        form=form,
        animal=animal,
        tag=live_tags([animal.id])[animal.id].value,
        severities=options(Severity),
    )
