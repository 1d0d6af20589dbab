"""The receiver's link, and what was said of what arrived."""

from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from sijinak.core.model import Model
from sijinak.permits.models import Arrival


class SaidBy(StrEnum):
    LINK = "link"  # the receiver, without an account
    OFFICER = "officer"  # heard from the receiver, and written down


_LIVE = text("ended_at IS NULL")
_FIRST = text("supersedes_id IS NULL")


class ArrivalLink(Model):
    """A secret of 160 bits and a short code beside it. Only the digests of both are kept."""

    __tablename__ = "arrival_links"
    __table_args__ = (
        Index(
            "uq_arrival_links_live",
            "permit_id",
            unique=True,
            sqlite_where=_LIVE,
            postgresql_where=_LIVE,
        ),
    )

    permit_id: Mapped[UUID] = mapped_column(ForeignKey("permits.id"), index=True)
    digest: Mapped[bytes] = mapped_column(unique=True)
    code_digest: Mapped[bytes]
    made_at: Mapped[datetime]
    made_by: Mapped[UUID]
    expires_at: Mapped[datetime]
    tries: Mapped[int] = mapped_column(default=0)  # wrong codes; too many shut the code
    ended_at: Mapped[datetime | None]  # a newer one took its place


class ArrivalStatement(Model):
    """All that arrived, said at once. Inserted, never updated: a correction is a whole new one."""

    __tablename__ = "arrival_statements"
    __table_args__ = (
        Index(
            "uq_arrival_statements_first",
            "permit_id",
            unique=True,
            sqlite_where=_FIRST,
            postgresql_where=_FIRST,
        ),
        CheckConstraint("(said_by = 'link') = (link_id IS NOT NULL)", name="link"),
    )

    permit_id: Mapped[UUID] = mapped_column(ForeignKey("permits.id"), index=True)
    supersedes_id: Mapped[UUID | None] = mapped_column(
        ForeignKey("arrival_statements.id"), unique=True
    )
    link_id: Mapped[UUID | None] = mapped_column(ForeignKey(ArrivalLink.id))
    said_by: Mapped[SaidBy]
    arrived_at: Mapped[datetime]
    said_at: Mapped[datetime]
    by_id: Mapped[UUID]
    by_name: Mapped[str]  # as the receiver gave it, or the officer's
    note: Mapped[str] = mapped_column(default="")
    extras: Mapped[list[str]] = mapped_column(JSON)  # animals that came and are not on the list

    lines: Mapped[list["ArrivalLine"]] = relationship(viewonly=True, lazy="selectin")


class ArrivalLine(Model):
    """One animal in a statement. Inserted, never updated."""

    __tablename__ = "arrival_lines"
    __table_args__ = (
        UniqueConstraint("statement_id", "animal_id"),
        CheckConstraint("outcome = 'received' OR words <> ''", name="words"),
    )

    statement_id: Mapped[UUID] = mapped_column(ForeignKey(ArrivalStatement.id))
    animal_id: Mapped[UUID] = mapped_column(ForeignKey("animals.id"), index=True)
    outcome: Mapped[Arrival]
    words: Mapped[str] = mapped_column(default="")  # why it was rejected, or what it died of
