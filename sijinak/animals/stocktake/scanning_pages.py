"""Where officers scan one code after another, and say what is done about a line."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from sijinak.animals.models import Animal, AnimalState
from sijinak.animals.queries import animals_by_ids
from sijinak.animals.stocktake.acting import ACTIONS
from sijinak.animals.stocktake.labels import TONES, owner_shown, verdict_of
from sijinak.animals.stocktake.models import LineAction, StockTake, StockTakeLine
from sijinak.animals.stocktake.queries import (
    last_scans,
    line_of,
    progress_of,
    stock_take_by_id,
)
from sijinak.animals.stocktake.reading import codes_in_list
from sijinak.animals.stocktake.schemas import ActSchema, Scanned, ScanSchema, StepSchema
from sijinak.animals.stocktake.services import (
    RemoveLine,
    ScanCodes,
    Verdict,
    act_on_line,
    remove_line,
    scan_codes,
)
from sijinak.areas.queries import full_name
from sijinak.core.clock import today
from sijinak.core.db import db, transaction
from sijinak.core.errors import Conflict, Invalid, NotFound
from sijinak.core.permissions import Permission, may
from sijinak.keepers.pages import village_options
from sijinak.tagstock.models import TagState
from sijinak.tagstock.queries import blank_tag, tags_named
from sijinak.web.access import actor, needs
from sijinak.web.i18n import N_
from sijinak.web.i18n import gettext as _
from sijinak.web.io import WHOLE_FORM, Form, blank, read_form

bp = Blueprint("scanning", __name__)
SHOWN = 12
LARGEST_LIST = 1_000_000  # bytes
TOO_LARGE = N_("This file is too large for a list of codes.")
OUT_OF_REACH = N_("This animal stands outside your working area: its own office must do this.")
# An animal that the register has as gone is put right by its mutations, not from here.
OF_THE_GONE = (LineAction.NOTHING,)
OF_BLANKS = (LineAction.REGISTERED, LineAction.NOTHING)
FIELD_OF = {
    "needs-reason": "note",
    "needs-cause": "cause",
    "needs-place": "place",
    "needs-police-number": "police_no",
    "moves-nowhere": "to_village",
    "happened-in-the-future": "happened_on",
    "happened-before-birth": "happened_on",
    "tag-taken": "code",
    "tag-not-usable": "code",
}


@bp.get("/<uuid:stock_take_id>/pindai")
@needs(Permission.STOCKTAKE_HOLD)
def scan(stock_take_id: UUID) -> ResponseReturnValue:
    taken = stock_take_by_id(stock_take_id, by=actor())
    if taken.closed_at is not None:
        return redirect(url_for("stocktake.show", stock_take_id=stock_take_id))
    return _scan_page(taken, blank(), ())


@bp.post("/<uuid:stock_take_id>/pindai")
@needs(Permission.STOCKTAKE_HOLD)
def take(stock_take_id: UUID) -> ResponseReturnValue:
    """The answer is the page itself, ready for the next code: a scanner does not wait."""
    taken = stock_take_by_id(stock_take_id, by=actor())
    form = read_form(ScanSchema())
    listed = _list_sent(form)
    if form.value is None or form.errors:
        return _scan_page(taken, form, ()), 422
    command = ScanCodes(
        id=form.value.id, stock_take_id=stock_take_id, codes=(*form.value.codes, *listed)
    )
    try:
        with transaction():
            verdicts = scan_codes(command, by=actor())
    except (Conflict, Invalid) as error:
        return _scan_page(taken, form.refuse(error, "code"), ()), 422
    return _scan_page(taken, blank(), verdicts)


@bp.get("/<uuid:stock_take_id>/baris/<uuid:line_id>")
@needs(Permission.STOCKTAKE_HOLD)
def line(stock_take_id: UUID, line_id: UUID) -> ResponseReturnValue:
    taken = stock_take_by_id(stock_take_id, by=actor())
    form = blank(happened_on=today().isoformat(), action=request.args.get("tindakan", ""))
    return _line_page(taken, line_of(taken, line_id), form)


@bp.post("/<uuid:stock_take_id>/baris/<uuid:line_id>")
@needs(Permission.STOCKTAKE_HOLD)
def act(stock_take_id: UUID, line_id: UUID) -> ResponseReturnValue:
    taken = stock_take_by_id(stock_take_id, by=actor())
    found = line_of(taken, line_id)
    form = read_form(ActSchema(stock_take_id, line_id))
    if form.value is None:
        return _line_page(taken, found, form), 422
    try:
        with transaction():
            act_on_line(form.value, by=actor())
    except NotFound:
        form.errors[WHOLE_FORM] = [_(OUT_OF_REACH)]
        return _line_page(taken, found, form), 422
    except (Conflict, Invalid) as error:
        form.refuse(error, FIELD_OF.get(error.code, WHOLE_FORM))
        return _line_page(taken, found, form), 422
    flash(_("It is recorded."), "success")
    here = url_for("stocktake.show", stock_take_id=stock_take_id, daftar=found.finding)
    return redirect(here)


@bp.post("/<uuid:stock_take_id>/baris/<uuid:line_id>/hapus")
@needs(Permission.STOCKTAKE_HOLD)
def remove(stock_take_id: UUID, line_id: UUID) -> ResponseReturnValue:
    taken = stock_take_by_id(stock_take_id, by=actor())
    form = read_form(StepSchema())
    if form.value is None:
        return _line_page(taken, line_of(taken, line_id), form), 422
    command = RemoveLine(id=form.value.id, stock_take_id=stock_take_id, line_id=line_id)
    try:
        with transaction():
            remove_line(command, by=actor())
    except (Conflict, Invalid) as error:
        return _line_page(taken, line_of(taken, line_id), form.refuse(error)), 422
    flash(_("The line is removed. That it was there is kept."), "success")
    return redirect(url_for("stocktake.show", stock_take_id=stock_take_id))


def _list_sent(form: Form[Scanned]) -> list[str]:
    """The codes in an uploaded file; text files only, in whatever letters they were written."""
    sent = request.files.get("list")
    if sent is None or not sent.filename:
        return []
    with sent.stream as stream:
        content = stream.read(LARGEST_LIST + 1)
    if len(content) > LARGEST_LIST:
        form.errors["list"] = [_(TOO_LARGE)]
        return []
    return codes_in_list(content.decode("utf-8-sig", errors="replace").replace("\0", ""))


def _scan_page(taken: StockTake, form: Form[Any], verdicts: Sequence[Verdict]) -> str:
    return render_template(
        "stocktake/scan.html",
        taken=taken,
        form=form,
        verdicts=[(verdict.code, *verdict_of(verdict)) for verdict in reversed(verdicts)],
        last=_last(taken, {verdict.code for verdict in verdicts}),
        progress=progress_of(taken),
        full_name=full_name,
    )


def _last(taken: StockTake, without: set[str]) -> list[tuple[str, str, str]]:
    """What was scanned before, by whomever."""
    found = [one for one in last_scans(taken, SHOWN + len(without)) if one.code not in without]
    stock = {tag.code: tag.state for tag in tags_named([one.code for one in found], [*TagState])}
    told = [
        Verdict(
            one.code,
            one.finding,
            animal.state if animal else None,
            None if animal else stock.get(one.code),
        )
        for one in found[:SHOWN]
        for animal in [db.session.get(Animal, one.animal_id) if one.animal_id else None]
    ]
    return [(verdict.code, *verdict_of(verdict)) for verdict in told]


def _line_page(taken: StockTake, one: StockTakeLine, form: Form[Any]) -> str:
    wanted = form.raw.get("action", "")
    animal = db.session.get(Animal, one.animal_id) if one.animal_id else None
    is_gone = animal is not None and animal.state is not AnimalState.PRESENT
    is_blank = animal is None and blank_tag(one.code) is not None
    actions = OF_THE_GONE if is_gone else OF_BLANKS if is_blank else ACTIONS[one.finding]
    return render_template(
        "stocktake/line.html",
        taken=taken,
        line=one,
        form=form,
        facts=animals_by_ids([one.animal_id]).get(one.animal_id) if one.animal_id else None,
        owner=owner_shown,
        animal=animal,
        is_gone=is_gone,
        is_blank=is_blank,
        may_read=animal is not None and may(actor(), Permission.ANIMAL_READ, region=animal.village),
        tones=TONES,
        fresh=blank,
        actions=actions,
        action=LineAction(wanted) if wanted in actions else None,
        Action=LineAction,
        villages=village_options(actor(), Permission.MUTATION_RECORD),
        full_name=full_name,
    )
