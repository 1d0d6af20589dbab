"""Stock-takes for people: the list, one with its lists, scanning, and what is done about a line."""

from collections.abc import Callable, Sequence
from typing import Any
from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from sijinak.animals.queries import animals_by_ids
from sijinak.animals.stocktake import labels as _labels  # noqa: F401 - names our enumerations
from sijinak.animals.stocktake.labels import TONES, owner_shown
from sijinak.animals.stocktake.models import Finding, StockTake
from sijinak.animals.stocktake.queries import (
    count_open,
    first_lines,
    lines,
    progress_of,
    stock_take_by_id,
    stock_takes,
)
from sijinak.animals.stocktake.schemas import BeginSchema, Step, StepSchema
from sijinak.animals.stocktake.services import (
    BeginStockTake,
    CloseStockTake,
    CompareStock,
    ConfirmAll,
    begin_stock_take,
    close_stock_take,
    compare_stock,
    confirm_all,
)
from sijinak.areas.queries import full_name
from sijinak.core.db import transaction
from sijinak.core.errors import Conflict, Invalid
from sijinak.core.money import thousands
from sijinak.core.permissions import Actor, Permission, may
from sijinak.keepers.looking import Page as Where
from sijinak.keepers.pages import village_options
from sijinak.keepers.queries import keeper_facts
from sijinak.keepers.showing import shows_list
from sijinak.web.access import actor, needs
from sijinak.web.home import Tile
from sijinak.web.i18n import gettext as _
from sijinak.web.i18n import ngettext
from sijinak.web.io import WHOLE_FORM, Form, blank, listing, place, read_form

bp = Blueprint("stocktake", __name__)
MOST_ON_PAPER = 2000  # lines
FIELD_OF = {"lines-open": "stays_open"}


@bp.get("/")
@needs(Permission.POPULATION_READ)
def index() -> ResponseReturnValue:
    page = stock_takes(by=actor(), place=place())
    keepers = keeper_facts({one.keeper_id for one in page.items if one.keeper_id})
    shows_list(Where.STOCKTAKES, keepers)
    return render_template(
        "stocktake/index.html",
        page=listing(page, ".index"),
        keepers=keepers,
        full_name=full_name,
        may_hold=may(actor(), Permission.STOCKTAKE_HOLD),
    )


@bp.get("/baru")
@needs(Permission.STOCKTAKE_HOLD)
def new() -> ResponseReturnValue:
    return _form(blank(keeper=request.args.get("pemilik", "")))


@bp.post("/baru")
@needs(Permission.STOCKTAKE_HOLD)
def create() -> ResponseReturnValue:
    form = read_form(BeginSchema())
    if form.value is None:
        return _form(form), 422
    with transaction():
        taken = begin_stock_take(form.value, by=actor())
    return redirect(url_for("scanning.scan", stock_take_id=taken.id))


@bp.get("/<uuid:stock_take_id>")
@needs(Permission.POPULATION_READ)
def show(stock_take_id: UUID) -> ResponseReturnValue:
    return _page(stock_take_by_id(stock_take_id, by=actor()), Form())


@bp.get("/<uuid:stock_take_id>/cetak")
@needs(Permission.POPULATION_READ)
def paper(stock_take_id: UUID) -> ResponseReturnValue:
    taken = stock_take_by_id(stock_take_id, by=actor())
    found, progress = first_lines(taken, MOST_ON_PAPER), progress_of(taken)
    return render_template(
        "stocktake/print.html",
        taken=taken,
        lines=found,
        facts=animals_by_ids({line.animal_id for line in found if line.animal_id}),
        progress=progress,
        more=sum(progress.lines.values()) - len(found),
        findings=Finding,
        keeper=_keeper(taken),
        owner=owner_shown,
        full_name=full_name,
    )


@bp.post("/<uuid:stock_take_id>/bandingkan")
@needs(Permission.STOCKTAKE_HOLD)
def compare(stock_take_id: UUID) -> ResponseReturnValue:
    def step(said: Step) -> str:
        compare_stock(CompareStock(id=said.id, stock_take_id=stock_take_id), by=actor())
        return _("The lists are ready. Nothing is changed until you choose what is done.")

    return _step(stock_take_id, step)


@bp.post("/<uuid:stock_take_id>/pastikan")
@needs(Permission.STOCKTAKE_HOLD)
def confirm(stock_take_id: UUID) -> ResponseReturnValue:
    def step(said: Step) -> str:
        heads = confirm_all(ConfirmAll(id=said.id, stock_take_id=stock_take_id), by=actor())
        return ngettext("%(n)s animal was seen here.", "%(n)s animals were seen here.", heads)

    return _step(stock_take_id, step)


@bp.post("/<uuid:stock_take_id>/tutup")
@needs(Permission.STOCKTAKE_HOLD)
def close(stock_take_id: UUID) -> ResponseReturnValue:
    def step(said: Step) -> str:
        command = CloseStockTake(
            id=said.id, stock_take_id=stock_take_id, stays_open=said.stays_open
        )
        taken = close_stock_take(command, by=actor())
        left = progress_of(taken).left
        return ngettext(
            "The stock-take is closed. %(n)s line was left open.",
            "The stock-take is closed. %(n)s lines were left open.",
            left,
        )

    return _step(stock_take_id, step)


def _step(stock_take_id: UUID, take: Callable[[Step], str]) -> ResponseReturnValue:
    taken = stock_take_by_id(stock_take_id, by=actor())
    form = read_form(StepSchema())
    if form.value is None:
        return _page(taken, form), 422
    try:
        with transaction():
            said = take(form.value)
    except (Conflict, Invalid) as error:
        return _page(taken, form.refuse(error, FIELD_OF.get(error.code, WHOLE_FORM))), 422
    flash(said, "success")
    return redirect(url_for(".show", stock_take_id=stock_take_id))


def _page(taken: StockTake, form: Form[Any]) -> str:
    wanted = request.args.get("daftar", "")
    finding = Finding(wanted) if wanted in list(Finding) else None
    page = lines(taken, finding=finding, place=place())
    return render_template(
        "stocktake/show.html",
        taken=taken,
        form=form,
        page=listing(page, ".show", stock_take_id=taken.id, daftar=wanted),
        facts=animals_by_ids({line.animal_id for line in page.items if line.animal_id}),
        progress=progress_of(taken),
        finding=finding,
        findings=Finding,
        tones=TONES,
        owner=owner_shown,
        keeper=_keeper(taken),
        full_name=full_name,
        may_hold=may(actor(), Permission.STOCKTAKE_HOLD, region=taken.village),
        fresh=blank,
    )


def _keeper(taken: StockTake) -> str:
    if taken.keeper_id is None:
        return ""
    return keeper_facts([taken.keeper_id])[taken.keeper_id].name


def _form(form: Form[BeginStockTake]) -> str:
    return render_template(
        "stocktake/new.html",
        form=form,
        villages=village_options(actor(), Permission.STOCKTAKE_HOLD),
    )


def tiles(by: Actor) -> Sequence[Tile]:
    """Stock-takes under way in the actor's area; no tile when there is none."""
    if not may(by, Permission.STOCKTAKE_HOLD) or not (count := count_open(by=by)):
        return ()
    url = url_for("stocktake.index")
    return [Tile(_("Stock-takes under way"), thousands(count), url, "clipboard-check", "warning")]
