"""When animals leave, their receiver gets a link."""

from contextlib import suppress

from sijinak.core.db import transaction
from sijinak.core.events import Event
from sijinak.core.flow import WrongState
from sijinak.core.permissions import WORKER
from sijinak.permits.arrivals.commands import MakeArrivalLink
from sijinak.permits.arrivals.services import make_arrival_link
from sijinak.web.settings import settings


def make_link(event: Event) -> None:
    """The event's id is the command's, so twice is once; one that arrived and closed needs none."""
    command = MakeArrivalLink(
        id=event.id, permit_id=event.subject_id, days=settings().arrival_link_days
    )
    with suppress(WrongState), transaction():
        make_arrival_link(command, by=WORKER)
