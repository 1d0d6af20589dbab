"""What follows when a bill is paid: interest, if it was late."""

from datetime import date
from uuid import uuid5

from sijinak.core.db import transaction
from sijinak.core.events import Event
from sijinak.core.permissions import WORKER
from sijinak.retribution.claims.services import SquareInterest, square_interest


def claim_interest(event: Event) -> None:
    """The command's id comes from the event's, so twice is once. While somebody pays: later again.

    It is not the event's own: another listener may have given its command that one.
    """
    paid_on = date.fromisoformat(event.facts["paid_on"])
    square_id = uuid5(event.id, "interest")
    command = SquareInterest(id=square_id, skrd_id=event.subject_id, paid_on=paid_on)
    with transaction():
        square_interest(command, by=WORKER)
