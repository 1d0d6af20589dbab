"""The documents of an application, for who applies and for the desk that checks them."""

from collections.abc import Callable
from uuid import UUID

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from sijinak.core.db import transaction
from sijinak.core.errors import Conflict, Invalid
from sijinak.core.permissions import Permission, may
from sijinak.files.answers import paper_answer, sent_paper
from sijinak.files.pictures import limits
from sijinak.permits.enclosures.documents import (
    EDITABLE,
    AddDocument,
    CheckDocument,
    RemoveDocument,
    add_document,
    check_document,
    remove_document,
)
from sijinak.permits.enclosures.needs import documents_missing
from sijinak.permits.enclosures.queries import document_of, documents_of
from sijinak.permits.labels import message_of
from sijinak.permits.models import DocumentKind, Permit, PermitState
from sijinak.permits.pages import bp
from sijinak.permits.queries import permit_by_id
from sijinak.permits.rulebook import report_on
from sijinak.permits.schemas import DecisionSchema, StepSchema, StepTaken
from sijinak.permits.step_schemas import DocumentFilledIn, DocumentSchema
from sijinak.permits.taking import is_barred
from sijinak.web.access import actor, needs
from sijinak.web.i18n import N_
from sijinak.web.i18n import gettext as _
from sijinak.web.io import WHOLE_FORM, Form, blank, read_form

NONE_CHOSEN = N_("Choose the file: a PDF, or a photo of the paper.")


@bp.get("/<uuid:permit_id>/dokumen")
@needs(Permission.PERMIT_READ)
def documents(permit_id: UUID) -> ResponseReturnValue:
    return _list(permit_by_id(permit_id, by=actor()), blank())


@bp.post("/<uuid:permit_id>/dokumen")
@needs(Permission.PERMIT_APPLY)
def add(permit_id: UUID) -> ResponseReturnValue:
    """A picture is made small before the transaction begins, which then need not wait for it."""
    permit = permit_by_id(permit_id, by=actor())
    form: Form[DocumentFilledIn] = read_form(DocumentSchema())
    try:
        file = sent_paper("file")
        if file is None:
            form.errors["file"] = [NONE_CHOSEN]
        if form.value is None or file is None:
            return _list(permit, form), 422
        said = form.value
        command = AddDocument(
            id=said.id, permit_id=permit_id, kind=said.kind, number=said.number,
            issued_on=said.issued_on, file=file,
        )  # fmt: skip
        with transaction():
            add_document(command, by=actor())
    except (Conflict, Invalid) as error:
        return _list(permit_by_id(permit_id, by=actor()), refused(form, error)), 422
    flash(_("The document is added."), "success")
    return redirect(url_for(".documents", permit_id=permit_id))


@bp.get("/<uuid:permit_id>/dokumen/<uuid:document_id>")
@needs(Permission.PERMIT_READ)
def document(permit_id: UUID, document_id: UUID) -> ResponseReturnValue:
    return _one(permit_by_id(permit_id, by=actor()), document_id, blank())


@bp.get("/<uuid:permit_id>/dokumen/<uuid:document_id>/berkas")
@needs(Permission.PERMIT_READ)
def document_file(permit_id: UUID, document_id: UUID) -> ResponseReturnValue:
    permit = permit_by_id(permit_id, by=actor())
    found = document_of(permit.id, document_id)
    return paper_answer(found.file_id, found.kind)


@bp.post("/<uuid:permit_id>/dokumen/<uuid:document_id>")
@needs(Permission.PERMIT_CHECK)
def check(permit_id: UUID, document_id: UUID) -> ResponseReturnValue:
    """Then the next that nobody has looked at."""
    permit = permit_by_id(permit_id, by=actor())
    form: Form[StepTaken] = read_form(DecisionSchema())
    if form.value is None:
        return _one(permit, document_id, form), 422
    said = form.value
    command = CheckDocument(
        id=said.id, permit_id=permit_id, document_id=document_id,
        in_order=said.decision == "yes", note=said.note,
    )  # fmt: skip
    wrong = _carry_out(lambda: check_document(command, by=actor()), form, permit, document_id)
    if wrong:
        return wrong
    unseen = [d for d in documents_of(permit_id) if d.in_order is None]
    if unseen:
        url = url_for(".document", permit_id=permit_id, document_id=unseen[0].id)
        return redirect(url)
    flash(_("Every document has been looked at."), "success")
    return redirect(url_for(".show", permit_id=permit_id))


@bp.post("/<uuid:permit_id>/dokumen/<uuid:document_id>/hapus")
@needs(Permission.PERMIT_APPLY)
def take_out(permit_id: UUID, document_id: UUID) -> ResponseReturnValue:
    permit = permit_by_id(permit_id, by=actor())
    form: Form[StepTaken] = read_form(StepSchema())
    if form.value is None:
        return _one(permit, document_id, form), 422
    command = RemoveDocument(id=form.value.id, permit_id=permit_id, document_id=document_id)
    wrong = _carry_out(lambda: remove_document(command, by=actor()), form, permit, document_id)
    if wrong:
        return wrong
    flash(_("The document is taken out."), "success")
    return redirect(url_for(".documents", permit_id=permit_id))


def refused(form: Form[DocumentFilledIn], error: Conflict | Invalid) -> Form[DocumentFilledIn]:
    """What is wrong with a file is said beside it."""
    is_of_file = "picture" in error.code or error.code.startswith("paper-")
    form.errors["file" if is_of_file else WHOLE_FORM] = [message_of(error)]
    return form


def _carry_out(
    deed: Callable[[], object], form: Form[StepTaken], permit: Permit, document_id: UUID
) -> ResponseReturnValue | None:
    """None when it was done, else the page that says what is wrong."""
    try:
        with transaction():
            deed()
    except (Conflict, Invalid) as error:
        form.errors[WHOLE_FORM] = [message_of(error)]
        return _one(permit, document_id, form), 422
    return None


def _list(permit: Permit, form: Form[DocumentFilledIn]) -> str:
    wanted = report_on(permit).documents_needed
    may_add = permit.state in EDITABLE and may(
        actor(), Permission.PERMIT_APPLY, region=permit.region, keeper_id=permit.keeper_id
    )
    return render_template(
        "permits/documents.html",
        permit=permit,
        form=form,
        documents=documents_of(permit.id),
        wanted=wanted,
        missing=documents_missing(permit, wanted),
        kinds=DocumentKind,
        most_mb=limits.megabytes,
        may_add=may_add,
    )


def _one(permit: Permit, document_id: UUID, form: Form[StepTaken]) -> str:
    who = actor()
    may_check = (
        permit.state is PermitState.SUBMITTED
        and may(who, Permission.PERMIT_CHECK, region=permit.region)
        and not is_barred(permit, "accept", by=who)
    )
    may_remove = permit.state in EDITABLE and may(
        who, Permission.PERMIT_APPLY, region=permit.region, keeper_id=permit.keeper_id
    )
    found = document_of(permit.id, document_id)
    return render_template(
        "permits/document.html",
        permit=permit,
        document=found,
        form=form,
        may_check=may_check and found.removed_at is None,
        may_remove=may_remove and found.removed_at is None,
    )
