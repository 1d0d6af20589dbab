"""Findings for people: the list, one with its evidence, the steps, and what is checked."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from sijinak.areas.models import Level
from sijinak.areas.queries import full_name, regions_within
from sijinak.audit.findings import labels
from sijinak.audit.findings.catalogue import CHECKS
from sijinak.audit.findings.models import (
    FINDING_FLOW,
    AuditFinding,
    FindingState,
    Outcome,
    Severity,
)
from sijinak.audit.findings.queries import (
    Standing,
    Wanted,
    count_findings,
    finding_by_id,
    findings,
    names_of_people,
    newest_look,
    note_with_file,
    notes_of,
    open_by_check,
    people_in_findings,
    standing_of_checks,
)
from sijinak.audit.findings.schemas import AdvanceFindingSchema, AskForLookSchema
from sijinak.audit.findings.services import (
    AdvanceFinding,
    advance_finding,
    ask_for_look,
)
from sijinak.audit.findings.view import links_of
from sijinak.core.db import transaction
from sijinak.core.errors import Conflict, Forbidden, Invalid
from sijinak.core.money import thousands
from sijinak.core.permissions import Actor, Permission, may
from sijinak.files.answers import paper_answer, sent_paper
from sijinak.web.access import actor, needs
from sijinak.web.home import Tile
from sijinak.web.i18n import gettext as _
from sijinak.web.io import Form, blank, listing, place, read_form
from sijinak.web.labels import options
from sijinak.web.settings import settings

bp = Blueprint("auditfindings", __name__)
P = Permission
READS = (P.AUDIT_READ, P.AUDIT_ANSWER)
FILTERS = ("cek", "berat", "keadaan", "orang", "wilayah", "dari", "sampai")
FIELD_OF = {
    "audit-words-missing": "words",
    "audit-outcome-missing": "outcome",
    "audit-answer-missing": "because",
}
FILE = "paper"


@bp.get("/")
@needs(*READS)
def index() -> ResponseReturnValue:
    asked = {name: request.args.get(name, "")[:64] for name in FILTERS}
    wanted = _wanted(asked)
    page = findings(by=actor(), wanted=wanted, place=place())
    return render_template(
        "audit/findings/index.html",
        page=listing(page, ".index", **asked),
        form=Form[None](asked),
        counts=open_by_check(by=actor(), wanted=replace(wanted, code="", state=None)),
        checks=CHECKS,
        people=[(str(id_), name) for id_, name in people_in_findings(by=actor())],
        regions=_kecamatan(),
        severities=options(Severity),
        states=options(FindingState),
        look=newest_look(by=actor()),
        look_form=blank(),
        works=may(actor(), P.AUDIT_WORK),
        words=labels,
        full_name=full_name,
        kept={name: text for name, text in asked.items() if text and name != "cek"},
    )


@bp.get("/diperiksa")
@needs(*READS)
def catalogue() -> ResponseReturnValue:
    return render_template(
        "audit/findings/catalogue.html",
        checks=CHECKS.values(),
        standing=standing_of_checks(by=actor()),
        nothing=Standing(),
        tones=labels.TONES,
        look=newest_look(by=actor()),
    )


@bp.post("/periksa-sekarang")
@needs(P.AUDIT_WORK)
def look_now() -> ResponseReturnValue:
    form = read_form(AskForLookSchema())
    try:
        if form.value is not None:
            with transaction():
                ask_for_look(form.value, by=actor())
            flash(_("It is underway. Reload the page in some minutes."), "success")
    except Conflict as error:
        flash(form.refuse(error).errors["_schema"][0], "warning")
    return redirect(url_for(".index"))


@bp.get("/<uuid:finding_id>")
@needs(*READS)
def show(finding_id: UUID) -> ResponseReturnValue:
    return _page(finding_id, blank())


@bp.post("/<uuid:finding_id>")
@needs(P.AUDIT_WORK, P.AUDIT_ANSWER)
def advance(finding_id: UUID) -> ResponseReturnValue:
    form = read_form(AdvanceFindingSchema())
    if form.value is None or form.value.finding_id != finding_id:
        return _page(finding_id, form), 422
    finding_by_id(finding_id, by=actor())  # before anything of the file is read
    try:
        command = replace(form.value, paper=sent_paper(FILE))
    except Invalid as error:
        return _page(finding_id, form.refuse(error, FILE)), 422
    try:
        with transaction():
            advance_finding(command, by=actor())
    except (Conflict, Invalid) as error:
        return _page(finding_id, form.refuse(error, FIELD_OF.get(error.code, "_schema"))), 422
    flash(_("It is written down."), "success")
    return redirect(url_for(".show", finding_id=finding_id))


@bp.get("/<uuid:finding_id>/lampiran/<uuid:note_id>")
@needs(*READS)
def attachment(finding_id: UUID, note_id: UUID) -> ResponseReturnValue:
    note = note_with_file(finding_id, note_id, by=actor())
    if note.file_id is None:
        raise Forbidden
    return paper_answer(note.file_id, f"lampiran-{note.id}")


def tiles(by: Actor) -> Sequence[Tile]:
    """What the office must answer, and what auditors have to look at or to decide."""
    told = list[Tile]()
    for permission, state, name in (
        (P.AUDIT_ANSWER, FindingState.OPEN, _("Findings to answer")),
        (P.AUDIT_WORK, FindingState.OPEN, _("Open findings")),
        (P.AUDIT_WORK, FindingState.ANSWERED, _("Findings answered")),
    ):
        if by.reaches(permission):
            count = count_findings(by=by, permission=permission, state=state)
            url = url_for("auditfindings.index", keadaan=state.value)
            told += [Tile(name, thousands(count), url, "flag", "warning")] if count else []
    return told


def _page(finding_id: UUID, form: Form[AdvanceFinding]) -> str:
    finding = finding_by_id(finding_id, by=actor())
    notes = notes_of(finding)
    return render_template(
        "audit/findings/show.html",
        finding=finding,
        form=form,
        check=CHECKS.get(finding.code),
        words=labels,
        links=links_of(finding, actor()),
        names=names_of_people(finding.people_ids),
        notes=notes,
        actions=_actions(finding),
        is_own=actor().id in finding.people_ids,
        outcomes=options(Outcome),
        full_name=full_name,
        may_work=may(actor(), P.AUDIT_WORK, region=finding.region),
    )


def _actions(finding: AuditFinding) -> list[tuple[str, str]]:
    """What this person may do now; nobody does anything about their own work."""
    if actor().id in finding.people_ids:
        return []
    names = {
        "answer": _("Answer for the office"), "send-back": _("Send back to the office"),
        "close": _("Close the finding"), "reopen": _("Open it again"),
    }  # fmt: skip
    told = [
        (step.action, names[step.action])
        for step in FINDING_FLOW.steps_from(finding.state)
        if may(actor(), step.needs, region=finding.region)
    ]
    may_note = any(may(actor(), p, region=finding.region) for p in (P.AUDIT_WORK, P.AUDIT_ANSWER))
    return [*told, ("note", _("Write a note"))] if may_note else told


def _wanted(asked: dict[str, str]) -> Wanted:
    return Wanted(
        code=asked["cek"],
        severity=Severity(asked["berat"]) if asked["berat"] in list(Severity) else None,
        state=FindingState(asked["keadaan"]) if asked["keadaan"] in list(FindingState) else None,
        person_id=_uuid(asked["orang"]),
        region=asked["wilayah"],
        first=_day(asked["dari"]),
        last=_day(asked["sampai"]),
    )


def _kecamatan() -> list[tuple[str, str]]:
    found = regions_within(settings().regency)
    return [(one.code, one.name) for one in found if one.level is Level.KECAMATAN]


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text) if text else None
    except ValueError:
        return None


def _day(text: str) -> date | None:
    try:
        found = date.fromisoformat(text) if text else None
    except ValueError:
        return None
    return found if found and 1900 <= found.year < 2200 else None  # noqa: PLR2004 - as in forms
