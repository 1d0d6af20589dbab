"""What the pages of the dry run show, with and without an account."""

from datetime import timedelta
from typing import Any
from uuid import UUID

from sijinak.animals.models import Species
from sijinak.areas.queries import destinations, full_name, place_name, ports, villages_in
from sijinak.core.clock import today
from sijinak.core.codes import spaced
from sijinak.core.ids import uuid7
from sijinak.permits.beside import Asked
from sijinak.permits.checks import Checked, Verdict
from sijinak.permits.dryrun.lists import MOST_TAGS
from sijinak.permits.dryrun.schemas import Wanted
from sijinak.permits.dryrun.trying import Tried
from sijinak.permits.labels import VERDICT_TONES, sentence
from sijinak.permits.rulebook import scope_of
from sijinak.permits.rules.models import Purpose
from sijinak.web.io import Form, blank

SOON = timedelta(days=7)


def fresh_form() -> Form[Any]:
    return blank(
        species=Species.CATTLE,
        purpose=Purpose.SLAUGHTER,
        planned_on=(today() + SOON).isoformat(),
    )


def form_facts(form: Form[Any], home: str) -> dict[str, Any]:
    """``home`` is the regency that the animals leave."""
    return {
        "form": form,
        "species": Species,
        "purposes": Purpose,
        "destinations": [(p.code, p.name) for p in destinations() if p.code != home],
        "ports": [(port.code, port.name) for port in ports()],
        "villages": [(v.code, full_name(v.code)) for v in villages_in(home)],
        "today": today().isoformat(),
        "most": MOST_TAGS,
    }


def asked_of(
    wanted: Wanted, tags: tuple[str, ...], home: str, *, keeper_id: UUID | None, is_public: bool
) -> Asked:
    return Asked(
        keeper_id=keeper_id,
        species=wanted.species,
        purpose=wanted.purpose,
        origin=wanted.region or home,
        destination=wanted.destination,
        planned_on=wanted.planned_on,
        tags=tags,
        sale_letter=wanted.sale_letter,
        port=wanted.port,
        is_public=is_public,
    )


def result_facts(tried: Tried, asked: Asked) -> dict[str, Any]:
    return {
        "tried": tried,
        "report": tried.report,
        "asked": asked,
        "scope": scope_of(asked.origin, asked.destination),
        "place_name": place_name,
        "sentence": sentence,
        "reasons_of": reasons_of,
        "verdict_tones": VERDICT_TONES,
        "spaced": spaced,
        "draft_id": uuid7(),
    }


def reasons_of(checked: Checked) -> list[tuple[str, str]]:
    """Why an animal is refused: the code of the reason, and the sentence with what to do."""
    refused = [finding for finding in checked.findings if finding.verdict is Verdict.REFUSE]
    return [(finding.code, sentence(finding)) for finding in refused]
