"""Questions about what lies with an application. The caller has asked for the permit itself."""

from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import aliased

from sijinak.core.db import db
from sijinak.core.errors import NotFound
from sijinak.permits.enclosures.models import ExternalPaper, PermitDocument, PermitExtension


def documents_of(permit_id: UUID) -> list[PermitDocument]:
    """Those that stand, the first first."""
    asked = select(PermitDocument).where(
        PermitDocument.permit_id == permit_id, PermitDocument.removed_at.is_(None)
    )
    return list(db.session.scalars(asked.order_by(PermitDocument.id)))


def document_of(permit_id: UUID, document_id: UUID) -> PermitDocument:
    """Also one that was replaced. Raises NotFound."""
    document = db.session.get(PermitDocument, document_id)
    if document is None or document.permit_id != permit_id:
        raise NotFound(document_id=str(document_id))
    return document


def external_papers_of(permit_id: UUID) -> list[ExternalPaper]:
    """Those that no later one supersedes."""
    later = aliased(ExternalPaper)
    superseded = select(later.id).where(later.supersedes_id == ExternalPaper.id).exists()
    asked = select(ExternalPaper).where(ExternalPaper.permit_id == permit_id, ~superseded)
    return list(db.session.scalars(asked.order_by(ExternalPaper.kind, ExternalPaper.id)))


def external_paper_of(permit_id: UUID, paper_id: UUID) -> ExternalPaper:
    """Raises NotFound."""
    paper = db.session.get(ExternalPaper, paper_id)
    if paper is None or paper.permit_id != permit_id:
        raise NotFound(paper_id=str(paper_id))
    return paper


def extensions_of(permit_id: UUID) -> list[PermitExtension]:
    asked = select(PermitExtension).where(PermitExtension.permit_id == permit_id)
    return list(db.session.scalars(asked.order_by(PermitExtension.id)))


def asked_extension(permit_id: UUID) -> PermitExtension | None:
    """The one that nobody has answered."""
    return next((e for e in extensions_of(permit_id) if e.answered_at is None), None)
