"""The office's side of the door: records that wait for a person, and files from phones."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from marshmallow import fields, validate

from sijinak.areas.queries import full_name
from sijinak.core.db import transaction
from sijinak.core.errors import Conflict, Invalid
from sijinak.core.money import thousands
from sijinak.core.permissions import Actor, Permission, may
from sijinak.field import labels as _labels  # noqa: F401 - names our reasons
from sijinak.field.device_labels import kind_name, reason_text
from sijinak.field.exported import NotAnExport
from sijinak.field.importing import bring_file
from sijinak.field.labels import said_in_words
from sijinak.field.models import FieldRecord, Review
from sijinak.field.reading import Incoming, read_kept
from sijinak.field.reviewing import (
    RefuseRecord,
    TakeInRecord,
    author_name,
    count_open,
    is_own,
    open_reviews,
    records_behind,
    refuse_record,
    review_by_id,
    take_in_record,
)
from sijinak.web.access import actor, needs
from sijinak.web.fields import REQUIRED, TOO_LONG
from sijinak.web.home import Tile
from sijinak.web.i18n import gettext as _
from sijinak.web.io import WHOLE_FORM, Form, InputSchema, blank, listing, place, read_form
from sijinak.web.messages import message_for
from sijinak.web.security import takes_large_files

bp = Blueprint("fieldreviews", __name__)
ABOUT_NIK = ("nik-", "not-a-nik-")
WITH_CODE = ("vaccination", "result", "reaction", "link", "registration")
ABOUT_CODE = ("unknown-tag", "not-a-tag-code", "tag-taken", "tag-not-usable")


class TakeInSchema(InputSchema[TakeInRecord]):
    makes = TakeInRecord

    id = fields.UUID(required=True)
    review_id = fields.UUID(required=True)
    code = fields.String(load_default="", validate=validate.Length(max=64, error=TOO_LONG))
    nik = fields.String(load_default="", validate=validate.Length(max=32, error=TOO_LONG))


class RefuseSchema(InputSchema[RefuseRecord]):
    makes = RefuseRecord

    id = fields.UUID(required=True)
    review_id = fields.UUID(required=True)
    reason = fields.String(
        required=True,
        validate=validate.Length(max=500, error=TOO_LONG),
        error_messages=REQUIRED,
    )


@bp.get("/periksa")
@needs(Permission.FIELD_OVERSEE)
def index() -> ResponseReturnValue:
    page = open_reviews(by=actor(), place=place())
    records = records_behind(list(page.items))
    return render_template(
        "field/office/reviews.html",
        page=listing(page, ".index"),
        records=records,
        kind_name=kind_name,
        reason_text=reason_text,
        full_name=full_name,
    )


@bp.get("/periksa/<uuid:review_id>")
@needs(Permission.FIELD_OVERSEE)
def show(review_id: UUID) -> ResponseReturnValue:
    return _page(review_id, _blank(review_id))


@bp.post("/periksa/<uuid:review_id>/terima")
@needs(Permission.FIELD_OVERSEE)
def take_in(review_id: UUID) -> ResponseReturnValue:
    form: Form[TakeInRecord] = read_form(TakeInSchema())
    if form.value is None or form.value.review_id != review_id:
        return _page(review_id, form), 422
    try:
        with transaction():
            take_in_record(form.value, by=actor())
    except (Conflict, Invalid) as error:
        return _page(review_id, form.refuse(error, _field_of(error))), 422
    flash(_("The record is taken in."), "success")
    return redirect(url_for(".index"))


@bp.post("/periksa/<uuid:review_id>/tolak")
@needs(Permission.FIELD_OVERSEE)
def refuse(review_id: UUID) -> ResponseReturnValue:
    form: Form[RefuseRecord] = read_form(RefuseSchema())
    if form.value is None or form.value.review_id != review_id:
        return _page(review_id, form), 422
    try:
        with transaction():
            refuse_record(form.value, by=actor())
    except (Conflict, Invalid) as error:
        return _page(review_id, form.refuse(error, "reason")), 422
    flash(_("The record is refused. It stays as it came, and has no effect."), "success")
    return redirect(url_for(".index"))


@bp.get("/berkas")
@needs(Permission.FIELD_OVERSEE, Permission.FIELD_WORK)
def file() -> ResponseReturnValue:
    return _file(Form(), ())


@bp.post("/berkas")
@takes_large_files
@needs(Permission.FIELD_OVERSEE, Permission.FIELD_WORK)
def bring() -> ResponseReturnValue:
    form: Form[None] = Form()
    sent = request.files.get("file")
    if sent is None or not sent.filename:
        form.errors["file"] = [_("Choose a file.")]
        return _file(form, ()), 422
    try:
        records = bring_file(sent.read(), by=actor())
    except NotAnExport as error:
        return _file(form.refuse(error, "file"), ()), 422
    return _file(form, records)


def tiles(by: Actor) -> Sequence[Tile]:
    """How many records wait for a person."""
    if not may(by, Permission.FIELD_OVERSEE):
        return ()
    count, url = count_open(by=by), url_for("fieldreviews.index")
    name = _("Records from phones to decide about")
    return [Tile(name, thousands(count), url, "clipboard-check", "warning")] if count else ()


def _blank(review_id: UUID) -> Form[Any]:
    return blank(review_id=str(review_id))


def _page(review_id: UUID, form: Form[Any]) -> str:
    review, record = review_by_id(review_id, by=actor())
    said = read_kept(record)
    form.raw["review_id"] = str(review_id)
    return render_template(
        "field/office/review.html",
        form=form,
        other=_blank(review_id),
        review=review,
        record=record,
        author=author_name(record),
        lines=said_in_words(said, with_names=_may_read_names(record)),
        names_animal=record.kind in WITH_CODE,
        names_owner=record.kind == "registration" and bool(said.data and said.data["owner"]),
        may_decide=_may_decide(review, record),
        kind_name=kind_name,
        reason_text=reason_text,
        full_name=full_name,
    )


def _field_of(error: Conflict | Invalid) -> str:
    if error.code in ABOUT_CODE:
        return "code"
    return "nik" if error.code.startswith(ABOUT_NIK) else WHOLE_FORM


def _may_read_names(record: FieldRecord) -> bool:
    return may(actor(), Permission.KEEPER_READ, region=record.region)


def _may_decide(review: Review, record: FieldRecord) -> bool:
    return review.decided_at is None and not is_own(record, by=actor())


def _file(form: Form[None], records: Sequence[Incoming]) -> str:
    rows = [(one.seq, kind_name(one.kind), one.device_at, *_verdict(one)) for one in records]
    return render_template("field/office/file.html", form=form, rows=rows)


def _verdict(one: Incoming) -> tuple[Any, str]:
    return one, message_for(one.reason, one.facts) if one.reason else ""
