"""Statements and their lines as the bank sent them. Inserted, never updated."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from sijinak.core.model import Model, RegionCode
from sijinak.core.money import Rupiah


class BankStatement(Model):
    """One statement of one account: it begins where the one before it ended.

    ``place`` counts the statements of an account from 1, so that two cannot follow the same one.
    """

    __tablename__ = "bank_statements"
    __table_args__ = (
        UniqueConstraint("account", "place"),
        CheckConstraint("place > 0", name="place"),
        Index("ix_bank_statements_sha256", "sha256"),
    )

    account: Mapped[str]  # its code in the settings
    region: Mapped[str] = mapped_column(RegionCode)
    place: Mapped[int]
    number: Mapped[str]  # as the bank counts; empty for a CSV
    serial_no: Mapped[int | None]
    serial_page: Mapped[int | None]
    first_on: Mapped[date]
    last_on: Mapped[date]
    opening: Mapped[Rupiah]
    closing: Mapped[Rupiah]
    profile: Mapped[str]
    file_name: Mapped[str]
    file_id: Mapped[UUID] = mapped_column(ForeignKey("stored_files.id"))
    sha256: Mapped[bytes]
    taken_at: Mapped[datetime]
    taken_by: Mapped[UUID]
    taken_by_name: Mapped[str]

    lines: Mapped[list["BankLine"]] = relationship(order_by="BankLine.position")


class BankLine(Model):
    """Money in (above zero) or out, as the bank booked it. ``key`` says which line it is."""

    __tablename__ = "bank_lines"
    __table_args__ = (
        UniqueConstraint("account", "key"),
        UniqueConstraint("statement_id", "position"),
        CheckConstraint("amount <> 0", name="amount"),
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
