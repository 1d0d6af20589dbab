"""Questions about what the reader may pay, and has paid."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import ColumnElement, Select, func, or_, select

from sijinak.core.db import db
from sijinak.core.errors import NotFound
from sijinak.core.money import Rupiah
from sijinak.core.paging import START, Page, Place, page_of
from sijinak.core.permissions import Actor, Permission, require, within_reach
from sijinak.payments.discrepancies.queries import ABOUT_MONEY, STANDING
from sijinak.payments.models import (
    LIVE,
    Attempt,
    AttemptBill,
    Collection,
    Discrepancy,
)
from sijinak.payments.wallet.models import Wallet, WalletTopUp
from sijinak.retribution.models import Skrd, SkrdState
from sijinak.retribution.receipts.models import Allocation, Receipt, ReceiptKind

MOST = 200  # bills on the page: the first due ones
FEW, LAST_TRIES = 5, 20


def bills_owed(*, by: Actor) -> Sequence[Skrd]:
    """The first due come first."""
    require(by, Permission.PAYMENT_START)
    asked = select(Skrd).where(_payable(by), Skrd.state == SkrdState.OPEN)
    return db.session.scalars(asked.order_by(Skrd.due_on, Skrd.id).limit(MOST)).all()


def total_owed(*, by: Actor) -> Rupiah:
    require(by, Permission.PAYMENT_START)
    asked = select(func.sum(Skrd.total)).where(_payable(by), Skrd.state == SkrdState.OPEN)
    return Rupiah(int(db.session.scalar(asked) or 0))


def bills_chosen(skrd_ids: Sequence[UUID], *, by: Actor) -> list[Skrd]:
    """In the order of their due days. Raises NotFound when one of them is not the reader's."""
    require(by, Permission.PAYMENT_START)
    asked = select(Skrd).where(_payable(by), Skrd.id.in_(skrd_ids))
    found = db.session.scalars(asked.order_by(Skrd.due_on, Skrd.id)).all()
    if not found or len(found) < len(set(skrd_ids)):
        raise NotFound(skrd_ids=[str(one) for one in skrd_ids])
    return list(found)


def live_attempts(bills: Sequence[Skrd]) -> dict[UUID, UUID]:
    """By bill the attempt that is under way."""
    ids = [one.id for one in bills]
    asked = select(AttemptBill.bill_id, AttemptBill.attempt_id).where(
        AttemptBill.bill_id.in_(ids), AttemptBill.is_live
    )
    return {bill: attempt for bill, attempt in db.session.execute(asked)}  # noqa: C416


def moneys_paid(*, by: Actor, place: Place = START) -> Page[Collection]:
    """All money that was sent for the reader's bills, or was used for them, the newest first."""
    require(by, Permission.PAYMENT_START)
    used = select(Allocation.collection_id).join(Receipt, Receipt.id == Allocation.receipt_id)
    theirs = or_(
        Collection.attempt_id.in_(_attempts(by)),
        Collection.bill_id.in_(select(Skrd.id).where(_payable(by))),
        Collection.id.in_(used.where(_payable(by, Receipt))),
    )
    return page_of(select(Collection).where(theirs), Collection.id, place)


def attempts_without_money(*, by: Actor) -> Sequence[Attempt]:
    """The last tries that brought nothing, or nothing yet."""
    require(by, Permission.PAYMENT_START)
    came = select(Collection.id).where(Collection.attempt_id == Attempt.id).exists()
    asked = select(Attempt).where(Attempt.id.in_(_attempts(by)), ~came)
    return db.session.scalars(asked.order_by(Attempt.id.desc()).limit(LAST_TRIES)).all()


def attempts_under_way(*, by: Actor) -> Sequence[Attempt]:
    require(by, Permission.PAYMENT_START)
    asked = select(Attempt).where(Attempt.id.in_(_attempts(by)), Attempt.state.in_(LIVE))
    return db.session.scalars(asked.order_by(Attempt.id.desc()).limit(MOST)).all()


def payment_of(attempt_id: UUID, *, by: Actor) -> tuple[Attempt, Skrd]:
    """An attempt, and the first of its bills that is the reader's. Raises NotFound."""
    require(by, Permission.PAYMENT_START)
    asked = select(Attempt, Skrd).join(AttemptBill, AttemptBill.attempt_id == Attempt.id)
    asked = asked.join(Skrd, Skrd.id == AttemptBill.bill_id)
    asked = asked.where(Attempt.id == attempt_id, _payable(by)).order_by(AttemptBill.position)
    found = db.session.execute(asked.limit(1)).one_or_none()
    if found is None:
        raise NotFound(attempt_id=str(attempt_id))
    return found[0], found[1]


def top_up_of(attempt_id: UUID, *, by: Actor) -> tuple[Attempt, Wallet]:
    """An attempt to fill a wallet of the reader's. Raises NotFound."""
    require(by, Permission.PAYMENT_START)
    mine = within_reach(by, Permission.PAYMENT_START, Wallet.region, Wallet.keeper_id)
    asked = select(Attempt, Wallet).join(WalletTopUp, WalletTopUp.id == Attempt.id)
    asked = asked.join(Wallet, Wallet.id == WalletTopUp.wallet_id)
    found = db.session.execute(asked.where(Attempt.id == attempt_id, mine)).one_or_none()
    if found is None:
        raise NotFound(attempt_id=str(attempt_id))
    return found[0], found[1]


def money_in_question(*, by: Actor) -> Sequence[Attempt]:
    """Attempts whose money two officers have still to decide about."""
    require(by, Permission.PAYMENT_START)
    asked = select(Attempt).where(
        Attempt.id.in_(_attempts(by)),
        Attempt.id.in_(
            select(Collection.attempt_id)
            .join(Discrepancy, Discrepancy.collection_id == Collection.id)
            .where(Discrepancy.state.in_(STANDING), Discrepancy.kind.in_(ABOUT_MONEY))
        ),
    )
    return db.session.scalars(asked.order_by(Attempt.id.desc()).limit(MOST)).all()


def bills_in_question(bills: Sequence[Skrd], attempts: Sequence[Attempt]) -> dict[UUID, UUID]:
    """By bill the payment whose money is being looked at."""
    theirs = {bill.bill_id: one.id for one in attempts for bill in one.bills}
    return {one.id: theirs[one.id] for one in bills if one.id in theirs}


def receipts_held(*, by: Actor, place: Place = START) -> Page[Receipt]:
    """Those that were voided, too; the newest first."""
    require(by, Permission.PAYMENT_START)
    return page_of(_receipts(by), Receipt.id, place)


def last_receipts(*, by: Actor) -> Sequence[Receipt]:
    require(by, Permission.PAYMENT_START)
    asked = _receipts(by)
    return db.session.scalars(asked.order_by(Receipt.id.desc()).limit(FEW)).all()


def _attempts(by: Actor) -> Select[UUID]:
    """Those for one of the reader's bills."""
    mine = select(AttemptBill.attempt_id).join(Skrd, Skrd.id == AttemptBill.bill_id)
    return mine.where(_payable(by))


def _receipts(by: Actor) -> Select[Receipt]:
    return select(Receipt).where(_payable(by, Receipt), Receipt.kind == ReceiptKind.RECEIPT)


def _payable(by: Actor, of: type[Skrd] | type[Receipt] = Skrd) -> ColumnElement[bool]:
    return within_reach(by, Permission.PAYMENT_START, of.region, of.keeper_id)
