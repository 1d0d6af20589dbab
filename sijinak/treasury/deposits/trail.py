"""From where the money of a deposit came and where it went on: what its page leads to."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import or_, select

from sijinak.core.db import db
from sijinak.core.permissions import Actor, Permission, within_reach
from sijinak.ledger.models import Journal
from sijinak.retribution.receipts.models import Receipt
from sijinak.treasury.cash.models import CashMove, HandOver, MoveState
from sijinak.treasury.deposits.models import Deposit


def receipts_on(deposit: Deposit, *, by: Actor) -> dict[str, UUID]:
    """By their number, those that the actor sees."""
    seen = within_reach(by, Permission.SKRD_READ, Receipt.region, Receipt.keeper_id)
    numbers = {line.reference for line in deposit.lines}
    asked = select(Receipt.number, Receipt.id).where(Receipt.number.in_(numbers), seen)
    rows = db.session.execute(asked.order_by(Receipt.number))
    return {number: receipt_id for number, receipt_id in rows}  # noqa: C416


def handovers_of(deposit: Deposit, *, by: Actor) -> Sequence[HandOver]:
    """By which its money went from hand to hand before it was prepared, the first first."""
    moved = select(CashMove.act_id).where(
        CashMove.source_id.in_({line.source_id for line in deposit.lines}),
        CashMove.state == MoveState.MOVED,
    )
    seen = or_(
        HandOver.giver_id == by.id,
        HandOver.taker_id == by.id,
        within_reach(by, Permission.TREASURY_READ, HandOver.region),
    )
    asked = select(HandOver).where(
        HandOver.id.in_(moved), HandOver.ended_at <= deposit.prepared_at, seen
    )
    return db.session.scalars(asked.order_by(HandOver.ended_at, HandOver.id)).all()


def journals_of(deposit: Deposit, *, by: Actor) -> Sequence[Journal]:
    """Out of the hand, and onto the account; what was undone is reached from there."""
    names = [f"deposit:{deposit.id}", f"bank:{deposit.match_id}"]
    seen = within_reach(by, Permission.LEDGER_READ, Journal.region)
    asked = select(Journal).where(Journal.idem.in_(names), seen)
    return db.session.scalars(asked.order_by(Journal.recorded_at, Journal.id)).all()
