"""The steps of the tag stock as forms: receive, issue, take back, report, retire, find again."""

from dataclasses import dataclass, replace

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from sijinak.areas.queries import place_name
from sijinak.core.clock import local
from sijinak.core.db import transaction
from sijinak.core.errors import Conflict, Invalid, NotFound
from sijinak.core.permissions import Permission, may
from sijinak.tagstock.commands import MoveTags
from sijinak.tagstock.queries import officers_of, offices, runs_waiting
from sijinak.tagstock.schemas import MoveTagsSchema
from sijinak.tagstock.services import NEED_A_NOTE, move_tags
from sijinak.web.access import actor, needs
from sijinak.web.i18n import N_, ngettext
from sijinak.web.i18n import gettext as _
from sijinak.web.io import Form, blank, read_form

bp = Blueprint("tagstock_desk", __name__)


@dataclass(frozen=True, slots=True)
class Desk:
    """One step: its action in TAG_FLOW, and what its page says."""

    action: str
    title: str
    lead: str


DESKS = {
    "terima": Desk(
        "receive",
        N_("Receive tags"),
        N_("Printed tags are put into the cupboard of an office. Count them first."),
    ),
    "serahkan": Desk(
        "issue",
        N_("Issue tags to an officer"),
        N_("A number of tags, lowest first, or exactly those that you scan."),
    ),
    "kembali": Desk(
        "return",
        N_("Take tags back"),
        N_("An officer hands tags back that were not used."),
    ),
    "hilang": Desk(
        "lose",
        N_("Report tags as lost"),
        N_("From your own bag, or from the office's cupboard. A scan of them raises an alarm."),
    ),
    "rusak": Desk(
        "break",
        N_("Report tags as broken"),
        N_("Broken tags are not used again. Cut them up, so that nobody else uses them."),
    ),
    "dicuri": Desk(
        "steal",
        N_("Report tags as stolen"),
        N_("A scan of them raises an alarm. Tell the police, and write the report's number."),
    ),
    "afkir": Desk(
        "retire",
        N_("Retire tags"),
        N_("Tags in the office that will not be used: misprints, old stock, tags taken off."),
    ),
    "temukan": Desk(
        "find",
        N_("Tags that were found again"),
        N_("Lost or stolen tags that no animal ever wore go back into the cupboard."),
    ),
}  # fmt: skip
FIELD_OF = {
    "tag-note-missing": "note",
    "not-an-officer": "holder_id",
    "not-enough-tags": "count",
    "not-in-this-run": "last",
    "unknown-tags": "codes",
    "tags-not-ready": "codes",
    "tags-were-worn": "codes",
}


@bp.get("/<step>")
@needs(Permission.TAG_STOCK, Permission.TAG_HOLD)
def new(step: str) -> ResponseReturnValue:
    where = offices(by=actor())
    given = {
        "codes": request.args.get("kode", ""),
        "run_id": request.args.get("cetakan", ""),
        "region": where[0] if where else "",
    }
    return _form(_desk(step), blank(**given))


@bp.post("/<step>")
@needs(Permission.TAG_STOCK, Permission.TAG_HOLD)
def create(step: str) -> ResponseReturnValue:
    desk = _desk(step)
    form = read_form(MoveTagsSchema())
    if form.value is None:
        return _form(desk, form), 422
    command = replace(form.value, action=desk.action)
    try:
        with transaction():
            count = move_tags(command, by=actor())
    except (Conflict, Invalid) as error:
        return _form(desk, form.refuse(error, FIELD_OF.get(error.code, "_schema"))), 422
    flash(ngettext("%(n)s tag: written down.", "%(n)s tags: written down.", count), "success")
    return redirect(url_for("tagstock.move", move_id=command.id))


def _desk(step: str) -> Desk:
    """Raises NotFound, also for steps of the office when only one's own bag is in reach."""
    desk = DESKS.get(step)
    is_own = desk is not None and desk.action in NEED_A_NOTE and desk.action != "retire"
    if desk is None or not (is_own or may(actor(), Permission.TAG_STOCK)):
        raise NotFound(step=step)
    return desk


def _form(desk: Desk, form: Form[MoveTags]) -> str:
    where = offices(by=actor())
    officers = {key: name for office in where for key, name in officers_of(office).items()}
    return render_template(
        "tagstock/step.html",
        form=form,
        desk=desk,
        title=_(desk.title),
        lead=_(desk.lead),
        wants_note=desk.action in NEED_A_NOTE,
        offices=[(code, place_name(code)) for code in where],
        officers=[(str(key), name) for key, name in sorted(officers.items(), key=lambda o: o[1])],
        runs=_run_options() if desk.action == "receive" else [],
    )


def _run_options() -> list[tuple[str, str]]:
    """Runs with tags that nobody received yet."""
    sentence = N_("%(day)s, %(place)s: %(count)s not received")
    return [
        (
            str(run.id),
            _(sentence, day=f"{local(run.printed_at):%d-%m-%Y}", place=place_name(run.region),
              count=count),
        )
        for run, count in runs_waiting(by=actor())
    ]  # fmt: skip
