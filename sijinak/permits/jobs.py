"""What permits do when something happens elsewhere."""

from uuid import UUID

from sijinak.core.db import transaction
from sijinak.core.events import Event
from sijinak.core.permissions import WORKER
from sijinak.permits.commands import SettlePermit, WithdrawPermit
from sijinak.permits.services import settle_permit, withdraw_permit


def note_paid(event: Event) -> None:
    """The SKRD of a permit is paid. The event's id is the command's, so twice is once."""
    command = SettlePermit(id=event.id, permit_id=UUID(event.facts["permit_id"]))
    with transaction():
        settle_permit(command, by=WORKER)


def note_cancelled(event: Event) -> None:
    """The SKRD of a permit was cancelled."""
    command = WithdrawPermit(id=event.id, permit_id=UUID(event.facts["permit_id"]))
    with transaction():
        withdraw_permit(command, by=WORKER)
