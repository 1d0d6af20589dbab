"""What permits do when something happens elsewhere, and when days run out."""

from contextlib import suppress
from uuid import UUID

from sijinak.core.db import transaction
from sijinak.core.events import Event
from sijinak.core.flow import WrongState
from sijinak.core.permissions import WORKER
from sijinak.permits.billing import settle_permit, withdraw_permit
from sijinak.permits.commands import ExpirePermit, SettlePermit, WithdrawPermit
from sijinak.permits.ending import expire_permit, permits_run_out
from sijinak.permits.laboratory import NoteResults, note_results
from sijinak.web.i18n import gettext as _


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


def expire() -> None:
    """Each in its own transaction: one that moved on meanwhile stops no other."""
    for permit_id in permits_run_out():
        with suppress(WrongState), transaction():
            expire_permit(ExpirePermit(permit_id=permit_id), by=WORKER)


def note_result(event: Event) -> None:
    """A laboratory answered about a sample; those of no application concern nobody here."""
    if not event.facts["permit_id"]:
        return
    command = NoteResults(
        id=event.id,
        permit_id=UUID(event.facts["permit_id"]),
        reason=_("Bad result of the laboratory"),
        nobody_left=_("No animal is left: each had a bad result of the laboratory."),
    )
    with transaction():
        note_results(command, by=WORKER)
