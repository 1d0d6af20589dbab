"""What the worker does for wallets."""

from uuid import UUID

from sijinak.core.db import transaction
from sijinak.core.events import Event
from sijinak.core.money import Rupiah
from sijinak.core.permissions import WORKER
from sijinak.payments.adapters.base import Rejected, Unknown
from sijinak.payments.adapters.registry import registry
from sijinak.payments.adapters.wallet import WalletAdapter
from sijinak.payments.wallet.paying_out import put_back
from sijinak.payments.wallet.policy import Mode, policy
from sijinak.payments.wallet.queries import mirrored
from sijinak.payments.wallet.services import ADAPTER, note_bank_balance


def put_back_refused(event: Event) -> None:
    """A pay-out that the second person refused."""
    with transaction():
        put_back(event.subject_id, by=WORKER)


def read_balances() -> None:
    """Ask the bank what lies in each wallet. What it does not say stays, with its time."""
    adapter: object = registry.known(ADAPTER)
    if policy.mode is not Mode.BANK_MIRROR or not isinstance(adapter, WalletAdapter):
        return
    for wallet_id, account in [(wallet.id, wallet.account) for wallet in mirrored()]:
        _read(adapter, wallet_id, account)


def _read(adapter: WalletAdapter, wallet_id: UUID, account: str) -> None:
    try:
        said: Rupiah = adapter.balance(account)
    except (Rejected, Unknown):
        return
    with transaction():
        note_bank_balance(wallet_id, said, by=WORKER)
