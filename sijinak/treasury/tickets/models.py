"""Blocks of tickets, who had them, and what became of each serial."""

from datetime import date, datetime
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
from sijinak.retribution.tariffs.models import Tariff

_STOCK, _SELL = Permission.TICKET_STOCK, Permission.TICKET_SELL
_RESOLVE = Permission.MONEY_RESOLVE


class BlockState(StrEnum):
    STORED = "stored"
    OFFERED = "offered"
    HELD = "held"
    RETURNING = "returning"
    USED_UP = "used-up"
    CONDEMNED = "condemned"  # one person wants it destroyed, another has not looked yet
    DESTROYED = "destroyed"


B = BlockState
BLOCK_FLOW = Flow(
    Step(B.STORED, "offer", B.OFFERED, _STOCK),
    Step(B.OFFERED, "withdraw", B.STORED, _STOCK),
    Step(B.OFFERED, "accept", B.HELD, _SELL),
    Step(B.HELD, "sell", B.HELD, _SELL),
    Step(B.HELD, "finish", B.USED_UP, _SELL),
    Step(B.HELD, "give-back", B.RETURNING, _SELL),
    Step(B.RETURNING, "keep", B.HELD, _SELL),
    Step(B.RETURNING, "take-back", B.STORED, _STOCK),
    Step(B.RETURNING, "take-back-empty", B.USED_UP, _STOCK),
    Step(B.STORED, "condemn", B.CONDEMNED, _STOCK),
    Step(B.CONDEMNED, "spare", B.STORED, _RESOLVE),
    Step(B.CONDEMNED, "destroy", B.DESTROYED, _RESOLVE),
)


class TicketSeries(Model):
    """What is printed before the serial. Its row is locked while blocks are written down."""

    __tablename__ = "ticket_series"

    code: Mapped[str] = mapped_column(unique=True)


class TicketBlock(Model):
    """A block as the printer bound it. Its price is that of the tariff on the day it came."""

    __tablename__ = "ticket_blocks"
    __table_args__ = (
        UniqueConstraint("series", "first"),
        UniqueConstraint("series", "last"),
        UniqueConstraint("id", "last"),
        CheckConstraint("first >= 1 AND last >= first", name="serials"),
        CheckConstraint("next >= first AND next <= last + 1", name="next"),
        CheckConstraint("nominal > 0", name="nominal"),
        CheckConstraint(
            "(state IN ('offered', 'held', 'returning')) = (holder_id IS NOT NULL)", name="holder"
        ),
        CheckConstraint(
            "(state IN ('condemned', 'destroyed')) = (condemned_by IS NOT NULL)", name="condemned"
        ),
        CheckConstraint("(state = 'destroyed') = (destroyed_by IS NOT NULL)", name="destroyed"),
        CheckConstraint(
            "destroyed_by <> entered_by AND destroyed_by <> condemned_by", name="four_eyes"
        ),
        Index("ix_ticket_blocks_holder", "holder_id", "state"),
    )

    series: Mapped[str] = mapped_column(ForeignKey(TicketSeries.code))
    first: Mapped[int]
    last: Mapped[int]
    next: Mapped[int]  # the first ticket that is still in the block
    tariff_id: Mapped[UUID] = mapped_column(ForeignKey(Tariff.id))
    component: Mapped[str]
    law_code: Mapped[str]
    legal_basis: Mapped[str]
    nominal: Mapped[Rupiah]
    decree: Mapped[str]  # by which they were ordered and perforated
    printer: Mapped[str]
    region: Mapped[str] = mapped_column(RegionCode, index=True)
    state: Mapped[BlockState]
    holder_id: Mapped[UUID | None]
    holder_name: Mapped[str] = mapped_column(default="")
    entered_on: Mapped[date]
    entered_by: Mapped[UUID]
    entered_by_name: Mapped[str]
    condemned_by: Mapped[UUID | None]
    condemned_by_name: Mapped[str] = mapped_column(default="")
    destroyed_by: Mapped[UUID | None]
    destroyed_by_name: Mapped[str] = mapped_column(default="")
    destroyed_why: Mapped[str] = mapped_column(default="")  # decree and minutes

    @property
    def left(self) -> int:
        return self.last + 1 - self.next


class WayState(StrEnum):
    OPEN = "open"
    DONE = "done"
    ENDED = "ended"


class TicketWay(Model):
    """A block goes from one person to another, both of whom say so. ``first`` is the first left."""

    __tablename__ = "ticket_ways"
    __table_args__ = (
        CheckConstraint("giver_id <> taker_id", name="four_eyes"),
        CheckConstraint("(state = 'done') = (taker_id IS NOT NULL)", name="taker"),
        CheckConstraint("is_return OR meant_for IS NOT NULL", name="meant_for"),
        CheckConstraint("giver_id <> meant_for", name="for_another"),
    )

    block_id: Mapped[UUID] = mapped_column(ForeignKey(TicketBlock.id), index=True)
    is_return: Mapped[bool]
    first: Mapped[int]
    giver_id: Mapped[UUID]
    giver_name: Mapped[str]
    meant_for: Mapped[UUID | None]  # None: whoever keeps the stock
    taker_id: Mapped[UUID | None]
    taker_name: Mapped[str] = mapped_column(default="")
    state: Mapped[WayState]
    offered_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]


class UseKind(StrEnum):
    START = "start"  # before the first ticket: what follows hangs on it
    SOLD = "sold"
    VOID = "void"  # spoilt, as the seller says; see SpoiltCount
    MISSING = "missing"


class TicketSale(Model):
    """What one person sold of a block at once."""

    __tablename__ = "ticket_sales"
    __table_args__ = (
        CheckConstraint("amount >= 0 AND count >= 0", name="amount"),
        CheckConstraint("last >= first", name="serials"),
    )

    block_id: Mapped[UUID] = mapped_column(ForeignKey(TicketBlock.id), index=True)
    seller_id: Mapped[UUID] = mapped_column(index=True)
    seller_name: Mapped[str]
    region: Mapped[str] = mapped_column(RegionCode)
    first: Mapped[int]
    last: Mapped[int]
    count: Mapped[int]  # sold
    amount: Mapped[Rupiah]
    sold_at: Mapped[datetime] = mapped_column(index=True)


class TicketUse(Model):
    """What became of the serials from ``first`` to ``last``. Inserted, never updated.

    Each hangs on the one before it, by keys: no serial twice, and none left out.
    """

    __tablename__ = "ticket_uses"
    __table_args__ = (
        UniqueConstraint("block_id", "last"),
        UniqueConstraint("block_id", "after"),
        ForeignKeyConstraint(
            ["block_id", "after"],
            ["ticket_uses.block_id", "ticket_uses.last"],
            name="fk_ticket_uses_after",
        ),
        ForeignKeyConstraint(
            ["block_id", "block_last"],
            ["ticket_blocks.id", "ticket_blocks.last"],
            name="fk_ticket_uses_block",
        ),
        CheckConstraint("(kind = 'start') = (after IS NULL)", name="start"),
        CheckConstraint("kind = 'start' OR (first = after + 1 AND last >= first)", name="serials"),
        CheckConstraint("last <= block_last", name="inside"),
        CheckConstraint("kind NOT IN ('void', 'missing') OR why <> ''", name="why"),
        Index(
            "uq_ticket_uses_start",
            "block_id",
            unique=True,
            sqlite_where=text("kind = 'start'"),
            postgresql_where=text("kind = 'start'"),
        ),
    )

    block_id: Mapped[UUID]
    block_last: Mapped[int]
    sale_id: Mapped[UUID | None] = mapped_column(ForeignKey(TicketSale.id), index=True)
    kind: Mapped[UseKind]
    after: Mapped[int | None]
    first: Mapped[int]
    last: Mapped[int]
    why: Mapped[str]
    by_id: Mapped[UUID]
    by_name: Mapped[str]
    used_at: Mapped[datetime]

    @property
    def count(self) -> int:
        return self.last + 1 - self.first


class SpoiltCount(Model):
    """The paper of a spoilt ticket, seen by whoever keeps the stock. Inserted, never updated.

    Until then the seller owes its price.
    """

    __tablename__ = "ticket_spoilt_counts"
    __table_args__ = (CheckConstraint("by_id <> seller_id", name="four_eyes"),)

    use_id: Mapped[UUID] = mapped_column(ForeignKey(TicketUse.id), unique=True)
    seller_id: Mapped[UUID]
    by_id: Mapped[UUID]
    by_name: Mapped[str]
    counted_at: Mapped[datetime]
