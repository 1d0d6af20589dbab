"""Blocks are written down and go from hand to hand."""

import re
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.dialects import postgresql, sqlite

from sijinak.core.clock import now, today
from sijinak.core.db import db
from sijinak.core.flow import WrongState
from sijinak.core.ids import uuid7
from sijinak.core.money import rupiah_text
from sijinak.core.once import first_time
from sijinak.core.permissions import Actor, Permission, require
from sijinak.retribution.tariffs.models import Tariff
from sijinak.treasury.people import home_of, people_with
from sijinak.treasury.tickets.commands import (
    MOST_BLOCKS,
    MOST_SERIAL,
    EnterBlocks,
    NotASeller,
    NotATicketTariff,
    NotYourTickets,
    OfferBlocks,
    SerialTwice,
    StepBlock,
    TariffChanged,
    WrongSerials,
)
from sijinak.treasury.tickets.models import (
    BLOCK_FLOW,
    BlockState,
    TicketBlock,
    TicketSeries,
    TicketUse,
    TicketWay,
    UseKind,
    WayState,
)
from sijinak.treasury.tickets.queries import (
    block_for_update,
    blocks_for_update,
    open_way_of,
    tariff_still_asks,
    ticket_tariffs,
)
from sijinak.treasury.tickets.recording import record_block

SERIES = re.compile(r"[A-Z0-9][A-Z0-9-]{0,19}", re.ASCII)


def enter_blocks(command: EnterBlocks, *, by: Actor) -> list[TicketBlock]:
    """A delivery, block by block. Raises WrongSerials, SerialTwice, NotATicketTariff."""
    require(by, Permission.TICKET_STOCK)
    region = home_of(by, Permission.TICKET_STOCK)
    if not first_time(command, by=by):
        return _delivered(command)
    _check_delivery(command)
    tariff = next((t for t in ticket_tariffs(today()) if t.id == command.tariff_id), None)
    if tariff is None:
        raise NotATicketTariff
    _lock_series(command.series)
    _refuse_twice(command)
    blocks = [
        _block(command, tariff, first, region, by=by)
        for first in range(command.first, command.last + 1, command.size)
    ]
    db.session.add_all(blocks)
    db.session.flush()
    db.session.add_all(_start(block, by=by) for block in blocks)
    for block in blocks:
        record_block("ticket.entered", block, by=by, decree=command.decree)
    return blocks


def offer_blocks(command: OfferBlocks, *, by: Actor) -> int:
    """To a seller, who has to accept them. Raises NotASeller, TariffChanged, WrongState."""
    require(by, Permission.TICKET_STOCK)
    region = home_of(by, Permission.TICKET_STOCK)
    if not first_time(command, by=by):
        return len(command.block_ids)
    sellers = dict(people_with(Permission.TICKET_SELL, region, but=by.id))
    if command.taker_id not in sellers:
        raise NotASeller
    blocks = blocks_for_update(command.block_ids)
    if not blocks or len(blocks) != len(set(command.block_ids)):
        raise WrongState(state="", action="offer")
    for block in blocks:
        require(by, Permission.TICKET_STOCK, region=block.region)
        if not tariff_still_asks(block):
            raise TariffChanged(nominal=rupiah_text(block.nominal))
        block.state = BLOCK_FLOW.step(block.state, "offer").target
        if not block.left:
            raise WrongState(state=block.state, action="offer")
        block.holder_id, block.holder_name = command.taker_id, sellers[command.taker_id]
        db.session.add(_way(block, by=by, is_return=False))
        record_block("ticket.offered", block, by=by, taker=str(command.taker_id))
    return len(blocks)


def step_block(command: StepBlock, *, by: Actor) -> TicketBlock:
    """Accepted, withdrawn, given back or kept. Raises WrongState, NotYourTickets."""
    block = block_for_update(command.block_id)
    known = _SIDES.get(command.action)
    if known is None:
        raise WrongState(state=block.state, action=command.action)
    require(by, known.needs, region=block.region)
    if (block.holder_id == by.id) is not known.by_holder:
        raise NotYourTickets
    if not first_time(command, by=by):
        return block
    step = BLOCK_FLOW.step(block.state, command.action)
    if command.action == "give-back":
        db.session.add(_way(block, by=by, is_return=True))
    else:
        _answer(open_way_of(block.id), done=command.action == "accept", by=by)
    block.state = step.target
    if command.action == "withdraw":
        block.holder_id, block.holder_name = None, ""
    record_block(known.event, block, by=by)
    return block


@dataclass(frozen=True, slots=True)
class _Side:
    needs: Permission
    by_holder: bool
    event: str


_SIDES = {
    "withdraw": _Side(Permission.TICKET_STOCK, by_holder=False, event="ticket.withdrawn"),
    "accept": _Side(Permission.TICKET_SELL, by_holder=True, event="ticket.accepted"),
    "give-back": _Side(Permission.TICKET_SELL, by_holder=True, event="ticket.given-back"),
    "keep": _Side(Permission.TICKET_SELL, by_holder=True, event="ticket.kept"),
}


def _check_delivery(command: EnterBlocks) -> None:
    many = command.last + 1 - command.first
    fits = command.size > 0 and many > 0 and many % command.size == 0
    if not fits or command.first < 1 or command.last > MOST_SERIAL:
        raise WrongSerials(first=1, last=MOST_SERIAL)
    if many // command.size > MOST_BLOCKS or not SERIES.fullmatch(command.series):
        raise WrongSerials(first=1, last=MOST_SERIAL)


def _lock_series(code: str) -> None:
    """Two deliveries of one series wait for each other: neither sees the other's blocks else."""
    insert = sqlite.insert if db.engine.dialect.name == "sqlite" else postgresql.insert
    row = {"id": uuid7(), "code": code}
    db.session.execute(insert(TicketSeries).values(row).on_conflict_do_nothing())
    db.session.scalar(select(TicketSeries.id).where(TicketSeries.code == code).with_for_update())


def _refuse_twice(command: EnterBlocks) -> None:
    asked = select(TicketBlock).where(
        TicketBlock.series == command.series,
        TicketBlock.first <= command.last,
        TicketBlock.last >= command.first,
    )
    known = db.session.scalar(asked.order_by(TicketBlock.first).limit(1))
    if known is not None:
        raise SerialTwice(first=known.first, last=known.last)


def _delivered(command: EnterBlocks) -> list[TicketBlock]:
    asked = select(TicketBlock).where(
        TicketBlock.series == command.series,
        TicketBlock.first.between(command.first, command.last),
    )
    return list(db.session.scalars(asked.order_by(TicketBlock.first)))


def _block(
    command: EnterBlocks, tariff: Tariff, first: int, region: str, *, by: Actor
) -> TicketBlock:
    return TicketBlock(
        series=command.series,
        first=first,
        last=first + command.size - 1,
        next=first,
        tariff_id=tariff.id,
        component=tariff.component,
        law_code=tariff.law_code,
        legal_basis=tariff.legal_basis,
        nominal=tariff.amount,
        decree=command.decree,
        printer=command.printer,
        region=region,
        state=BlockState.STORED,
        entered_on=today(),
        entered_by=by.id,
        entered_by_name=by.name,
    )


def _start(block: TicketBlock, *, by: Actor) -> TicketUse:
    before = block.first - 1
    return TicketUse(
        block_id=block.id,
        block_last=block.last,
        kind=UseKind.START,
        first=before,
        last=before,
        why="",
        by_id=by.id,
        by_name=by.name,
        used_at=now(),
    )


def _way(block: TicketBlock, *, by: Actor, is_return: bool) -> TicketWay:
    return TicketWay(
        block_id=block.id,
        is_return=is_return,
        first=block.next,
        giver_id=by.id,
        giver_name=by.name,
        meant_for=None if is_return else block.holder_id,
        state=WayState.OPEN,
        offered_at=now(),
    )


def _answer(way: TicketWay, *, done: bool, by: Actor) -> None:
    way.state, way.ended_at = WayState.DONE if done else WayState.ENDED, now()
    if done:
        way.taker_id, way.taker_name = by.id, by.name
