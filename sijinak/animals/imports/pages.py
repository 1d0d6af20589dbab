"""Bringing a list in: choose a file, read what would happen, confirm."""

import csv
import io
from collections.abc import Iterator
from typing import IO
from uuid import UUID

from flask import (
    Blueprint,
    Response,
    flash,
    redirect,
    render_template,
    request,
    url_for,
)
from flask.typing import ResponseReturnValue

from sijinak.animals.imports import labels as _labels  # noqa: F401 - what is said about lists
from sijinak.animals.imports.columns import COLUMNS
from sijinak.animals.imports.queries import batch_by_id
from sijinak.animals.imports.rehearsal import Report, rehearse
from sijinak.animals.imports.services import ListRefused, TakeList, take_list
from sijinak.animals.imports.table import Table, UnreadableList, kind_of, read_table
from sijinak.animals.imports.uploads import Upload, Uploads
from sijinak.animals.queries import batches
from sijinak.areas.queries import full_name
from sijinak.core.db import transaction
from sijinak.core.errors import Conflict
from sijinak.core.permissions import Permission
from sijinak.web.access import actor, needs
from sijinak.web.i18n import gettext as _
from sijinak.web.io import Form, listing, place
from sijinak.web.messages import message_for
from sijinak.web.settings import settings

bp = Blueprint("animals_import", __name__)
SHOWN_PROBLEMS = 200
SHOWN_ENTRIES = 10
CHUNK = 1024 * 1024
TEMPLATE = "contoh-daftar-ternak.csv"


@bp.get("/")
@needs(Permission.ANIMAL_IMPORT)
def start() -> ResponseReturnValue:
    return _start(Form())


@bp.post("/")
@needs(Permission.ANIMAL_IMPORT)
def bring() -> ResponseReturnValue:
    form: Form[None] = Form()
    sent = request.files.get("list")
    if sent is None or not sent.filename:
        form.errors["list"] = [_("Choose a file.")]
        return _start(form), 422
    upload: Upload | None = None
    try:
        upload = _uploads().keep(_chunks(sent.stream), sent.filename, kind_of(sent.filename))
        _table(upload)
    except UnreadableList as error:
        if upload is not None:
            upload.path.unlink()
        return _start(form.refuse(error, "list")), 422
    return redirect(url_for(".review", key=_uploads().key_to(upload, _session_id())))


@bp.get("/periksa/<key>")
@needs(Permission.ANIMAL_IMPORT)
def review(key: str) -> ResponseReturnValue:
    upload = _uploads().find(key, _session_id())
    if not upload.is_there:
        return _to_result(upload)
    return _review(upload, rehearse(_table(upload), by=actor()), key)


@bp.post("/periksa/<key>")
@needs(Permission.ANIMAL_IMPORT)
def take(key: str) -> ResponseReturnValue:
    """The file is read and checked once more: days may have passed since the rehearsal."""
    upload = _uploads().find(key, _session_id())
    if not upload.is_there:
        return _to_result(upload)
    command = TakeList(id=upload.id, file_name=upload.name, table=_table(upload))
    try:
        with transaction():
            batch = take_list(command, by=actor())
    except ListRefused as refused:
        return _review(upload, refused.report, key), 422
    except Conflict as error:
        flash(message_for(error.code, error.facts), "error")
        return redirect(url_for(".review", key=key))
    upload.path.unlink(missing_ok=True)
    return redirect(url_for(".result", batch_id=batch.id))


@bp.get("/hasil/<uuid:batch_id>")
@needs(Permission.ANIMAL_IMPORT)
def result(batch_id: UUID) -> ResponseReturnValue:
    batch = batch_by_id(batch_id, by=actor())
    return render_template("animals/import_result.html", batch=batch, full_name=full_name)


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
    most = settings().max_upload_mb
    return render_template(
        "animals/import.html", form=form, page=page, columns=COLUMNS, full_name=full_name, most=most
    )


def _review(upload: Upload, report: Report, key: str) -> str:
    return render_template(
        "animals/import_review.html",
        name=upload.name,
        report=report,
        key=key,
        errors=report.errors[:SHOWN_PROBLEMS],
        warnings=report.warnings[:SHOWN_PROBLEMS],
        first=report.entries[:SHOWN_ENTRIES],
        sentence=lambda problem: message_for(problem.code, problem.values),
        full_name=full_name,
    )


def _table(upload: Upload) -> Table:
    return read_table(upload.path, upload.kind, max_mb=settings().max_upload_mb)


def _chunks(stream: IO[bytes]) -> Iterator[bytes]:
    while chunk := stream.read(CHUNK):
        yield chunk


def _uploads() -> Uploads:
    return Uploads(settings().data_dir)


def _session_id() -> UUID:
    found: UUID = actor().session_id  # type: ignore[attr-defined]
    return found
