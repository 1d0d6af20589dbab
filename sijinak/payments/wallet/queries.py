"""Questions about wallets."""

from collections.abc import Iterator
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select

from sijinak.core.db import db
from sijinak.core.errors import NotFound
from sijinak.core.paging import START, Page, Place, page_of
from sijinak.core.permissions import Actor, Permission, require, within_reach
from sijinak.ledger import chart
from sijinak.ledger.queries import balances
from sijinak.payments.models import Collection
from sijinak.payments.refunds.models import Refund, RefundState
from sijinak.payments.wallet.models import Wallet, WalletMove, WalletState, WalletTopUp
from sijinak.payments.wallet.moving import float_total
from sijinak.payments.wallet.policy import Mode, policy

NEWEST = 50
_FRESH = {"populate_existing": True}


@dataclass(frozen=True, slots=True)
class FloatStanding:
    """What lies in all wallets, against what may."""

    total: int
    ceiling: int
    is_high: bool


def wallet_of(keeper_id: UUID, *, by: Actor) -> Wallet | None:
    require(by, Permission.PAYMENT_START, keeper_id=keeper_id)
    return db.session.scalar(
        select(Wallet).where(Wallet.keeper_id == keeper_id), execution_options=_FRESH
    )


def wallet_by_id(wallet_id: UUID, *, by: Actor) -> Wallet:
    """For its owner, and for who keeps the treasury there."""
    asked = select(Wallet).where(Wallet.id == wallet_id)
    own = within_reach(by, Permission.PAYMENT_START, Wallet.region, Wallet.keeper_id)
    kept = within_reach(by, Permission.TREASURY_READ, Wallet.region)
    wallet = db.session.scalar(asked.where(own | kept), execution_options=_FRESH)
    if wallet is None:
        raise NotFound(wallet_id=str(wallet_id))
    return wallet


def wallets(*, by: Actor, place: Place = START) -> Page[Wallet]:
    seen = within_reach(by, Permission.TREASURY_READ, Wallet.region)
    return page_of(select(Wallet).where(seen), Wallet.id, place)


def statement_of(wallet: Wallet, *, by: Actor, place: Place = START) -> Page[WalletMove]:
    """What moved, newest first, each with the balance after it."""
    wallet = wallet_by_id(wallet.id, by=by)
    asked = select(WalletMove).where(WalletMove.wallet_id == wallet.id)
    return page_of(asked, WalletMove.id, place, first=(WalletMove.no,))


def float_standing(*, by: Actor) -> FloatStanding:
    require(by, Permission.TREASURY_READ)
    total = float_total()
    return FloatStanding(total, policy.ceiling, policy.is_high(total))


def top_up_for_update(bill_ids: list[UUID]) -> WalletTopUp | None:
    """The one that these bills are, with its row locked; None when they are none of ours."""
    if policy.mode is not Mode.CLOSED_LOOP or len(bill_ids) != 1:
        return None
    asked = select(WalletTopUp).where(WalletTopUp.id == bill_ids[0]).with_for_update()
    return db.session.scalar(asked, execution_options=_FRESH)


def top_up_paid_by(collection_id: UUID) -> WalletTopUp | None:
    return db.session.scalar(select(WalletTopUp).where(WalletTopUp.collection_id == collection_id))


def wallet_for_update(wallet_id: UUID) -> Wallet:
    asked = select(Wallet).where(Wallet.id == wallet_id).with_for_update()
    wallet = db.session.scalar(asked, execution_options=_FRESH)
    if wallet is None:
        raise NotFound(wallet_id=str(wallet_id))
    return wallet


def mirrored() -> list[Wallet]:
    """Those whose money lies in a bank."""
    asked = select(Wallet).where(Wallet.account != "", Wallet.state == WalletState.OPEN)
    return list(db.session.scalars(asked.order_by(Wallet.id)))


def wallet_faults() -> Iterator[str]:
    """A sentence for each wallet that is not what its moves and the ledger say."""
    owed = balances(chart.WALLET)
    asked = select(Wallet).order_by(Wallet.id)
    for wallet in db.session.scalars(asked, execution_options=_FRESH).all():
        booked = -owed.pop(wallet.id, 0)
        last = select(WalletMove).where(WalletMove.wallet_id == wallet.id)
        move = db.session.scalar(last.order_by(WalletMove.no.desc()).limit(1))
        moved, count = (move.balance_after, move.no) if move else (0, 0)
        if (wallet.balance, wallet.balance, wallet.moves) != (booked, moved, count):
            yield f"wallet {wallet.id}: {wallet.balance}, booked {booked}, moved {moved}"
    for stray, amount in owed.items():
        yield f"wallet {stray} is not there, booked {-amount}"


def top_ups_of(wallet: Wallet) -> list[tuple[WalletTopUp, Collection]]:
    """Those that were paid, newest first. The caller has asked who may see the wallet."""
    asked = (
        select(WalletTopUp, Collection)
        .join(Collection, Collection.id == WalletTopUp.collection_id)
        .where(WalletTopUp.wallet_id == wallet.id)
        .order_by(Collection.seen_at.desc(), Collection.id.desc())
        .limit(NEWEST)
    )
    return [(order, money) for order, money in db.session.execute(asked)]


def pay_outs_waiting(wallet: Wallet) -> list[Refund]:
    """What one person asked to pay out of it, and nobody has decided."""
    paid = select(WalletTopUp.collection_id).where(WalletTopUp.wallet_id == wallet.id)
    asked = select(Refund).where(Refund.collection_id.in_(paid))
    asked = asked.where(Refund.state == RefundState.REQUESTED)
    return list(db.session.scalars(asked.order_by(Refund.requested_at, Refund.id)))


def pay_out_waiting(wallet: Wallet, refund_id: UUID) -> Refund:
    found = next((one for one in pay_outs_waiting(wallet) if one.id == refund_id), None)
    if found is None:
        raise NotFound(refund_id=str(refund_id))
    return found
