"""One step of a refund, and its two ends: the money went back, or it did not."""

from uuid import UUID

from sijinak.core.clock import now
from sijinak.core.db import db
from sijinak.core.events import events
from sijinak.core.money import Rupiah
from sijinak.core.permissions import Actor, require
from sijinak.ledger.services import Line
from sijinak.payments.adapters.base import CERTAIN, Observation
from sijinak.payments.booking import book_refund, into
from sijinak.payments.discrepancies.services import Found, open_discrepancy
from sijinak.payments.models import Collection, DiscrepancyKind
from sijinak.payments.refunds.models import REFUND_FLOW, Refund, RefundState
from sijinak.payments.refunds.queries import (
    refund_by_ref_for_update,
    refundable,
    refunds_of,
    still_there,
)

_SENT = (RefundState.SUBMITTED, RefundState.UNKNOWN)


def take_step(refund: Refund, action: str, *, by: Actor) -> None:
    """One step of REFUND_FLOW."""
    step = REFUND_FLOW.step(refund.state, action)
    require(by, step.needs, region=refund.region)
    refund.state = step.target
    db.session.flush()  # the database looks at each step, also of two at once
    record_refund(f"refund.{action}", refund, by=by)


def record_refund(name: str, refund: Refund, *, by: Actor) -> None:
    events.record(
        name,
        refund,
        by=by,
        region=refund.region,
        collection_id=str(refund.collection_id),
        adapter=refund.adapter,
        amount=refund.amount,
        decree=refund.decree,
    )


def is_our_refund(one: Observation, *, by: Actor) -> bool:
    """Whether it speaks of a refund that we asked for; then the refund is done, if it is certain.

    Another amount than ours is no end: the refund stays unknown, until a person looks at it.
    """
    refund = refund_by_ref_for_update(one.refund_ref) if one.refund_ref else None
    if refund is None:
        return False
    if refund.state in _SENT and one.trust in CERTAIN and one.amount == refund.amount:
        confirm(refund, by=by)
    return True


def confirm(refund: Refund, *, by: Actor) -> None:
    """The channel sent it back: out of where it came."""
    take_step(refund, "confirm", by=by)
    money = db.session.get_one(Collection, refund.collection_id)
    came = into(money, refund.amount)
    _done(refund, Line(came.account, Rupiah(-came.amount), came.about), by=by)


def pay_out(refund: Refund, out_of: Line, proof: str, *, by: Actor) -> None:
    """A person of the office gave it back, with a proof."""
    take_step(refund, "pay-out", by=by)
    refund.proof = proof
    _done(refund, out_of, by=by)


def fail(refund: Refund, *, by: Actor) -> None:
    """It did not go: the money lies where it lay, and two people decide again about what is left.

    Nothing is left when the bank took the money back meanwhile: then nothing is to be decided.
    """
    take_step(refund, "fail", by=by)
    refund.ask_again_at = None
    db.session.flush()  # what it held is free again
    left = min(refund.amount, refundable(db.session.get_one(Collection, refund.collection_id)))
    if left <= 0:
        return
    found = Found(
        kind=DiscrepancyKind.REFUND_FAILED,
        about=refund,
        region=refund.region,
        amount=left,
        collection_id=refund.collection_id,
        facts={"adapter": refund.adapter, "refund_ref": refund.refund_ref},
    )
    open_discrepancy(found, by=by)


def fail_without_money(collection_id: UUID, *, by: Actor) -> None:
    """The money was taken back: what was approved and not sent yet does not go any more."""
    for refund in refunds_of(collection_id):
        if refund.state is RefundState.APPROVED and not still_there(refund):
            fail(refund, by=by)


def _done(refund: Refund, out_of: Line, *, by: Actor) -> None:
    refund.done_at, refund.ask_again_at = now(), None
    book_refund(refund, out_of, by=by)
