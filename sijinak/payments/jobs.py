"""Where adapters are called, and never with a transaction open.

Each call stands between two short transactions. Whoever dies in between leaves an attempt whose
``ask_again_at`` comes, and the sweep goes on from there.
"""

from datetime import timedelta
from uuid import UUID

from sijinak.core.clock import now, today
from sijinak.core.db import transaction
from sijinak.core.events import Event
from sijinak.core.permissions import WORKER
from sijinak.payments.adapters.base import (
    Can,
    NoAnswer,
    NotSent,
    Observation,
    Order,
    PaymentAdapter,
    Rejected,
    Unknown,
    Untrue,
)
from sijinak.payments.adapters.registry import registry
from sijinak.payments.models import Attempt, AttemptState
from sijinak.payments.progress import (
    expire_unasked,
    note_accepted,
    note_answer,
    note_asked,
    note_lost,
    note_rejected,
    note_untrue,
    note_unwanted,
    submit,
    submit_again,
)
from sijinak.payments.queries import due_attempts, live_attempt_of
from sijinak.payments.settlements import keep_settlements

SILENT = (Unknown, NoAnswer, NotSent)
LOOK_BACK = 3  # days whose settlements are fetched once more: a channel may be late


def start(event: Event) -> None:
    """Ask the adapter for the first time."""
    begin(event.subject_id)


def begin(attempt_id: UUID) -> None:
    """Start an attempt that nobody has started. Only here is a refusal certain."""
    with transaction():
        attempt = submit(attempt_id, by=WORKER)
    if attempt is not None:
        _call(attempt, is_first=True)


def begin_again(attempt_id: UUID) -> None:
    """Starting it twice starts it once, which every adapter promises."""
    with transaction():
        attempt = submit_again(attempt_id, by=WORKER)
    if attempt is not None:
        _call(attempt, is_first=False)


def ask(attempt_id: UUID) -> None:
    """Ask the adapter what it knows; go on with a start that nobody knows the end of."""
    with transaction():
        attempt = note_asked(attempt_id, by=WORKER)
    if attempt.is_unwanted and attempt.state is not AttemptState.CREATED:
        call_back(attempt)
    elif attempt.state is AttemptState.CREATED:
        begin(attempt_id)
    elif attempt.state is AttemptState.SUBMITTED and now() < attempt.expires_at:
        begin_again(attempt_id)
    else:
        _query(attempt)


def sweep() -> None:
    """Ask about every attempt whose time has come."""
    for attempt_id in due_attempts():
        ask(attempt_id)


def stop(attempt_id: UUID) -> None:
    """Call an attempt back; if money is quicker, it is money."""
    with transaction():
        attempt = note_unwanted(attempt_id, by=WORKER)
    if attempt.is_unwanted:
        ask(attempt_id)


def stop_for(event: Event) -> None:
    """The bill is settled or withdrawn: nobody should pay it once more."""
    attempt = live_attempt_of(event.subject_id)
    if attempt is not None:
        stop(attempt.id)


def call_back(attempt: Attempt) -> None:
    """Ask the other side to take no money for it any more."""
    adapter = registry.known(attempt.adapter)
    try:
        seen = adapter.cancel(attempt.ref, attempt.amount)
    except Rejected:  # paid, or ended, or it cannot
        _query(attempt)
        return
    except SILENT:
        return
    with transaction():
        note_answer(attempt.id, seen, by=WORKER)


def fetch_settlements() -> None:
    """What the channels paid into the bank on the last days."""
    for name in registry.online():
        adapter = registry.known(name)
        for days in range(LOOK_BACK if Can.SETTLEMENTS in adapter.can else 0):
            try:
                lines = list(adapter.settlements(today() - timedelta(days=days)))
            except SILENT:
                break
            with transaction():
                keep_settlements(name, lines, by=WORKER)


def _call(attempt: Attempt, *, is_first: bool) -> None:
    try:
        instructions = registry.known(attempt.adapter).start(_order(attempt))
    except (Rejected, NotSent):
        # Of a second call it says nothing about the first: that one may have been accepted.
        with transaction():
            (note_rejected if is_first else note_lost)(attempt.id, by=WORKER)
    except Untrue as fault:
        with transaction():
            untrue = note_untrue(attempt.id, str(fault), by=WORKER)
        call_back(untrue)
    except SILENT:
        with transaction():
            note_lost(attempt.id, by=WORKER)
    else:
        with transaction():
            noted = note_accepted(attempt.id, instructions, by=WORKER)
        if noted.is_unwanted:
            call_back(noted)


def _query(attempt: Attempt) -> None:
    adapter, was_unwanted = registry.known(attempt.adapter), attempt.is_unwanted
    if Can.QUERY not in adapter.can:
        with transaction():
            expire_unasked(attempt.id, by=WORKER)
        return
    seen = _seen(adapter, attempt)
    if seen is None:
        return
    with transaction():
        noted = note_answer(attempt.id, seen, by=WORKER)
    if noted.is_unwanted and not was_unwanted:
        call_back(noted)
    elif noted.state is AttemptState.PENDING and not noted.instructions:
        begin_again(attempt.id)


def _seen(adapter: PaymentAdapter, attempt: Attempt) -> tuple[Observation, ...] | None:
    try:
        return adapter.query(attempt.ref, attempt.amount)
    except SILENT:
        return None


def _order(attempt: Attempt) -> Order:
    return Order(
        ref=attempt.ref,
        amount=attempt.amount,
        description=attempt.title,
        expires_at=attempt.expires_at,
        way=attempt.way,
        account=attempt.pay_code,
    )
