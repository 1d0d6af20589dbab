"""What follows when a bill is paid: interest, if it was late."""

from uuid import UUID, uuid5

from sijinak.core.db import db, transaction
from sijinak.core.events import Event
from sijinak.core.ids import uuid7
from sijinak.core.permissions import WORKER
from sijinak.retribution.claims.queries import unsquared
from sijinak.retribution.claims.services import SquareInterest, square_interest
from sijinak.retribution.models import Skrd


def claim_interest(event: Event) -> None:
    """The command's id comes from the event's, so twice is once.

    It is not the event's own: another listener may have given its command that one.
    """
    _square(uuid5(event.id, "interest"), event.subject_id)


def claim_rest(event: Event) -> None:
    """A letter was paid: it may have said less than what is due by now."""
    with transaction():
        late_id = db.session.get_one(Skrd, event.subject_id).late_id
    if late_id is not None:
        _square(uuid5(event.id, "interest"), late_id)


def sweep() -> None:
    """Whatever went wrong before: no bill that was paid late stays without its interest."""
    with transaction():
        found = unsquared()
    for skrd_id in found:
        _square(uuid7(), skrd_id)


def _square(command_id: UUID, skrd_id: UUID) -> None:
    with transaction():
        square_interest(SquareInterest(id=command_id, skrd_id=skrd_id), by=WORKER)
