"""What is left of a block is destroyed: one person proposes it with the decree, another agrees."""

from sijinak.core.once import first_time
from sijinak.core.permissions import Actor, Permission, require
from sijinak.treasury.tickets.commands import (
    AnswerCondemned,
    CondemnBlock,
    SamePersonDestroys,
    TicketWhyMissing,
)
from sijinak.treasury.tickets.models import BLOCK_FLOW, BlockState, TicketBlock
from sijinak.treasury.tickets.queries import block_for_update
from sijinak.treasury.tickets.recording import record_block


def condemn_block(command: CondemnBlock, *, by: Actor) -> TicketBlock:
    """The first of two people. Raises TicketWhyMissing, WrongState."""
    block = block_for_update(command.block_id)
    require(by, Permission.TICKET_STOCK, region=block.region)
    if not first_time(command, by=by):
        return block
    step = BLOCK_FLOW.step(block.state, "condemn")
    if not command.why:
        raise TicketWhyMissing
    block.state, block.destroyed_why = step.target, command.why
    block.condemned_by, block.condemned_by_name = by.id, by.name
    record_block("ticket.condemned", block, by=by, reason=command.why, left=block.left)
    return block


def answer_condemned(command: AnswerCondemned, *, by: Actor) -> TicketBlock:
    """The second of two people. Raises SamePersonDestroys, WrongState."""
    block = block_for_update(command.block_id)
    require(by, Permission.MONEY_RESOLVE, region=block.region)
    if not first_time(command, by=by):
        return block
    step = BLOCK_FLOW.step(block.state, command.action)
    if step.target is BlockState.DESTROYED:
        if by.id in {block.entered_by, block.condemned_by}:
            raise SamePersonDestroys
        block.destroyed_by, block.destroyed_by_name = by.id, by.name
        event = "ticket.destroyed"
    else:
        block.condemned_by, block.condemned_by_name, block.destroyed_why = None, "", ""
        event = "ticket.spared"
    block.state = step.target
    record_block(event, block, by=by, left=block.left)
    return block
