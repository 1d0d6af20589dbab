"""The steps that are signed: the health letter, the decision, more days."""

from typing import Any
from uuid import UUID

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from sijinak.accounts.signing_pages import refuse_signature, signing
from sijinak.core.db import transaction
from sijinak.core.errors import Conflict, Invalid, NotFound
from sijinak.core.permissions import Permission
from sijinak.permits.commands import CertifyPermit, DecidePermit, ExtendPermit, RefuseExtension
from sijinak.permits.deciding import certify_permit, decide_permit
from sijinak.permits.enclosures.queries import extensions_of
from sijinak.permits.extending import extend_permit, latest_end, refuse_extension
from sijinak.permits.labels import facts_of
from sijinak.permits.models import PermitState
from sijinak.permits.pages import bp
from sijinak.permits.queries import permit_by_id
from sijinak.permits.step_schemas import (
    CertifySchema,
    ExtensionAnswerSchema,
    Signed,
    SignedDecisionSchema,
)
from sijinak.permits.view import view_of
from sijinak.web.access import actor, needs
from sijinak.web.i18n import gettext as _
from sijinak.web.io import Form, blank, read_form


@bp.post("/<uuid:permit_id>/skkh")
@needs(Permission.PERMIT_CERTIFY)
def certify(permit_id: UUID) -> ResponseReturnValue:
    permit_by_id(permit_id, by=actor())
    form: Form[Signed] = read_form(CertifySchema())
    if said := form.value:
        command = CertifyPermit(id=said.id, permit_id=permit_id, proof=said.proof)
        try:
            with signing():
                certify_permit(command, by=actor())
        except (Conflict, Invalid) as error:
            refuse(form, error)
        else:
            flash(_("The health letter is signed."), "success")
            return redirect(url_for(".show", permit_id=permit_id))
    return render_template("permits/show.html", **view_of(permit_id, {"certify": form})), 422


@bp.post("/<uuid:permit_id>/putusan")
@needs(Permission.PERMIT_DECIDE)
def decision(permit_id: UUID) -> ResponseReturnValue:
    permit_by_id(permit_id, by=actor())
    form: Form[Signed] = read_form(SignedDecisionSchema())
    if said := form.value:
        approve = said.decision == "yes"
        command = DecidePermit(
            id=said.id, permit_id=permit_id, approve=approve, note=said.note, proof=said.proof
        )
        try:
            with signing():
                decide_permit(command, by=actor())
        except (Conflict, Invalid) as error:
            refuse(form, error)
        else:
            flash(_("Your decision is recorded."), "success")
            return redirect(url_for(".show", permit_id=permit_id))
    return render_template("permits/show.html", **view_of(permit_id, {"decide": form})), 422


@bp.get("/<uuid:permit_id>/perpanjangan")
@needs(Permission.PERMIT_READ)
def extension(permit_id: UUID) -> ResponseReturnValue:
    """The requests; who applied asks here, who signs answers here."""
    permit = permit_by_id(permit_id, by=actor())
    if not permit.valid_until or permit.state is not PermitState.ISSUED:
        return redirect(url_for(".show", permit_id=permit_id))
    return extension_page(permit_id, blank())


@bp.post("/<uuid:permit_id>/perpanjangan/jawaban")
@needs(Permission.PERMIT_DECIDE)
def answer_extension(permit_id: UUID) -> ResponseReturnValue:
    permit_by_id(permit_id, by=actor())
    form: Form[Signed] = read_form(ExtensionAnswerSchema())
    if said := form.value:
        try:
            _answer(permit_id, said)
        except (Conflict, Invalid) as error:
            refuse(form, error)
        else:
            flash(_("Your answer is recorded."), "success")
            return redirect(url_for(".show", permit_id=permit_id))
    return extension_page(permit_id, form), 422


def extension_page(permit_id: UUID, form: Form[Any]) -> str:
    """Raises NotFound: what was never issued has no days, whatever form was sent there."""
    permit = permit_by_id(permit_id, by=actor())
    if permit.valid_until is None:
        raise NotFound(permit_id=str(permit_id))
    view = view_of(permit_id)
    return render_template(
        "permits/extension.html",
        permit=permit,
        form=form,
        extensions=extensions_of(permit_id),
        latest=latest_end(permit),
        may_ask=view["may_extend"],
        may_answer="extend" in view["may_take"],
    )


def refuse(form: Form[Signed], error: Conflict | Invalid) -> None:
    error.facts = facts_of(error)
    refuse_signature(form, error)


def _answer(permit_id: UUID, said: Signed) -> None:
    if said.decision == "yes" and said.valid_until:
        command = ExtendPermit(
            id=said.id,
            permit_id=permit_id,
            valid_until=said.valid_until,
            note=said.note,
            proof=said.proof,
        )
        with signing():
            extend_permit(command, by=actor())
    else:
        refusal = RefuseExtension(id=said.id, permit_id=permit_id, note=said.note)
        with transaction():
            refuse_extension(refusal, by=actor())
