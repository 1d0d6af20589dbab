"""Wallets with money in them."""

from datetime import timedelta
from typing import Any

from sqlalchemy import func, select

from sijinak.accounts.queries import SignedIn
from sijinak.core.clock import clock, now
from sijinak.core.db import db, transaction
from sijinak.core.money import Rupiah
from sijinak.core.permissions import OPERATOR
from sijinak.keepers.models import Keeper
from sijinak.ledger import chart
from sijinak.ledger.queries import balance, balances
from sijinak.payments.jobs import sweep
from sijinak.payments.models import Attempt
from sijinak.payments.wallet.models import Wallet, WalletMove
from sijinak.payments.wallet.queries import wallet_faults
from sijinak.payments.wallet.services import (
    OpenWallet,
    Spend,
    StartTopUp,
    open_wallet,
    spend,
    start_top_up,
)
from sijinak.retribution.models import Skrd
from sijinak.retribution.services import StartPayment, start_payment
from tests.retribution.factories import make_keeper, make_trader, work


def make_wallet(keeper: Keeper | None = None, **fields: Any) -> Wallet:
    keeper = keeper or make_keeper()
    told: dict[str, Any] = {
        "keeper_id": keeper.id,
        "region": keeper.village,
        "is_registered": True,
    } | fields
    with transaction():
        return open_wallet(OpenWallet(**told), by=OPERATOR)


def owner_of(wallet: Wallet) -> SignedIn:
    with transaction():
        keeper = db.session.get_one(Keeper, wallet.keeper_id)
    return make_trader(keeper)


def order(wallet: Wallet, amount: int, *, by: Any = OPERATOR) -> Attempt:
    command = StartTopUp(wallet_id=wallet.id, amount=Rupiah(amount), adapter="sandbox")
    with transaction():
        return start_top_up(command, by=by)


def fill(wallet: Wallet, amount: int) -> Attempt:
    """Through the sandbox, which pays three seconds after it was asked."""
    attempt = order(wallet, amount)
    settle()
    return attempt


def settle() -> None:
    work()
    with clock.reading(now() + timedelta(seconds=10)):
        sweep()
        work()


def pay(wallet: Wallet, bills: list[Skrd], *, by: Any = OPERATOR, **fields: Any) -> Attempt:
    """As the page does it: attempt and spending in one transaction."""
    start = StartPayment(skrd_ids=tuple(bill.id for bill in bills), adapter="wallet")
    with transaction():
        attempt = start_payment(start, by=by)
        return spend(Spend(wallet_id=wallet.id, attempt_id=attempt.id, **fields), by=by)


def fresh_wallet(wallet: Wallet) -> Wallet:
    with transaction():
        return db.session.get_one(Wallet, wallet.id, populate_existing=True)


def moved(wallet: Wallet) -> list[tuple[str, int, int]]:
    asked = select(WalletMove).where(WalletMove.wallet_id == wallet.id).order_by(WalletMove.no)
    with transaction():
        return [(str(m.kind), m.amount, m.balance_after) for m in db.session.scalars(asked)]


def assert_whole() -> None:
    """Wallets, moves and ledger say the same, and every journal balances."""
    with transaction():
        assert list(wallet_faults()) == []
        held = db.session.scalar(select(func.sum(Wallet.balance))) or 0
        assert balance(chart.WALLET) == -held
        assert all(amount < 0 for amount in balances(chart.WALLET).values())
