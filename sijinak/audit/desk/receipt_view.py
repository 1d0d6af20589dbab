"""One receipt as an auditor looks at it: what it says beside what bill, money and hands say."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select

from sijinak.accounts.models import User
from sijinak.audit.desk.queries import receipt_to_audit
from sijinak.core.db import db
from sijinak.core.permissions import Actor
from sijinak.ledger.models import Posting
from sijinak.ledger.queries import journal_called
from sijinak.payments.adapters.cash import CashAdapter
from sijinak.payments.models import Collection
from sijinak.permits.models import Permit
from sijinak.retribution.models import Skrd
from sijinak.retribution.receipts.models import Allocation, Receipt, ReceiptKind
from sijinak.retribution.receipts.queries import moneys_of, receipt_voided_by, skrd_of, void_of
from sijinak.treasury.cash.models import CashMove, MoveState


@dataclass(frozen=True, slots=True)
class Hand:
    """Who holds so much of the cash today."""

    id: UUID
    name: str
    amount: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Looked:
    """``paid`` is what money says, ``booked`` what the journal of the receipt says."""

    receipt: Receipt
    skrd: Skrd
    permit: Permit | None
    void: Receipt | None
    voided: Receipt | None
    moneys: Sequence[tuple[Allocation, Collection]]
    paid: int
    booked: int | None
    hands: Sequence[Hand]

    @property
    def differs(self) -> bool:
        said = {self.receipt.amount, self.skrd.total, self.paid}
        return len(said | ({self.booked} if self.booked is not None else set())) > 1


def look_at(receipt_id: UUID, *, by: Actor) -> Looked:
    """Raises NotFound."""
    receipt = receipt_to_audit(receipt_id, by=by)
    is_void = receipt.kind is ReceiptKind.VOID
    skrd, moneys = skrd_of(receipt), moneys_of(receipt)
    return Looked(
        receipt=receipt,
        skrd=skrd,
        permit=db.session.get(Permit, skrd.permit_id) if skrd.permit_id else None,
        void=None if is_void else void_of(receipt.id),
        voided=receipt_voided_by(receipt) if is_void else None,
        moneys=moneys,
        paid=sum(allocation.amount for allocation, _ in moneys),
        booked=_booked(receipt.voids_id or receipt.id),
        hands=[hand for _, money in moneys for hand in _hands(money)],
    )


def _booked(receipt_id: UUID) -> int | None:
    """What was taken off what is owed; None when there is no journal."""
    journal = journal_called(f"paid:{receipt_id}")
    if journal is None:
        return None
    asked = select(Posting.amount).where(Posting.journal_id == journal.id, Posting.amount < 0)
    return -sum(db.session.scalars(asked))


def _hands(money: Collection) -> list[Hand]:
    """In whose hands cash still is: what came, less what moved on."""
    journal = journal_called(f"money:{money.id}") if money.adapter == CashAdapter.name else None
    if journal is None:
        return []
    held: dict[UUID, int] = defaultdict(int)
    held[money.seen_by] = money.amount
    moved = CashMove.source_id == journal.id, CashMove.state == MoveState.MOVED
    for move in db.session.scalars(select(CashMove).where(*moved).order_by(CashMove.id)):
        held[move.giver_id] -= move.amount
        if move.taker_id:
            held[move.taker_id] += move.amount
    asked = select(User.id, User.name).where(User.id.in_(held)).order_by(User.name)
    names = {row[0]: row[1] for row in db.session.execute(asked)}
    return [Hand(one, names.get(one, ""), amount) for one, amount in held.items() if amount > 0]
