"""Working papers: notes on any record, which auditors alone read."""

from dataclasses import replace
from typing import Any
from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from sijinak.areas.queries import place_name
from sijinak.audit.desk.labels import subject_name
from sijinak.audit.desk.links import subject_url
from sijinak.audit.desk.noted import note_by_id, notes, notes_about, open_files
from sijinak.audit.desk.schemas import WriteNoteSchema
from sijinak.audit.desk.services import write_note
from sijinak.audit.desk.subjects import subject_of
from sijinak.core.errors import NotFound
from sijinak.core.permissions import Permission, may
from sijinak.files.answers import paper_answer, sent_paper
from sijinak.files.papers import UnfitPaper
from sijinak.files.pictures import UnfitPicture
from sijinak.keepers.looking import Page as Where
from sijinak.keepers.models import Keeper
from sijinak.keepers.showing import shows
from sijinak.treasury.answering import carried_out
from sijinak.web.access import actor, needs
from sijinak.web.i18n import gettext as _
from sijinak.web.io import Form, blank, listing, place, read_form

bp = Blueprint("auditdesk_notes", __name__)
P = Permission


@bp.get("/")
@needs(P.AUDIT_READ)
def index() -> ResponseReturnValue:
    return render_template(
        "auditdesk/notes.html",
        page=listing(notes(by=actor(), place=place()), ".index"),
        place_name=place_name,
        subject_name=subject_name,
    )


@bp.get("/<kind>/<uuid:subject_id>")
@needs(P.AUDIT_READ)
def about(kind: str, subject_id: UUID) -> ResponseReturnValue:
    """Any record, and what auditors wrote about it."""
    return _page(kind, subject_id, blank())


@bp.post("/<kind>/<uuid:subject_id>")
@needs(P.AUDIT_WORK)
def write(kind: str, subject_id: UUID) -> ResponseReturnValue:
    form = read_form(WriteNoteSchema(subject_type=kind, subject_id=subject_id))
    try:
        paper = sent_paper("paper")
    except (UnfitPaper, UnfitPicture) as error:
        return _page(kind, subject_id, form.refuse(error, "paper")), 422
    if form.value is not None:
        form.value = replace(form.value, paper=paper)
    if carried_out(form, write_note, {}) is None:
        return _page(kind, subject_id, form), 422
    flash(_("The note is kept. Auditors alone see it."), "success")
    return redirect(url_for(".about", kind=kind, subject_id=subject_id))


@bp.get("/lampiran/<uuid:note_id>")
@needs(P.AUDIT_READ)
def attachment(note_id: UUID) -> ResponseReturnValue:
    note = note_by_id(note_id, by=actor())
    if note.file_id is None:
        raise NotFound(note_id=str(note_id))
    return paper_answer(note.file_id, f"catatan-{note.at:%Y%m%d}")


def _page(kind: str, subject_id: UUID, form: Form[Any]) -> str:
    subject = subject_of(kind, subject_id, by=actor())
    if kind == Keeper.__tablename__:
        shows(subject.id, subject.region, Where.KEEPER)
    return render_template(
        "auditdesk/about.html",
        subject=subject,
        kind=kind,
        kind_name=subject_name(kind),
        url=subject_url(kind, subject_id),
        notes=notes_about(kind, subject_id, by=actor()),
        files=open_files(by=actor()),
        place_name=place_name,
        form=form,
        fresh=blank(),
        may_work=may(actor(), P.AUDIT_WORK, region=subject.region or None),
    )
