"""What is owed: an SKRD for a permit's animals, and an STRD for the interest on a late one."""

from datetime import date
from enum import StrEnum
from uuid import UUID

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from sijinak.core.flow import Flow, Step
from sijinak.core.model import Model, RegionCode
from sijinak.core.money import Rupiah
from sijinak.core.permissions import Permission


class SkrdState(StrEnum):
    OPEN = "open"
    PAID = "paid"
    CANCELLED = "cancelled"
    WRITTEN_OFF = "written-off"


S = SkrdState
SKRD_FLOW = Flow(
    Step(S.OPEN, "settle", S.PAID, Permission.PAYMENT_SETTLE),
    Step(S.OPEN, "cancel", S.CANCELLED, Permission.SKRD_ISSUE),
    Step(S.OPEN, "write-off", S.WRITTEN_OFF, Permission.MONEY_RESOLVE),
    Step(S.PAID, "reopen", S.OPEN, Permission.PAYMENT_SETTLE),
)


class BillKind(StrEnum):
    SKRD = "skrd"  # surat ketetapan retribusi daerah
    STRD = "strd"  # surat tagihan: the interest on a late SKRD


_OPEN_STRD = text("kind = 'strd' AND state = 'open'")


class Skrd(Model):
    """What somebody owes by law, never more: an SKRD, or the STRD that follows a late one.

    Only its state ever changes: triggers refuse the rest, and any change of its lines.
    """

    __tablename__ = "skrd"
    __table_args__ = (
        UniqueConstraint("kind", "year", "no"),
        CheckConstraint("total > 0", name="total"),
        CheckConstraint("(kind = 'strd') = (late_id IS NOT NULL)", name="late"),
        # No letter is written twice. A second one bills the rest, beside one that is being paid.
        Index(
            "uq_skrd_open_strd",
            "late_id",
            "issued_on",
            "total",
            unique=True,
            sqlite_where=_OPEN_STRD,
            postgresql_where=_OPEN_STRD,
        ),
        Index("ix_skrd_levied", "issued_on", "region", "state", "total"),
    )

    kind: Mapped[BillKind]
    number: Mapped[str] = mapped_column(unique=True)
    year: Mapped[int]
    no: Mapped[int]
    permit_id: Mapped[UUID | None] = mapped_column(unique=True)  # of an SKRD
    late_id: Mapped[UUID | None] = mapped_column(ForeignKey("skrd.id"), index=True)  # of an STRD
    keeper_id: Mapped[UUID] = mapped_column(ForeignKey("keepers.id"), index=True)
    payer_name: Mapped[str]
    region: Mapped[str] = mapped_column(RegionCode, index=True)
    heads: Mapped[int | None]  # of an SKRD
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
    tariff_id: Mapped[UUID | None] = mapped_column(ForeignKey("tariffs.id"))  # none: interest
    component: Mapped[str]
    legal_basis: Mapped[str]
    law_code: Mapped[str]  # kode rekening of the revenue
    heads: Mapped[int]
    unit_amount: Mapped[Rupiah]
    amount: Mapped[Rupiah]
