"""How an approved refund goes on, by what its channel answers. Nobody is called here: see jobs."""

from datetime import timedelta
from uuid import UUID

from sijinak.core.clock import now
from sijinak.core.db import db
from sijinak.core.permissions import Actor, Permission, require
from sijinak.payments.models import Collection
from sijinak.payments.queries import hold_money
from sijinak.payments.refunds.ending import fail, take_step
from sijinak.payments.refunds.models import Refund, RefundState
from sijinak.payments.refunds.queries import refund_for_update, still_there

PAUSES = tuple(timedelta(minutes=pause) for pause in (1, 5, 15, 60))
DAILY = timedelta(days=1)
_SENT = (RefundState.SUBMITTED, RefundState.UNKNOWN)


def submit_refund(refund_id: UUID, *, by: Actor) -> Refund | None:
    """The refund, if its channel is to be called now; its ref is committed before that."""
    require(by, Permission.PAYMENT_SETTLE)
    refund = refund_for_update(refund_id)
    if refund.state is not RefundState.APPROVED or refund.paid_by_hand:
        return None
    hold_money(refund.collection_id)
    if not still_there(refund):
        fail(refund, by=by)
        return None
    take_step(refund, "submit", by=by)
    refund.ask_again_at = now() + PAUSES[0]
    return refund


def note_refund_asked(refund_id: UUID, *, by: Actor) -> Refund:
    """Count the question before it is put."""
    require(by, Permission.PAYMENT_SETTLE)
    refund = refund_for_update(refund_id)
    refund.ask_again_at = None
    if refund.state in _SENT:
        pause = PAUSES[refund.asked] if refund.asked < len(PAUSES) else DAILY
        refund.ask_again_at = now() + pause
        refund.asked += 1
    return refund


def note_refund_lost(refund_id: UUID, *, by: Actor) -> Refund:
    """Nobody knows whether it went."""
    require(by, Permission.PAYMENT_SETTLE)
    refund = refund_for_update(refund_id)
    if refund.state is RefundState.SUBMITTED:
        take_step(refund, "lose", by=by)
    return refund


def note_refund_failed(refund_id: UUID, *, by: Actor) -> Refund:
    require(by, Permission.PAYMENT_SETTLE)
    refund = refund_for_update(refund_id)
    if refund.state in _SENT:
        fail(refund, by=by)
    return refund


def money_of(refund: Refund) -> Collection:
    return db.session.get_one(Collection, refund.collection_id)
