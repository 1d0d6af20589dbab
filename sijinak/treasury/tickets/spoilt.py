"""A spoilt ticket is handed back as paper: until another has seen it, the seller owes its price."""

from collections.abc import Iterable
from datetime import date

from sijinak.core.clock import local, now
from sijinak.core.db import db
from sijinak.core.events import events
from sijinak.core.money import Rupiah
from sijinak.core.once import first_time
from sijinak.core.permissions import WORKER, Actor, Permission, require
from sijinak.payments.discrepancies.services import Found, open_discrepancy, settle_discrepancy
from sijinak.payments.models import DiscrepancyKind
from sijinak.treasury.tickets.commands import CountSpoilt, NotYourTickets
from sijinak.treasury.tickets.models import SpoiltCount, TicketBlock, TicketUse
from sijinak.treasury.tickets.queries import (
    block_for_update,
)
from sijinak.treasury.tickets.unseen import every_spoilt_unseen, spoilt_unseen


def count_spoilt(command: CountSpoilt, *, by: Actor) -> int:
    """How many were there. What was not handed back is missing. Raises NotYourTickets."""
    block = block_for_update(command.block_id)
    require(by, Permission.TICKET_STOCK, region=block.region)
    waiting = spoilt_unseen(block.id)
    if any(use.by_id == by.id for use in waiting if use.id in command.use_ids):
        raise NotYourTickets
    if not first_time(command, by=by):
        return len(command.use_ids)
    of_others = [use for use in waiting if use.by_id != by.id]
    seen = [use for use in of_others if use.id in command.use_ids]
    for use in seen:
        _see(use, by=by)
    tell_missing(block, (use for use in of_others if use not in seen), by=by)
    serials = ", ".join(str(use.first) for use in seen)
    facts = {"serials": f"{block.series} {serials}", "there": len(seen)}
    away = len(of_others) - len(seen)
    events.record("ticket.spoilt-counted", block, by=by, region=block.region, **facts, missing=away)
    return len(seen)


def tell_missing(block: TicketBlock, uses: Iterable[TicketUse], *, by: Actor) -> None:
    """Two people decide about tickets that are not there and brought no money."""
    for use in uses:
        found = Found(
            kind=DiscrepancyKind.TICKETS,
            about=use,
            region=block.region,
            amount=Rupiah(-use.count * block.nominal),
            facts={"serials": f"{block.series} {use.first}-{use.last}", "why": use.why},
        )
        open_discrepancy(found, by=by)


def tell_spoilt_until(day: date, *, by: Actor) -> None:
    """The books of the day are closed: what was not handed back until its end is missing."""
    for block, use in every_spoilt_unseen():
        if local(use.used_at).date() <= day:
            tell_missing(block, [use], by=by)


def _see(use: TicketUse, *, by: Actor) -> None:
    count = SpoiltCount(
        use_id=use.id, seller_id=use.by_id, by_id=by.id, by_name=by.name, counted_at=now()
    )
    db.session.add(count)
    db.session.flush()
    # It may have been told as missing before. Nobody decides here: the paper is there.
    settle_discrepancy(DiscrepancyKind.TICKETS, use.id, by=WORKER)
