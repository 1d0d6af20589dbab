"""Where channels are told to send money back, with no transaction open."""

from uuid import UUID

from sijinak.core.db import transaction
from sijinak.core.events import Event
from sijinak.core.permissions import WORKER
from sijinak.payments.adapters.base import (
    Can,
    NoAnswer,
    NotSent,
    Observation,
    PaymentAdapter,
    Rejected,
    Unknown,
)
from sijinak.payments.adapters.registry import registry
from sijinak.payments.models import Collection
from sijinak.payments.refunds.models import Refund, RefundState
from sijinak.payments.refunds.queries import due_refunds
from sijinak.payments.refunds.sending import (
    money_of,
    note_refund_asked,
    note_refund_failed,
    note_refund_lost,
    submit_refund,
)
from sijinak.payments.services import record_observations

SILENT = (Unknown, NoAnswer, NotSent)
_SENT = (RefundState.SUBMITTED, RefundState.UNKNOWN)


def send(event: Event) -> None:
    """Two people agreed: tell the channel."""
    _submit(event.subject_id)


def sweep() -> None:
    """Send what nobody sent, and ask about what nobody knows the end of."""
    for refund_id in due_refunds():
        _submit(refund_id)
        _ask(refund_id)


def _submit(refund_id: UUID) -> None:
    with transaction():
        refund = submit_refund(refund_id, by=WORKER)
        if refund is None:
            return
        money = money_of(refund)
    try:
        seen = _send(refund, money)
    except (Rejected, NotSent):
        with transaction():
            note_refund_failed(refund_id, by=WORKER)
    except SILENT:
        with transaction():
            note_refund_lost(refund_id, by=WORKER)
    else:
        _note(refund, seen)


def _ask(refund_id: UUID) -> None:
    """With the same ref: who has done it says so, and does it no second time."""
    with transaction():
        refund = note_refund_asked(refund_id, by=WORKER)
        money = money_of(refund)
    if refund.state not in _SENT or refund.ask_again_at is None:
        return
    adapter = registry.known(refund.adapter)
    try:
        knows = _known(adapter, money)
        _note(refund, knows)
        if not any(one.refund_ref == refund.refund_ref for one in knows):
            _note(refund, _send(refund, money))
    except Rejected:  # it answers, knows of no refund, and makes none
        with transaction():
            note_refund_failed(refund_id, by=WORKER)
    except SILENT:
        with transaction():
            note_refund_lost(refund_id, by=WORKER)


def _known(adapter: PaymentAdapter, money: Collection) -> tuple[Observation, ...]:
    return adapter.query(money.ref, money.amount) if Can.QUERY in adapter.can else ()


def _send(refund: Refund, money: Collection) -> tuple[Observation, ...]:
    adapter = registry.known(refund.adapter)
    return adapter.refund(money.ref, money.money_id, refund.amount, refund.refund_ref)


def _note(refund: Refund, seen: tuple[Observation, ...]) -> None:
    with transaction():
        record_observations(refund.adapter, seen, by=WORKER)
        note_refund_lost(refund.id, by=WORKER)
