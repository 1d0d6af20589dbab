"""Draws for people: all of them, a new one, one with its list, and the visits."""

from collections.abc import Sequence
from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from sijinak.areas.models import Level
from sijinak.areas.queries import full_name, place_name, regions_within
from sijinak.core.clock import today
from sijinak.core.db import transaction
from sijinak.core.errors import Conflict, Invalid
from sijinak.core.money import thousands
from sijinak.core.permissions import Actor, Permission, may
from sijinak.vaccinations import labels as _diseases  # noqa: F401 - names our diseases
from sijinak.vaccinations.revisits import labels as _labels  # noqa: F401 - names our results
from sijinak.vaccinations.revisits.drawing import digest_of_seed
from sijinak.vaccinations.revisits.models import Draw, RevisitResult, SeedSource
from sijinak.vaccinations.revisits.queries import (
    Tally,
    beside,
    draw_by_id,
    draws,
    population_of,
    tallies,
    visit_by_id,
    visits_left,
    visits_of,
)
from sijinak.vaccinations.revisits.schemas import (
    AnnounceDrawSchema,
    DrawDosesSchema,
    RecordRevisitSchema,
)
from sijinak.vaccinations.revisits.services import (
    AnnounceDraw,
    DrawDoses,
    RecordRevisit,
    announce_draw,
    draw_doses,
    record_revisit,
)
from sijinak.web.access import actor, needs
from sijinak.web.exporting import CSV, CSV_TYPE, Export, hand_out_text
from sijinak.web.home import Tile
from sijinak.web.i18n import gettext as _
from sijinak.web.io import Form, blank, listing, place, read_form
from sijinak.web.labels import options
from sijinak.web.settings import settings

bp = Blueprint("vaccinations_revisits", __name__)
P = Permission
SEES = (P.REVISIT_DRAW, P.REVISIT_RECORD, P.FINDING_READ)
USUAL_PERMILLE = 20
FIELD_OF = {
    "unknown-region": "region",
    "wrong-draw-days": "last_day",
    "wrong-share": "permille",
    "seed-source-missing": "source_words",
    "seed-too-late": "source",
    "visit-in-the-future": "visited_on",
    "visit-note-missing": "note",
    "visited-already": "result",
}


@bp.get("/")
@needs(*SEES)
def index() -> ResponseReturnValue:
    page = draws(by=actor(), place=place())
    return render_template(
        "revisits/index.html",
        page=listing(page, ".index"),
        tallies=tallies([one.id for one in page.items]),
        none=Tally(),
        may_draw=may(actor(), P.REVISIT_DRAW),
        place_name=place_name,
    )


@bp.get("/baru")
@needs(P.REVISIT_DRAW)
def new() -> ResponseReturnValue:
    first = today().replace(day=1)
    usual = {"permille": str(USUAL_PERMILLE), "source": SeedSource.PUBLIC.value}
    days = {"first_day": first.isoformat(), "last_day": today().isoformat()}
    return _form(blank(region=settings().regency, **usual, **days))


@bp.post("/baru")
@needs(P.REVISIT_DRAW)
def create() -> ResponseReturnValue:
    form = read_form(AnnounceDrawSchema())
    if form.value is None:
        return _form(form), 422
    try:
        with transaction():
            draw = announce_draw(form.value, by=actor())
    except (Conflict, Invalid) as error:
        return _form(form.refuse(error, FIELD_OF.get(error.code, "seed"))), 422
    return redirect(url_for(".show", draw_id=draw.id))


@bp.get("/<uuid:draw_id>")
@needs(*SEES)
def show(draw_id: UUID) -> ResponseReturnValue:
    return _page(draw_id, blank())


@bp.post("/<uuid:draw_id>")
@needs(P.REVISIT_DRAW)
def draw(draw_id: UUID) -> ResponseReturnValue:
    form = read_form(DrawDosesSchema())
    if form.value is None or form.value.draw_id != draw_id:
        return _page(draw_id, form), 422
    try:
        with transaction():
            draw_doses(form.value, by=actor())
    except (Conflict, Invalid) as error:
        return _page(draw_id, form.refuse(error, "seed")), 422
    return redirect(url_for(".show", draw_id=draw_id))


@bp.get("/<uuid:draw_id>/daftar.csv")
@needs(*SEES)
def population(draw_id: UUID) -> ResponseReturnValue:
    """The ids that it was drawn from, one in each line: the digest is that of these lines."""
    found = draw_by_id(draw_id, by=actor())
    lines = (f"{one}\n" for one in population_of(found))
    export = Export(what="draw", name=f"undian-{found.id}", asked={"of": str(draw_id)})
    return hand_out_text(CSV, export, lines, CSV_TYPE)


@bp.get("/kunjungan/<uuid:revisit_id>")
@needs(*SEES)
def visit(revisit_id: UUID) -> ResponseReturnValue:
    return _visit(revisit_id, blank(visited_on=today().isoformat()))


@bp.post("/kunjungan/<uuid:revisit_id>")
@needs(P.REVISIT_RECORD)
def visited(revisit_id: UUID) -> ResponseReturnValue:
    form = read_form(RecordRevisitSchema())
    if form.value is None or form.value.revisit_id != revisit_id:
        return _visit(revisit_id, form), 422
    try:
        with transaction():
            done = record_revisit(form.value, by=actor())
    except (Conflict, Invalid) as error:
        return _visit(revisit_id, form.refuse(error, FIELD_OF.get(error.code, "result"))), 422
    flash(_("The visit is recorded."), "success")
    return redirect(url_for(".show", draw_id=done.draw_id))


def tiles(by: Actor) -> Sequence[Tile]:
    """Second visits that wait."""
    count = visits_left(by=by) if may(by, P.REVISIT_RECORD) else 0
    url = url_for("vaccinations_revisits.index")
    return [Tile(_("Animals to visit again"), thousands(count), url, "eye")] if count else ()


def _form(form: Form[AnnounceDraw]) -> str:
    found = regions_within(settings().regency)
    known = [one for one in found if one.level in {Level.REGENCY, Level.KECAMATAN}]
    return render_template(
        "revisits/new.html",
        form=form,
        regions=[(o.code, o.name) for o in known if may(actor(), P.REVISIT_DRAW, region=o.code)],
        sources=options(SeedSource),
    )


def _page(draw_id: UUID, form: Form[DrawDoses]) -> str:
    found: Draw = draw_by_id(draw_id, by=actor())
    return render_template(
        "revisits/show.html",
        draw=found,
        form=form,
        tally=tallies([found.id]).get(found.id, Tally()),
        visits=visits_of(found, by=actor()),
        beside=beside(found),
        seed_digest=digest_of_seed(found.seed) if found.seed else "",
        may_draw=may(actor(), P.REVISIT_DRAW, region=found.region),
        is_over=found.last_day < today(),
        place_name=place_name,
        full_name=full_name,
    )


def _visit(revisit_id: UUID, form: Form[RecordRevisit]) -> str:
    found = visit_by_id(revisit_id, by=actor())
    return render_template(
        "revisits/visit.html",
        found=found,
        form=form,
        results=options(RevisitResult),
        is_own=found.act.vaccinator_id == actor().id,
        may_record=may(actor(), P.REVISIT_RECORD, region=found.dose.village),
        full_name=full_name,
    )
