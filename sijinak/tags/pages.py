"""Labels for people: choose what to print, take the PDF."""

from uuid import UUID

from flask import Blueprint, Response, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from marshmallow import fields

from sijinak.animals.queries import eartags_of
from sijinak.areas.queries import place_name
from sijinak.core.db import transaction
from sijinak.core.errors import Invalid
from sijinak.core.permissions import Permission
from sijinak.keepers.pages import village_options
from sijinak.keepers.queries import keeper_facts
from sijinak.tags.layouts import LAYOUTS
from sijinak.tags.queries import label_counts, sheet_by_id, sheets, tags_to_print
from sijinak.tags.services import PrintLabels, print_labels
from sijinak.tags.sheets import sheet_pdf
from sijinak.web.access import actor, needs
from sijinak.web.i18n import N_
from sijinak.web.i18n import gettext as _
from sijinak.web.io import Form, InputSchema, blank, listing, place, read_form
from sijinak.web.messages import MESSAGES
from sijinak.web.settings import settings

bp = Blueprint("tags", __name__)
MESSAGES.update(
    {
        "nothing-to-print": N_(
            "There is no label to print here. All were printed already: tick “print again” if the"
            " sheet was lost."
        ),
        "unknown-layout": N_("Choose one of the sheets."),
    }
)
LAYOUT_NAMES = {
    "24": N_("24 labels of 48 × 45 mm, for ear tags and neck tags"),
    "35": N_("35 labels of 38 × 39 mm, for cards"),
}


class PrintLabelsSchema(InputSchema[PrintLabels]):
    makes = PrintLabels

    id = fields.UUID(required=True)
    village = fields.String(load_default="")
    keeper_id = fields.UUID(load_default=None)
    batch_id = fields.UUID(load_default=None)
    again = fields.Boolean(load_default=False)
    layout = fields.String(required=True)


@bp.get("/")
@needs(Permission.TAG_PRINT)
def index() -> ResponseReturnValue:
    wanted = {"village": "desa", "keeper_id": "pemilik", "batch_id": "batch"}
    raw = {name: request.args.get(shown, "") for name, shown in wanted.items()}
    return _form(blank(layout="24", **raw))


@bp.post("/")
@needs(Permission.TAG_PRINT)
def create() -> ResponseReturnValue:
    form = read_form(PrintLabelsSchema())
    if form.value is None:
        return _form(form), 422
    try:
        with transaction():
            sheet, rows = print_labels(form.value, by=actor())
    except Invalid as error:
        return _form(form.refuse(error)), 422
    flash(_("A sheet with %(count)s labels is ready.", count=len(rows)), "success")
    return redirect(url_for(".show", sheet_id=sheet.id))


@bp.get("/<uuid:sheet_id>")
@needs(Permission.TAG_PRINT)
def show(sheet_id: UUID) -> ResponseReturnValue:
    sheet, rows = sheet_by_id(sheet_id, by=actor())
    return render_template(
        "tags/show.html",
        sheet=sheet,
        rows=[(*row, LAYOUTS[sheet.layout].place(n)) for n, row in enumerate(rows)],
        owners=keeper_facts({animal.keeper_id for _tag, animal in rows}),
        eartags=eartags_of([animal.id for _tag, animal in rows]),
        layout=layout_name(sheet.layout),
        place_name=place_name,
    )


@bp.get("/<uuid:sheet_id>/label.pdf")
@needs(Permission.TAG_PRINT)
def pdf(sheet_id: UUID) -> ResponseReturnValue:
    sheet, rows = sheet_by_id(sheet_id, by=actor())
    answer = Response(sheet_pdf(sheet, rows, settings().public_url), mimetype="application/pdf")
    answer.headers["Content-Disposition"] = f'inline; filename="label-{sheet_id}.pdf"'
    return answer


def _form(form: Form[PrintLabels]) -> str:
    page = sheets(by=actor(), place=place())
    counts = label_counts([sheet.id for sheet in page.items])
    chosen = any(form.raw.get(name) for name in ("village", "keeper_id", "batch_id"))
    return render_template(
        "tags/index.html",
        form=form,
        page=listing(page, ".index"),
        villages=village_options(actor(), Permission.TAG_PRINT),
        layouts=[(name, _(LAYOUT_NAMES[name])) for name in LAYOUTS],
        waiting=len(_waiting(form)) if chosen else None,
        place_name=place_name,
        counts=counts,
    )


def layout_name(name: str) -> str:
    return _(LAYOUT_NAMES[name])


def _waiting(form: Form[PrintLabels]) -> list[object]:
    """The labels that would be printed, to say their number beforehand."""
    try:
        chosen = PrintLabelsSchema().load({**form.raw, "layout": "24"})
    except ValueError:
        return []
    return [
        *tags_to_print(
            by=actor(),
            village=chosen.village,
            keeper_id=chosen.keeper_id,
            batch_id=chosen.batch_id,
        )
    ]
