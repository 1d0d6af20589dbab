"""Taking back a result or a head count, with the reason."""

from dataclasses import dataclass
from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from marshmallow import fields, validate

from sijinak.areas.queries import full_name
from sijinak.core.db import transaction
from sijinak.core.errors import Conflict, Invalid
from sijinak.core.permissions import Permission
from sijinak.vaccinations.visits.commands import WithdrawHeads, WithdrawResult
from sijinak.vaccinations.visits.labels import FIELD_OF
from sijinak.vaccinations.visits.models import HeadCount, VisitResult
from sijinak.vaccinations.visits.queries import heads_by_id, result_by_id
from sijinak.vaccinations.visits.services import withdraw_heads, withdraw_result
from sijinak.web.access import actor, needs
from sijinak.web.fields import TOO_LONG
from sijinak.web.i18n import N_
from sijinak.web.i18n import gettext as _
from sijinak.web.io import WHOLE_FORM, Form, InputSchema, blank, read_form

bp = Blueprint("visit_withdrawals", __name__)
RECORD, MANAGE = Permission.VACCINATION_RECORD, Permission.CAMPAIGN_MANAGE


@dataclass(frozen=True, slots=True)
class Said:
    id: UUID
    reason: str


class SaidSchema(InputSchema[Said]):
    makes = Said

    id = fields.UUID(required=True)
    reason = fields.String(
        required=True,
        validate=validate.Length(max=200, error=TOO_LONG),
        error_messages={"required": N_("Say why this is taken back.")},
    )


@bp.get("/<uuid:result_id>/tarik")
@needs(RECORD, MANAGE)
def ask(result_id: UUID) -> ResponseReturnValue:
    return _form(result_by_id(result_id, by=actor()), blank())


@bp.post("/<uuid:result_id>/tarik")
@needs(RECORD, MANAGE)
def withdraw(result_id: UUID) -> ResponseReturnValue:
    result = result_by_id(result_id, by=actor())
    form = read_form(SaidSchema())
    if form.value is None:
        return _form(result, form), 422
    try:
        with transaction():
            command = WithdrawResult(
                id=form.value.id, result_id=result_id, reason=form.value.reason
            )
            withdraw_result(command, by=actor())
    except (Conflict, Invalid) as error:
        form.refuse(error, FIELD_OF.get(error.code, WHOLE_FORM))
        return _form(result_by_id(result_id, by=actor()), form), 422
    return _done(result.village)


@bp.get("/kepala/<uuid:heads_id>/tarik")
@needs(RECORD, MANAGE)
def ask_heads(heads_id: UUID) -> ResponseReturnValue:
    return _form(heads_by_id(heads_id, by=actor()), blank())


@bp.post("/kepala/<uuid:heads_id>/tarik")
@needs(RECORD, MANAGE)
def withdraw_counted(heads_id: UUID) -> ResponseReturnValue:
    heads = heads_by_id(heads_id, by=actor())
    form = read_form(SaidSchema())
    if form.value is None:
        return _form(heads, form), 422
    try:
        with transaction():
            command = WithdrawHeads(id=form.value.id, heads_id=heads_id, reason=form.value.reason)
            withdraw_heads(command, by=actor())
    except (Conflict, Invalid) as error:
        form.refuse(error, FIELD_OF.get(error.code, WHOLE_FORM))
        return _form(heads_by_id(heads_id, by=actor()), form), 422
    return _done(heads.village)


def _done(village: str) -> ResponseReturnValue:
    flash(_("It was taken back."), "success")
    return redirect(url_for("visits.in_village", village=village))


def _form(row: VisitResult | HeadCount, form: Form[Said]) -> str:
    return render_template("visits/withdraw.html", row=row, form=form, full_name=full_name)
