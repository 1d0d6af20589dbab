"""Papers of other offices about the same journey, recorded by the permit desk."""

from uuid import UUID

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from sijinak.core.db import transaction
from sijinak.core.errors import Conflict, Invalid, NotFound
from sijinak.core.permissions import Permission
from sijinak.files.answers import paper_answer, sent_paper
from sijinak.permits.enclosures.external import NOT_YET, RecordPaper, record_paper
from sijinak.permits.enclosures.models import ExternalPaper
from sijinak.permits.enclosures.queries import external_paper_of, external_papers_of
from sijinak.permits.labels import message_of
from sijinak.permits.models import ExternalKind, Permit
from sijinak.permits.pages import bp
from sijinak.permits.queries import permit_by_id
from sijinak.permits.step_schemas import PaperFilledIn, PaperSchema
from sijinak.web.access import actor, needs
from sijinak.web.i18n import gettext as _
from sijinak.web.io import WHOLE_FORM, Form, blank, read_form

OF_FILE = {"paper-damaged", "paper-empty", "paper-too-large"}


@bp.get("/<uuid:permit_id>/surat-luar")
@needs(Permission.PERMIT_CHECK)
def new_paper(permit_id: UUID) -> ResponseReturnValue:
    """With ``jenis`` in the address the kind is chosen; one that is there is corrected."""
    permit = _open(permit_id)
    kind = request.args.get("jenis", "")
    before = next((p for p in external_papers_of(permit.id) if p.kind == kind), None)
    return _form(permit, blank(**(_typed(before) if before else {"kind": kind})), before)


@bp.post("/<uuid:permit_id>/surat-luar")
@needs(Permission.PERMIT_CHECK)
def record(permit_id: UUID) -> ResponseReturnValue:
    return _record(_open(permit_id), None)


@bp.get("/<uuid:permit_id>/surat-luar/<uuid:paper_id>/koreksi")
@needs(Permission.PERMIT_CHECK)
def correction(permit_id: UUID, paper_id: UUID) -> ResponseReturnValue:
    permit = _open(permit_id)
    before = external_paper_of(permit.id, paper_id)
    return _form(permit, blank(**_typed(before)), before)


@bp.post("/<uuid:permit_id>/surat-luar/<uuid:paper_id>/koreksi")
@needs(Permission.PERMIT_CHECK)
def correct(permit_id: UUID, paper_id: UUID) -> ResponseReturnValue:
    permit = _open(permit_id)
    return _record(permit, external_paper_of(permit.id, paper_id))


@bp.get("/<uuid:permit_id>/surat-luar/<uuid:paper_id>/berkas")
@needs(Permission.PERMIT_READ)
def paper_file(permit_id: UUID, paper_id: UUID) -> ResponseReturnValue:
    permit = permit_by_id(permit_id, by=actor())
    paper = external_paper_of(permit.id, paper_id)
    if paper.file_id is None:
        raise NotFound(paper_id=str(paper_id))
    return paper_answer(paper.file_id, paper.kind)


def _open(permit_id: UUID) -> Permit:
    permit = permit_by_id(permit_id, by=actor())
    if permit.state in NOT_YET:
        raise NotFound(permit_id=str(permit_id))
    return permit


def _record(permit: Permit, before: ExternalPaper | None) -> ResponseReturnValue:
    form: Form[PaperFilledIn] = read_form(PaperSchema())
    try:
        file = sent_paper("file")
        if form.value is None:
            return _form(permit, form, before), 422
        said = form.value
        command = RecordPaper(
            id=said.id, permit_id=permit.id, kind=said.kind, number=said.number,
            issued_on=said.issued_on, valid_until=said.valid_until, place=said.place,
            days=said.days, note=said.note, file=file,
            supersedes_id=before.id if before else None,
        )  # fmt: skip
        with transaction():
            record_paper(command, by=actor())
    except (Conflict, Invalid) as error:
        is_of_file = "picture" in error.code or error.code in OF_FILE
        form.errors["file" if is_of_file else WHOLE_FORM] = [message_of(error)]
        return _form(_open(permit.id), form, before), 422
    flash(_("The paper is recorded."), "success")
    return redirect(url_for(".show", permit_id=permit.id))


def _typed(paper: ExternalPaper) -> dict[str, str]:
    return {
        "kind": paper.kind,
        "number": paper.number,
        "issued_on": paper.issued_on.isoformat(),
        "valid_until": paper.valid_until.isoformat() if paper.valid_until else "",
        "place": paper.place,
        "days": "" if paper.days is None else str(paper.days),
        "note": paper.note,
    }


def _form(permit: Permit, form: Form[PaperFilledIn], before: ExternalPaper | None) -> str:
    return render_template(
        "permits/external.html", permit=permit, form=form, before=before, kinds=ExternalKind
    )
