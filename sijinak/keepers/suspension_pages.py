"""Suspending firms, for people."""

from typing import Any
from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from sijinak.core.clock import today
from sijinak.core.db import transaction
from sijinak.core.errors import Conflict, Invalid, NotFound
from sijinak.core.permissions import Permission, may
from sijinak.keepers.models import Keeper, KeeperKind
from sijinak.keepers.queries import keeper_by_id, suspensions_of
from sijinak.keepers.schemas import LiftSuspensionSchema, SuspendFirmSchema
from sijinak.keepers.suspending import lift_suspension, suspend_firm
from sijinak.web.access import actor, needs
from sijinak.web.i18n import gettext as _
from sijinak.web.io import Form, blank, read_form

bp = Blueprint("keepers_suspensions", __name__)
FIELD_OF = {"ends-before-it-begins": "until", "suspended-already": "since"}


@bp.get("/<uuid:keeper_id>/pembekuan")
@needs(Permission.KEEPER_READ)
def index(keeper_id: UUID) -> ResponseReturnValue:
    return _page(_firm(keeper_id), blank(since=today().isoformat()))


@bp.post("/<uuid:keeper_id>/pembekuan")
@needs(Permission.KEEPER_SUSPEND)
def create(keeper_id: UUID) -> ResponseReturnValue:
    firm = _firm(keeper_id)
    form = read_form(SuspendFirmSchema(keeper_id=firm.id))
    if form.value is None:
        return _page(firm, form), 422
    try:
        with transaction():
            suspend_firm(form.value, by=actor())
    except (Conflict, Invalid) as error:
        return _page(firm, form.refuse(error, FIELD_OF.get(error.code, "_schema"))), 422
    flash(_("The firm is suspended."), "success")
    return redirect(url_for("keepers.show", keeper_id=firm.id))


@bp.get("/<uuid:keeper_id>/pembekuan/<uuid:suspension_id>/cabut")
@needs(Permission.KEEPER_SUSPEND)
def lifting(keeper_id: UUID, suspension_id: UUID) -> ResponseReturnValue:
    return _lift_page(_firm(keeper_id), suspension_id, blank())


@bp.post("/<uuid:keeper_id>/pembekuan/<uuid:suspension_id>/cabut")
@needs(Permission.KEEPER_SUSPEND)
def lift(keeper_id: UUID, suspension_id: UUID) -> ResponseReturnValue:
    firm = _firm(keeper_id)
    form = read_form(LiftSuspensionSchema(suspension_id=suspension_id))
    if form.value is None:
        return _lift_page(firm, suspension_id, form), 422
    try:
        with transaction():
            lift_suspension(form.value, by=actor())
    except Conflict as error:
        return _lift_page(firm, suspension_id, form.refuse(error)), 422
    flash(_("The suspension is lifted."), "success")
    return redirect(url_for("keepers.show", keeper_id=firm.id))


def _firm(keeper_id: UUID) -> Keeper:
    firm = keeper_by_id(keeper_id, by=actor())
    if firm.kind is not KeeperKind.FIRM:
        raise NotFound(keeper_id=str(keeper_id))
    return firm


def _page(firm: Keeper, form: Form[Any]) -> str:
    return render_template(
        "keepers/suspensions.html",
        keeper=firm,
        suspensions=suspensions_of(firm.id),
        today=today(),
        form=form,
        may_suspend=may(actor(), Permission.KEEPER_SUSPEND, region=firm.village),
    )


def _lift_page(firm: Keeper, suspension_id: UUID, form: Form[Any]) -> str:
    found = next((s for s in suspensions_of(firm.id) if s.id == suspension_id), None)
    if found is None:
        raise NotFound(suspension_id=str(suspension_id))
    return render_template(
        "keepers/step.html",
        form=form,
        title=_("Lift the suspension"),
        lead=_("Decree %(decree)s, %(name)s", decree=found.decree, name=firm.name),
        back_url=url_for(".index", keeper_id=firm.id),
        asks="reason",
        button_label=_("Lift the suspension"),
    )
