"""Questions about tickets: where each block is, and what became of its serials."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from uuid import UUID

from sqlalchemy import BigInteger, ColumnElement, and_, cast, func, or_, select

from sijinak.core.clock import today
from sijinak.core.db import db
from sijinak.core.errors import NotFound
from sijinak.core.paging import START, Page, Place, page_of
from sijinak.core.permissions import Actor, Permission, within_reach
from sijinak.retribution.tariffs.models import Tariff, Unit
from sijinak.retribution.tariffs.queries import tariffs_on
from sijinak.treasury.tickets.models import (
    BlockState,
    TicketBlock,
    TicketSale,
    TicketUse,
    TicketWay,
    UseKind,
    WayState,
)
from sijinak.treasury.tickets.unseen import unseen_in

SOLD_BY = (Unit.TICKET, Unit.WEIGHING, Unit.HEAD)
_IN_HAND = (BlockState.HELD, BlockState.RETURNING, BlockState.OFFERED)
_STORED = (BlockState.STORED, BlockState.CONDEMNED)
LONGEST_SERIAL = 10
_SEES = (Permission.TICKET_STOCK, Permission.TREASURY_READ)


@dataclass(frozen=True, slots=True)
class Count:
    """received = sold + void + missing + returned + stored + in_hand + destroyed, always."""

    received: int = 0
    sold: int = 0
    void: int = 0
    unseen: int = 0  # of the void: their paper was not handed back
    missing: int = 0
    returned: int = 0  # in the cupboard after somebody had them
    stored: int = 0  # in the cupboard and never issued
    in_hand: int = 0
    destroyed: int = 0
    money: int = 0

    @property
    def adds_up(self) -> bool:
        gone = self.sold + self.void + self.missing + self.destroyed
        return self.received == gone + self.returned + self.stored + self.in_hand


def block_by_id(block_id: UUID, *, by: Actor) -> TicketBlock:
    """For its holder, and for whoever keeps the stock or reads the treasury."""
    found = db.session.scalar(select(TicketBlock).where(TicketBlock.id == block_id, _seen(by)))
    if found is None:
        raise NotFound(block=str(block_id))
    return found


def block_for_update(block_id: UUID) -> TicketBlock:
    blocks = blocks_for_update({block_id})
    if not blocks:
        raise NotFound(block=str(block_id))
    return blocks[0]


def blocks_for_update(block_ids: Collection[UUID]) -> Sequence[TicketBlock]:
    """Locked in one order until the transaction ends; those that are not there are left out."""
    asked = select(TicketBlock).where(TicketBlock.id.in_(block_ids)).order_by(TicketBlock.id)
    asked = asked.with_for_update().execution_options(populate_existing=True)
    return db.session.scalars(asked).all()


def blocks(
    place: Place = START, *, by: Actor, state: BlockState | None = None, text: str = ""
) -> Page[TicketBlock]:
    asked = select(TicketBlock).where(_seen(by), _named(text))
    if state is not None:
        asked = asked.where(TicketBlock.state == state)
    return page_of(asked, TicketBlock.id, place, first=(TicketBlock.series, TicketBlock.first))


def own_blocks(*, by: Actor, text: str = "") -> Sequence[TicketBlock]:
    """In the person's hands, or offered to them; those to sell from first."""
    asked = select(TicketBlock).where(TicketBlock.holder_id == by.id, _named(text))
    order = (TicketBlock.state, TicketBlock.series, TicketBlock.first)
    return db.session.scalars(asked.order_by(*order)).all()


def blocks_coming_back(*, by: Actor) -> Sequence[TicketBlock]:
    asked = select(TicketBlock).where(
        TicketBlock.state == BlockState.RETURNING,
        TicketBlock.holder_id != by.id,
        within_reach(by, Permission.TICKET_STOCK, TicketBlock.region),
    )
    return db.session.scalars(asked.order_by(TicketBlock.series, TicketBlock.first)).all()


def stored_blocks(*, by: Actor) -> Sequence[TicketBlock]:
    """What can be given out, in the order of the serials."""
    asked = select(TicketBlock).where(
        TicketBlock.state == BlockState.STORED,
        TicketBlock.next <= TicketBlock.last,
        within_reach(by, Permission.TICKET_STOCK, TicketBlock.region),
    )
    return db.session.scalars(asked.order_by(TicketBlock.series, TicketBlock.first)).all()


def uses_of(block_id: UUID) -> Sequence[TicketUse]:
    """In the order of the serials."""
    asked = select(TicketUse).where(TicketUse.block_id == block_id, TicketUse.kind != UseKind.START)
    return db.session.scalars(asked.order_by(TicketUse.first)).all()


def last_serial_used(block_id: UUID) -> int:
    asked = select(func.max(TicketUse.last)).where(TicketUse.block_id == block_id)
    return int(db.session.scalar(asked) or 0)


def ways_of(block_id: UUID) -> Sequence[TicketWay]:
    asked = select(TicketWay).where(TicketWay.block_id == block_id)
    return db.session.scalars(asked.order_by(TicketWay.offered_at, TicketWay.id)).all()


def seller_of(use: TicketUse) -> UUID:
    """Who had the block when this became of its tickets."""
    asked = select(TicketWay.taker_id).where(
        TicketWay.block_id == use.block_id,
        TicketWay.state == WayState.DONE,
        TicketWay.is_return.is_(False),
        TicketWay.ended_at <= use.used_at,
    )
    newest = asked.order_by(TicketWay.ended_at.desc(), TicketWay.id.desc()).limit(1)
    return db.session.scalars(newest).one() or use.by_id


def open_way_of(block_id: UUID) -> TicketWay:
    asked = select(TicketWay).where(
        TicketWay.block_id == block_id, TicketWay.state == WayState.OPEN
    )
    return db.session.scalars(asked.execution_options(populate_existing=True)).one()


def sales_of(block_id: UUID) -> Sequence[TicketSale]:
    asked = select(TicketSale).where(TicketSale.block_id == block_id)
    return db.session.scalars(asked.order_by(TicketSale.first)).all()


def ticket_tariffs(day: date) -> list[Tariff]:
    """Those that are sold by ticket."""
    return [one for one in tariffs_on(day) if one.unit in SOLD_BY]


def tariff_still_asks(block: TicketBlock) -> bool:
    """Whether the law asks today what the tickets say."""
    known = db.session.get_one(Tariff, block.tariff_id)
    key = (known.code, known.species, known.sex)
    now_ = [one for one in tariffs_on(today()) if (one.code, one.species, one.sex) == key]
    return any(one.amount == block.nominal for one in now_)


def counts_of(found: Iterable[TicketBlock]) -> dict[UUID, Count]:
    """Of each block."""
    many = list(found)
    used, unseen = _used([block.id for block in many]), unseen_in([block.id for block in many])
    issued = _issued([block.id for block in many])
    return {
        block.id: replace(
            _count(block, used.get(block.id, {}), was_out=block.id in issued),
            unseen=unseen.get(block.id, 0),
        )
        for block in many
    }


def all_counts(*, by: Actor) -> list[tuple[TicketBlock, Count]]:
    """Every block that the person may see, by series and serial."""
    asked = select(TicketBlock).where(_seen(by))
    found = db.session.scalars(asked.order_by(TicketBlock.series, TicketBlock.first)).all()
    counts = counts_of(found)
    return [(block, counts[block.id]) for block in found]


def gaps(*, by: Actor) -> Sequence[tuple[TicketBlock, TicketUse]]:
    """Serials that were not sold and are not there, each with its cause."""
    asked = (
        select(TicketBlock, TicketUse)
        .join(TicketUse, TicketUse.block_id == TicketBlock.id)
        .where(TicketUse.kind.in_([UseKind.VOID, UseKind.MISSING]), _seen(by))
        .order_by(TicketBlock.series, TicketUse.first)
    )
    return [(row[0], row[1]) for row in db.session.execute(asked)]


def _named(text: str) -> ColumnElement[bool]:
    """By a part of the series, or by a serial that lies in the block."""
    serial = "".join(part for part in text if part.isascii() and part.isdigit())
    holds = TicketBlock.series.icontains(text.strip(), autoescape=True)
    if serial and len(serial) <= LONGEST_SERIAL and not any(part.isalpha() for part in text):
        holds = or_(holds, and_(TicketBlock.first <= int(serial), TicketBlock.last >= int(serial)))
    return holds


def _count(block: TicketBlock, used: dict[UseKind, int], *, was_out: bool) -> Count:
    left = block.left
    sold = used.get(UseKind.SOLD, 0)
    stored = left if block.state in _STORED else 0
    return Count(
        received=block.last + 1 - block.first,
        sold=sold,
        void=used.get(UseKind.VOID, 0),
        missing=used.get(UseKind.MISSING, 0),
        returned=stored if was_out else 0,
        stored=0 if was_out else stored,
        in_hand=left if block.state in _IN_HAND else 0,
        destroyed=left if block.state is BlockState.DESTROYED else 0,
        money=sold * block.nominal,
    )


def _used(block_ids: list[UUID]) -> dict[UUID, dict[UseKind, int]]:
    many = cast(func.sum(TicketUse.last + 1 - TicketUse.first), BigInteger)
    asked = (
        select(TicketUse.block_id, TicketUse.kind, many)
        .where(TicketUse.block_id.in_(block_ids), TicketUse.kind != UseKind.START)
        .group_by(TicketUse.block_id, TicketUse.kind)
        .order_by(TicketUse.block_id, TicketUse.kind)
    )
    found: dict[UUID, dict[UseKind, int]] = {}
    for row in db.session.execute(asked):
        found.setdefault(row[0], {})[row[1]] = int(row[2])
    return found


def _issued(block_ids: list[UUID]) -> set[UUID]:
    asked = select(TicketWay.block_id).where(
        TicketWay.block_id.in_(block_ids),
        TicketWay.state == WayState.DONE,
        TicketWay.is_return.is_(False),
    )
    return set(db.session.scalars(asked))


def _seen(by: Actor) -> ColumnElement[bool]:
    reach = [within_reach(by, permission, TicketBlock.region) for permission in _SEES]
    mine = [TicketBlock.holder_id == by.id] if by.reaches(Permission.TICKET_SELL) else []
    return or_(*reach, *mine)
