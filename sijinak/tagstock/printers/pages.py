"""The calibration page, what was measured on it, and a trial of one page."""

from uuid import UUID

from flask import Blueprint, Response, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from sijinak.areas.queries import place_name
from sijinak.core.db import transaction
from sijinak.core.errors import NotFound
from sijinak.core.permissions import Permission
from sijinak.tagstock.labels import layout_options
from sijinak.tagstock.layouts import DEFAULT, LAYOUTS
from sijinak.tagstock.printers.queries import fit_of, offices, printers
from sijinak.tagstock.printers.schemas import MeasurePrinterSchema
from sijinak.tagstock.printers.services import MeasurePrinter, measure_printer
from sijinak.tagstock.sheets import Paper, calibration_pdf, trial_pdf
from sijinak.web.access import actor, needs
from sijinak.web.i18n import N_
from sijinak.web.i18n import gettext as _
from sijinak.web.io import Form, blank, read_form
from sijinak.web.settings import settings

bp = Blueprint("tags_printers", __name__)
HOW = (
    N_("Print this page on A4 at 100 percent (“actual size”), never “fit to page”."),
    N_("A: measure from the left edge of the paper to the upright line. It should be 20 mm."),
    N_("B: measure from the upper edge of the paper to the level line. It should be 20 mm."),
    N_("C: measure the level line with a steel ruler. It should be 100 mm."),
    N_("D: measure the upright line. It should be 100 mm."),
    N_("Write the four lengths into SiJINAK, on the page Printers, to half a millimetre."),
)


@bp.get("/")
@needs(Permission.TAG_PRINT, Permission.TAG_STOCK)
def index() -> ResponseReturnValue:
    where = offices(by=actor())
    return _form(blank(region=where[0] if where else ""))


@bp.post("/")
@needs(Permission.TAG_PRINT, Permission.TAG_STOCK)
def create() -> ResponseReturnValue:
    form = read_form(MeasurePrinterSchema())
    if form.value is None:
        return _form(form), 422
    with transaction():
        printer = measure_printer(form.value, by=actor())
    flash(_("The printer %(name)s is known now. Choose it when you print.", name=printer.name),
          "success")  # fmt: skip
    return redirect(url_for(".index"))


@bp.get("/kalibrasi.pdf")
@needs(Permission.TAG_PRINT, Permission.TAG_STOCK)
def calibration() -> ResponseReturnValue:
    """With a printer chosen the page shows whether its lengths come out right now."""
    fit = fit_of(chosen_printer(), by=actor())
    return pdf(calibration_pdf(_("Calibration page"), [_(line) for line in HOW], fit), "kalibrasi")


@bp.get("/uji.pdf")
@needs(Permission.TAG_PRINT, Permission.TAG_STOCK)
def trial() -> ResponseReturnValue:
    name = request.args.get("lembar", DEFAULT)
    if name not in LAYOUTS:
        raise NotFound(layout=name)
    fit = fit_of(chosen_printer(), by=actor())
    paper = Paper(layout=LAYOUTS[name], public_url=settings().public_url, fit=fit)
    return pdf(trial_pdf(_("Trial page"), paper), f"uji-{name}")


def chosen_printer() -> UUID | None:
    """Of the address. Raises NotFound for what is no id."""
    text = request.args.get("printer", "")
    try:
        return UUID(text) if text else None
    except ValueError:
        raise NotFound(printer_id=text) from None


def printer_options() -> list[tuple[str, str]]:
    """For a select: none, then those that were measured."""
    known = [(str(one.id), one.name) for one in printers(by=actor())]
    return [("", _("Not measured")), *known]


def pdf(content: bytes, name: str) -> Response:
    answer = Response(content, mimetype="application/pdf")
    answer.headers["Content-Disposition"] = f'inline; filename="{name}.pdf"'
    return answer


def _form(form: Form[MeasurePrinter]) -> str:
    return render_template(
        "tags/printers.html",
        form=form,
        printers=printers(by=actor()),
        offices=[(code, place_name(code)) for code in offices(by=actor())],
        options=printer_options(),
        layouts=layout_options(),
        place_name=place_name,
    )
