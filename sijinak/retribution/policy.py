"""What the office has set about paying late; loaded once, at start.

PP 35/2023: 1 % for each month that has begun, for 24 months at most, billed by an STRD.
"""

from dataclasses import dataclass

from sijinak.config import Misconfigured, Settings


@dataclass(slots=True)
class Policy:
    regency: str = ""  # whoever keeps tariffs keeps them for all of it
    interest_tenths: int = 10  # of a percent, for each month: 10 is 1.0 %
    most_months: int = 24
    interest_law_code: str = "4.1.04.13"
    strd_due_days: int = 30
    question_days: int = 3  # working days in which people decide about money that does not fit

    def load(self, settings: Settings) -> None:
        """Raises Misconfigured."""
        if settings.interest_percent_tenths < 0 or settings.interest_most_months < 0:
            raise Misconfigured("interest is never below nothing")
        self.regency = settings.regency
        self.interest_tenths = settings.interest_percent_tenths
        self.most_months = settings.interest_most_months
        self.interest_law_code = settings.interest_law_code
        self.strd_due_days = settings.strd_due_days
        self.question_days = settings.money_question_days


policy = Policy()
