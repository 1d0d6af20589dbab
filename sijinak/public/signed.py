"""Where the QR code of a signed paper leads: what was signed, and what became of it since."""

from datetime import UTC, datetime
from http import HTTPStatus

from flask import Blueprint, render_template, url_for
from flask.typing import ResponseReturnValue

from sijinak.animals.models import Species
from sijinak.areas.queries import full_name, place_name, ports
from sijinak.core.clock import local
from sijinak.core.codes import spaced, tag_code_of
from sijinak.core.db import transaction
from sijinak.core.permissions import WORKER
from sijinak.core.watchlog import warn
from sijinak.permits.signing.labels import MEANING, TONES
from sijinak.permits.signing.models import PaperType, SignedPaper
from sijinak.permits.signing.proving import KINDS
from sijinak.permits.signing.qr import SignedFacts
from sijinak.permits.signing.services import note_altered
from sijinak.permits.signing.verifying import FORGED, Verdict, Verified, verify
from sijinak.proofs.queries import standing_of
from sijinak.public.guard import count_miss, refuse_guessers
from sijinak.retribution.checks import public_code
from sijinak.web.access import public
from sijinak.web.i18n import gettext as _
from sijinak.web.settings import settings

bp = Blueprint("signed", __name__)


@bp.get("/V/<payload>")
@bp.get("/v/<payload>", endpoint="paper_in_small")
@public
def paper(payload: str) -> ResponseReturnValue:
    """What cannot be believed is not shown; a forgery counts as a miss of whoever tries."""
    refuse_guessers()
    found = verify(payload)
    if found.verdict in FORGED:
        count_miss()
        warn("qr-forged", verdict=found.verdict)
    if found.verdict is Verdict.STORE_ALTERED and found.paper:
        with transaction():
            note_altered(found.paper, found.faults, by=WORKER)
    page = render_template(
        "public/signed.html",
        found=found,
        verdict=found.verdict,
        meaning=_(MEANING[found.verdict]),
        tone=TONES[found.verdict],
        host=settings().public_url.rstrip("/").partition("://")[2],
        **(_shown(found.facts) if found.facts else {}),
        departed=_departed(found),
        standing=standing_of(SignedPaper, found.paper.id) if found.paper else None,
        proof=_proof(found),
    )
    is_good = found.facts is not None
    return page, HTTPStatus.OK if is_good else HTTPStatus.UNPROCESSABLE_ENTITY


def _shown(facts: SignedFacts) -> dict[str, object]:
    """What was signed, never what the register says."""
    known = {port.code: port.name for port in ports()}
    return {
        "kind": next(kind for kind, number in KINDS.items() if number == facts.kind),
        "letter": PaperType.RECOMMENDATION,
        "species": Species(facts.species) if facts.species in set(Species) else None,
        "origin": full_name(facts.origin),
        "destination": place_name(facts.destination),
        "port": known.get(facts.port, facts.port),
        "issued": _day(facts.issued),
        "until": _day(facts.until),
        "tags": [_tag(raw) for raw in facts.animals or ()],
    }


def _tag(raw: bytes) -> str:
    return spaced(tag_code_of(int.from_bytes(raw)))


def _day(seconds: int) -> object:
    try:
        return local(datetime.fromtimestamp(seconds, UTC)).date()
    except (OverflowError, ValueError, OSError):
        return None


def _proof(found: Verified) -> str:
    paper = found.paper
    return url_for("publicproofs.paper", code=public_code(paper)) if paper else ""


def _departed(found: Verified) -> object:
    permit = found.permit
    return permit.departed_at if permit and found.verdict is Verdict.USED else None
