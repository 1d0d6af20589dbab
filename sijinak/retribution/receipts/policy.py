"""What the office has set about receipts; loaded once, at start."""

from dataclasses import dataclass
from enum import StrEnum

from sijinak.config import Settings


class When(StrEnum):
    """When money that came by itself makes a receipt."""

    PROVIDER = "provider"  # the channel says that it came
    STATEMENT = "statement"  # it stands on the bank's statement


@dataclass(slots=True)
class Policy:
    series: str = "SBW-01"  # of the fee office
    when: When = When.PROVIDER
    link_days: int = 90

    def load(self, settings: Settings) -> None:
        self.series = settings.receipt_series
        self.when = When(settings.receipt_policy)
        self.link_days = settings.receipt_link_days


policy = Policy()
