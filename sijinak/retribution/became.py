"""What became of money that came: which bills it paid, and what of it went back."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import aliased

from sijinak.core.db import db
from sijinak.core.permissions import Actor, Permission, may
from sijinak.payments.models import Collection
from sijinak.payments.refunds.models import Refund, RefundState
from sijinak.payments.refunds.queries import refundable, refunds_of
from sijinak.retribution.models import Skrd
from sijinak.retribution.receipts.models import Allocation, Receipt, ReceiptKind
from sijinak.retribution.ways import name_of_money
from sijinak.web.i18n import gettext as _
from sijinak.web.labels import label

_BACK = (RefundState.REFUSED, RefundState.FAILED)


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """A part of some money; ``receipt`` only where the reader may open it."""

    amount: int
    text: str
    when: datetime | None = None
    receipt: Receipt | None = None
    counts: bool = True  # it lies there still: no void and no refusal undid it


def parts_of(money: Collection, *, by: Actor) -> Sequence[Part]:
    """First what it paid, then what went back, then what nobody has decided about."""
    return [*_paid(money, by), *_back(money), *_left(money)]


def _paid(money: Collection, by: Actor) -> Iterator[Part]:
    void = aliased(Receipt)
    asked = (
        select(Allocation, Receipt, Skrd, void)
        .join(Receipt, Receipt.id == Allocation.receipt_id)
        .join(Skrd, Skrd.id == Receipt.skrd_id)
        .outerjoin(void, void.voids_id == Receipt.id)
        .where(Allocation.collection_id == money.id, Receipt.kind == ReceiptKind.RECEIPT)
        .order_by(Receipt.issued_at, Receipt.id)
    )
    for share, receipt, skrd, voided in db.session.execute(asked):
        is_theirs = may(by, Permission.SKRD_READ, region=skrd.region, keeper_id=skrd.keeper_id)
        yield Part(
            amount=share.amount,
            text=_what_it_paid(receipt, skrd, voided) if is_theirs else _("Paid another bill"),
            when=receipt.issued_at,
            receipt=receipt if is_theirs else None,
            counts=voided is None,
        )


def _what_it_paid(receipt: Receipt, skrd: Skrd, void: Receipt | None) -> str:
    numbers = {"bill": skrd.number, "receipt": receipt.number}
    if void is None:
        return _("Paid %(bill)s, receipt %(receipt)s", **numbers)
    return _(
        "Had paid %(bill)s, receipt %(receipt)s. Voided by %(number)s: %(why)s",
        number=void.number,
        why=void.reason,
        **numbers,
    )


def _back(money: Collection) -> Iterator[Part]:
    for refund in refunds_of(money.id):
        is_done = refund.state is RefundState.DONE
        yield Part(
            amount=refund.amount,
            text=_given_back(refund, money) if is_done else _underway(refund),
            when=refund.done_at or refund.requested_at,
            counts=refund.state not in _BACK,
        )


def _given_back(refund: Refund, money: Collection) -> str:
    if not refund.paid_by_hand:
        return _("Given back the way it came: %(way)s", way=name_of_money(money))
    if refund.proof:
        return _("Given back by the treasurer, proof %(proof)s", proof=refund.proof)
    return _("Given back by the treasurer")


def _underway(refund: Refund) -> str:
    return _("To be given back: %(state)s", state=label(refund.state).lower())


def _left(money: Collection) -> Iterator[Part]:
    left = refundable(money)
    if left > 0:
        yield Part(amount=left, text=_("Kept for you: not used yet"))
