"""Where adapters are called, and never with a transaction open.

Each call stands between two short transactions. Whoever dies in between leaves an attempt whose
``ask_again_at`` comes, and the sweep goes on from there.
"""

from uuid import UUID

from sijinak.core.db import transaction
from sijinak.core.events import Event
from sijinak.core.permissions import WORKER
from sijinak.payments.adapters.base import Can, Order, Rejected, Unknown
from sijinak.payments.adapters.registry import registry
from sijinak.payments.models import LIVE, Attempt
from sijinak.payments.queries import due_attempts, live_attempt_of
from sijinak.payments.services import (
    expire_unasked,
    note_accepted,
    note_answer,
    note_asked,
    note_lost,
    note_rejected,
    submit,
)


def start(event: Event) -> None:
    """Ask the adapter for the first time."""
    begin(event.subject_id)


def begin(attempt_id: UUID) -> None:
    """Start an attempt; starting it twice starts it once, which every adapter promises."""
    with transaction():
        attempt = submit(attempt_id, by=WORKER)
    if attempt is None:
        return
    try:
        instructions = registry.known(attempt.adapter).start(_order(attempt))
    except Rejected:
        with transaction():
            note_rejected(attempt_id, by=WORKER)
    except Unknown:
        with transaction():
            note_lost(attempt_id, by=WORKER)
    else:
        with transaction():
            note_accepted(attempt_id, instructions, by=WORKER)


def ask(attempt_id: UUID) -> None:
    """Ask the adapter what it knows; go on with a start that nobody knows the end of."""
    with transaction():
        attempt = note_asked(attempt_id, by=WORKER)
    adapter = registry.known(attempt.adapter)
    if Can.QUERY not in adapter.can:
        with transaction():
            expire_unasked(attempt_id, by=WORKER)
    else:
        try:
            seen = adapter.query(attempt.ref, attempt.amount)
        except Unknown:
            return
        with transaction():
            note_answer(attempt_id, seen, by=WORKER)
    begin(attempt_id)


def sweep() -> None:
    """Ask about every attempt whose time has come."""
    for attempt_id in due_attempts():
        ask(attempt_id)


def stop(attempt_id: UUID) -> None:
    """Call an attempt back; if money is quicker, it is money."""
    with transaction():
        attempt = note_asked(attempt_id, by=WORKER)
    adapter = registry.known(attempt.adapter)
    if attempt.state not in LIVE or Can.CANCEL not in adapter.can:
        return
    try:
        seen = adapter.cancel(attempt.ref, attempt.amount)
    except (Rejected, Unknown):
        return
    with transaction():
        note_answer(attempt_id, seen, by=WORKER)


def stop_for(event: Event) -> None:
    """The bill is settled or withdrawn: nobody should pay it once more."""
    attempt = live_attempt_of(event.subject_id)
    if attempt is not None:
        stop(attempt.id)


def _order(attempt: Attempt) -> Order:
    return Order(
        ref=attempt.ref,
        amount=attempt.amount,
        description=attempt.bill_number,
        expires_at=attempt.expires_at,
    )
