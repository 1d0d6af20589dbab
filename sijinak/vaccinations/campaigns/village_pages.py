"""Whom a campaign goes to, and who goes: its villages and its team."""

from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from sijinak.areas.queries import full_name, place_name, villages_in
from sijinak.core.db import transaction
from sijinak.core.errors import Conflict, Invalid, NotFound
from sijinak.core.permissions import Permission
from sijinak.vaccinations.campaigns.commands import (
    AddMember,
    AddVillages,
    RemoveMember,
    RemoveVillage,
    SetVillage,
)
from sijinak.vaccinations.campaigns.labels import FIELD_OF
from sijinak.vaccinations.campaigns.models import Campaign, CampaignVillage, TeamRole
from sijinak.vaccinations.campaigns.queries import (
    campaign_by_id,
    last_outbreaks,
    manages,
    officers_in,
    team_of,
    villages_of,
)
from sijinak.vaccinations.campaigns.schemas import (
    AddMemberSchema,
    AddVillagesSchema,
    SetVillageSchema,
)
from sijinak.vaccinations.campaigns.services import (
    add_member,
    add_villages,
    remove_member,
    remove_village,
    set_village,
)
from sijinak.vaccinations.campaigns.targets import proposed_targets
from sijinak.web.access import actor, needs
from sijinak.web.i18n import gettext as _
from sijinak.web.i18n import ngettext
from sijinak.web.io import WHOLE_FORM, Form, blank, read_form
from sijinak.web.labels import options

bp = Blueprint("campaign_villages", __name__)
MANAGE = Permission.CAMPAIGN_MANAGE
KECAMATAN = 8  # the length of its code


@bp.get("/<uuid:campaign_id>/desa")
@needs(MANAGE)
def choose(campaign_id: UUID) -> ResponseReturnValue:
    return _choose(_campaign(campaign_id), blank())


@bp.post("/<uuid:campaign_id>/desa")
@needs(MANAGE)
def add(campaign_id: UUID) -> ResponseReturnValue:
    campaign = _campaign(campaign_id)
    form = read_form(AddVillagesSchema(campaign_id), many=frozenset({"villages"}))
    if form.value is None:
        return _choose(campaign, form), 422
    try:
        with transaction():
            count = add_villages(form.value, by=actor())
    except (Conflict, Invalid) as error:
        form.refuse(error, FIELD_OF.get(error.code, WHOLE_FORM))
        return _choose(_campaign(campaign_id), form), 422
    flash(ngettext("%(n)s village was added.", "%(n)s villages were added.", count), "success")
    return redirect(url_for("campaigns.show", campaign_id=campaign_id))


@bp.get("/<uuid:campaign_id>/desa/<village>")
@needs(MANAGE)
def edit(campaign_id: UUID, village: str) -> ResponseReturnValue:
    campaign = _campaign(campaign_id)
    row = _row(campaign, village)
    kept = {"target_heads": str(row.target_heads)}
    if row.planned_on:
        kept["planned_on"] = row.planned_on.isoformat()
    return _village_form(campaign, row, blank(**kept))


@bp.post("/<uuid:campaign_id>/desa/<village>")
@needs(MANAGE)
def change(campaign_id: UUID, village: str) -> ResponseReturnValue:
    campaign = _campaign(campaign_id)
    row = _row(campaign, village)
    form = read_form(SetVillageSchema(campaign_id))
    if form.value is None:
        return _village_form(campaign, row, form), 422
    try:
        with transaction():
            set_village(form.value, by=actor())
    except (Conflict, Invalid) as error:
        form.refuse(error, FIELD_OF.get(error.code, WHOLE_FORM))
        return _village_form(campaign, row, form), 422
    return redirect(url_for("campaigns.show", campaign_id=campaign_id))


@bp.post("/<uuid:campaign_id>/desa/<village>/hapus")
@needs(MANAGE)
def remove(campaign_id: UUID, village: str) -> ResponseReturnValue:
    campaign, command_id = _campaign(campaign_id), _command_id()
    row = _row(campaign, village)
    try:
        with transaction():
            command = RemoveVillage(id=command_id, campaign_id=campaign_id, village=village)
            remove_village(command, by=actor())
    except (Conflict, Invalid) as error:
        return _village_form(campaign, row, blank().refuse(error)), 422
    return redirect(url_for("campaigns.show", campaign_id=campaign_id))


@bp.get("/<uuid:campaign_id>/tim")
@needs(MANAGE)
def team(campaign_id: UUID) -> ResponseReturnValue:
    return _team(_campaign(campaign_id), blank())


@bp.post("/<uuid:campaign_id>/tim")
@needs(MANAGE)
def join(campaign_id: UUID) -> ResponseReturnValue:
    campaign = _campaign(campaign_id)
    form = read_form(AddMemberSchema(campaign_id))
    if form.value is None:
        return _team(campaign, form), 422
    try:
        with transaction():
            add_member(form.value, by=actor())
    except (Conflict, Invalid) as error:
        form.refuse(error, FIELD_OF.get(error.code, WHOLE_FORM))
        return _team(_campaign(campaign_id), form), 422
    return redirect(url_for(".team", campaign_id=campaign_id))


@bp.post("/<uuid:campaign_id>/tim/<uuid:member_id>/hapus")
@needs(MANAGE)
def leave(campaign_id: UUID, member_id: UUID) -> ResponseReturnValue:
    campaign, command_id = _campaign(campaign_id), _command_id()
    try:
        with transaction():
            command = RemoveMember(id=command_id, campaign_id=campaign_id, member_id=member_id)
            remove_member(command, by=actor())
    except (Conflict, Invalid) as error:
        return _team(campaign, blank().refuse(error)), 422
    return redirect(url_for(".team", campaign_id=campaign_id))


def _campaign(campaign_id: UUID) -> Campaign:
    """One that the actor leads. Raises NotFound for others."""
    campaign = campaign_by_id(campaign_id, by=actor())
    if not manages(campaign, by=actor()):
        raise NotFound(campaign_id=str(campaign_id))
    return campaign


def _row(campaign: Campaign, village: str) -> CampaignVillage:
    found = [row for row in villages_of(campaign, by=actor()) if row.village == village]
    if not found:
        raise NotFound(village=village)
    return found[0]


def _command_id() -> UUID:
    """Of a form that is only a button."""
    try:
        return UUID(request.form.get("id", ""))
    except ValueError:
        raise Invalid from None


def _choose(campaign: Campaign, form: Form[AddVillages]) -> str:
    """The villages that are not in it yet: with past outbreaks first, then by kecamatan."""
    there = {row.village for row in villages_of(campaign, by=actor())}
    left = [place for place in villages_in(campaign.region) if place.code not in there]
    codes = [place.code for place in left]
    known = last_outbreaks(codes, campaign.disease)
    groups: dict[str, list[str]] = {}
    for code in codes:
        title = _("With past outbreaks") if code in known else place_name(code[:KECAMATAN])
        groups.setdefault(title, []).append(code)
    first = _("With past outbreaks")
    return render_template(
        "campaigns/villages.html",
        campaign=campaign,
        form=form,
        chosen=set(request.form.getlist("villages")),
        groups=sorted(groups.items(), key=lambda group: (group[0] != first, group[0])),
        targets=proposed_targets(campaign, codes, by=actor()),
        known=known,
        full_name=full_name,
        place_name=place_name,
        first=first,
    )


def _village_form(campaign: Campaign, row: CampaignVillage, form: Form[SetVillage]) -> str:
    proposed = proposed_targets(campaign, [row.village], by=actor())[row.village]
    return render_template(
        "campaigns/village.html",
        campaign=campaign,
        village=row.village,
        proposed=proposed,
        form=form,
        full_name=full_name,
    )


def _team(campaign: Campaign, form: Form[AddMember]) -> str:
    found = officers_in(campaign.region)
    officers = [(str(user_id), name) for user_id, name in found.items()]
    return render_template(
        "campaigns/team.html",
        campaign=campaign,
        form=form,
        team=team_of(campaign.id),
        button_id=blank().raw["id"],
        officers=[("", _("Choose an officer")), *officers],
        roles=options(TeamRole),
    )
