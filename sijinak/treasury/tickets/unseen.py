"""Questions about spoilt tickets: whose paper nobody but the seller has seen, and who saw it."""

from collections import Counter
from collections.abc import Collection, Iterable
from uuid import UUID

from sqlalchemy import ColumnElement, select

from sijinak.core.db import db
from sijinak.core.permissions import Actor, Permission, within_reach
from sijinak.payments.models import Discrepancy, DiscrepancyState
from sijinak.treasury.tickets.models import SpoiltCount, TicketBlock, TicketUse, UseKind


def spoilt_unseen(block_id: UUID) -> list[TicketUse]:
    """Spoilt tickets of a block whose paper nobody but the seller has seen, by serial."""
    found = _unseen(TicketBlock.id == block_id)
    return [use for _, use in found]


def every_spoilt_unseen() -> list[tuple[TicketBlock, TicketUse]]:
    return _unseen()


def own_spoilt(*, by: Actor) -> list[tuple[TicketBlock, TicketUse]]:
    """What the seller has still to hand back."""
    return _unseen(TicketUse.by_id == by.id, ~_ended())


def spoilt_to_count(*, by: Actor) -> list[tuple[TicketBlock, TicketUse]]:
    """Of others, for whoever keeps the stock."""
    reach = within_reach(by, Permission.TICKET_STOCK, TicketBlock.region)
    return _unseen(TicketUse.by_id != by.id, ~_ended(), reach)


def spoilt_counts(uses: Iterable[TicketUse]) -> dict[UUID, SpoiltCount]:
    """By the use they are about."""
    asked = select(SpoiltCount).where(SpoiltCount.use_id.in_([use.id for use in uses]))
    return {one.use_id: one for one in db.session.scalars(asked.order_by(SpoiltCount.id))}


def unseen_in(block_ids: Collection[UUID]) -> dict[UUID, int]:
    found = Counter[UUID]()
    for block, use in _unseen(TicketBlock.id.in_(block_ids)):
        found[block.id] += use.count
    return found


def _ended() -> ColumnElement[bool]:
    """Two people have decided about it: it was paid for, or written off."""
    asked = select(Discrepancy.id).where(
        Discrepancy.about_id == TicketUse.id, Discrepancy.state == DiscrepancyState.RESOLVED
    )
    return asked.exists()


def _unseen(*where: ColumnElement[bool]) -> list[tuple[TicketBlock, TicketUse]]:
    asked = (
        select(TicketBlock, TicketUse)
        .join(TicketUse, TicketUse.block_id == TicketBlock.id)
        .outerjoin(SpoiltCount, SpoiltCount.use_id == TicketUse.id)
        .where(TicketUse.kind == UseKind.VOID, SpoiltCount.id.is_(None), *where)
        .order_by(TicketBlock.series, TicketUse.first)
    )
    return [(row[0], row[1]) for row in db.session.execute(asked)]
