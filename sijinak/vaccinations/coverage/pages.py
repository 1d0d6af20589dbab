"""Coverage for people: of a campaign, or of a disease between two days."""

from collections.abc import Sequence
from datetime import timedelta
from uuid import UUID

from flask import Blueprint, Response, render_template, request
from flask.typing import ResponseReturnValue

from sijinak.areas.models import Level
from sijinak.areas.queries import full_name, places, regions_within
from sijinak.core.clock import today
from sijinak.core.errors import NotFound
from sijinak.core.permissions import Permission, may
from sijinak.vaccinations import labels as _labels  # noqa: F401 - names our diseases
from sijinak.vaccinations.campaigns.commands import GOAL_PERCENT
from sijinak.vaccinations.campaigns.queries import campaign_by_id
from sijinak.vaccinations.coverage.queries import (
    Line,
    Question,
    coverage_between,
    coverage_of,
    sum_of,
)
from sijinak.vaccinations.models import Disease
from sijinak.vaccinations.visits import labels as _visit_labels  # noqa: F401 - names outcomes
from sijinak.vaccinations.visits.models import Outcome
from sijinak.web.access import actor, needs
from sijinak.web.exporting import CSV, Export, hand_out
from sijinak.web.i18n import gettext as _
from sijinak.web.io import Form, day_in_address
from sijinak.web.labels import label, options

bp = Blueprint("coverage", __name__)
READ = Permission.VACCINATION_READ
FIRST_SHOWN = timedelta(days=180)


@bp.get("/")
@needs(READ)
def index() -> ResponseReturnValue:
    """Of a disease between two days, whatever campaign the doses belonged to."""
    question = _question()
    lines = coverage_between(question, GOAL_PERCENT, by=actor())
    kept = {
        "penyakit": question.disease.value,
        "dari": question.first.isoformat(),
        "sampai": question.last.isoformat(),
        "wilayah": question.region,
    }
    return render_template(
        "coverage/index.html",
        form=Form(kept),
        kept=kept,
        diseases=options(Disease),
        regions=_regions(),
        question=question,
        lines=lines,
        total=sum_of(lines),
        goal=GOAL_PERCENT,
        outcomes=list(Outcome),
        full_name=full_name,
    )


@bp.get("/tabel.csv")
@needs(READ)
def table() -> Response:
    question = _question()
    name = f"cakupan-{question.disease}-{question.first}-{question.last}"
    return _csv(name, coverage_between(question, GOAL_PERCENT, by=actor()), GOAL_PERCENT)


@bp.get("/kampanye/<uuid:campaign_id>")
@needs(READ)
def of_campaign(campaign_id: UUID) -> ResponseReturnValue:
    campaign = campaign_by_id(campaign_id, by=actor())
    lines = coverage_of(campaign, by=actor())
    return render_template(
        "coverage/campaign.html",
        campaign=campaign,
        lines=lines,
        total=sum_of(lines),
        goal=campaign.goal_percent,
        below=sum(not line.reaches(campaign.goal_percent) for line in lines),
        outcomes=list(Outcome),
        full_name=full_name,
    )


@bp.get("/kampanye/<uuid:campaign_id>/tabel.csv")
@needs(READ)
def table_of_campaign(campaign_id: UUID) -> Response:
    campaign = campaign_by_id(campaign_id, by=actor())
    name = f"cakupan-{campaign.disease}-{campaign.starts_on}"
    return _csv(name, coverage_of(campaign, by=actor()), campaign.goal_percent)


def _csv(name: str, lines: Sequence[Line], goal: int) -> Response:
    head = [
        _("Code"), _("Village"), _("Past outbreak"), _("Target heads"), _("Registered animals"),
        _("Counted heads"), _("Vaccinated"), *(label(outcome) for outcome in Outcome),
        _("Coverage in percent"), _("Goal in percent"), _("Goal reached"),
    ]  # fmt: skip
    rows = [
        (line.village, full_name(line.village), _("Yes") if line.had_outbreak else _("No"),
         "" if line.target is None else line.target, line.animals, line.heads, line.done,
         *(line.missed.get(outcome, 0) for outcome in Outcome),
         "" if line.percent is None else line.percent, goal,
         _("Yes") if line.reaches(goal) else _("No"))
        for line in lines
    ]  # fmt: skip
    return hand_out(CSV, Export(what="coverage", name=name, head=head, asked={"name": name}), rows)


def _question() -> Question:
    """What the address asks; what it leaves out, or says wrongly, is the half year until today.

    Raises NotFound for an area that the actor does not see.
    """
    region = request.args.get("wilayah", "")
    if region and (region not in places() or not may(actor(), READ, region=region)):
        raise NotFound(region=region)
    disease = request.args.get("penyakit", "")
    last = day_in_address("sampai", today())
    return Question(
        disease=Disease(disease) if disease in set(Disease) else Disease.PMK,
        first=min(day_in_address("dari", last - FIRST_SHOWN), last),
        last=last,
        region=region,
    )


def _regions() -> list[tuple[str, str]]:
    known = places()
    own = {reach.region for reach in actor().reaches(READ) if reach.region in known}
    found = {
        place.code: place.name
        for region in own
        for place in regions_within(region)
        if place.level is Level.KECAMATAN or place.code == region
    }
    in_order = sorted(found.items(), key=lambda row: (len(row[0]), row[1]))
    return [("", _("The whole working area")), *in_order]
