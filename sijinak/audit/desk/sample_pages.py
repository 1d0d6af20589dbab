"""Samples: planned, drawn, ticked off one by one, and what they say of all."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any
from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from sijinak.areas.models import Level
from sijinak.areas.queries import place_name, regions_within
from sijinak.audit.desk import labels
from sijinak.audit.desk.commands import PlanSample
from sijinak.audit.desk.links import ASKED, in_address
from sijinak.audit.desk.models import AuditSample, Method, Result
from sijinak.audit.desk.noted import notes_about, open_files
from sijinak.audit.desk.queries import receipt_to_audit
from sijinak.audit.desk.sampled import (
    first_checkpoint_after,
    item_by_id,
    items_left,
    listed,
    outcome_of,
    plan_of,
    population_of,
    sample_by_id,
    samples,
    size_of_population,
    ticked,
)
from sijinak.audit.desk.schemas import (
    DrawSampleSchema,
    PlanSampleSchema,
    RaiseFromItemSchema,
    TickItemSchema,
)
from sijinak.audit.desk.services import draw_sample, plan_sample, tick_item
from sijinak.audit.desk.wanted import wanted_of
from sijinak.audit.desk.worded import components, keeper_wanted, wanted_in_words
from sijinak.audit.findings import labels as _findings  # noqa: F401 - names how heavy they are
from sijinak.audit.findings.models import Severity
from sijinak.audit.findings.services import raise_by_hand
from sijinak.core.clock import today
from sijinak.core.db import transaction
from sijinak.core.drawing import interval_of
from sijinak.core.errors import NotFound
from sijinak.core.money import thousands
from sijinak.core.permissions import Actor, Permission, may
from sijinak.files.answers import paper_answer, sent_paper
from sijinak.files.papers import UnfitPaper
from sijinak.files.pictures import UnfitPicture
from sijinak.keepers.looking import Page as Where
from sijinak.keepers.showing import shows_list
from sijinak.payments.labels import CHANNELS, channel_name
from sijinak.proofs.models import Why
from sijinak.proofs.services import make_checkpoint
from sijinak.proofs.watching import watched
from sijinak.treasury.answering import carried_out
from sijinak.web.access import actor, needs
from sijinak.web.exporting import CSV, CSV_TYPE, Export, hand_out_text
from sijinak.web.home import Tile
from sijinak.web.i18n import gettext as _
from sijinak.web.io import Form, blank, listing, place, read_form
from sijinak.web.labels import options
from sijinak.web.settings import settings

bp = Blueprint("auditdesk_samples", __name__)
P = Permission
USUAL_SIZE = "30"
FIELD_OF = {
    "unknown-region": "region",
    "sample-words-short": "words",
    "sample-size": "size",
    "sample-say-what": "words",
    "sample-right-amount": "right_amount",
}


@bp.get("/")
@needs(P.AUDIT_READ)
def index() -> ResponseReturnValue:
    return render_template(
        "auditdesk/samples.html",
        page=listing(samples(by=actor(), place=place()), ".index"),
        place_name=place_name,
        may_work=may(actor(), P.AUDIT_WORK),
    )


@bp.get("/baru")
@needs(P.AUDIT_WORK)
def new() -> ResponseReturnValue:
    """With the filters of the list that the auditor comes from."""
    asked = {name: request.args.get(name, "")[:80] for name in ASKED}
    kept = in_address(wanted_of({ASKED[name]: text for name, text in asked.items()}))
    days = {"dari": today().replace(month=1, day=1).isoformat(), "sampai": today().isoformat()}
    kept.pop("keadaan", "")  # a draw is among all that stand, what is wrong with them or not
    return _form(blank(region=settings().regency, size=USUAL_SIZE, **{**days, **kept}))


@bp.post("/baru")
@needs(P.AUDIT_WORK)
def plan() -> ResponseReturnValue:
    form = read_form(PlanSampleSchema())
    if "count" in request.form:  # only to see how many there are
        return _form(form)
    done = carried_out(form, plan_sample, FIELD_OF)
    if done is None:
        return _form(form), 422
    flash(_("The plan is written down. Now draw."), "success")
    return redirect(url_for(".show", sample_id=done.id))


@bp.get("/<uuid:sample_id>")
@needs(P.AUDIT_READ)
def show(sample_id: UUID) -> ResponseReturnValue:
    return _page(sample_by_id(sample_id, by=actor()), blank())


@bp.post("/<uuid:sample_id>/undi")
@needs(P.AUDIT_WORK)
def draw(sample_id: UUID) -> ResponseReturnValue:
    found = sample_by_id(sample_id, by=actor())
    if first_checkpoint_after(found) is None:
        with watched(), transaction():
            make_checkpoint(Why.DEMAND, by=actor())
    form = read_form(DrawSampleSchema(sample_id=sample_id))
    if carried_out(form, draw_sample, {}) is None:
        return _page(found, form), 422
    flash(_("Drawn. The draw cannot be made again."), "success")
    return redirect(url_for(".show", sample_id=sample_id))


@bp.get("/<uuid:sample_id>/daftar.csv")
@needs(P.AUDIT_READ)
def population(sample_id: UUID) -> ResponseReturnValue:
    """What it was drawn from, number and amount in each line: the digest is that of this file."""
    found = sample_by_id(sample_id, by=actor())
    export = Export(what="sample", name=f"populasi-{found.id}", asked={"of": str(found.id)})
    lines = listed(population_of(found)).splitlines(keepends=True)
    return hand_out_text(CSV, export, lines, CSV_TYPE)


@bp.get("/<uuid:sample_id>/lembar")
@needs(P.AUDIT_READ)
def sheet(sample_id: UUID) -> ResponseReturnValue:
    """To print, and to take along."""
    return _page(sample_by_id(sample_id, by=actor()), blank(), "auditdesk/sheet.html")


@bp.get("/kupon/<uuid:item_id>")
@needs(P.AUDIT_READ)
def item(item_id: UUID) -> ResponseReturnValue:
    return _item(item_id, blank())


@bp.post("/kupon/<uuid:item_id>")
@needs(P.AUDIT_WORK)
def tick(item_id: UUID) -> ResponseReturnValue:
    sample, _ticked = item_by_id(item_id, by=actor())
    form = read_form(TickItemSchema(item_id=item_id))
    try:
        paper = sent_paper("paper")
    except (UnfitPaper, UnfitPicture) as error:
        return _item(item_id, form.refuse(error, "paper")), 422
    if form.value is not None:
        form.value = replace(form.value, paper=paper)
    if carried_out(form, tick_item, FIELD_OF) is None:
        return _item(item_id, form), 422
    flash(_("Written down."), "success")
    return redirect(url_for(".show", sample_id=sample.id))


@bp.post("/kupon/<uuid:item_id>/temuan")
@needs(P.AUDIT_WORK)
def finding(item_id: UUID) -> ResponseReturnValue:
    """What is wrong becomes a finding about the receipt, and about who issued it."""
    _sample, found = item_by_id(item_id, by=actor())
    receipt = receipt_to_audit(found.item.receipt_id, by=actor())
    form = read_form(
        RaiseFromItemSchema(
            subject_type="receipts",
            subject_id=receipt.id,
            region=receipt.region,
            amount=found.item.amount,
            people=(receipt.issued_by,),
        )
    )
    done = carried_out(form, raise_by_hand, {"finding-words-missing": "title"})
    if done is None:
        return _item(item_id, blank(), form), 422
    return redirect(url_for("auditfindings.show", finding_id=done.id))


@bp.get("/kupon/<uuid:item_id>/lampiran/<uuid:result_id>")
@needs(P.AUDIT_READ)
def attachment(item_id: UUID, result_id: UUID) -> ResponseReturnValue:
    _sample, found = item_by_id(item_id, by=actor())
    kept = next((one for one in found.results if one.id == result_id), None)
    if kept is None or kept.file_id is None:
        raise NotFound(result_id=str(result_id))
    return paper_answer(kept.file_id, f"lampiran-{found.item.position}")


def tiles(by: Actor) -> Sequence[Tile]:
    """Drawn receipts that wait for a look."""
    count = items_left(by=by) if may(by, P.AUDIT_WORK) else 0
    url = url_for("auditdesk_samples.index")
    return [Tile(_("Drawn receipts to look at"), thousands(count), url, "eye")] if count else ()


def _form(form: Form[PlanSample]) -> str:
    found = regions_within(settings().regency)
    known = [one for one in found if one.level in {Level.REGENCY, Level.KECAMATAN}]
    regions = [(o.code, o.name) for o in known if may(actor(), P.AUDIT_WORK, region=o.code)]
    size = size_of_population(form.value.wanted, by=actor()) if form.value else None
    return render_template(
        "auditdesk/new_sample.html",
        form=form,
        regions=regions,
        methods=options(Method),
        channels=[(name, channel_name(name)) for name in sorted(CHANNELS)],
        components=[(one, one) for one in components()],
        size=size,
    )


def _page(found: AuditSample, form: Form[Any], template: str = "auditdesk/sample.html") -> str:
    rows, plan = ticked(found), plan_of(found)
    if keeper := keeper_wanted(plan, by=actor()):
        shows_list(Where.RECEIPTS, [keeper.id], keeper.village)
    return render_template(
        template,
        sample=found,
        form=form,
        plan=wanted_in_words(plan, by=actor()),
        size=size_of_population(plan, by=actor()) if not found.drawn_at else None,
        checkpoint=first_checkpoint_after(found),
        rows=rows,
        outcome=outcome_of(found, rows),
        interval=interval_of(found.total, found.size),
        tones=labels.TONES,
        notes=notes_about("audit_samples", found.id, by=actor()),
        files=open_files(by=actor()),
        place_name=place_name,
        fresh=blank(),
        may_work=may(actor(), P.AUDIT_WORK, region=found.region),
    )


def _item(item_id: UUID, form: Form[Any], raising: Form[Any] | None = None) -> str:
    sample, found = item_by_id(item_id, by=actor())
    return render_template(
        "auditdesk/item.html",
        sample=sample,
        found=found,
        form=form,
        raising=raising or blank(severity=Severity.HIGH.value),
        results=options(Result),
        severities=options(Severity),
        tones=labels.TONES,
        may_work=may(actor(), P.AUDIT_WORK, region=sample.region),
    )
