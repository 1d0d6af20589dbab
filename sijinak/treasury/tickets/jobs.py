"""What happens to tickets by events below."""

from datetime import date

from sijinak.core.db import transaction
from sijinak.core.events import Event
from sijinak.core.permissions import WORKER
from sijinak.treasury.tickets.spoilt import tell_spoilt_until


def look_for_spoilt(event: Event) -> None:
    """After the books of a day are closed."""
    with transaction():
        tell_spoilt_until(date.fromisoformat(str(event.facts["day"])), by=WORKER)
