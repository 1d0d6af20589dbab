"""Whether there are wallets, and how much may lie in them, as the office has set it.

PBI 20/6/PBI/2018 let an issuer of a closed loop be without a licence below a float of one billion
rupiah, with two million in a wallet without identity and ten with it. PBI 22/23/PBI/2020 and
23/6/PBI/2021 have moved that since: the office asks Bank Indonesia and its law department first.
"""

from dataclasses import dataclass
from enum import StrEnum

from sijinak.config import Settings
from sijinak.core.money import Rupiah
from sijinak.payments.wallet.models import Wallet

ALARM_PERCENT = 80
NOTHING = Rupiah(0)


class Mode(StrEnum):
    OFF = "off"
    BANK_MIRROR = "bank_mirror"  # the money lies in a bank, which is asked to debit it
    CLOSED_LOOP = "closed_loop"  # we owe it, in our own books


@dataclass(slots=True)
class Policy:
    """Loaded once, at start."""

    mode: Mode = Mode.OFF
    most_registered: Rupiah = NOTHING
    most_unregistered: Rupiah = NOTHING
    ceiling: Rupiah = NOTHING

    def load(self, settings: Settings) -> None:
        self.mode = Mode(settings.wallet_mode)
        self.most_registered = Rupiah(settings.wallet_most)
        self.most_unregistered = Rupiah(settings.wallet_most_unregistered)
        self.ceiling = Rupiah(settings.wallet_float_ceiling)

    def most(self, wallet: Wallet) -> Rupiah:
        return self.most_registered if wallet.is_registered else self.most_unregistered

    def is_high(self, total: int) -> bool:
        return total * 100 >= self.ceiling * ALARM_PERCENT


policy = Policy()
