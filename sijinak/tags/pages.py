"""Labels for people: choose what to print, take the PDF, replace what was lost."""

from collections.abc import Sequence
from dataclasses import replace
from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from marshmallow import fields, validate

from sijinak.animals.models import Animal
from sijinak.animals.queries import Wanted, animal_by_id, animals, eartags_of, live_tags
from sijinak.animals.record import animals_named
from sijinak.areas.queries import place_name
from sijinak.core.codes import parse_tag_code
from sijinak.core.db import transaction
from sijinak.core.errors import Conflict, Invalid, NotFound
from sijinak.core.permissions import Permission
from sijinak.keepers.looking import Page as Where
from sijinak.keepers.pages import village_options
from sijinak.keepers.queries import keeper_facts
from sijinak.keepers.showing import shows_list
from sijinak.tags import labels as _labels  # noqa: F401 - the sentences of our errors
from sijinak.tags.queries import label_counts, sheet_by_id, sheets, tags_to_print
from sijinak.tags.services import PrintLabels, print_labels
from sijinak.tags.sheets import sheet_pdf
from sijinak.tagstock.labels import layout_name, layout_options
from sijinak.tagstock.layouts import DEFAULT, LAYOUTS
from sijinak.tagstock.printers.pages import chosen_printer, printer_options
from sijinak.tagstock.printers.pages import pdf as pdf_answer
from sijinak.tagstock.printers.queries import fit_of
from sijinak.tagstock.queries import blank_tag, times_opened
from sijinak.tagstock.services import note_opened
from sijinak.web.access import actor, needs
from sijinak.web.fields import CHOOSE, TOO_LONG
from sijinak.web.i18n import N_
from sijinak.web.i18n import gettext as _
from sijinak.web.io import Form, InputSchema, blank, listing, place, read_form
from sijinak.web.settings import settings

bp = Blueprint("tags", __name__)
FIELD_OF = {"again-without-reason": "reason"}


class PrintLabelsSchema(InputSchema[PrintLabels]):
    makes = PrintLabels

    id = fields.UUID(required=True)
    village = fields.String(load_default="")
    keeper_id = fields.UUID(load_default=None)
    batch_id = fields.UUID(load_default=None)
    again = fields.Boolean(load_default=False)
    reason = fields.String(load_default="", validate=validate.Length(max=200, error=TOO_LONG))
    layout = fields.String(required=True, error_messages=CHOOSE)


class RenewLabelsSchema(PrintLabelsSchema):
    """Labels of one sheet that were ticked."""

    animal_ids = fields.List(
        fields.UUID(),
        required=True,
        validate=validate.Length(min=1, error=N_("Tick the labels that are lost or spoilt.")),
    )


@bp.get("/")
@needs(Permission.TAG_PRINT)
def index() -> ResponseReturnValue:
    wanted = {"village": "desa", "keeper_id": "pemilik", "batch_id": "batch"}
    raw = {name: request.args.get(shown, "") for name, shown in wanted.items()}
    return _form(blank(layout=DEFAULT, **raw))


@bp.post("/")
@needs(Permission.TAG_PRINT)
def create() -> ResponseReturnValue:
    form = read_form(PrintLabelsSchema())
    if form.value is None:
        return _form(form), 422
    return _printed(form, form.value) or (_form(form), 422)


@bp.get("/<uuid:sheet_id>")
@needs(Permission.TAG_PRINT)
def show(sheet_id: UUID) -> ResponseReturnValue:
    return _sheet_page(sheet_id, blank())


@bp.post("/<uuid:sheet_id>/baru")
@needs(Permission.TAG_PRINT)
def renew(sheet_id: UUID) -> ResponseReturnValue:
    """New labels, with new codes, for some of a sheet's animals."""
    _sheet, rows = sheet_by_id(sheet_id, by=actor())
    form = read_form(RenewLabelsSchema(), many=frozenset({"animal_ids"}))
    if form.value is None:
        return _sheet_page(sheet_id, form), 422
    on_it = {animal.id for _identifier, animal in rows}
    ticked = tuple(one for one in form.value.animal_ids if one in on_it)
    command = replace(form.value, animal_ids=ticked or (sheet_id,), again=True)
    return _printed(form, command) or (_sheet_page(sheet_id, form), 422)


@bp.get("/<uuid:sheet_id>/label.pdf")
@needs(Permission.TAG_PRINT)
def pdf(sheet_id: UUID) -> ResponseReturnValue:
    """The same codes as often as the paper jams; each time is written down."""
    sheet, rows = sheet_by_id(sheet_id, by=actor())
    fit = fit_of(chosen_printer(), by=actor())
    content = sheet_pdf(sheet, rows, settings().public_url, fit)
    with transaction():
        note_opened(sheet, by=actor(), needs=Permission.TAG_PRINT)
    return pdf_answer(content, f"label-{sheet_id}")


@bp.get("/pasang/<code>")
@needs(Permission.MUTATION_RECORD)
def put_on(code: str) -> ResponseReturnValue:
    """Which animal gets this blank tag: found by its owner's name, or any number of its own."""
    tag = blank_tag(parse_tag_code(code))
    if tag is None:
        raise NotFound(tag=code)
    wanted = request.args.get("cari", "").strip()
    found = _animals_meant(wanted) if wanted else []
    owners = keeper_facts({animal.keeper_id for animal in found})
    shows_list(Where.ANIMALS, owners, asked={"cari": wanted})
    return render_template(
        "tags/put_on.html",
        tag=tag,
        form=Form({"cari": wanted}),
        animals=found,
        worn=live_tags([animal.id for animal in found]),
        owners=owners,
        place_name=place_name,
    )


def _animals_meant(wanted: str) -> Sequence[Animal]:
    if named := animals_named(wanted, by=actor()):
        return [animal_by_id(animal_id, by=actor()) for animal_id in named]
    return animals(by=actor(), wanted=Wanted(owner=wanted)).items


def _printed(form: Form[PrintLabels], command: PrintLabels) -> ResponseReturnValue | None:
    """The way to the new sheet; None when the form was refused."""
    try:
        with transaction():
            sheet, rows = print_labels(command, by=actor())
    except (Conflict, Invalid) as error:
        form.refuse(error, FIELD_OF.get(error.code, "_schema"))
        return None
    flash(_("A sheet with %(count)s labels is ready.", count=len(rows)), "success")
    return redirect(url_for(".show", sheet_id=sheet.id))


def _sheet_page(sheet_id: UUID, form: Form[PrintLabels]) -> str:
    sheet, rows = sheet_by_id(sheet_id, by=actor())
    owners = keeper_facts({animal.keeper_id for _tag, animal in rows})
    shows_list(Where.ANIMALS, owners)
    return render_template(
        "tags/show.html",
        sheet=sheet,
        rows=[(*row, LAYOUTS[sheet.layout].place(n)) for n, row in enumerate(rows)],
        owners=owners,
        eartags=eartags_of([animal.id for _tag, animal in rows]),
        layout=layout_name(sheet.layout),
        layouts=layout_options(),
        printers=printer_options(),
        opened=times_opened(sheet_id),
        form=form,
        chosen=request.form.getlist("animal_ids"),
        place_name=place_name,
    )


def _form(form: Form[PrintLabels]) -> str:
    page = sheets(by=actor(), place=place())
    chosen = any(form.raw.get(name) for name in ("village", "keeper_id", "batch_id"))
    return render_template(
        "tags/index.html",
        form=form,
        page=listing(page, ".index"),
        villages=village_options(actor(), Permission.TAG_PRINT),
        layouts=layout_options(),
        waiting=_waiting(form) if chosen else None,
        place_name=place_name,
        counts=label_counts([sheet.id for sheet in page.items]),
    )


def _waiting(form: Form[PrintLabels]) -> int:
    """How many labels were never printed, to say it beforehand."""
    names = ("id", "village", "keeper_id", "batch_id")
    asked = {name: form.raw[name] for name in names if name in form.raw}
    try:
        chosen = PrintLabelsSchema().load({**asked, "layout": DEFAULT})
    except ValueError:
        return 0
    return len(tags_to_print(chosen, by=actor()))
