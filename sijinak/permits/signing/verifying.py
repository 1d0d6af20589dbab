"""The verdict on a text that somebody scanned, from its signature to what became of the permit."""

from dataclasses import dataclass
from enum import StrEnum

from sijinak.core.clock import now
from sijinak.core.cose import Altered, Malformed, UnknownKey
from sijinak.core.db import db
from sijinak.core.errors import NotFound
from sijinak.permits.models import Permit
from sijinak.permits.signing import qr
from sijinak.permits.signing.keys import is_over, known_keys, public_keys
from sijinak.permits.signing.models import PaperKey, SignedPaper
from sijinak.permits.signing.proving import KINDS, Fault, prove
from sijinak.permits.signing.queries import paper_of, status_of
from sijinak.permits.signing.statuslist import PaperStatus


class Verdict(StrEnum):
    """What to think of a paper. Only the first is good, and it, too, asks to compare."""

    VALID = "valid"
    EXPIRED = "expired"
    REVOKED = "revoked"
    USED = "used"
    REPLACED = "replaced"
    KEY_OVER = "key-over"
    KEY_REVOKED = "key-revoked"
    STORE_ALTERED = "store-altered"  # the signature holds, the register says otherwise
    NOT_KEPT = "not-kept"  # signed with our key, and never recorded
    UNKNOWN_KEY = "unknown-key"
    ALTERED = "altered"
    MALFORMED = "malformed"


FORGED = (Verdict.UNKNOWN_KEY, Verdict.ALTERED, Verdict.MALFORMED)


@dataclass(frozen=True, slots=True, kw_only=True)
class Verified:
    """``facts`` are there only when the signature holds."""

    verdict: Verdict
    facts: qr.SignedFacts | None = None
    paper: SignedPaper | None = None
    permit: Permit | None = None
    faults: tuple[Fault, ...] = ()


REFUSED = {
    UnknownKey: Verdict.UNKNOWN_KEY,
    Altered: Verdict.ALTERED,
    Malformed: Verdict.MALFORMED,
}


def verify(base32: str) -> Verified:
    """Never raises for what a stranger may send."""
    known = known_keys()
    try:
        kid, facts, raw = qr.read(base32, public_keys(known))
    except (UnknownKey, Altered, Malformed) as error:
        return Verified(verdict=REFUSED[type(error)])
    if known[kid].revoked_at is not None:
        return Verified(verdict=Verdict.KEY_REVOKED, facts=facts)
    paper = _kept(facts)
    if paper is None or paper.qr != raw:
        return Verified(verdict=Verdict.NOT_KEPT, facts=facts)
    faults = prove(paper).faults
    permit = db.session.get_one(Permit, paper.permit_id)
    verdict = Verdict.STORE_ALTERED if faults else _standing(facts, paper, permit, known[kid])
    return Verified(verdict=verdict, facts=facts, paper=paper, permit=permit, faults=faults)


def _kept(facts: qr.SignedFacts) -> SignedPaper | None:
    kind = next(kind for kind, number in KINDS.items() if number == facts.kind)
    try:
        return paper_of(facts.permit_id, kind, facts.version)
    except NotFound:
        return None


_BECAME = {
    PaperStatus.REVOKED: Verdict.REVOKED,
    PaperStatus.REPLACED: Verdict.REPLACED,
    PaperStatus.USED: Verdict.USED,
}


def _standing(facts: qr.SignedFacts, paper: SignedPaper, permit: Permit, key: PaperKey) -> Verdict:
    status = status_of(paper, permit)
    if status is not PaperStatus.VALID:
        return _BECAME[status]
    if is_over(key):
        return Verdict.KEY_OVER
    return Verdict.EXPIRED if facts.until < now().timestamp() else Verdict.VALID
