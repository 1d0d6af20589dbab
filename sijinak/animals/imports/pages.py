"""Bringing a list in: choose a file, read what would happen, confirm; and what became of it."""

import csv
import io
from collections.abc import Iterator
from typing import IO
from uuid import UUID

from flask import (
    Blueprint,
    Response,
    flash,
    make_response,
    redirect,
    render_template,
    request,
    url_for,
)
from flask.typing import ResponseReturnValue

from sijinak.animals.imports import labels as _labels  # noqa: F401 - what is said about lists
from sijinak.animals.imports.bringing import begin, earlier, leave_plan, prepare
from sijinak.animals.imports.columns import COLUMNS
from sijinak.animals.imports.queries import batch_by_id
from sijinak.animals.imports.reviewing import (
    report_of,
    session_id,
    show_review,
    shown_problem,
    uploads,
)
from sijinak.animals.imports.schemas import UndoBatchSchema
from sijinak.animals.imports.services import BatchNotDone, UndoBatch, undo_batch
from sijinak.animals.imports.table import Limits, UnreadableList, kind_of
from sijinak.animals.imports.undoing import BatchHangs
from sijinak.animals.imports.uploads import Upload
from sijinak.animals.models import BatchState, ImportBatch
from sijinak.animals.queries import batches, live_tags
from sijinak.areas.queries import full_name
from sijinak.core.db import transaction
from sijinak.core.errors import Conflict, Forbidden
from sijinak.core.permissions import Permission
from sijinak.web.access import actor, needs
from sijinak.web.i18n import gettext as _
from sijinak.web.io import Form, blank, listing, place, read_form
from sijinak.web.messages import message_for
from sijinak.web.security import takes_large_files
from sijinak.web.settings import settings

bp = Blueprint("animals_import", __name__)
CHUNK = 1024 * 1024
TEMPLATE = "contoh-daftar-ternak.csv"
RELOAD_SECONDS = "3"
SHOWN_ASIDE = 200


@bp.get("/")
@needs(Permission.ANIMAL_IMPORT)
def start() -> ResponseReturnValue:
    return _start(Form())


@bp.post("/")
@takes_large_files
@needs(Permission.ANIMAL_IMPORT)
def bring() -> ResponseReturnValue:
    form: Form[None] = Form()
    sent = request.files.get("list")
    if sent is None or not sent.filename:
        form.errors["list"] = [_("Choose a file.")]
        return _start(form), 422
    upload: Upload | None = None
    try:
        upload = uploads().keep(_chunks(sent.stream), sent.filename, kind_of(sent.filename))
        prepare(upload, Limits(settings().max_list_mb, settings().max_list_rows), by=actor())
    except UnreadableList as error:
        if upload is not None:
            upload.forget()
        return _start(form.refuse(error, "list")), 422
    return redirect(url_for(".review", key=uploads().key_to(upload, session_id())))


@bp.get("/periksa/<key>")
@needs(Permission.ANIMAL_IMPORT)
def review(key: str) -> ResponseReturnValue:
    upload = uploads().find(key, session_id())
    return show_review(upload, key) if upload.is_there else _to_result(upload)


@bp.post("/periksa/<key>")
@needs(Permission.ANIMAL_IMPORT)
def take(key: str) -> ResponseReturnValue:
    """From here on it is the worker's: row by row it looks once more what came between."""
    upload = uploads().find(key, session_id())
    if not upload.is_there:
        return _to_result(upload)
    report = report_of(upload)
    batch = earlier(report)
    if batch is None and not report.can_be_taken:
        return show_review(upload, key), 422
    try:
        if batch is None:
            with transaction():
                batch = begin(upload, report, by=actor())
    except (Conflict, Forbidden) as error:
        flash(message_for(error.code, error.facts), "error")
        return redirect(url_for(".review", key=key))
    leave_plan(upload, batch)
    return redirect(url_for(".result", batch_id=batch.id))


@bp.get("/hasil/<uuid:batch_id>")
@needs(Permission.ANIMAL_IMPORT)
def result(batch_id: UUID) -> ResponseReturnValue:
    """While it is being taken in, the page looks again by itself."""
    batch = batch_by_id(batch_id, by=actor())
    page = make_response(_result(batch, blank(batch_id=str(batch_id))))
    if batch.state is BatchState.TAKING:
        page.headers["Refresh"] = RELOAD_SECONDS
    return page


@bp.post("/hasil/<uuid:batch_id>/batal")
@needs(Permission.ANIMAL_IMPORT)
def undo(batch_id: UUID) -> ResponseReturnValue:
    batch = batch_by_id(batch_id, by=actor())
    form = read_form(UndoBatchSchema())
    form.raw["batch_id"] = str(batch_id)
    if form.value is None or form.value.batch_id != batch_id:
        return _result(batch, form), 422
    try:
        with transaction():
            undo_batch(form.value, by=actor())
    except BatchHangs as error:
        ids = [UUID(str(one)) for one in error.facts["animals"]]  # type: ignore[attr-defined]
        return _result(batch_by_id(batch_id, by=actor()), form.refuse(error), ids), 409
    except BatchNotDone as error:
        flash(message_for(error.code, error.facts), "error")
    else:
        flash(_("The list was undone. Its animals do not count any more."), "success")
    return redirect(url_for(".result", batch_id=batch_id))


@bp.get(f"/{TEMPLATE}")
@needs(Permission.ANIMAL_IMPORT)
def template() -> ResponseReturnValue:
    """The header and one example, as Excel with Indonesian settings opens it."""
    text = io.StringIO()
    writer = csv.writer(text, delimiter=";", lineterminator="\r\n")
    shown = [column for column in COLUMNS if column.name != "no"]
    writer.writerows([[c.name for c in shown], [c.example for c in shown]])
    headers = {"Content-Disposition": f'attachment; filename="{TEMPLATE}"'}
    return Response(
        "\ufeff" + text.getvalue(), content_type="text/csv; charset=utf-8", headers=headers
    )


def _to_result(upload: Upload) -> ResponseReturnValue:
    """A list that was taken in leaves no file. Raises NotFound when it was not taken in."""
    batch = batch_by_id(upload.id, by=actor())
    return redirect(url_for(".result", batch_id=batch.id))


def _start(form: Form[None]) -> str:
    page = listing(batches(by=actor(), place=place()), ".start")
    return render_template(
        "animals/import.html", form=form, page=page, columns=COLUMNS, full_name=full_name,
        most=settings().max_list_mb, most_rows=settings().max_list_rows,
    )  # fmt: skip


def _result(batch: ImportBatch, form: Form[UndoBatch], hanging: list[UUID] | None = None) -> str:
    tags = [tag.value for tag in live_tags(hanging).values()] if hanging else []
    return render_template(
        "animals/import_result.html", batch=batch, full_name=full_name, form=form, tags=tags,
        problems=[shown_problem(line) for line in batch.aside[:SHOWN_ASIDE]],
    )  # fmt: skip


def _chunks(stream: IO[bytes]) -> Iterator[bytes]:
    while chunk := stream.read(CHUNK):
        yield chunk
