"""What permits do when something happens elsewhere, and when days run out."""

from collections.abc import Callable
from contextlib import suppress
from uuid import UUID

from sijinak.core.db import transaction
from sijinak.core.events import Event
from sijinak.core.flow import WrongState
from sijinak.core.permissions import WORKER
from sijinak.permits.billing import (
    SkrdSaysOtherwise,
    find_money,
    miss_money,
    reopen_permit,
    settle_permit,
    withdraw_permit,
)
from sijinak.permits.commands import (
    ExpirePermit,
    PermitCommand,
    ReopenPermit,
    SettlePermit,
    WithdrawPermit,
)
from sijinak.permits.ending import expire_permit, permits_run_out
from sijinak.permits.laboratory import NoteResults, note_results
from sijinak.permits.models import Permit
from sijinak.web.i18n import gettext as _

# The SKRD, or the permit, moved on before the news came: its later step told, or tells, the rest.
_MOVED_ON = (SkrdSaysOtherwise, WrongState)
_Follow = Callable[..., Permit]


def note_paid(event: Event) -> None:
    """The SKRD of a permit is paid. The event's id is the command's, so twice is once."""
    command = SettlePermit(id=event.id, permit_id=UUID(event.facts["permit_id"]))
    _take_what_fits(command, settle_permit, find_money)


def note_reopened(event: Event) -> None:
    """The money for the SKRD was taken back, or its receipt voided."""
    command = ReopenPermit(id=event.id, permit_id=UUID(event.facts["permit_id"]))
    _take_what_fits(command, reopen_permit, miss_money)


def note_cancelled(event: Event) -> None:
    """The SKRD of a permit was withdrawn, or given up."""
    command = WithdrawPermit(id=event.id, permit_id=UUID(event.facts["permit_id"]))
    _take_what_fits(command, withdraw_permit)


def _take_what_fits(command: PermitCommand, *steps: _Follow) -> None:
    """The first that the permit's state allows, if any."""
    for step in steps:
        with suppress(*_MOVED_ON), transaction():
            step(command, by=WORKER)
            return


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
