"""STS (surat tanda setoran): cash that goes to an account of the office."""

from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from sijinak.core.flow import Flow, Step
from sijinak.core.model import Model, RegionCode
from sijinak.core.money import Rupiah
from sijinak.core.permissions import Permission
from sijinak.files.models import StoredFile
from sijinak.ledger.models import Journal

_HOLD, _SETTLE = Permission.CASH_RECEIVE, Permission.PAYMENT_SETTLE


class DepositState(StrEnum):
    PREPARED = "prepared"
    DEPOSITED = "deposited"
    MATCHED = "matched"  # its line stands on the bank's statement
    WITHDRAWN = "withdrawn"


S = DepositState
DEPOSIT_FLOW = Flow(
    Step(S.PREPARED, "deposit", S.DEPOSITED, _HOLD),
    Step(S.PREPARED, "withdraw", S.WITHDRAWN, _HOLD),
    Step(S.DEPOSITED, "match", S.MATCHED, _SETTLE),
    Step(S.MATCHED, "unmatch", S.DEPOSITED, _SETTLE),
)


class Deposit(Model):
    """One STS. Its number is given when it is prepared, and kept when it is withdrawn."""

    __tablename__ = "deposits"
    __table_args__ = (
        UniqueConstraint("year", "no"),
        UniqueConstraint("account", "slip"),
        CheckConstraint("amount > 0", name="amount"),
        CheckConstraint(
            "(state IN ('deposited', 'matched')) = (deposited_on IS NOT NULL)", name="day"
        ),
        CheckConstraint("(deposited_on IS NULL) = (slip IS NULL)", name="slip"),
        CheckConstraint("(state = 'matched') = (match_id IS NOT NULL)", name="matched"),
        CheckConstraint("(booked_on IS NULL) = (match_id IS NULL)", name="booked"),
        CheckConstraint("(line_id IS NULL) = (match_id IS NULL)", name="line"),
        CheckConstraint("state <> 'withdrawn' OR why <> ''", name="why"),
    )

    number: Mapped[str] = mapped_column(unique=True)
    year: Mapped[int]
    no: Mapped[int]
    holder_id: Mapped[UUID] = mapped_column(index=True)  # whose cash it was
    holder_name: Mapped[str]
    region: Mapped[str] = mapped_column(RegionCode, index=True)
    account: Mapped[str]  # its code in the settings
    account_name: Mapped[str]  # as it was registered on that day
    account_number: Mapped[str]
    amount: Mapped[Rupiah]
    state: Mapped[DepositState]
    prepared_at: Mapped[datetime]
    deposited_on: Mapped[date | None]  # as the depositor says
    booked_on: Mapped[date | None]  # as the bank says
    slip: Mapped[str | None] = mapped_column(index=True)  # the bank's reference
    slip_file_id: Mapped[UUID | None] = mapped_column(ForeignKey(StoredFile.id))
    late_days: Mapped[int] = mapped_column(default=0)  # working days too late, of the oldest money
    ended_at: Mapped[datetime | None]
    match_id: Mapped[UUID | None]
    line_id: Mapped[UUID | None]  # of the bank, as long as it is matched
    why: Mapped[str] = mapped_column(default="")

    lines: Mapped[list["DepositLine"]] = relationship(
        order_by="DepositLine.position", lazy="selectin"
    )

    @property
    def in_bank_on(self) -> date | None:
        """What the bank says outdoes what the depositor says."""
        return self.booked_on or self.deposited_on


class LineKind(StrEnum):
    RECEIPT = "receipt"
    TICKETS = "tickets"
    OTHER = "other"  # found over, or of a receipt that was voided


class DepositLine(Model):
    """Money of one receipt or sale, of one kode rekening."""

    __tablename__ = "deposit_lines"
    __table_args__ = (
        UniqueConstraint("deposit_id", "position"),
        CheckConstraint("amount > 0", name="amount"),
    )

    deposit_id: Mapped[UUID] = mapped_column(ForeignKey(Deposit.id))
    position: Mapped[int]
    source_id: Mapped[UUID] = mapped_column(ForeignKey(Journal.id), index=True)
    kind: Mapped[LineKind]
    reference: Mapped[str] = mapped_column(
        index=True
    )  # the receipt's number, or the tickets' serials
    component: Mapped[str]
    law_code: Mapped[str]
    received_on: Mapped[date]
    amount: Mapped[Rupiah]
