"""Findings for people: the list, one with its facts, and the decision."""

from collections.abc import Sequence
from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from sijinak.animals.queries import live_tags
from sijinak.areas.models import Level
from sijinak.areas.queries import full_name, regions_within
from sijinak.core.db import transaction
from sijinak.core.errors import Conflict, Invalid
from sijinak.core.money import thousands
from sijinak.core.permissions import Actor, Permission, may
from sijinak.vaccinations import labels as _labels  # noqa: F401 - names our diseases
from sijinak.vaccinations.doubles import settle
from sijinak.vaccinations.findings.labels import ADVICE, finding_lines
from sijinak.vaccinations.findings.models import Finding, FindingKind, Outcome
from sijinak.vaccinations.findings.queries import (
    Wanted,
    count_open_findings,
    finding_by_id,
    findings,
    is_about,
    officers_found,
    twins_of,
)
from sijinak.vaccinations.findings.schemas import SettleFindingSchema
from sijinak.vaccinations.findings.services import SettleFinding
from sijinak.vaccinations.models import Vaccination, VaccinationAct
from sijinak.web.access import actor, needs
from sijinak.web.formats import moment
from sijinak.web.home import Tile
from sijinak.web.i18n import gettext as _
from sijinak.web.io import Form, blank, listing, place, read_form
from sijinak.web.labels import label, options
from sijinak.web.settings import settings

bp = Blueprint("vaccinations_findings", __name__)
SETTLED = "selesai"
OF_TWO = frozenset({Outcome.OTHER_COUNTS, Outcome.TAKEN_BACK})
FIELD_OF = {"finding-words-missing": "words", "not-this-outcome": "outcome"}


@bp.get("/")
@needs(Permission.FINDING_READ)
def index() -> ResponseReturnValue:
    asked = {name: request.args.get(name, "") for name in ("jenis", "petugas", "wilayah")}
    settled = request.args.get("keadaan") == SETTLED
    wanted = Wanted(
        is_open=not settled,
        kind=FindingKind(asked["jenis"]) if asked["jenis"] in list(FindingKind) else None,
        officer_id=_uuid(asked["petugas"]),
        region=asked["wilayah"],
    )
    page = findings(by=actor(), wanted=wanted, place=place())
    return render_template(
        "findings/index.html",
        page=listing(page, ".index", keadaan=SETTLED if settled else "", **asked),
        form=Form[None]({**asked, "keadaan": SETTLED if settled else ""}),
        settled=settled,
        kinds=options(FindingKind),
        officers=[(str(id_), name) for id_, name in officers_found(by=actor())],
        regions=_kecamatan(),
        lines=finding_lines,
        full_name=full_name,
    )


@bp.get("/<uuid:finding_id>")
@needs(Permission.FINDING_READ)
def show(finding_id: UUID) -> ResponseReturnValue:
    return _page(finding_id, blank())


@bp.post("/<uuid:finding_id>")
@needs(Permission.FINDING_SETTLE)
def decide(finding_id: UUID) -> ResponseReturnValue:
    form = read_form(SettleFindingSchema())
    if form.value is None or form.value.finding_id != finding_id:
        return _page(finding_id, form), 422
    try:
        with transaction():
            settle(form.value, by=actor())
    except (Conflict, Invalid) as error:
        return _page(finding_id, form.refuse(error, FIELD_OF.get(error.code, "dose_id"))), 422
    flash(_("It is settled. What you wrote stays with it."), "success")
    return redirect(url_for(".index"))


def tiles(by: Actor) -> Sequence[Tile]:
    """Open findings, for those who look into them."""
    if not may(by, Permission.FINDING_READ):
        return ()
    count, url = count_open_findings(by=by), url_for("vaccinations_findings.index")
    name = _("Open findings about vaccinations")
    return [Tile(name, thousands(count), url, "flag", "warning")] if count else ()


def _page(finding_id: UUID, form: Form[SettleFinding]) -> str:
    finding = finding_by_id(finding_id, by=actor())
    twins = twins_of(finding)
    tags = live_tags([finding.animal_id]) if finding.animal_id else {}
    in_office = may(actor(), Permission.FINDING_SETTLE, region=finding.region)
    return render_template(
        "findings/show.html",
        finding=finding,
        form=form,
        lines=finding_lines(finding),
        advice=_(ADVICE[finding.kind]),
        tag=tags[finding.animal_id].value if finding.animal_id in tags else "",
        twins=twins,
        outcomes=_outcomes(finding),
        doses=[_named(dose, act) for dose, act in twins],
        full_name=full_name,
        is_own=is_about(finding, by=actor()),
        may_settle=in_office and finding.settled_at is None,
    )


def _outcomes(finding: Finding) -> list[tuple[str, str]]:
    is_double = finding.kind is FindingKind.DOUBLE
    return [(o.value, label(o)) for o in Outcome if is_double or o not in OF_TWO]


def _named(dose: Vaccination, act: VaccinationAct) -> tuple[str, str]:
    return str(dose.id), f"{moment(dose.given_at)}, {act.vaccinator_name}, {act.product.name}"


def _kecamatan() -> list[tuple[str, str]]:
    found = regions_within(settings().regency)
    return [(one.code, one.name) for one in found if one.level is Level.KECAMATAN]


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text) if text else None
    except ValueError:
        return None
