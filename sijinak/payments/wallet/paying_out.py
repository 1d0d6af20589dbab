"""Money out of a wallet, back to its owner: asked for by one person, approved by another.

It is the refund of a top-up: until the second person decides it lies in suspense.
"""

from dataclasses import dataclass, field
from uuid import UUID

from sijinak.core.clock import today
from sijinak.core.db import db
from sijinak.core.errors import NotFound
from sijinak.core.ids import uuid7
from sijinak.core.money import Rupiah
from sijinak.core.permissions import Actor, Permission, require
from sijinak.ledger import chart
from sijinak.ledger.services import Entry, Line, post, reverse
from sijinak.payments.models import Collection
from sijinak.payments.queries import hold_money
from sijinak.payments.refunds.models import Refund
from sijinak.payments.refunds.services import RequestRefund, request_refund
from sijinak.payments.wallet.models import MoveKind
from sijinak.payments.wallet.moving import Cause, move, moved_by
from sijinak.payments.wallet.queries import top_up_paid_by


@dataclass(frozen=True, slots=True, kw_only=True)
class PayOut:
    """Of one top-up, not more than it brought and the wallet holds."""

    id: UUID = field(default_factory=uuid7)
    collection_id: UUID
    amount: Rupiah
    reason: str
    decree: str


def ask_pay_out(command: PayOut, *, by: Actor) -> Refund:
    """Raises NotEnough, TooMuchToRefund."""
    money = db.session.get(Collection, command.collection_id)
    order = top_up_paid_by(command.collection_id)
    if money is None or order is None:
        raise NotFound(collection_id=str(command.collection_id))
    require(by, Permission.MONEY_RESOLVE, region=money.region)
    refund = RequestRefund(
        id=command.id,
        collection_id=money.id,
        amount=command.amount,
        reason=command.reason,
        decree=command.decree,
    )
    hold_money(money.id)  # before the wallet: in the order of a bank that takes the money back
    if moved_by(MoveKind.PAY_OUT, command.id) is None and command.amount > 0:
        cause = Cause(kind=MoveKind.PAY_OUT, id=command.id, title=order.number)
        move(order.wallet_id, -command.amount, cause, by=by, frozen_too=True)
        lines = [
            Line(chart.WALLET, command.amount, order.wallet_id),
            Line(chart.SUSPENSE, -command.amount, money.id),
        ]
        entry = Entry(
            idem=_name(command.id), kind="payout", on=today(), region=money.region, lines=lines
        )
        post(entry, by=by)
    return request_refund(refund, by=by)


def put_back(refund_id: UUID, *, by: Actor) -> None:
    """The second person said no: the money is in the wallet again."""
    out = moved_by(MoveKind.PAY_OUT, refund_id)
    if out is None or moved_by(MoveKind.PUT_BACK, refund_id) is not None:
        return
    cause = Cause(kind=MoveKind.PUT_BACK, id=refund_id, title=out.title)
    move(out.wallet_id, -out.amount, cause, by=by, frozen_too=True)
    reverse(_name(refund_id), reason="", by=by)


def _name(command_id: UUID) -> str:
    return f"payout:{command_id}"
