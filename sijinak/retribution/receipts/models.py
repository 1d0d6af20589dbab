"""Receipts, their voids, and which money paid which bill. Inserted, never updated."""

from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import (
    CheckConstraint,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    UniqueConstraint,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column

from sijinak.core.flow import Flow, Step
from sijinak.core.model import Model, RegionCode
from sijinak.core.money import Rupiah
from sijinak.core.permissions import Permission


class ReceiptKind(StrEnum):
    RECEIPT = "receipt"
    VOID = "void"


class Receipt(Model):
    """Tanda bukti pembayaran, or the void of one; numbers of a series and year have no gap.

    ``round`` counts the receipts of a bill: a second one needs the void of the first. A void
    repeats what it voids, and names who asked for it and who, another person, issued it.
    """

    __tablename__ = "receipts"
    __table_args__ = (
        UniqueConstraint("series", "year", "no"),
        UniqueConstraint("skrd_id", "round", "kind"),
        UniqueConstraint("id", "issued_by"),
        CheckConstraint("amount > 0", name="amount"),
        CheckConstraint("(kind = 'void') = (voids_id IS NOT NULL)", name="voids"),
        CheckConstraint("(kind = 'void') = (asked_by IS NOT NULL)", name="asked"),
        CheckConstraint("(voids_id IS NULL) = (voided_from IS NULL)", name="voided_from"),
        CheckConstraint("issued_by <> asked_by", name="four_eyes"),
        CheckConstraint("issued_by <> voided_from", name="second_person"),
        # A void tells the truth about who issued what it voids.
        ForeignKeyConstraint(
            ["voids_id", "voided_from"],
            ["receipts.id", "receipts.issued_by"],
            name="fk_receipts_voids",
        ),
        # What auditors list and add up: all, by channel, officer, amount, village, and voids.
        Index("ix_receipts_newest", "issued_at", "id", "region", "kind", "channel", "amount"),
        Index("ix_receipts_channel", "channel", "issued_at", "id"),
        Index("ix_receipts_officer", "issued_by", "issued_at", "id", "channel", "amount"),
        Index("ix_receipts_amount", "amount", "issued_at", "id", "channel", "issued_by"),
        Index("ix_receipts_village", "region", "issued_at", "id", "channel", "amount"),
        Index(
            "ix_receipts_voids",
            "issued_at",
            "id",
            sqlite_where=text("kind = 'void'"),
            postgresql_where=text("kind = 'void'"),
        ),
    )

    kind: Mapped[ReceiptKind]
    number: Mapped[str] = mapped_column(unique=True)
    series: Mapped[str]
    year: Mapped[int]
    no: Mapped[int]
    skrd_id: Mapped[UUID] = mapped_column(ForeignKey("skrd.id"))
    round: Mapped[int]
    voids_id: Mapped[UUID | None] = mapped_column(unique=True)
    voided_from: Mapped[UUID | None]
    keeper_id: Mapped[UUID] = mapped_column(ForeignKey("keepers.id"), index=True)
    region: Mapped[str] = mapped_column(RegionCode)
    amount: Mapped[Rupiah]
    payer_name: Mapped[str]
    channel: Mapped[str]
    reason: Mapped[str]  # of a void
    asked_by: Mapped[UUID | None]
    asked_by_name: Mapped[str]
    issued_at: Mapped[datetime]
    issued_by: Mapped[UUID]
    issued_by_name: Mapped[str]


class Allocation(Model):
    """So much of a collection paid the bill of a receipt."""

    __tablename__ = "allocations"
    __table_args__ = (
        UniqueConstraint("receipt_id", "collection_id"),
        CheckConstraint("amount > 0", name="amount"),
    )

    receipt_id: Mapped[UUID] = mapped_column(ForeignKey(Receipt.id))
    collection_id: Mapped[UUID] = mapped_column(ForeignKey("collections.id"), index=True)
    amount: Mapped[Rupiah]


class VoidState(StrEnum):
    ASKED = "asked"
    ISSUED = "issued"
    REFUSED = "refused"


VOID_FLOW = Flow(
    Step(VoidState.ASKED, "issue", VoidState.ISSUED, Permission.RECEIPT_VOID),
    Step(VoidState.ASKED, "refuse", VoidState.REFUSED, Permission.RECEIPT_VOID),
)
_ASKED = text("state = 'asked'")


class VoidRequest(Model):
    """Somebody asks a second person to void a receipt; at most one at a time for each."""

    __tablename__ = "void_requests"
    __table_args__ = (
        CheckConstraint("answered_by <> asked_by", name="four_eyes"),
        CheckConstraint("(state = 'asked') = (answered_by IS NULL)", name="answered"),
        Index(
            "uq_void_requests_open",
            "receipt_id",
            unique=True,
            sqlite_where=_ASKED,
            postgresql_where=_ASKED,
        ),
    )

    receipt_id: Mapped[UUID] = mapped_column(ForeignKey(Receipt.id), index=True)
    state: Mapped[VoidState]
    reason: Mapped[str]
    asked_by: Mapped[UUID]
    asked_by_name: Mapped[str]
    asked_at: Mapped[datetime]
    note: Mapped[str]  # why it was refused
    answered_by: Mapped[UUID | None]
    answered_by_name: Mapped[str]
    answered_at: Mapped[datetime | None]


class ReceiptLink(Model):
    """Opens one receipt without signing in, until it expires or somebody ends it."""

    __tablename__ = "receipt_links"

    receipt_id: Mapped[UUID] = mapped_column(ForeignKey(Receipt.id), index=True)
    digest: Mapped[bytes] = mapped_column(unique=True)  # of its secret
    made_by: Mapped[UUID]
    made_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
