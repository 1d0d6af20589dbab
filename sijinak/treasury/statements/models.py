"""Files of the bank, which two people answer for, and their statements and lines.

Statements and lines are as the bank sent them: inserted, never updated.
"""

from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from sijinak.core.flow import Flow, Step
from sijinak.core.model import Model, RegionCode
from sijinak.core.money import Rupiah
from sijinak.core.permissions import Permission


class FileState(StrEnum):
    WAITING = "waiting"
    CONFIRMED = "confirmed"
    REJECTED = "rejected"


FILE_FLOW = Flow(
    Step(FileState.WAITING, "confirm", FileState.CONFIRMED, Permission.MONEY_RESOLVE),
    Step(FileState.WAITING, "reject", FileState.REJECTED, Permission.MONEY_RESOLVE),
)
_STANDS = text("state <> 'rejected'")


class BankFile(Model):
    """What one person brought in. Its lines are money by themselves once another confirms it.

    A file is known once, under whatever account, unless it was rejected.
    """

    __tablename__ = "bank_files"
    __table_args__ = (
        Index(
            "uq_bank_files_sha256", "sha256",
            unique=True, sqlite_where=_STANDS, postgresql_where=_STANDS,
        ),
        CheckConstraint("decided_by <> taken_by", name="four_eyes"),
        CheckConstraint("(state = 'waiting') = (decided_by IS NULL)", name="decided"),
        CheckConstraint("state <> 'rejected' OR answer <> ''", name="answer"),
    )  # fmt: skip

    account: Mapped[str] = mapped_column(index=True)  # its code in the settings
    region: Mapped[str] = mapped_column(RegionCode)
    profile: Mapped[str]
    name: Mapped[str]
    stored_id: Mapped[UUID] = mapped_column(ForeignKey("stored_files.id"))
    sha256: Mapped[bytes]
    taken_at: Mapped[datetime]
    taken_by: Mapped[UUID]
    taken_by_name: Mapped[str]
    state: Mapped[FileState] = mapped_column(index=True)
    decided_at: Mapped[datetime | None]
    decided_by: Mapped[UUID | None]
    decided_by_name: Mapped[str] = mapped_column(default="")
    answer: Mapped[str] = mapped_column(default="")


class BankStatement(Model):
    """One statement of one account: it begins where the one before it ended.

    ``place`` counts the statements of an account from 1, so that two cannot follow the same one.
    """

    __tablename__ = "bank_statements"
    __table_args__ = (
        UniqueConstraint("account", "place"),
        CheckConstraint("place > 0", name="place"),
    )

    account: Mapped[str]
    region: Mapped[str] = mapped_column(RegionCode)
    place: Mapped[int]
    number: Mapped[str]  # as the bank counts; empty for a CSV
    serial_no: Mapped[int | None]
    serial_page: Mapped[int | None]
    first_on: Mapped[date]
    last_on: Mapped[date]
    opening: Mapped[Rupiah]
    closing: Mapped[Rupiah]
    file_id: Mapped[UUID] = mapped_column(ForeignKey(BankFile.id), index=True)

    file: Mapped[BankFile] = relationship(lazy="joined", innerjoin=True)
    lines: Mapped[list["BankLine"]] = relationship(order_by="BankLine.position")


class BankLine(Model):
    """Money in (above zero) or out, as the bank booked it. ``key`` says which line it is."""

    __tablename__ = "bank_lines"
    __table_args__ = (
        UniqueConstraint("account", "key"),
        UniqueConstraint("statement_id", "position"),
        CheckConstraint("amount <> 0", name="amount"),
        Index("ix_bank_lines_amount", "amount", "booked_on"),
    )

    statement_id: Mapped[UUID] = mapped_column(ForeignKey(BankStatement.id))
    account: Mapped[str]
    region: Mapped[str] = mapped_column(RegionCode)
    position: Mapped[int]
    key: Mapped[str]
    booked_on: Mapped[date] = mapped_column(index=True)
    booked_at: Mapped[datetime | None]  # when the bank says the hour
    amount: Mapped[Rupiah]
    balance: Mapped[Rupiah | None]
    remark: Mapped[str]
    refs: Mapped[list[str]] = mapped_column(
        JSON
    )  # what the bank names: its number, ours, the batch


class LineNote(Model):
    """The bank wrote another remark to a line that was taken in before: both are kept."""

    __tablename__ = "bank_line_notes"

    line_id: Mapped[UUID] = mapped_column(ForeignKey(BankLine.id), index=True)
    remark: Mapped[str]
    noted_at: Mapped[datetime]
    noted_by: Mapped[UUID]
