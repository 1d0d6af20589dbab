"""What happened to a block, in the trail."""

from sijinak.core.events import events
from sijinak.core.permissions import Actor
from sijinak.treasury.tickets.models import TicketBlock


def record_block(name: str, block: TicketBlock, *, by: Actor, **facts: object) -> None:
    serials = f"{block.series} {block.first}-{block.last}"
    events.record(name, block, by=by, region=block.region, serials=serials, **facts)
