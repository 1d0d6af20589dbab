"""Applications and permits for people: the list, the form, the page of one."""

from collections.abc import Sequence
from datetime import date
from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from sijinak.animals.models import Species
from sijinak.areas.queries import destinations, full_name, place_name, ports, villages_in
from sijinak.core.clock import today
from sijinak.core.db import transaction
from sijinak.core.errors import Conflict, Invalid, NotFound
from sijinak.core.permissions import Actor, Permission, region_lies_in
from sijinak.keepers.looking import Page as Where
from sijinak.keepers.queries import keeper_facts
from sijinak.keepers.showing import shows_list
from sijinak.permits import rule_words
from sijinak.permits.commands import DraftApplication, SaveApplication
from sijinak.permits.labels import standing
from sijinak.permits.models import TURN, Permit, PermitState
from sijinak.permits.pace import is_late
from sijinak.permits.queries import (
    count_permits,
    count_waiting,
    heads_on,
    permit_by_id,
    permits,
    permits_waiting,
)
from sijinak.permits.rule_words import destination_lines, rule_lines
from sijinak.permits.rulebook import closed_on, destination_rules_on, rules_on
from sijinak.permits.rules.models import Purpose
from sijinak.permits.schemas import ApplicationSchema, FilledIn
from sijinak.permits.services import EDITABLE, draft_application, save_application
from sijinak.permits.unpaid import unpaid_letters
from sijinak.permits.view import view_of
from sijinak.web.access import actor, needs
from sijinak.web.home import Tile
from sijinak.web.i18n import gettext as _
from sijinak.web.io import Form, blank, listing, place, read_form
from sijinak.web.settings import settings

bp = Blueprint("permits", __name__)


@bp.get("/")
@needs(Permission.PERMIT_READ)
def index() -> ResponseReturnValue:
    wanted = request.args.get("keadaan", "")
    states = [PermitState(wanted)] if wanted in set(PermitState) else []
    found = permits(by=actor(), states=states, place=place())
    waiting = permits_waiting(by=actor()) if not request.args else []
    keepers = {permit.keeper_id for permit in (*found.items, *waiting)}
    shows_list(Where.PERMITS, keepers, asked={"keadaan": states})
    return render_template(
        "permits/index.html",
        page=listing(found, ".index", keadaan=wanted if states else ""),
        waiting=waiting,
        keepers=keeper_facts(keepers),
        form=Form({"keadaan": wanted}),
        states=PermitState,
        standing=standing,
        is_late=is_late,
        heads_on=heads_on,
        place_name=place_name,
        may_apply=applicant_of(actor()) is not None,
    )


@bp.get("/aturan")
@needs(Permission.PERMIT_READ)
def rules() -> ResponseReturnValue:
    """The rules of today with their basis and source; what nobody has stated says so."""
    return render_template(
        "permits/rules.html",
        rules=rules_on(today()),
        destinations=destination_rules_on(today()),
        rule_lines=rule_lines,
        destination_lines=destination_lines,
        told_tones=rule_words.TONES,
        may_manage=bool(actor().reaches(Permission.RULE_MANAGE)),
        place_name=place_name,
    )


@bp.get("/baru")
@needs(Permission.PERMIT_APPLY)
def new() -> ResponseReturnValue:
    return _form(blank(species=Species.CATTLE, purpose=Purpose.SLAUGHTER))


@bp.post("/baru")
@needs(Permission.PERMIT_APPLY)
def create() -> ResponseReturnValue:
    keeper_id = applicant_of(actor())
    form = read_form(ApplicationSchema())
    if form.value is None or keeper_id is None:
        return _form(form), 422
    said = form.value
    command = DraftApplication(id=said.id, keeper_id=keeper_id, journey=said.journey)
    try:
        with transaction():
            permit = draft_application(command, by=actor())
    except (Conflict, Invalid) as error:
        return _form(form.refuse(error)), 422
    return redirect(url_for(".show", permit_id=permit.id))


@bp.get("/<uuid:permit_id>")
@needs(Permission.PERMIT_READ)
def show(permit_id: UUID) -> ResponseReturnValue:
    return render_template("permits/show.html", **view_of(permit_id))


@bp.get("/<uuid:permit_id>/ubah")
@needs(Permission.PERMIT_APPLY)
def edit(permit_id: UUID) -> ResponseReturnValue:
    permit = _editable(permit_id)
    return _form(blank(**_typed(permit)), permit)


@bp.post("/<uuid:permit_id>/ubah")
@needs(Permission.PERMIT_APPLY)
def save(permit_id: UUID) -> ResponseReturnValue:
    permit = _editable(permit_id)
    form = read_form(ApplicationSchema())
    if form.value is None:
        return _form(form, permit), 422
    said = form.value
    command = SaveApplication(id=said.id, permit_id=permit.id, journey=said.journey)
    try:
        with transaction():
            save_application(command, by=actor())
    except (Conflict, Invalid) as error:
        return _form(form.refuse(error), permit), 422
    flash(_("The application is changed. It still has to be submitted."), "info")
    return redirect(url_for(".show", permit_id=permit_id))


def applicant_of(who: Actor) -> UUID | None:
    """For which keeper the actor may apply."""
    reaches = who.reaches(Permission.PERMIT_APPLY)
    return next((reach.keeper_id for reach in reaches if reach.keeper_id), None)


def _editable(permit_id: UUID) -> Permit:
    permit = permit_by_id(permit_id, by=actor())
    if permit.state not in EDITABLE:
        raise NotFound(permit_id=str(permit_id))
    return permit


def _typed(permit: Permit) -> dict[str, str]:
    """What the applicant typed before, back into the form."""
    names = ("species", "purpose", "destination", "destination_note", "port", "vehicle_plate")
    texts = {name: getattr(permit, name) for name in (*names, "region", "sale_letter")}
    planned: date = permit.planned_on
    return {**texts, "planned_on": planned.isoformat(), "tags": "\n".join(permit.tags)}


def _form(form: Form[FilledIn], permit: Permit | None = None) -> str:
    home = settings().regency
    return render_template(
        "permits/form.html",
        form=form,
        permit=permit,
        species=Species,
        purposes=Purpose,
        destinations=[choice for choice in _destinations() if choice[0] != home],
        today=today().isoformat(),
        ports=[(port.code, port.name) for port in ports()],
        villages=[(v.code, full_name(v.code)) for v in villages_in(home)],
    )


def _destinations() -> list[tuple[str, str]]:
    """Every regency and city; where no animal may go, it says so."""
    closed = closed_on(today())
    return [
        (p.code, _("%(place)s (closed)", place=p.name))
        if any(region_lies_in(p.code, region) for region in closed)
        else (p.code, p.name)
        for p in destinations()
    ]


def tiles(by: Actor) -> Sequence[Tile]:
    """What waits for the actor; for those who only read, what is under way."""
    if not by.reaches(Permission.PERMIT_READ):
        return ()
    return [*_waiting_tiles(by), *_unpaid_tiles(by)]


def _unpaid_tiles(by: Actor) -> Sequence[Tile]:
    """Letters that are out while their payment was taken back; only when there are any."""
    found = unpaid_letters(by=by)
    if not found:
        return ()
    url = url_for("permits.show", permit_id=found[0])
    return [Tile(_("Issued, and no longer paid"), str(len(found)), url, "alert-triangle", "danger")]


def _waiting_tiles(by: Actor) -> Sequence[Tile]:
    url = url_for("permits.index")
    if any(by.reaches(needed) for needed in TURN.values()):
        waiting = count_waiting(by=by)
        tone = "warning" if waiting else "neutral"
        return [Tile(_("Permits waiting for you"), str(waiting), url, "file-certificate", tone)]
    counts = count_permits(by=by)
    under_way = sum(counts.get(state, 0) for state in TURN)
    return [Tile(_("Permits under way"), str(under_way), url, "file-certificate")]
