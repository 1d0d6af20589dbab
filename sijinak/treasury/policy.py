"""What the office has set about its treasury; loaded once, at start."""

from collections.abc import Set as AbstractSet
from dataclasses import dataclass

from sijinak.config import PREFIX, Misconfigured, Settings
from sijinak.core.workdays import SATURDAY_AND_SUNDAY, read_weekend


@dataclass(slots=True)
class Policy:
    regency: str = ""  # whoever keeps the table of days off keeps it for all of it
    deposit_days: int = 1  # working days from receipt to bank
    slip_days: int = 3  # the bank's line of a slip stands no further from its day
    reversal_days: int = 3  # the bank takes back no later what it booked wrongly
    deposit_by: str = "12.00"  # the hour at which the bank's counter closes before days off
    weekend: AbstractSet[int] = SATURDAY_AND_SUNDAY

    def load(self, settings: Settings) -> None:
        """Raises Misconfigured."""
        self.regency = settings.regency
        self.deposit_days = settings.deposit_days
        self.slip_days = settings.slip_days
        self.reversal_days = settings.reversal_days
        self.deposit_by = settings.deposit_by
        try:
            self.weekend = read_weekend(settings.weekend_days)
        except ValueError as error:
            raise Misconfigured(f"{PREFIX}WEEKEND_DAYS is like 6,7: Monday is 1") from error


policy = Policy()
