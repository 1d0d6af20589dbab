"""Paying out of the payer's own wallet, where the office keeps wallets."""

from sqlalchemy import select

from sijinak.core.db import db
from sijinak.core.permissions import Actor, Permission, within_reach
from sijinak.payments.models import Attempt, AttemptState
from sijinak.payments.wallet.models import Wallet, WalletState
from sijinak.payments.wallet.policy import Mode, policy
from sijinak.payments.wallet.services import ADAPTER, NoWallets, Spend, spend


def purses_held(*, by: Actor) -> list[Wallet]:
    """The open wallets that the payer may spend, the fullest first."""
    if policy.mode is Mode.OFF:
        return []
    mine = within_reach(by, Permission.PAYMENT_START, Wallet.region, Wallet.keeper_id)
    asked = select(Wallet).where(mine, Wallet.state == WalletState.OPEN).order_by(Wallet.id)
    found = db.session.scalars(asked, execution_options={"populate_existing": True})
    return sorted(found, key=lies_in, reverse=True)


def lies_in(wallet: Wallet) -> int:
    """In our books; of a wallet at a bank what the bank last said."""
    return wallet.balance if policy.mode is Mode.CLOSED_LOOP else wallet.bank_balance or 0


def spend_for(attempt: Attempt, *, by: Actor) -> None:
    """What has just been begun by wallet is paid from the fullest. Raises NoWallets, NotEnough."""
    if attempt.adapter != ADAPTER or attempt.state is not AttemptState.CREATED:
        return
    purses = purses_held(by=by)
    if not purses:
        raise NoWallets
    spend(Spend(wallet_id=purses[0].id, attempt_id=attempt.id), by=by)
