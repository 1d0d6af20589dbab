"""Files of an audit (berkas pemeriksaan): opened, filled, printed and closed."""

from itertools import chain
from typing import Any
from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from sijinak.areas.models import Level
from sijinak.areas.queries import place_name, regions_within
from sijinak.audit.desk import labels
from sijinak.audit.desk.filed_finding import filed_finding
from sijinak.audit.desk.filing import add_part, close_file, open_file
from sijinak.audit.desk.links import subject_url
from sijinak.audit.desk.models import AuditFile
from sijinak.audit.desk.noted import Filed, file_by_id, files, parts_of
from sijinak.audit.desk.sampled import outcome_of, sample_by_id, ticked
from sijinak.audit.desk.schemas import AddPartSchema, CloseFileSchema, OpenFileSchema
from sijinak.audit.desk.subjects import FINDINGS, SAMPLES, subject_of
from sijinak.audit.findings import labels as finding_words
from sijinak.core.clock import today
from sijinak.core.errors import NotFound
from sijinak.core.permissions import Permission, may
from sijinak.keepers.looking import Page as Where
from sijinak.keepers.models import Keeper
from sijinak.keepers.showing import shows
from sijinak.treasury.answering import carried_out
from sijinak.web.access import actor, needs
from sijinak.web.i18n import gettext as _
from sijinak.web.io import Form, blank, listing, place, read_form
from sijinak.web.settings import settings

bp = Blueprint("auditdesk_files", __name__)
P = Permission
FIELD_OF = {"unknown-region": "region", "audit-file-days": "last_day"}


@bp.get("/")
@needs(P.AUDIT_READ)
def index() -> ResponseReturnValue:
    return render_template(
        "auditdesk/files.html",
        page=listing(files(by=actor(), place=place()), ".index"),
        place_name=place_name,
        tones=labels.TONES,
        may_work=may(actor(), P.AUDIT_WORK),
    )


@bp.get("/baru")
@needs(P.AUDIT_WORK)
def new() -> ResponseReturnValue:
    first = today().replace(month=1, day=1).isoformat()
    days = {"first_day": first, "last_day": today().isoformat()}
    return _form(blank(region=settings().regency, **days))


@bp.post("/baru")
@needs(P.AUDIT_WORK)
def create() -> ResponseReturnValue:
    form = read_form(OpenFileSchema())
    done = carried_out(form, open_file, FIELD_OF)
    if done is None:
        return _form(form), 422
    return redirect(url_for(".show", file_id=done.id))


@bp.get("/<uuid:file_id>")
@needs(P.AUDIT_READ)
def show(file_id: UUID) -> ResponseReturnValue:
    """On the screen and, printed, on paper."""
    return _page(file_by_id(file_id, by=actor()), blank())


@bp.post("/bagian")
@needs(P.AUDIT_WORK)
def add() -> ResponseReturnValue:
    """A sample, note or finding comes into the file that was chosen beside it."""
    form = read_form(AddPartSchema())
    done = carried_out(form, add_part, {})
    if done is None:
        flash("; ".join(chain.from_iterable(form.errors.values())), "error")
        return redirect(url_for(".index"))
    flash(_("It lies in the file now."), "success")
    return redirect(url_for(".show", file_id=done.id))


@bp.post("/<uuid:file_id>/tutup")
@needs(P.AUDIT_WORK)
def close(file_id: UUID) -> ResponseReturnValue:
    found = file_by_id(file_id, by=actor())
    form = read_form(CloseFileSchema(file_id=file_id))
    if carried_out(form, close_file, {"audit-file-conclusion": "conclusion"}) is None:
        return _page(found, form), 422
    flash(_("The audit is closed."), "success")
    return redirect(url_for(".show", file_id=file_id))


def _form(form: Form[Any]) -> str:
    found = regions_within(settings().regency)
    known = [one for one in found if one.level in {Level.REGENCY, Level.KECAMATAN}]
    regions = [(o.code, o.name) for o in known if may(actor(), P.AUDIT_WORK, region=o.code)]
    return render_template("auditdesk/new_file.html", form=form, regions=regions)


def _page(found: AuditFile, form: Form[Any]) -> str:
    return render_template(
        "auditdesk/file.html",
        file=found,
        form=form,
        rows=[_row(one) for one in parts_of(found)],
        place_name=place_name,
        tones=labels.TONES,
        finding_words=finding_words,
        may_work=may(actor(), P.AUDIT_WORK, region=found.region),
    )


def _row(one: Filed) -> dict[str, Any]:
    """An audit of one place may hold what lies elsewhere: who sees the file may not see that."""
    try:
        return {**_told(one), "is_seen": True}
    except NotFound:
        return {"name": labels.subject_name(one.part.subject_type), "is_seen": False}


def _told(one: Filed) -> dict[str, Any]:
    """What the file shows of a part: of a finding all, of a sample what came out of it.

    Raises NotFound.
    """
    part, note = one.part, one.note
    kind, about = (
        (note.subject_type, note.subject_id) if note else (part.subject_type, part.subject_id)
    )
    told: dict[str, Any] = {
        "part": part,
        "note": note,
        "name": labels.subject_name(part.subject_type),
    }
    told["about"] = subject = subject_of(kind, about, by=actor())
    if kind == Keeper.__tablename__:
        shows(subject.id, subject.region, Where.KEEPER)
    told["kind"], told["url"] = labels.subject_name(kind), subject_url(kind, about)
    if part.subject_type == FINDINGS:
        told["filed"] = filed_finding(part.subject_id, by=actor())
    if part.subject_type == SAMPLES:
        sample = sample_by_id(part.subject_id, by=actor())
        told["sample"], told["outcome"] = sample, outcome_of(sample, ticked(sample))
    return told
