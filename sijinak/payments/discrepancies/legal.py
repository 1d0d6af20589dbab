"""What may be decided of each kind of discrepancy, and within how many days: nothing else."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from sijinak.config import Settings
from sijinak.payments.models import DiscrepancyKind as K
from sijinak.payments.models import Resolution

R = Resolution
_MONEY = (R.ALLOCATE, R.REFUND)
LEGAL: Mapping[K, tuple[R, ...]] = {
    K.UNKNOWN_BILL: (*_MONEY, R.WRITE_OFF),
    K.SHORT: _MONEY,
    K.OVER: _MONEY,
    K.DOUBLE: _MONEY,
    K.AFTER_CANCEL: _MONEY,
    K.PART_LEFT: _MONEY,
    K.VOIDED: _MONEY,
    K.REFUND_FAILED: _MONEY,
    K.CURRENCY: (R.BANK_CORRECTION, R.EXPLAINED),
    K.CONFLICTING: (R.BANK_CORRECTION, R.EXPLAINED),
    K.REVERSED: (R.BANK_CORRECTION, R.WRITE_OFF, R.EXPLAINED),
    K.BAD_CODE: (R.BANK_CORRECTION, R.EXPLAINED),
    K.BANK_LINE: (R.BANK_CORRECTION, R.EXPLAINED),
    K.MISSING_IN_BANK: (R.BANK_CORRECTION, R.WRITE_OFF, R.EXPLAINED),
    K.FEE: (R.BANK_CORRECTION, R.WRITE_OFF),
    K.STATEMENT_GAP: (R.BANK_CORRECTION, R.EXPLAINED),
    K.STATEMENT_CHANGED: (R.BANK_CORRECTION, R.EXPLAINED),
    K.CASH_SHORT: (R.MADE_GOOD, R.WRITE_OFF),
    K.CASH_OVER: (R.EXPLAINED,),
    K.DEPOSIT_LATE: (R.EXPLAINED,),
    K.DEPOSIT_DIFFERS: (R.BANK_CORRECTION, R.MADE_GOOD, R.WRITE_OFF),
    K.TICKETS: (R.MADE_GOOD, R.WRITE_OFF, R.EXPLAINED),
}
# Without a decree nothing is given back and nothing is given up.
NEED_DECREE = frozenset({R.REFUND, R.WRITE_OFF})
# Calendar days from finding to ending; an office may set others.
DAYS: Mapping[K, int] = {
    **dict.fromkeys(K, 3),
    K.REVERSED: 1,
    K.BAD_CODE: 1,
    K.CASH_SHORT: 1,
    K.DEPOSIT_LATE: 1,
    K.UNKNOWN_BILL: 7,
    K.BANK_LINE: 7,
    K.VOIDED: 7,
}


@dataclass(slots=True)
class Sla:
    """The days as the office has set them; loaded once, at start."""

    days: Mapping[K, int] = field(default_factory=lambda: DAYS)

    def load(self, settings: Settings) -> None:
        self.days = {**DAYS, **days_of(settings.discrepancy_days)}


sla = Sla()


def days_of(text: str) -> dict[K, int]:
    """Read "short=3,bank-line=5" as a table. Raises ValueError."""
    pairs = [pair.split("=", 1) for pair in text.replace(" ", "").split(",") if pair]
    return {K(kind): int(days) for kind, days in pairs}
