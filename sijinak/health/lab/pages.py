"""The laboratory's pages: samples that wait, results one by one or for a whole sending.

No name of an owner, a firm or a village: a sample is its number.
"""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from flask import Blueprint, Response, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from marshmallow import ValidationError

from sijinak.core.clock import today
from sijinak.core.db import transaction
from sijinak.core.errors import Conflict, Invalid, NotFound
from sijinak.core.money import thousands
from sijinak.core.permissions import Actor, Permission, may
from sijinak.files.answers import picture_answer, sent_picture
from sijinak.health.lab.labels import TONES
from sijinak.health.lab.models import Finding, Result, Sample
from sijinak.health.lab.queries import (
    count_waiting,
    result_by_id,
    sample_by_id,
    samples,
    samples_numbered,
    standing_results,
)
from sijinak.health.lab.schemas import (
    CorrectionSchema,
    Report,
    ReportSchema,
    command_of,
    lines_of,
    numbers_in,
)
from sijinak.health.lab.services import correct_result, record_results
from sijinak.web.access import actor, needs
from sijinak.web.home import Tile
from sijinak.web.i18n import N_, ngettext
from sijinak.web.i18n import gettext as _
from sijinak.web.io import WHOLE_FORM, Form, blank, listing, place, read_form

bp = Blueprint("lab", __name__)
RECORD = Permission.LAB_RECORD
NONE_CHOSEN = N_("Choose the result of at least one sample.")


@bp.get("/")
@needs(RECORD)
def index() -> ResponseReturnValue:
    is_done = request.args.get("selesai") == "ya"
    page = samples(by=actor(), is_done=is_done, place=place())
    return render_template(
        "lab/index.html",
        page=listing(page, ".index", selesai="ya" if is_done else ""),
        is_done=is_done,
        results=standing_results([sample.id for sample in page.items]),
        tones=TONES,
    )


@bp.get("/hasil")
@needs(RECORD)
def sending() -> ResponseReturnValue:
    """The samples with the numbers asked for, to be filled in."""
    numbers = numbers_in(request.args.get("nomor", ""))
    found = samples_numbered(numbers, by=actor()) if numbers else []
    return _sending_page(found, numbers, blank(tested_on=today().isoformat()))


@bp.post("/hasil")
@needs(RECORD)
def record() -> ResponseReturnValue:
    numbers = numbers_in(request.args.get("nomor", ""))
    found = samples_numbered(numbers, by=actor())
    lines, wrong = lines_of(request.form, found)
    form = _report_form()
    form.errors.update(wrong)
    if not lines and not wrong:
        form.errors[WHOLE_FORM] = [_(NONE_CHOSEN)]
    try:
        picture = sent_picture("report")
        if form.value is None or form.errors:
            return _sending_page(found, numbers, form), 422
        with transaction():
            made = record_results(command_of(form.value, lines, picture), by=actor())
    except (Conflict, Invalid) as error:
        field = "report" if "picture" in error.code else WHOLE_FORM
        return _sending_page(found, numbers, form.refuse(error, field)), 422
    flash(
        ngettext("%(n)s result is recorded.", "%(n)s results are recorded.", len(made)), "success"
    )
    return redirect(url_for(".index"))


@bp.get("/contoh/<uuid:sample_id>")
@needs(RECORD)
def show(sample_id: UUID) -> ResponseReturnValue:
    return _sample_page(sample_by_id(sample_id, by=actor()), blank())


@bp.post("/contoh/<uuid:sample_id>/koreksi")
@needs(RECORD)
def correct(sample_id: UUID) -> ResponseReturnValue:
    sample = sample_by_id(sample_id, by=actor())
    form = read_form(CorrectionSchema())
    if form.value is None:
        return _sample_page(sample, form), 422
    if result_by_id(form.value.result_id, by=actor()).sample_id != sample_id:
        raise NotFound
    try:
        with transaction():
            correct_result(form.value, by=actor())
    except (Conflict, Invalid) as error:
        return _sample_page(sample_by_id(sample_id, by=actor()), form.refuse(error)), 422
    flash(_("The result is corrected. The old one stays in the list."), "success")
    return redirect(url_for(".show", sample_id=sample_id))


@bp.get("/laporan/<uuid:result_id>")
@needs(RECORD)
def report(result_id: UUID) -> Response:
    result = result_by_id(result_id, by=actor())
    if result.report_id is None:
        raise NotFound
    return picture_answer(result.report_id, small=False)


def tiles(by: Actor) -> Sequence[Tile]:
    """Samples that wait; no tile when there is none."""
    if not may(by, RECORD) or not (count := count_waiting(by=by)):
        return ()
    url = url_for("lab.index")
    return [Tile(_("Samples that wait for a result"), thousands(count), url, "clipboard")]


def _report_form() -> Form[Report]:
    """The fields of the samples are read by themselves."""
    form: Form[Report] = Form(dict(request.form))
    schema = ReportSchema()
    try:
        form.value = schema.load({name: form.raw.get(name, "") for name in schema.fields})
    except ValidationError as error:
        form.errors = {str(name): list(said) for name, said in error.messages_dict.items()}
    return form


def _sending_page(found: Sequence[Sample], numbers: Sequence[str], form: Form[Any]) -> str:
    known = {sample.number.upper() for sample in found}
    return render_template(
        "lab/sending.html",
        form=form,
        numbers=numbers,
        samples=found,
        results=standing_results([sample.id for sample in found]),
        missing=[number for number in numbers if number.upper() not in known],
        findings=Finding,
        tones=TONES,
    )


def _sample_page(sample: Sample, form: Form[Any]) -> str:
    results: list[Result] = list(reversed(sample.results))
    return render_template(
        "lab/sample.html",
        form=form,
        sample=sample,
        results=results,
        stands=standing_results([sample.id]).get(sample.id),
        findings=Finding,
        tones=TONES,
    )
