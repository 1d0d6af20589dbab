"""The tag stock for people: the office's page, print runs, hand-overs, one tag, one's own bag."""

from collections.abc import Sequence
from uuid import UUID

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from sijinak.areas.queries import full_name, place_name
from sijinak.core.clock import local
from sijinak.core.codes import NotATagCode, parse_tag_code
from sijinak.core.db import transaction
from sijinak.core.errors import Invalid, NotFound
from sijinak.core.events import Event
from sijinak.core.money import thousands
from sijinak.core.permissions import Actor, Permission, may
from sijinak.tagstock.commands import PrintRun
from sijinak.tagstock.labels import action_name, layout_name, layout_options
from sijinak.tagstock.layouts import DEFAULT, LAYOUTS
from sijinak.tagstock.models import VERBS, TagRun, TagState
from sijinak.tagstock.printers.pages import chosen_printer, pdf, printer_options
from sijinak.tagstock.printers.queries import fit_of
from sijinak.tagstock.queries import (
    GONE,
    Balance,
    account_of,
    bag,
    balances_of_officers,
    balances_of_offices,
    balances_of_runs,
    blank_tag,
    codes_of_run,
    count_in_bag,
    move_by_id,
    movements,
    names_of,
    offices,
    run_by_id,
    runs,
    steps_of,
    tag_by_code,
    times_opened,
)
from sijinak.tagstock.schemas import PrintRunSchema
from sijinak.tagstock.services import note_opened, print_run
from sijinak.tagstock.sheets import Face, Paper, labels_pdf
from sijinak.web.access import actor, needs
from sijinak.web.home import Tile
from sijinak.web.i18n import gettext as _
from sijinak.web.io import Form, blank, listing, place, read_form
from sijinak.web.settings import settings

bp = Blueprint("tagstock", __name__)
bag_bp = Blueprint("bag", __name__)
S = TagState
VERB_ACTIONS = {f"tag.{verb}": action for action, verb in VERBS.items()}
COLUMNS = ((S.PRINTED,), (S.RECEIVED,), (S.ISSUED,), (S.APPLIED,), GONE, (S.REPLACED, S.RETIRED))


@bp.get("/")
@needs(Permission.TAG_STOCK, Permission.AUDIT_READ)
def index() -> ResponseReturnValue:
    page = runs(by=actor(), place=place())
    officers, moved = balances_of_officers(by=actor()), movements(by=actor())
    return render_template(
        "tagstock/index.html",
        page=listing(page, ".index"),
        runs=balances_of_runs([run.id for run in page.items]),
        offices=sorted(balances_of_offices(by=actor()).items()),
        officers=officers,
        names=names_of(filter(None, (*officers, *map(_holder, moved)))),
        action_name=action_name,
        movements=[(event, VERB_ACTIONS[event.name], _holder(event)) for event in moved],
        may_handle=may(actor(), Permission.TAG_STOCK),
        cells=cells,
        place_name=place_name,
    )


@bp.get("/cetak")
@needs(Permission.TAG_STOCK)
def new() -> ResponseReturnValue:
    return _run_form(blank(layout=DEFAULT))


@bp.post("/cetak")
@needs(Permission.TAG_STOCK)
def create() -> ResponseReturnValue:
    form = read_form(PrintRunSchema())
    if form.value is None:
        return _run_form(form), 422
    try:
        with transaction():
            run = print_run(form.value, by=actor())
    except Invalid as error:
        return _run_form(form.refuse(error, "count")), 422
    return redirect(url_for(".run", run_id=run.id))


@bp.get("/cetakan/<uuid:run_id>")
@needs(Permission.TAG_STOCK, Permission.AUDIT_READ)
def run(run_id: UUID) -> ResponseReturnValue:
    found = run_by_id(run_id, by=actor())
    return render_template(
        "tagstock/run.html",
        run=found,
        balance=balances_of_runs([run_id])[run_id],
        opened=times_opened(run_id),
        may_handle=may(actor(), Permission.TAG_STOCK, region=found.region),
        layout=layout_name(found.layout),
        printers=printer_options(),
        place_name=place_name,
        cells=cells,
    )


@bp.get("/cetakan/<uuid:run_id>/tag.pdf")
@needs(Permission.TAG_STOCK)
def run_pdf(run_id: UUID) -> ResponseReturnValue:
    found = run_by_id(run_id, by=actor())
    fit = fit_of(chosen_printer(), by=actor())
    paper = Paper(layout=LAYOUTS[found.layout], public_url=settings().public_url, fit=fit)
    content = labels_pdf(_run_title(found), _faces(found), paper, at=found.printed_at)
    with transaction():
        note_opened(found, by=actor(), needs=Permission.TAG_STOCK)
    return pdf(content, f"tag-{run_id}")


@bp.get("/serah/<uuid:move_id>")
@needs(Permission.TAG_STOCK, Permission.TAG_HOLD, Permission.AUDIT_READ)
def move(move_id: UUID) -> ResponseReturnValue:
    """Who gave which tags to whom, to be printed and signed."""
    rows = move_by_id(move_id, by=actor())
    holders = {step.holder_id for _tag, step in rows if step.holder_id}
    return render_template(
        "tagstock/move.html",
        rows=rows,
        step=rows[0][1],
        holders=", ".join(sorted(names_of(holders).values())),
        action=action_name(rows[0][1].action),
        place_name=place_name,
    )


@bp.get("/tag")
@needs(Permission.TAG_STOCK, Permission.TAG_HOLD, Permission.AUDIT_READ)
def find() -> ResponseReturnValue:
    text = request.args.get("kode", "").strip()
    try:
        return redirect(url_for(".show", code=parse_tag_code(text.rsplit("/", 1)[-1])))
    except NotATagCode as error:
        form: Form[None] = Form({"kode": text})
        return render_template(
            "tagstock/find.html", form=form.refuse(error, "kode") if text else form
        )


@bp.get("/tag/<code>")
@needs(Permission.TAG_STOCK, Permission.TAG_HOLD, Permission.AUDIT_READ)
def show(code: str) -> ResponseReturnValue:
    tag = tag_by_code(parse_tag_code(code), by=actor())
    steps = steps_of(tag.id)
    return render_template(
        "tagstock/show.html",
        tag=tag,
        steps=steps,
        names=names_of({step.holder_id for step in steps if step.holder_id}),
        action_name=action_name,
        full_name=full_name,
        is_mine=tag.holder_id == actor().id and tag.state is S.ISSUED,
        in_office=may(actor(), Permission.TAG_STOCK, region=tag.region),
    )


@bp.get("/kosong/<code>")
@needs(Permission.ANIMAL_REGISTER)
def unused(code: str) -> ResponseReturnValue:
    """What an officer sees who scans a tag that no animal wears yet."""
    tag = blank_tag(parse_tag_code(code))
    if tag is None:
        raise NotFound(tag=code)
    return render_template("tagstock/blank.html", tag=tag, is_mine=tag.holder_id == actor().id)


@bag_bp.get("/")
@needs(Permission.TAG_HOLD)
def index_of_bag() -> ResponseReturnValue:
    page = bag(by=actor(), place=place())
    return render_template(
        "tagstock/bag.html", page=listing(page, ".index_of_bag"), account=account_of(by=actor())
    )


def tiles(by: Actor) -> Sequence[Tile]:
    """What is in the officer's own bag."""
    count = count_in_bag(by=by) if may(by, Permission.TAG_HOLD) else 0
    url = url_for("bag.index_of_bag")
    return [Tile(_("Blank tags in your bag"), thousands(count), url, "tag")] if count else ()


def cells(balance: Balance) -> list[str]:
    """The numbers of a row, and their sum."""
    counts = [balance.of(*states) for states in COLUMNS]
    return [thousands(count) for count in (*counts, balance.total)]


def _holder(event: Event) -> UUID | None:
    return UUID(event.facts["holder"]) if event.facts.get("holder") else None


def _run_title(found: TagRun) -> str:
    count, day = found.count, f"{local(found.printed_at):%d-%m-%Y}"
    return f"{place_name(found.region)}, {count} tag, {day}"


def _faces(found: TagRun) -> list[Face]:
    """Numbered, so that a part of the run can be named; a small label has room for its code."""
    codes = codes_of_run(found.id)
    if LAYOUTS[found.layout].is_bare:
        return [Face(code) for code in codes]
    office = place_name(found.region)
    return [Face(code, f"No. {no}", office) for no, code in enumerate(codes, start=1)]


def _run_form(form: Form[PrintRun]) -> str:
    return render_template(
        "tagstock/new.html",
        form=form,
        layouts=layout_options(),
        offices=[(code, place_name(code)) for code in offices(by=actor())],
    )
