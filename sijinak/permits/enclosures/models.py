"""Documents of the applicant, papers of other offices, and requests for more days."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from sijinak.core.model import Model
from sijinak.permits.models import DocumentKind, ExternalKind, Permit


class PermitDocument(Model):
    """One document of the applicant. ``in_order`` is what the desk found; None: not looked at."""

    __tablename__ = "permit_documents"
    __table_args__ = (
        CheckConstraint("added_by <> checked_by", name="four_eyes"),
        CheckConstraint("in_order IS NULL OR in_order OR note <> ''", name="says_why"),
    )

    permit_id: Mapped[UUID] = mapped_column(ForeignKey(Permit.id), index=True)
    kind: Mapped[DocumentKind]
    number: Mapped[str] = mapped_column(default="")
    issued_on: Mapped[date | None]
    file_id: Mapped[UUID] = mapped_column(ForeignKey("stored_files.id"))
    added_at: Mapped[datetime]
    added_by: Mapped[UUID]
    removed_at: Mapped[datetime | None]
    in_order: Mapped[bool | None]
    note: Mapped[str] = mapped_column(default="")
    checked_by: Mapped[UUID | None]
    checked_by_name: Mapped[str] = mapped_column(default="")
    checked_at: Mapped[datetime | None]


class ExternalPaper(Model):
    """What another office wrote. Inserted, never updated: a correction supersedes."""

    __tablename__ = "external_papers"
    __table_args__ = (
        CheckConstraint("days BETWEEN 0 AND 365", name="days"),
        CheckConstraint("valid_until >= issued_on", name="dates"),
    )

    permit_id: Mapped[UUID] = mapped_column(ForeignKey(Permit.id), index=True)
    kind: Mapped[ExternalKind]
    number: Mapped[str]
    issued_on: Mapped[date]
    valid_until: Mapped[date | None]
    place: Mapped[str] = mapped_column(default="")  # the holding ground, with a KH-11
    days: Mapped[int | None]  # spent there
    note: Mapped[str] = mapped_column(default="")
    file_id: Mapped[UUID | None] = mapped_column(ForeignKey("stored_files.id"))
    supersedes_id: Mapped[UUID | None] = mapped_column(
        ForeignKey("external_papers.id"), unique=True
    )
    recorded_at: Mapped[datetime]
    recorded_by: Mapped[UUID]
    recorded_by_name: Mapped[str]


_UNANSWERED = text("answered_at IS NULL")


class PermitExtension(Model):
    """More days, asked for and answered. Refused: answered without ``granted_until``."""

    __tablename__ = "permit_extensions"
    __table_args__ = (
        CheckConstraint("asked_by <> answered_by", name="four_eyes"),
        Index(
            "uq_permit_extensions_open",
            "permit_id",
            unique=True,
            sqlite_where=_UNANSWERED,
            postgresql_where=_UNANSWERED,
        ),
    )

    permit_id: Mapped[UUID] = mapped_column(ForeignKey(Permit.id), index=True)
    wanted_until: Mapped[date]
    reason: Mapped[str]
    asked_at: Mapped[datetime]
    asked_by: Mapped[UUID]
    granted_until: Mapped[date | None]
    note: Mapped[str] = mapped_column(default="")
    answered_at: Mapped[datetime | None]
    answered_by: Mapped[UUID | None]
    answered_by_name: Mapped[str] = mapped_column(default="")
    mandate: Mapped[str] = mapped_column(default="")
