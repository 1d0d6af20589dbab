"""Tariffs by law, what is owed (SKRD), and the proof that it was paid (TBP)."""

from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import JSON, CheckConstraint, ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from sijinak.core.flow import Flow, Step
from sijinak.core.model import Model, RegionCode
from sijinak.core.money import Rupiah
from sijinak.core.permissions import Permission


class When(StrEnum):
    """Which head a tariff is for."""

    ALWAYS = "always"
    RBT = "rbt"  # the destination asks for the brucellosis test


class Tariff(Model):
    """One component per head, by a rule of law, from one day to another."""

    __tablename__ = "tariffs"
    __table_args__ = (
        UniqueConstraint("code", "valid_from"),
        CheckConstraint("amount > 0", name="amount"),
        CheckConstraint("valid_until IS NULL OR valid_until >= valid_from", name="days"),
    )

    code: Mapped[str]
    component: Mapped[str]
    species: Mapped[str]
    applies: Mapped[When]
    amount: Mapped[Rupiah]
    legal_basis: Mapped[str]
    source: Mapped[str]
    is_example: Mapped[bool]  # taken from the press, to be replaced by the annex of the Perda
    valid_from: Mapped[date]
    valid_until: Mapped[date | None]


class SkrdState(StrEnum):
    OPEN = "open"
    PAID = "paid"
    CANCELLED = "cancelled"


SKRD_FLOW = Flow(
    Step(SkrdState.OPEN, "settle", SkrdState.PAID, Permission.PAYMENT_SETTLE),
    Step(SkrdState.OPEN, "cancel", SkrdState.CANCELLED, Permission.SKRD_ISSUE),
)


class Skrd(Model):
    """Surat ketetapan retribusi daerah: what one permit's animals cost, never more."""

    __tablename__ = "skrd"
    __table_args__ = (
        UniqueConstraint("year", "no"),
        CheckConstraint("total > 0", name="total"),
    )

    number: Mapped[str] = mapped_column(unique=True)
    year: Mapped[int]
    no: Mapped[int]
    permit_id: Mapped[UUID] = mapped_column(unique=True)
    keeper_id: Mapped[UUID] = mapped_column(ForeignKey("keepers.id"), index=True)
    payer_name: Mapped[str]
    region: Mapped[str] = mapped_column(RegionCode, index=True)
    total: Mapped[Rupiah]
    state: Mapped[SkrdState] = mapped_column(index=True)
    issued_on: Mapped[date]
    due_on: Mapped[date]
    issued_by: Mapped[UUID]
    issued_by_name: Mapped[str]
    took_part: Mapped[list[str]] = mapped_column(JSON, default=list)  # in the permit before it

    lines: Mapped[list["SkrdLine"]] = relationship(order_by="SkrdLine.position", lazy="selectin")


class SkrdLine(Model):
    __tablename__ = "skrd_lines"
    __table_args__ = (
        UniqueConstraint("skrd_id", "position"),
        CheckConstraint("amount = heads * unit_amount AND heads > 0", name="amount"),
    )

    skrd_id: Mapped[UUID] = mapped_column(ForeignKey(Skrd.id))
    position: Mapped[int]
    tariff_id: Mapped[UUID] = mapped_column(ForeignKey(Tariff.id))
    component: Mapped[str]
    legal_basis: Mapped[str]
    heads: Mapped[int]
    unit_amount: Mapped[Rupiah]
    amount: Mapped[Rupiah]


class Receipt(Model):
    """Tanda bukti pembayaran. Inserted, never updated; numbers of a series and year have no gap."""

    __tablename__ = "receipts"
    __table_args__ = (
        UniqueConstraint("series", "year", "no"),
        CheckConstraint("amount > 0", name="amount"),
    )

    number: Mapped[str] = mapped_column(unique=True)
    series: Mapped[str]
    year: Mapped[int]
    no: Mapped[int]
    skrd_id: Mapped[UUID] = mapped_column(ForeignKey(Skrd.id), unique=True)
    collection_id: Mapped[UUID] = mapped_column(ForeignKey("collections.id"), unique=True)
    keeper_id: Mapped[UUID] = mapped_column(ForeignKey("keepers.id"), index=True)
    region: Mapped[str] = mapped_column(RegionCode, index=True)
    amount: Mapped[Rupiah]
    payer_name: Mapped[str]
    channel: Mapped[str]
    issued_at: Mapped[datetime] = mapped_column(index=True)
    issued_by: Mapped[UUID]
    issued_by_name: Mapped[str]
