"""Questions about money that goes back."""

from collections.abc import Mapping, Sequence
from enum import StrEnum
from uuid import UUID

from sqlalchemy import ColumnElement, func, select

from sijinak.core.clock import now
from sijinak.core.db import db
from sijinak.core.errors import NotFound
from sijinak.core.money import Rupiah
from sijinak.core.paging import START, Page, Place, page_of
from sijinak.core.permissions import Actor, Permission, require, within_reach
from sijinak.ledger import chart
from sijinak.ledger.queries import balance
from sijinak.payments.models import Collection
from sijinak.payments.refunds.models import Refund, RefundState

UNDERWAY = (
    RefundState.REQUESTED,
    RefundState.APPROVED,
    RefundState.SUBMITTED,
    RefundState.UNKNOWN,
)
DUE_AT_ONCE = 50


def refund_for_update(refund_id: UUID) -> Refund:
    """The refund as it is now, with its row locked until the transaction ends."""
    asked = select(Refund).where(Refund.id == refund_id).with_for_update()
    refund = db.session.scalar(asked, execution_options={"populate_existing": True})
    if refund is None:
        raise NotFound(refund_id=str(refund_id))
    return refund


class RefundView(StrEnum):
    """Which of them."""

    UNDERWAY = "underway"
    TO_PAY_OUT = "to-pay-out"
    ENDED = "ended"


def refunds(view: RefundView, *, by: Actor, place: Place = START) -> Page[Refund]:
    """The newest first."""
    require(by, Permission.TREASURY_READ)
    within = within_reach(by, Permission.TREASURY_READ, Refund.region)
    return page_of(select(Refund).where(within, _VIEWS[view]), Refund.id, place)


def every_refund(view: RefundView, *, by: Actor) -> Sequence[Refund]:
    """The newest first, all of them."""
    require(by, Permission.TREASURY_READ)
    within = within_reach(by, Permission.TREASURY_READ, Refund.region)
    asked = select(Refund).where(within, _VIEWS[view])
    return db.session.scalars(asked.order_by(Refund.id.desc())).all()


def refund_by_id(refund_id: UUID, *, by: Actor) -> Refund:
    require(by, Permission.TREASURY_READ)
    within = within_reach(by, Permission.TREASURY_READ, Refund.region)
    refund = db.session.scalar(select(Refund).where(Refund.id == refund_id, within))
    if refund is None:
        raise NotFound(refund_id=str(refund_id))
    return refund


def count_to_pay_out(*, by: Actor) -> int:
    within = within_reach(by, Permission.TREASURY_KEEP, Refund.region)
    asked = select(func.count(Refund.id)).where(within, _VIEWS[RefundView.TO_PAY_OUT])
    return db.session.scalar(asked) or 0


def refund_by_ref_for_update(refund_ref: str) -> Refund | None:
    asked = select(Refund).where(Refund.refund_ref == refund_ref).with_for_update()
    return db.session.scalar(asked, execution_options={"populate_existing": True})


def refunds_of(collection_id: UUID) -> Sequence[Refund]:
    """All of one money, the first first. The caller has asked who may see it."""
    asked = select(Refund).where(Refund.collection_id == collection_id)
    return db.session.scalars(asked.order_by(Refund.requested_at, Refund.id)).all()


def refundable(money: Collection) -> Rupiah:
    """What lies in suspense and is not on its way back already."""
    asked = select(func.coalesce(func.sum(Refund.amount), 0)).where(
        Refund.collection_id == money.id, Refund.state.in_(UNDERWAY)
    )
    leaving = int(db.session.scalar(asked) or 0)
    return Rupiah(-balance(chart.SUSPENSE, money.id) - leaving)


def still_there(refund: Refund) -> bool:
    """Whether its money lies in suspense: a bank may have taken it back meanwhile."""
    return -balance(chart.SUSPENSE, refund.collection_id) >= refund.amount


def due_refunds() -> Sequence[UUID]:
    """Refunds that it is time to send, or to ask about, the longest due first."""
    asked = select(Refund.id).where(Refund.ask_again_at <= now())
    return db.session.scalars(asked.order_by(Refund.ask_again_at).limit(DUE_AT_ONCE)).all()


_VIEWS: Mapping[RefundView, ColumnElement[bool]] = {
    RefundView.UNDERWAY: Refund.state.in_(UNDERWAY),
    RefundView.TO_PAY_OUT: (Refund.state == RefundState.APPROVED) & Refund.paid_by_hand,
    RefundView.ENDED: Refund.state.not_in(UNDERWAY),
}
