"""Accounts, journals and their postings. All are inserted and never updated.

That a journal's postings add up to nothing, and are as many as it says, is not left to the
program: a trigger keeps the sum and the number of lines of each journal, and a deferred foreign
key lets nobody commit a journal that says otherwise. A line added later is refused by the same key.
"""

from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import (
    CheckConstraint,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    UniqueConstraint,
)
from sqlalchemy.orm import Mapped, mapped_column, relationship

from sijinak.core.model import Model, RegionCode
from sijinak.core.money import Rupiah


class AccountKind(StrEnum):
    ASSET = "asset"
    LIABILITY = "liability"
    REVENUE = "revenue"
    EXPENSE = "expense"


class Account(Model):
    """One line of the chart. ``about`` of a posting says of whom or what: bill, person, wallet."""

    __tablename__ = "ledger_accounts"

    code: Mapped[str] = mapped_column(unique=True)
    kind: Mapped[AccountKind]
    law_code: Mapped[str]  # kode rekening; empty where the law has none


class JournalSum(Model):
    """What a journal's postings add up to, kept by a trigger: the id is the journal's."""

    __tablename__ = "journal_sums"
    __table_args__ = (UniqueConstraint("id", "total", "size"),)

    total: Mapped[Rupiah]
    size: Mapped[int]


class Journal(Model):
    """One thing that happened to the money. ``idem`` names it: the same is written once."""

    __tablename__ = "journals"
    __table_args__ = (
        CheckConstraint("zero = 0", name="zero"),
        CheckConstraint("size >= 2", name="size"),
        UniqueConstraint("effective_on", "id"),
        ForeignKeyConstraint(
            ["id", "zero", "size"],
            ["journal_sums.id", "journal_sums.total", "journal_sums.size"],
            name="fk_journals_sum",
            deferrable=True,
            initially="DEFERRED",
        ),
    )

    idem: Mapped[str] = mapped_column(unique=True)
    kind: Mapped[str]
    effective_on: Mapped[date]
    recorded_at: Mapped[datetime]
    region: Mapped[str] = mapped_column(RegionCode)
    actor_id: Mapped[UUID]
    actor_name: Mapped[str]
    reason: Mapped[str]
    reverses_id: Mapped[UUID | None] = mapped_column(ForeignKey("journals.id"), unique=True)
    size: Mapped[int]
    zero: Mapped[int]

    postings: Mapped[list["Posting"]] = relationship(order_by="Posting.position", viewonly=True)
    reverses: Mapped["Journal | None"] = relationship(remote_side="Journal.id", viewonly=True)


class Posting(Model):
    """Debit is above zero, credit below. The day is the journal's: a key sees to it."""

    __tablename__ = "postings"
    __table_args__ = (
        UniqueConstraint("journal_id", "position"),
        CheckConstraint("amount <> 0", name="amount"),
        ForeignKeyConstraint(
            ["journal_id", "effective_on"],
            ["journals.id", "journals.effective_on"],
            name="fk_postings_journal",
        ),
        Index("ix_postings_account_about", "account", "about", "amount"),
        Index("ix_postings_account_day", "account", "effective_on", "amount"),
    )

    journal_id: Mapped[UUID]
    position: Mapped[int]
    effective_on: Mapped[date]
    account: Mapped[str] = mapped_column(ForeignKey(Account.code))
    about: Mapped[UUID | None]
    amount: Mapped[Rupiah]

    journal: Mapped[Journal] = relationship(viewonly=True)


class ClosedDay(Model):
    """A day whose books are closed, and all before it: what comes later counts on an open day."""

    __tablename__ = "closed_days"

    day: Mapped[date] = mapped_column(unique=True)
    closed_at: Mapped[datetime]
    closed_by: Mapped[UUID]
    closed_by_name: Mapped[str]


class CashHolder(Model):
    """What a person holds: the id is theirs. A trigger keeps it in step with their postings.

    Nobody holds less than nothing, and nothing is posted to a day that its holder has closed.
    """

    __tablename__ = "cash_holders"
    __table_args__ = (
        CheckConstraint("held >= 0", name="held"),
        CheckConstraint("floats >= 0", name="floats"),
    )

    held: Mapped[Rupiah]  # public money
    floats: Mapped[Rupiah]  # change lent by the office
    closed_on: Mapped[date | None]  # the last day they counted and closed
