"""Where a disease was found before: the list, and one more."""

from flask import Blueprint, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from sijinak.areas.queries import full_name
from sijinak.core.db import transaction
from sijinak.core.errors import Conflict, Invalid
from sijinak.core.permissions import Permission, may
from sijinak.keepers.pages import village_options
from sijinak.vaccinations import labels as _labels  # noqa: F401 - names our diseases
from sijinak.vaccinations.campaigns.commands import RecordOutbreak
from sijinak.vaccinations.campaigns.labels import FIELD_OF
from sijinak.vaccinations.campaigns.queries import outbreaks
from sijinak.vaccinations.campaigns.schemas import RecordOutbreakSchema
from sijinak.vaccinations.campaigns.services import record_outbreak
from sijinak.vaccinations.models import Disease
from sijinak.web.access import actor, needs
from sijinak.web.i18n import gettext as _
from sijinak.web.io import WHOLE_FORM, Form, blank, listing, place, read_form
from sijinak.web.labels import options

bp = Blueprint("outbreaks", __name__)


@bp.get("/")
@needs(Permission.VACCINATION_READ)
def index() -> ResponseReturnValue:
    page = outbreaks(by=actor(), place=place())
    return render_template(
        "campaigns/outbreaks.html",
        page=listing(page, ".index"),
        full_name=full_name,
        may_manage=may(actor(), Permission.CAMPAIGN_MANAGE),
    )


@bp.get("/baru")
@needs(Permission.CAMPAIGN_MANAGE)
def new() -> ResponseReturnValue:
    return _form(blank())


@bp.post("/baru")
@needs(Permission.CAMPAIGN_MANAGE)
def create() -> ResponseReturnValue:
    form = read_form(RecordOutbreakSchema())
    if form.value is None:
        return _form(form), 422
    try:
        with transaction():
            record_outbreak(form.value, by=actor())
    except (Conflict, Invalid) as error:
        return _form(form.refuse(error, FIELD_OF.get(error.code, WHOLE_FORM))), 422
    return redirect(url_for(".index"))


def _form(form: Form[RecordOutbreak]) -> str:
    villages = village_options(actor(), Permission.CAMPAIGN_MANAGE)
    return render_template(
        "campaigns/outbreak.html",
        form=form,
        villages=[("", _("Choose a village")), *villages],
        diseases=[("", _("Choose a disease")), *options(Disease)],
    )
