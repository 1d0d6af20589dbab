"""Whether what lies in the storage and in the rows still is what was signed."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from hashlib import sha256
from uuid import UUID

from sqlalchemy import or_, select

from sijinak.animals.models import Animal, Identifier, IdentifierKind
from sijinak.core.clock import clock
from sijinak.core.cose import canonical, opened, sign1, verified
from sijinak.core.db import db
from sijinak.core.errors import Invalid, NotFound
from sijinak.core.storage import storage
from sijinak.permits.models import Permit
from sijinak.permits.queries import passed
from sijinak.permits.signing.keys import SigningKey, known_keys, public_keys
from sijinak.permits.signing.models import PaperType, SignedPaper
from sijinak.permits.signing.ordering import latest_version
from sijinak.permits.signing.qr import PaperKind, SignedFacts, digest_of, facts_in, tag_bytes

KINDS = {
    PaperType.RECOMMENDATION: PaperKind.RECOMMENDATION,
    PaperType.HEALTH_LETTER: PaperKind.HEALTH_LETTER,
}


class Fault(StrEnum):
    """What is not as it was signed."""

    ROW = "row"
    FILE = "file"
    FILE_GONE = "file-gone"
    PERMIT = "permit"


class PaperAltered(Invalid):
    """It is not handed out. Facts: ``faults``."""

    code = "paper-altered"


@dataclass(frozen=True, slots=True)
class Proved:
    """``content`` is what may be handed out; ``faults`` says why it may not."""

    content: bytes
    faults: tuple[Fault, ...]


def storage_key(permit_hex: str, digest: bytes) -> str:
    """By content: two workers that made the same paper never overwrite each other's."""
    return f"papers/{permit_hex}/{digest.hex()}.pdf"


def key_of(paper: SignedPaper) -> str:
    return storage_key(paper.permit_id.hex, paper.sha256)


def seal(paper: SignedPaper, key: SigningKey) -> bytes:
    return sign1(canonical(_said(paper)), key.key, key.kid_bytes)


def prove(paper: SignedPaper) -> Proved:
    """Everything is compared anew at each call: seal, row, bytes, QR code, and the permit."""
    if not _row_stands(paper):
        return Proved(b"", (Fault.ROW,))
    try:
        content = storage.store.get(key_of(paper))
    except NotFound:
        return Proved(b"", (Fault.FILE_GONE,))
    if (sha256(content).digest(), len(content)) != (paper.sha256, paper.size):
        return Proved(b"", (Fault.FILE,))
    return Proved(content, () if _permit_stands(paper) else (Fault.PERMIT,))


def end_of(day: date) -> int:
    """The last second of a day in the office's zone."""
    after = datetime.combine(day + timedelta(days=1), time(), clock.zone)
    return int(after.timestamp()) - 1


def _said(paper: SignedPaper) -> list[object]:
    return [
        "signed-paper", paper.id.bytes, paper.permit_id.bytes, paper.kind.value, paper.version,
        paper.number, paper.sha256, paper.size, paper.kid, paper.signed_with, paper.status_list,
        paper.status_index, paper.qr, int(paper.made_at.timestamp() * 1_000_000),
    ]  # fmt: skip


def _row_stands(paper: SignedPaper) -> bool:
    keys = public_keys(known_keys())
    try:
        kid, said = verified(paper.seal, keys)
        _, payload = verified(paper.qr, keys)
        facts = facts_in(payload)
        is_said = opened(said) == _said(paper) and kid.hex() == paper.kid
    except (Invalid, OverflowError, ValueError):
        return False
    return is_said and _is_of(facts, paper)


def _is_of(facts: SignedFacts, paper: SignedPaper) -> bool:
    return (
        facts.permit_id, facts.kind, facts.version, facts.number, facts.status_list,
        facts.status_index,
    ) == (
        paper.permit_id, KINDS[paper.kind], paper.version, paper.number, paper.status_list,
        paper.status_index,
    )  # fmt: skip


def _permit_stands(paper: SignedPaper) -> bool:
    """Whether the permit's row says what the newest paper says; older ones say less on purpose."""
    if paper.version != latest_version(paper.permit_id, paper.kind):
        return True
    permit = db.session.get(Permit, paper.permit_id)
    if permit is None:
        return False
    facts = facts_in(verified(paper.qr, public_keys(known_keys()))[1])
    return _journey_stands(facts, permit) and (
        paper.kind is PaperType.HEALTH_LETTER or _letter_stands(facts, permit, paper)
    )


def _journey_stands(facts: SignedFacts, permit: Permit) -> bool:
    return (facts.origin, facts.destination, facts.species, facts.port) == (
        permit.region, permit.destination, permit.species.value, permit.port,
    )  # fmt: skip


def _letter_stands(facts: SignedFacts, permit: Permit, paper: SignedPaper) -> bool:
    if permit.valid_until is None:
        return False
    tags = [tag_bytes(tag) for tag in tags_at(paper.made_at, [a.animal_id for a in passed(permit)])]
    return (facts.number, facts.until, facts.plate, facts.heads, facts.digest) == (
        permit.number, end_of(permit.valid_until), permit.vehicle_plate, len(tags), digest_of(tags),
    )  # fmt: skip


def tags_at(moment: datetime, animal_ids: Collection[UUID]) -> list[str]:
    """What the animals wore then: labels are replaced, and records merged, after a paper is out."""
    worn = select(Animal.id, Identifier.value).where(
        Animal.id.in_(animal_ids),
        Identifier.animal_id.in_((Animal.id, Animal.merged_into_id)),
        Identifier.kind == IdentifierKind.TAG,
        Identifier.given_at <= moment,
        or_(Identifier.ended_at.is_(None), Identifier.ended_at > moment),
    )
    own_last = worn.order_by(Identifier.animal_id == Animal.id)
    return list({row[0]: row[1] for row in db.session.execute(own_last)}.values())
