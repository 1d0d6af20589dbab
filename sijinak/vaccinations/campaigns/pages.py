"""Campaigns for people: the list, one campaign with its villages and team, its steps."""

from uuid import UUID

from flask import Blueprint, Response, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from sijinak.areas.models import Level
from sijinak.areas.queries import full_name, places, regions_within
from sijinak.core.clock import today
from sijinak.core.db import transaction
from sijinak.core.errors import Conflict, Invalid
from sijinak.core.ids import uuid7
from sijinak.core.permissions import Permission, may
from sijinak.vaccinations import labels as _labels  # noqa: F401 - names our diseases
from sijinak.vaccinations.campaigns.commands import (
    GOAL_PERCENT,
    ChangeCampaign,
    PlanCampaign,
    TakeStep,
)
from sijinak.vaccinations.campaigns.labels import FIELD_OF, TONES
from sijinak.vaccinations.campaigns.models import CAMPAIGN_FLOW, Campaign
from sijinak.vaccinations.campaigns.queries import (
    campaign_by_id,
    campaigns,
    last_outbreaks,
    manages,
    sizes_of,
    team_of,
    villages_of,
)
from sijinak.vaccinations.campaigns.schemas import ChangeCampaignSchema, PlanCampaignSchema
from sijinak.vaccinations.campaigns.services import change_campaign, plan_campaign, take_step
from sijinak.vaccinations.models import Disease
from sijinak.vaccinations.queries import product_by_id, products
from sijinak.web.access import actor, needs
from sijinak.web.exporting import CSV, Export, hand_out
from sijinak.web.formats import day
from sijinak.web.i18n import gettext as _
from sijinak.web.io import WHOLE_FORM, Form, blank, listing, place, read_form
from sijinak.web.labels import label, options
from sijinak.web.messages import message_for

bp = Blueprint("campaigns", __name__)
READ, MANAGE = Permission.VACCINATION_READ, Permission.CAMPAIGN_MANAGE


@bp.get("/")
@needs(READ)
def index() -> ResponseReturnValue:
    page = campaigns(by=actor(), place=place())
    return render_template(
        "campaigns/index.html",
        page=listing(page, ".index"),
        sizes=sizes_of([campaign.id for campaign in page.items]),
        tones=TONES,
        may_manage=may(actor(), MANAGE),
    )


@bp.get("/baru")
@needs(MANAGE)
def new() -> ResponseReturnValue:
    return _plan_form(blank(goal_percent=str(GOAL_PERCENT), starts_on=today().isoformat()))


@bp.post("/baru")
@needs(MANAGE)
def create() -> ResponseReturnValue:
    form = read_form(PlanCampaignSchema())
    if form.value is None:
        return _plan_form(form), 422
    try:
        with transaction():
            campaign = plan_campaign(form.value, by=actor())
    except (Conflict, Invalid) as error:
        return _plan_form(form.refuse(error, FIELD_OF.get(error.code, WHOLE_FORM))), 422
    return redirect(url_for("campaign_villages.choose", campaign_id=campaign.id))


@bp.get("/<uuid:campaign_id>")
@needs(READ)
def show(campaign_id: UUID) -> ResponseReturnValue:
    return _page(campaign_by_id(campaign_id, by=actor()), blank())


@bp.get("/<uuid:campaign_id>/ubah")
@needs(MANAGE)
def edit(campaign_id: UUID) -> ResponseReturnValue:
    campaign = campaign_by_id(campaign_id, by=actor())
    kept = {
        "name": campaign.name,
        "starts_on": campaign.starts_on.isoformat(),
        "ends_on": campaign.ends_on.isoformat(),
        "product_id": str(campaign.product_id or ""),
        "goal_percent": str(campaign.goal_percent),
        "basis": campaign.basis,
    }
    return _change_form(campaign, blank(**kept))


@bp.post("/<uuid:campaign_id>/ubah")
@needs(MANAGE)
def change(campaign_id: UUID) -> ResponseReturnValue:
    campaign = campaign_by_id(campaign_id, by=actor())
    form = read_form(ChangeCampaignSchema(campaign_id))
    if form.value is None:
        return _change_form(campaign, form), 422
    try:
        with transaction():
            change_campaign(form.value, by=actor())
    except (Conflict, Invalid) as error:
        form.refuse(error, FIELD_OF.get(error.code, WHOLE_FORM))
        return _change_form(campaign, form), 422
    return redirect(url_for(".show", campaign_id=campaign_id))


@bp.post("/<uuid:campaign_id>/langkah")
@needs(MANAGE)
def step(campaign_id: UUID) -> ResponseReturnValue:
    campaign = campaign_by_id(campaign_id, by=actor())
    form: Form[TakeStep] = Form(dict(request.form))
    try:
        command = TakeStep(
            id=UUID(request.form.get("id", "")),
            campaign_id=campaign_id,
            action=request.form.get("action", ""),
        )
    except ValueError:
        form.errors[WHOLE_FORM] = [message_for("wrong-state")]
        return _page(campaign, form), 422
    try:
        with transaction():
            take_step(command, by=actor())
    except (Conflict, Invalid) as error:
        return _page(campaign_by_id(campaign_id, by=actor()), form.refuse(error)), 422
    if command.action == "open" and not team_of(campaign_id):
        flash(_("The campaign is open. Nobody is in the team yet."), "info")
    return redirect(url_for(".show", campaign_id=campaign_id))


@bp.get("/<uuid:campaign_id>/jadwal")
@needs(READ)
def schedule(campaign_id: UUID) -> ResponseReturnValue:
    """For paper: it is sent to the villages beforehand."""
    campaign = campaign_by_id(campaign_id, by=actor())
    rows = villages_of(campaign, by=actor())
    return render_template(
        "campaigns/schedule.html",
        campaign=campaign,
        rows=sorted(rows, key=lambda row: (row.planned_on is None, row.planned_on or today())),
        team=team_of(campaign_id),
        product=_product_name(campaign),
        full_name=full_name,
    )


@bp.get("/<uuid:campaign_id>/jadwal.csv")
@needs(READ)
def schedule_csv(campaign_id: UUID) -> Response:
    campaign = campaign_by_id(campaign_id, by=actor())
    rows = villages_of(campaign, by=actor())
    known = last_outbreaks([row.village for row in rows], campaign.disease)
    head = [_("Code"), _("Village"), _("Day"), _("Target heads"), _("Last outbreak")]
    lines = [
        (row.village, full_name(row.village), row.planned_on.isoformat() if row.planned_on else "",
         row.target_heads, known[row.village].isoformat() if row.village in known else "")
        for row in rows
    ]  # fmt: skip
    name = f"jadwal-{campaign.starts_on}-{campaign.disease}"
    asked = {"campaign": str(campaign_id)}
    return hand_out(CSV, Export(what="campaign-days", name=name, head=head, asked=asked), lines)


def _page(campaign: Campaign, form: Form[TakeStep]) -> str:
    rows = villages_of(campaign, by=actor())
    return render_template(
        "campaigns/show.html",
        campaign=campaign,
        form=form,
        step_id=str(uuid7()),
        rows=rows,
        known=last_outbreaks([row.village for row in rows], campaign.disease),
        target=sum(row.target_heads for row in rows),
        team=team_of(campaign.id),
        product=_product_name(campaign),
        actions=[step.action for step in CAMPAIGN_FLOW.steps_from(campaign.state)],
        manages=manages(campaign, by=actor()),
        may_record=may(actor(), Permission.VACCINATION_RECORD),
        tones=TONES,
        full_name=full_name,
    )


def _plan_form(form: Form[PlanCampaign]) -> str:
    chosen = [(str(p.id), f"{p.name} – {label(p.disease)}") for p in products()]
    return render_template(
        "campaigns/new.html",
        form=form,
        diseases=[("", _("Choose a disease")), *options(Disease)],
        products=[("", _("Not chosen yet")), *chosen],
        regions=_regions(),
    )


def _change_form(campaign: Campaign, form: Form[ChangeCampaign]) -> str:
    fitting = [p for p in products() if p.disease is campaign.disease]
    return render_template(
        "campaigns/edit.html",
        campaign=campaign,
        form=form,
        products=[("", _("Not chosen yet")), *((str(p.id), p.name) for p in fitting)],
        lead=_("%(disease)s, from %(day)s", disease=label(campaign.disease),
               day=day(campaign.starts_on)),
    )  # fmt: skip


def _regions() -> list[tuple[str, str]]:
    """The areas that the actor may plan for, the widest first: no single villages."""
    known = places()
    reached = {reach.region for reach in actor().reaches(MANAGE)}
    found = {
        place.code: place.name
        for region in reached if region in known
        for place in regions_within(region)
        if place.level is Level.KECAMATAN or place.code == region
    }  # fmt: skip
    return sorted(found.items(), key=lambda row: (len(row[0]), row[1]))


def _product_name(campaign: Campaign) -> str:
    product = product_by_id(campaign.product_id) if campaign.product_id else None
    return product.name if product else ""
