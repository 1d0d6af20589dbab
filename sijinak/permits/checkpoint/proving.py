"""Whether a paper that was read at a post is one that the office signed and keeps."""

from uuid import UUID

from sqlalchemy import select

from sijinak.core.cose import Malformed
from sijinak.core.db import db
from sijinak.permits.signing.models import PaperType, SignedPaper
from sijinak.permits.signing.qr import raw_of


def proves(paper: str, permit_id: UUID | None) -> bool:
    """The very bytes that were printed on the permit's recommendation, of any version."""
    try:
        raw = raw_of(paper.rpartition("/")[2])
    except Malformed:
        return False
    asked = select(SignedPaper.qr).where(
        SignedPaper.permit_id == permit_id, SignedPaper.kind == PaperType.RECOMMENDATION
    )
    return raw in db.session.scalars(asked).all()
