"""What an applicant asks for after the decision: to be heard once more, and more days."""

from uuid import UUID

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from sijinak.core.db import transaction
from sijinak.core.errors import Conflict, Invalid
from sijinak.core.permissions import Permission
from sijinak.permits.appealing import appeal_permit, hear_appeal
from sijinak.permits.commands import AppealPermit, AskExtension, HearAppeal
from sijinak.permits.extending import ask_extension
from sijinak.permits.labels import message_of
from sijinak.permits.models import PermitState
from sijinak.permits.pages import bp
from sijinak.permits.policy import policy
from sijinak.permits.queries import permit_by_id
from sijinak.permits.schemas import StepTaken
from sijinak.permits.signature_pages import extension_page
from sijinak.permits.step_schemas import AppealSchema, HearingSchema, Wanted, WantedSchema
from sijinak.permits.view import view_of
from sijinak.web.access import actor, needs
from sijinak.web.i18n import gettext as _
from sijinak.web.io import WHOLE_FORM, Form, blank, read_form


@bp.get("/<uuid:permit_id>/keberatan")
@needs(Permission.PERMIT_READ)
def appeal(permit_id: UUID) -> ResponseReturnValue:
    """Who was rejected writes here; who hears it answers here."""
    permit = permit_by_id(permit_id, by=actor())
    if permit.state not in (PermitState.REJECTED, PermitState.APPEALED):
        return redirect(url_for(".show", permit_id=permit_id))
    return _page(permit_id, blank())


@bp.post("/<uuid:permit_id>/keberatan")
@needs(Permission.PERMIT_APPLY)
def make_appeal(permit_id: UUID) -> ResponseReturnValue:
    permit_by_id(permit_id, by=actor())
    form: Form[StepTaken] = read_form(AppealSchema())
    if said := form.value:
        command = AppealPermit(id=said.id, permit_id=permit_id, text=said.note)
        try:
            with transaction():
                appeal_permit(command, by=actor())
        except (Conflict, Invalid) as error:
            form.errors[WHOLE_FORM] = [message_of(error)]
        else:
            flash(_("Your appeal is made. Somebody who did not decide hears it."), "success")
            return redirect(url_for(".show", permit_id=permit_id))
    return _page(permit_id, form), 422


@bp.post("/<uuid:permit_id>/keberatan/jawaban")
@needs(Permission.PERMIT_HEAR)
def hear(permit_id: UUID) -> ResponseReturnValue:
    permit_by_id(permit_id, by=actor())
    form: Form[StepTaken] = read_form(HearingSchema())
    if said := form.value:
        grant = said.decision == "yes"
        command = HearAppeal(id=said.id, permit_id=permit_id, grant=grant, note=said.note)
        try:
            with transaction():
                hear_appeal(command, by=actor())
        except (Conflict, Invalid) as error:
            form.errors[WHOLE_FORM] = [message_of(error)]
        else:
            flash(_("Your answer is recorded."), "success")
            return redirect(url_for(".show", permit_id=permit_id))
    return _page(permit_id, form), 422


@bp.post("/<uuid:permit_id>/perpanjangan")
@needs(Permission.PERMIT_APPLY)
def want_extension(permit_id: UUID) -> ResponseReturnValue:
    permit_by_id(permit_id, by=actor())
    form: Form[Wanted] = read_form(WantedSchema())
    if said := form.value:
        command = AskExtension(
            id=said.id, permit_id=permit_id, wanted_until=said.wanted_until, reason=said.reason
        )
        try:
            with transaction():
                ask_extension(command, by=actor())
        except (Conflict, Invalid) as error:
            form.errors[WHOLE_FORM] = [message_of(error)]
        else:
            flash(_("More days are asked for. Who signs permits answers."), "success")
            return redirect(url_for(".show", permit_id=permit_id))
    return extension_page(permit_id, form), 422


def _page(permit_id: UUID, form: Form[StepTaken]) -> str:
    view = view_of(permit_id)
    return render_template(
        "permits/appeal.html",
        permit=view["permit"],
        form=form,
        days=policy.appeal_days,
        may_appeal=view["may_appeal"],
        may_hear=bool({"uphold", "grant"} & view["may_take"]),
        barred=view["barred"],
    )
