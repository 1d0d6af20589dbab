"""What an auditor works with: samples and what became of them, notes, and files of an audit.

Samples are planned, then drawn once; everything else here is added to, and never changed.
"""

from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from sijinak.core.model import Model, RegionCode
from sijinak.core.money import Rupiah
from sijinak.files.models import StoredFile
from sijinak.retribution.receipts.models import Receipt


class Method(StrEnum):
    SIMPLE = "simple"  # each receipt has the same chance
    BY_AMOUNT = "by-amount"  # each rupiah has it: monetary unit sampling


class Result(StrEnum):
    RIGHT = "right"
    WRONG = "wrong"
    NOT_FOUND = "not-found"


class AuditSample(Model):
    """Receipts to look at. The plan is written down first; the seed comes after it.

    The seed is the words of the first checkpoint that was made after the plan, and the words that
    the auditor chose with the plan: neither could be fitted to the other.
    ``population`` is what it was drawn from, 24 bytes each: the id and the amount.
    """

    __tablename__ = "audit_samples"
    __table_args__ = (
        CheckConstraint("size BETWEEN 1 AND 1000", name="size"),
        CheckConstraint("(drawn_at IS NULL) = (checkpoint_id IS NULL)", name="drawn"),
        CheckConstraint("drawn_at IS NULL OR seed <> ''", name="seed"),
    )

    title: Mapped[str]
    region: Mapped[str] = mapped_column(RegionCode, index=True)
    wanted: Mapped[dict[str, str]] = mapped_column(JSON)  # the filters, as the list has them
    method: Mapped[Method]
    size: Mapped[int]
    words: Mapped[str]  # of the auditor
    planned_at: Mapped[datetime]
    by_id: Mapped[UUID]
    by_name: Mapped[str]
    checkpoint_id: Mapped[UUID | None] = mapped_column(ForeignKey("log_checkpoints.id"))
    seed: Mapped[str] = mapped_column(default="")
    drawn_at: Mapped[datetime | None]
    among: Mapped[int] = mapped_column(default=0)  # how many receipts it was drawn from
    total: Mapped[Rupiah] = mapped_column(default=0)  # and what they come to
    digest: Mapped[str] = mapped_column(default="")  # SHA-256 of the list, as it is handed out
    population: Mapped[bytes] = mapped_column(default=b"", deferred=True)


class AuditSampleItem(Model):
    """A drawn receipt as it stood then; ``hits`` are the drawn rupiah in it."""

    __tablename__ = "audit_sample_items"
    __table_args__ = (
        UniqueConstraint("sample_id", "position"),
        UniqueConstraint("sample_id", "receipt_id"),
        CheckConstraint("hits >= 1", name="hits"),
    )

    sample_id: Mapped[UUID] = mapped_column(ForeignKey(AuditSample.id))
    position: Mapped[int]  # in which it was drawn, from 1
    receipt_id: Mapped[UUID] = mapped_column(ForeignKey(Receipt.id), index=True)
    number: Mapped[str]
    amount: Mapped[Rupiah]
    hits: Mapped[int]


class AuditSampleResult(Model):
    """What an auditor found; the newest counts, and those before it stay."""

    __tablename__ = "audit_sample_results"
    __table_args__ = (
        CheckConstraint("(result = 'wrong') = (right_amount IS NOT NULL)", name="right_amount"),
        CheckConstraint("right_amount >= 0", name="amount"),
        CheckConstraint("result = 'right' OR words <> ''", name="words"),
    )

    item_id: Mapped[UUID] = mapped_column(ForeignKey(AuditSampleItem.id), index=True)
    result: Mapped[Result]
    right_amount: Mapped[Rupiah | None]  # what a wrong one should have said
    words: Mapped[str]
    file_id: Mapped[UUID | None] = mapped_column(ForeignKey(StoredFile.id))
    at: Mapped[datetime]
    by_id: Mapped[UUID]
    by_name: Mapped[str]


class AuditNote(Model):
    """A working paper on any record. Auditors alone read it."""

    __tablename__ = "audit_notes"
    __table_args__ = (Index("ix_audit_notes_subject", "subject_type", "subject_id"),)

    subject_type: Mapped[str]  # the table of the record
    subject_id: Mapped[UUID]
    region: Mapped[str] = mapped_column(RegionCode, index=True)
    words: Mapped[str]
    file_id: Mapped[UUID | None] = mapped_column(ForeignKey(StoredFile.id))
    at: Mapped[datetime]
    by_id: Mapped[UUID]
    by_name: Mapped[str]


class AuditFileState(StrEnum):
    OPEN = "open"
    CLOSED = "closed"


class AuditFile(Model):
    """Berkas pemeriksaan: what one audit of a period drew, noted and found, and concluded."""

    __tablename__ = "audit_files"
    __table_args__ = (
        CheckConstraint("last_day >= first_day", name="days"),
        CheckConstraint("(state = 'closed') = (closed_at IS NOT NULL)", name="closed"),
        CheckConstraint("state = 'open' OR conclusion <> ''", name="conclusion"),
    )

    title: Mapped[str]
    region: Mapped[str] = mapped_column(RegionCode, index=True)
    first_day: Mapped[date]
    last_day: Mapped[date]
    state: Mapped[AuditFileState]
    conclusion: Mapped[str] = mapped_column(default="")
    opened_at: Mapped[datetime]
    opened_by: Mapped[UUID]
    opened_by_name: Mapped[str]
    closed_at: Mapped[datetime | None]
    closed_by: Mapped[UUID | None]
    closed_by_name: Mapped[str] = mapped_column(default="")


class AuditFilePart(Model):
    """A sample, note or finding that lies in a file."""

    __tablename__ = "audit_file_parts"
    __table_args__ = (UniqueConstraint("file_id", "subject_id"),)

    file_id: Mapped[UUID] = mapped_column(ForeignKey(AuditFile.id))
    subject_type: Mapped[str]
    subject_id: Mapped[UUID] = mapped_column(index=True)
    at: Mapped[datetime]
    by_id: Mapped[UUID]
    by_name: Mapped[str]
