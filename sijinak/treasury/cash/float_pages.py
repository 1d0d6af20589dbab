"""Change that the office lends its officers."""

from typing import Any
from uuid import UUID

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from sijinak.core.permissions import Permission
from sijinak.treasury.answering import carried_out
from sijinak.treasury.cash.labels import FIELD_OF, TONES
from sijinak.treasury.cash.lending import lend_float, step_float
from sijinak.treasury.cash.models import ChangeFloat
from sijinak.treasury.cash.pages import bp
from sijinak.treasury.cash.queries import float_by_id
from sijinak.treasury.cash.schemas import LendFloatSchema, StepFloatSchema
from sijinak.treasury.people import home_of, people_with
from sijinak.web.access import actor, needs
from sijinak.web.i18n import gettext as _
from sijinak.web.io import Form, blank, read_form

P = Permission
LENDING = {**FIELD_OF, "cash-not-a-taker": "holder_id"}


@bp.get("/kembalian/baru")
@needs(P.TREASURY_KEEP)
def lending() -> ResponseReturnValue:
    return _lending(blank())


@bp.post("/kembalian/baru")
@needs(P.TREASURY_KEEP)
def lend() -> ResponseReturnValue:
    form = read_form(LendFloatSchema())
    done = carried_out(form, lend_float, LENDING)
    if done is None:
        return _lending(form), 422
    flash(_("Offered. It counts when the officer has accepted it."), "success")
    return redirect(url_for(".change", float_id=done.id))


@bp.get("/kembalian/<uuid:float_id>")
@needs(P.CASH_RECEIVE, P.TREASURY_READ)
def change(float_id: UUID) -> ResponseReturnValue:
    return _page(float_by_id(float_id, by=actor()), blank())


@bp.post("/kembalian/<uuid:float_id>")
@needs(P.CASH_RECEIVE, P.TREASURY_KEEP)
def step_change(float_id: UUID) -> ResponseReturnValue:
    float_by_id(float_id, by=actor())
    form = read_form(StepFloatSchema(float_id=float_id))
    if carried_out(form, step_float, {}) is None:
        return _page(float_by_id(float_id, by=actor()), form), 422
    flash(_("Done."), "success")
    return redirect(url_for(".change", float_id=float_id))


def _lending(form: Form[Any]) -> str:
    by = actor()
    takers = people_with(P.CASH_RECEIVE, home_of(by, P.TREASURY_KEEP), but=by.id)
    return render_template("treasury/cash/lend.html", form=form, takers=takers)


def _page(lent: ChangeFloat, form: Form[Any]) -> str:
    return render_template(
        "treasury/cash/float.html", lent=lent, form=form, tones=TONES, by=actor()
    )
