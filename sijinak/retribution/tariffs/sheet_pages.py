"""A list of tariffs, brought in: looked at first, then proposed as a whole."""

from dataclasses import replace
from uuid import UUID

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from sijinak.core.clock import today
from sijinak.core.db import transaction
from sijinak.core.errors import Conflict, Invalid
from sijinak.core.ids import uuid7
from sijinak.core.permissions import Permission
from sijinak.retribution.tariffs.pages import bp
from sijinak.retribution.tariffs.queries import tariff_book
from sijinak.retribution.tariffs.services import ProposeTariffs, TariffInPast, propose_tariffs
from sijinak.retribution.tariffs.sheets import (
    COLUMNS,
    MOST_BYTES,
    Sheet,
    read_sheet,
    sheet_rows,
    text_of,
)
from sijinak.web.access import actor, needs
from sijinak.web.exporting import CSV, Export, hand_out
from sijinak.web.i18n import gettext as _
from sijinak.web.io import Form, blank

LONGEST = 300


@bp.get("/tarif.csv")
@needs(Permission.TARIFF_MANAGE, Permission.TREASURY_READ)
def export() -> ResponseReturnValue:
    book = tariff_book(today(), by=actor())
    export = Export(what="tariff-sheet", name="tarif", head=list(COLUMNS))
    return hand_out(CSV, export, sheet_rows([*book.in_force, *book.to_come]))


@bp.get("/daftar")
@needs(Permission.TARIFF_MANAGE)
def bring() -> ResponseReturnValue:
    return _page(blank())


@bp.post("/daftar")
@needs(Permission.TARIFF_MANAGE)
def look() -> ResponseReturnValue:
    """Nothing is written: what was read is shown, and sent again when it is right."""
    upload = request.files.get("file")
    text = text_of(upload.stream.read(MOST_BYTES + 1)) if upload else None
    if not text:
        return _page(_refused(blank(), _("Choose a CSV list in UTF-8, of at most 200 KB."))), 422
    sheet = read_sheet(text)
    return _page(blank(text=text), sheet), 200 if sheet.is_good else 422


@bp.post("/daftar/usul")
@needs(Permission.TARIFF_MANAGE)
def propose_list() -> ResponseReturnValue:
    form: Form[ProposeTariffs] = Form(dict(request.form))
    sheet = read_sheet(form.raw.get("text", ""))
    if not sheet.is_good:
        return _page(form, sheet), 422
    why = form.raw.get("past_why", "")[:LONGEST]
    rows = tuple(
        replace(row, past_why=why if row.valid_from < today() else "") for row in sheet.wordings
    )
    command = ProposeTariffs(id=_id_in(form), rows=rows)
    try:
        with transaction():
            propose_tariffs(command, by=actor())
    except (Conflict, Invalid) as error:
        where = "past_why" if error.code == TariffInPast.code else "_schema"
        return _page(form.refuse(error, where), sheet), 422
    flash(_("%(count)s tariffs are proposed.", count=len(command.rows)), "success")
    return redirect(url_for("tariffs.index"))


def _page(form: Form[ProposeTariffs], sheet: Sheet | None = None) -> str:
    rows = sheet.wordings if sheet else ()
    return render_template(
        "tariffs/sheet.html",
        form=form,
        sheet=sheet,
        columns=list(COLUMNS),
        past=[row for row in rows if row.valid_from < today()],
    )


def _refused(form: Form[ProposeTariffs], sentence: str) -> Form[ProposeTariffs]:
    form.errors["file"] = [sentence]
    return form


def _id_in(form: Form[ProposeTariffs]) -> UUID:
    """What is no id is a new command: the index still refuses the same rows twice."""
    try:
        return UUID(form.raw.get("id", ""))
    except ValueError:
        return uuid7()
