"""What is done with papers once they are made."""

from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256

from sijinak.core.db import db
from sijinak.core.events import events
from sijinak.core.permissions import Actor, Permission, require
from sijinak.permits.models import Permit
from sijinak.permits.signing.keys import SigningKey
from sijinak.permits.signing.models import PaperOrder, SignedPaper
from sijinak.permits.signing.proving import Fault, seal
from sijinak.permits.signing.queries import was_told

ALARM_SECONDS = 3600  # one line of the trail for all who scan an altered paper within it


@dataclass(frozen=True, slots=True, kw_only=True)
class MadePaper:
    """What the worker made and has stored already."""

    order: PaperOrder
    number: str
    content: bytes
    qr: bytes
    made_at: datetime
    signed_with: str


def keep_paper(made: MadePaper, key: SigningKey, *, by: Actor) -> SignedPaper:
    """The row is the release: before it nobody gets the paper. Kept once, however often made."""
    order = made.order
    permit = db.session.get_one(Permit, order.permit_id)
    require(by, Permission.PERMIT_ISSUE, region=permit.region, keeper_id=permit.keeper_id)
    known = db.session.get(SignedPaper, order.id)
    if known is not None:
        return known
    paper = SignedPaper(
        id=order.id,
        permit_id=order.permit_id,
        kind=order.kind,
        version=order.version,
        number=made.number,
        sha256=sha256(made.content).digest(),
        size=len(made.content),
        kid=key.kid,
        signed_with=made.signed_with,
        status_list=order.status_list,
        status_index=order.status_index,
        qr=made.qr,
        made_at=made.made_at,
    )
    paper.seal = seal(paper, key)
    db.session.add(paper)
    facts = {"number": paper.number, "kind": paper.kind, "version": paper.version}
    digest = paper.sha256.hex()
    events.record("paper.signed", paper, by=by, region=permit.region, sha256=digest, **facts)
    return paper


def note_altered(paper: SignedPaper, faults: tuple[Fault, ...], *, by: Actor) -> None:
    """The alarm: what is stored is not what was signed."""
    if was_told(paper.id, "paper.altered", ALARM_SECONDS):
        return
    permit = db.session.get(Permit, paper.permit_id)
    region = permit.region if permit else ""
    facts = {"number": paper.number, "faults": list(faults)}
    events.record("paper.altered", paper, by=by, region=region, **facts)
