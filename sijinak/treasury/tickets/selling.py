"""Tickets are sold in the order of their serials; what is spoilt or gone says why."""

from collections.abc import Iterator
from dataclasses import dataclass

from sijinak.core.clock import now, today
from sijinak.core.db import db
from sijinak.core.events import events
from sijinak.core.money import rupiah_text
from sijinak.core.once import first_time
from sijinak.core.permissions import Actor, Permission, require
from sijinak.ledger.chart import CASH, revenue
from sijinak.ledger.custody import lock_holders
from sijinak.ledger.services import Entry, Line, post
from sijinak.treasury.tickets.commands import (
    NotYourTickets,
    SellTickets,
    TakeBlockBack,
    TicketWhyMissing,
    WrongMoney,
    WrongSerials,
)
from sijinak.treasury.tickets.models import (
    BLOCK_FLOW,
    TicketBlock,
    TicketSale,
    TicketUse,
    UseKind,
    WayState,
)
from sijinak.treasury.tickets.queries import (
    block_for_update,
    open_way_of,
)
from sijinak.treasury.tickets.spoilt import tell_missing
from sijinak.treasury.tickets.unseen import spoilt_unseen

KIND = "tickets"


@dataclass(frozen=True, slots=True)
class Run:
    """Serials one after the other that had the same fate."""

    kind: UseKind
    first: int
    last: int
    why: str = ""

    @property
    def count(self) -> int:
        return self.last + 1 - self.first


def sell_tickets(command: SellTickets, *, by: Actor) -> TicketSale:
    """The money counts as the seller's cash. Raises NotYourTickets, WrongSerials, WrongMoney."""
    block = block_for_update(command.block_id)
    require(by, Permission.TICKET_SELL, region=block.region)
    if block.holder_id != by.id:
        raise NotYourTickets
    if not first_time(command, by=by):
        return db.session.get_one(TicketSale, command.id)
    step = BLOCK_FLOW.step(block.state, "sell")
    runs = _runs(block, command)
    count = sum(run.count for run in runs if run.kind is UseKind.SOLD)
    if command.amount != count * block.nominal:
        raise WrongMoney(due=rupiah_text(count * block.nominal), count=count)
    sale = TicketSale(
        id=command.id,
        block_id=block.id,
        seller_id=by.id,
        seller_name=by.name,
        region=block.region,
        first=command.first,
        last=command.last,
        count=count,
        amount=command.amount,
        sold_at=now(),
    )
    db.session.add(sale)
    db.session.flush()
    block.state = step.target
    _use(block, runs, sale, by=by)
    _post(sale, block, by=by)
    serials = f"{block.series} {sale.first}-{sale.last}"
    facts = {"serials": serials, "count": count, "amount": sale.amount}
    events.record("ticket.sold", sale, by=by, region=block.region, **facts)
    return sale


def take_block_back(command: TakeBlockBack, *, by: Actor) -> TicketBlock:
    """The keeper of the stock looks at what is left; what is gone is told. Raises WrongSerials.

    So are spoilt tickets of it that were not handed back.
    """
    block = block_for_update(command.block_id)
    require(by, Permission.TICKET_STOCK, region=block.region)
    if block.holder_id == by.id:
        raise NotYourTickets
    if not first_time(command, by=by):
        return block
    BLOCK_FLOW.step(block.state, "take-back")
    if not block.next <= command.first <= block.last + 1:
        raise WrongSerials(first=block.next, last=block.last + 1)
    if command.first > block.next:
        _use(block, [_gone(block.next, command.first - 1, command.why)], None, by=by)
    tell_missing(block, spoilt_unseen(block.id), by=by)
    way = open_way_of(block.id)
    way.state, way.taker_id, way.taker_name, way.ended_at = WayState.DONE, by.id, by.name, now()
    action = "take-back" if block.left else "take-back-empty"
    block.state = BLOCK_FLOW.step(block.state, action).target
    block.holder_id, block.holder_name = None, ""
    facts = {"serials": f"{block.series} {block.first}-{block.last}", "left": block.left}
    events.record("ticket.taken-back", block, by=by, region=block.region, **facts)
    return block


def _runs(block: TicketBlock, command: SellTickets) -> list[Run]:
    if not block.next <= command.first <= command.last <= block.last:
        raise WrongSerials(first=block.next, last=block.last)
    void = {int(serial): why for serial, why in command.void.items()}
    if any(not command.first <= serial <= command.last for serial in void):
        raise WrongSerials(first=command.first, last=command.last)
    if not all(void.values()):
        raise TicketWhyMissing
    runs = list(_fates(command.first, command.last, void))
    if command.first > block.next:
        return [_gone(block.next, command.first - 1, command.why_gone), *runs]
    return runs


def _fates(first: int, last: int, void: dict[int, str]) -> Iterator[Run]:
    start = first
    for serial in sorted(void):
        if start < serial:
            yield Run(UseKind.SOLD, start, serial - 1)
        yield Run(UseKind.VOID, serial, serial, void[serial])
        start = serial + 1
    if start <= last:
        yield Run(UseKind.SOLD, start, last)


def _gone(first: int, last: int, why: str) -> Run:
    if not why:
        raise TicketWhyMissing
    return Run(UseKind.MISSING, first, last, why)


def _use(block: TicketBlock, runs: list[Run], sale: TicketSale | None, *, by: Actor) -> None:
    for run in runs:
        use = TicketUse(
            block_id=block.id,
            block_last=block.last,
            sale_id=sale.id if sale else None,
            kind=run.kind,
            after=run.first - 1,
            first=run.first,
            last=run.last,
            why=run.why,
            by_id=by.id,
            by_name=by.name,
            used_at=now(),
        )
        db.session.add(use)
        db.session.flush()
        if run.kind is UseKind.MISSING:
            tell_missing(block, [use], by=by)
    block.next = runs[-1].last + 1
    if not block.left and sale is not None:
        block.state = BLOCK_FLOW.step(block.state, "finish").target
        block.holder_id, block.holder_name = None, ""


def _post(sale: TicketSale, block: TicketBlock, *, by: Actor) -> None:
    if not sale.amount:
        return
    lock_holders({sale.seller_id})
    entry = Entry(
        idem=f"{KIND}:{sale.id}",
        kind=KIND,
        on=today(),
        region=sale.region,
        lines=[
            Line(CASH, sale.amount, sale.seller_id),
            Line(revenue(block.law_code), -sale.amount),
        ],
    )
    post(entry, by=by)
