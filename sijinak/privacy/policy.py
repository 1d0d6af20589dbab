"""What the office has set about how long names are kept."""

from datetime import datetime, timedelta

from sijinak.config import Settings
from sijinak.core.clock import now

ANSWER_WITHIN = timedelta(hours=3 * 24)  # UU 27/2022, art. 30 to 33
_A_YEAR = timedelta(days=365.2425)


class Policy:
    def __init__(self) -> None:
        self.retention_years = 10

    def load(self, settings: Settings) -> None:
        self.retention_years = settings.retention_years

    def kept_since(self) -> datetime:
        """Receipts from then on keep the name of who paid."""
        return now() - self.retention_years * _A_YEAR


policy = Policy()
