"""The steps of an application, each a form that is sent from its page."""

from collections.abc import Callable
from uuid import UUID

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from sijinak.animals.models import WeighingMethod
from sijinak.core.db import transaction
from sijinak.core.errors import Conflict, Invalid
from sijinak.core.permissions import Permission
from sijinak.permits.billing import bill_permit
from sijinak.permits.commands import (
    AcceptPapers,
    BillPermit,
    CancelPermit,
    ClosePermit,
    IssuePermit,
    RecordInspection,
    ReturnApplication,
    RevokePermit,
    SubmitApplication,
)
from sijinak.permits.deciding import issue_permit
from sijinak.permits.ending import revoke_permit
from sijinak.permits.inspecting import record_inspection
from sijinak.permits.labels import message_of
from sijinak.permits.models import Permit, PermitState, RbtResult
from sijinak.permits.pages import bp
from sijinak.permits.queries import animals_on, permit_by_id
from sijinak.permits.rulebook import terms_for
from sijinak.permits.sampling import tests_for
from sijinak.permits.schemas import (
    CancelSchema,
    DecisionSchema,
    InspectionForm,
    StepSchema,
    StepTaken,
)
from sijinak.permits.services import (
    accept_papers,
    cancel_permit,
    return_application,
    submit_application,
)
from sijinak.permits.step_schemas import ClosingSchema
from sijinak.permits.travelling import close_permit
from sijinak.permits.view import view_of
from sijinak.web.access import actor, needs
from sijinak.web.i18n import gettext as _
from sijinak.web.io import WHOLE_FORM, Form, blank, read_form
from sijinak.web.labels import label
from sijinak.web.settings import settings

__all__ = ["bp"]  # the routes below join those of the pages

WEIGHED_WITH = (WeighingMethod.SCALE, WeighingMethod.TAPE)
Take = Callable[[StepTaken], Permit]


@bp.post("/<uuid:permit_id>/kirim")
@needs(Permission.PERMIT_APPLY)
def submit(permit_id: UUID) -> ResponseReturnValue:
    def take(step: StepTaken) -> Permit:
        return submit_application(SubmitApplication(id=step.id, permit_id=permit_id), by=actor())

    return answer("submit", permit_id, StepSchema(), take, _("The application is submitted."))


@bp.post("/<uuid:permit_id>/berkas")
@needs(Permission.PERMIT_CHECK)
def papers(permit_id: UUID) -> ResponseReturnValue:
    def take(step: StepTaken) -> Permit:
        if step.decision == "yes":
            accept = AcceptPapers(id=step.id, permit_id=permit_id, note=step.note)
            return accept_papers(accept, by=actor())
        back = ReturnApplication(id=step.id, permit_id=permit_id, note=step.note)
        return return_application(back, by=actor())

    return answer("papers", permit_id, DecisionSchema(), take, _("The papers are checked."))


@bp.post("/<uuid:permit_id>/tagih")
@needs(Permission.SKRD_ISSUE)
def bill(permit_id: UUID) -> ResponseReturnValue:
    def take(step: StepTaken) -> Permit:
        days = settings().skrd_due_days
        return bill_permit(BillPermit(id=step.id, permit_id=permit_id, due_days=days), by=actor())

    return answer("bill", permit_id, StepSchema(), take, _("The SKRD is issued."))


@bp.post("/<uuid:permit_id>/terbitkan")
@needs(Permission.PERMIT_ISSUE)
def issue(permit_id: UUID) -> ResponseReturnValue:
    def take(step: StepTaken) -> Permit:
        days = settings().permit_valid_days
        return issue_permit(
            IssuePermit(id=step.id, permit_id=permit_id, valid_days=days), by=actor()
        )

    return answer("issue", permit_id, StepSchema(), take, _("The letter is issued."))


@bp.post("/<uuid:permit_id>/batal")
@needs(Permission.PERMIT_CANCEL)
def cancel(permit_id: UUID) -> ResponseReturnValue:
    def take(step: StepTaken) -> Permit:
        command = CancelPermit(id=step.id, permit_id=permit_id, note=step.note)
        return cancel_permit(command, by=actor())

    return answer("cancel", permit_id, CancelSchema(), take, _("The application is cancelled."))


@bp.post("/<uuid:permit_id>/cabut")
@needs(Permission.PERMIT_REVOKE)
def revoke(permit_id: UUID) -> ResponseReturnValue:
    def take(step: StepTaken) -> Permit:
        return revoke_permit(
            RevokePermit(id=step.id, permit_id=permit_id, note=step.note), by=actor()
        )

    return answer("revoke", permit_id, CancelSchema(), take, _("The permit is revoked."))


@bp.post("/<uuid:permit_id>/tutup")
@needs(Permission.PERMIT_CHECK)
def close(permit_id: UUID) -> ResponseReturnValue:
    def take(step: StepTaken) -> Permit:
        return close_permit(
            ClosePermit(id=step.id, permit_id=permit_id, note=step.note), by=actor()
        )

    return answer("close", permit_id, ClosingSchema(), take, _("The permit is closed."))


@bp.get("/<uuid:permit_id>/periksa")
@needs(Permission.PERMIT_INSPECT)
def inspection(permit_id: UUID) -> ResponseReturnValue:
    permit = permit_by_id(permit_id, by=actor())
    if permit.state is not PermitState.ACCEPTED:
        return redirect(url_for(".show", permit_id=permit_id))
    return _inspection_page(permit, InspectionForm(blank().raw))


@bp.post("/<uuid:permit_id>/periksa")
@needs(Permission.PERMIT_INSPECT)
def inspect(permit_id: UUID) -> ResponseReturnValue:
    permit = permit_by_id(permit_id, by=actor())
    form = InspectionForm(dict(request.form))
    form.needs_rbt, form.tests = permit.needs_rbt, tests_for(permit)
    for line, animal in animals_on(permit):
        form.take(animal.id, animal.tag, line.position)
    if form.errors:
        return _inspection_page(permit, form), 422
    command = RecordInspection(
        id=form.take_id(),
        permit_id=permit_id,
        animals=tuple(form.lines),
        vehicle_plate=form.raw.get("vehicle_plate", "").strip()[:20].upper(),
    )
    try:
        with transaction():
            record_inspection(command, by=actor())
    except (Conflict, Invalid) as error:
        form.errors[WHOLE_FORM] = [message_of(error)]
        return _inspection_page(permit_by_id(permit_id, by=actor()), form), 422
    flash(_("The inspection is recorded."), "success")
    return redirect(url_for(".show", permit_id=permit_id))


def _inspection_page(permit: Permit, form: InspectionForm) -> str:
    return render_template(
        "permits/inspection.html",
        permit=permit,
        form=form,
        animals=animals_on(permit),
        rule=terms_for(permit).rule,
        rbt_results=RbtResult,
        tests=tests_for(permit),
        weighed_with=[(one.value, label(one)) for one in WEIGHED_WITH],
    )


def answer(
    action: str, permit_id: UUID, schema: StepSchema, take: Take, done: str
) -> ResponseReturnValue:
    """The page of the permit: with what was done, or with what is wrong."""
    permit_by_id(permit_id, by=actor())
    form: Form[StepTaken] = read_form(schema)
    if form.value is not None:
        try:
            with transaction():
                take(form.value)
        except (Conflict, Invalid) as error:
            form.errors[WHOLE_FORM] = [message_of(error)]
        else:
            flash(done, "success")
            return redirect(url_for(".show", permit_id=permit_id))
    return render_template("permits/show.html", **view_of(permit_id, {action: form})), 422
