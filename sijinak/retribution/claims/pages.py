"""Arrears by their age, letters about interest, and bills that are given up."""

from typing import Any
from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from sijinak.core.clock import today
from sijinak.core.db import transaction
from sijinak.core.errors import Conflict, Invalid
from sijinak.core.permissions import Permission, may
from sijinak.keepers.looking import Page as Where
from sijinak.keepers.showing import shows_list
from sijinak.retribution.claims import labels as _labels  # noqa: F401 - names ages
from sijinak.retribution.claims.interest import lapses_on
from sijinak.retribution.claims.queries import (
    Age,
    arrears,
    arrears_by_age,
    interest_due,
    waiting_write_off,
    write_offs_waiting,
)
from sijinak.retribution.claims.schemas import (
    ApproveWriteOffSchema,
    IssueStrdSchema,
    ProposeWriteOffSchema,
    RefuseWriteOffSchema,
)
from sijinak.retribution.claims.services import (
    approve_write_off,
    issue_strd,
    propose_write_off,
    refuse_write_off,
)
from sijinak.retribution.models import Skrd
from sijinak.retribution.queries import skrd_by_id
from sijinak.web.access import actor, needs
from sijinak.web.i18n import gettext as _
from sijinak.web.io import Form, blank, listing, place, read_form

bp = Blueprint("claims", __name__)
FIELD_OF = {"write-off-waits": "decree"}


@bp.get("/tunggakan")
@needs(Permission.TREASURY_READ)
def index() -> ResponseReturnValue:
    wanted = request.args.get("umur", "")
    age = Age(wanted) if wanted in set(Age) else None
    page = arrears(age, by=actor(), place=place())
    shows_list(Where.BILLS, (one.keeper_id for one in page.items), asked={"umur": age})
    sums = arrears_by_age(by=actor())
    return render_template(
        "claims/index.html",
        page=listing(page, ".index", umur=age),
        age=age,
        sums=sums,
        total=sum(one.total for one in sums),
        count=sum(one.count for one in sums),
        waiting=write_offs_waiting(by=actor()),
        interest_due=lambda skrd: interest_due(skrd, today()),
        lapses_on=lapses_on,
        today=today(),
    )


@bp.post("/<uuid:skrd_id>/strd")
@needs(Permission.SKRD_ISSUE)
def claim(skrd_id: UUID) -> ResponseReturnValue:
    """What is refused is told above the SKRD: there is nothing to fill in again."""
    skrd = skrd_by_id(skrd_id, by=actor())
    form = read_form(IssueStrdSchema(skrd.id))
    if form.value is None:
        return redirect(url_for("retribution.show", skrd_id=skrd.id))
    try:
        with transaction():
            strd = issue_strd(form.value, by=actor())
    except (Conflict, Invalid) as error:
        flash(form.refuse(error).errors["_schema"][0], "warning")
        return redirect(url_for("retribution.show", skrd_id=skrd.id))
    flash(_("%(number)s is issued.", number=strd.number), "success")
    return redirect(url_for("retribution.show", skrd_id=strd.id))


@bp.get("/<uuid:skrd_id>/hapus")
@needs(Permission.MONEY_RESOLVE)
def give_up(skrd_id: UUID) -> ResponseReturnValue:
    return _form(skrd_by_id(skrd_id, by=actor()), blank())


@bp.post("/<uuid:skrd_id>/hapus")
@needs(Permission.MONEY_RESOLVE)
def propose(skrd_id: UUID) -> ResponseReturnValue:
    skrd = skrd_by_id(skrd_id, by=actor())
    form = read_form(ProposeWriteOffSchema(skrd.id))
    if form.value is None:
        return _form(skrd, form), 422
    try:
        with transaction():
            propose_write_off(form.value, by=actor())
    except (Conflict, Invalid) as error:
        return _form(skrd, form.refuse(error, FIELD_OF.get(error.code, "_schema"))), 422
    flash(_("The write-off waits for a second person."), "success")
    return redirect(url_for("retribution.show", skrd_id=skrd.id))


@bp.post("/<uuid:skrd_id>/hapus/setujui")
@needs(Permission.MONEY_RESOLVE)
def approve(skrd_id: UUID) -> ResponseReturnValue:
    skrd = skrd_by_id(skrd_id, by=actor())
    form = read_form(ApproveWriteOffSchema())
    if form.value is None:
        return _form(skrd, form), 422
    try:
        with transaction():
            approve_write_off(form.value, by=actor())
    except (Conflict, Invalid) as error:
        return _form(skrd, form.refuse(error)), 422
    flash(_("%(number)s is written off.", number=skrd.number), "success")
    return redirect(url_for("retribution.show", skrd_id=skrd.id))


@bp.post("/<uuid:skrd_id>/hapus/tolak")
@needs(Permission.MONEY_RESOLVE)
def refuse(skrd_id: UUID) -> ResponseReturnValue:
    skrd = skrd_by_id(skrd_id, by=actor())
    form = read_form(RefuseWriteOffSchema())
    if form.value is None:
        return _form(skrd, form), 422
    try:
        with transaction():
            refuse_write_off(form.value, by=actor())
    except (Conflict, Invalid) as error:
        return _form(skrd, form.refuse(error)), 422
    flash(_("The write-off is refused."), "success")
    return redirect(url_for("retribution.show", skrd_id=skrd.id))


def _form(skrd: Skrd, form: Form[Any]) -> str:
    """Asking for it, or, when somebody has asked, answering."""
    waiting = waiting_write_off(skrd.id)
    return render_template(
        "claims/write_off.html",
        skrd=skrd,
        form=form,
        waiting=waiting,
        is_own=waiting is not None and waiting.proposed_by == actor().id,
        may_answer=may(actor(), Permission.MONEY_RESOLVE, region=skrd.region),
        lapses_on=lapses_on(skrd.due_on),
        today=today(),
    )
