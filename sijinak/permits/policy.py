"""What the office has set about the way of a permit; loaded once, at start.

Neither the Perda of the regency nor that of the province states these days: each is a setting.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

from sijinak.config import Settings
from sijinak.permits.models import PermitState


@dataclass(slots=True)
class Policy:
    skkh_before_payment: bool = False
    appeal_days: int = 14
    extension_days: int = 14
    most_extensions: int = 1
    repair_days: int = 30
    grace_days: int = 2
    step_hours: Mapping[PermitState, int] = field(default_factory=dict)

    def load(self, settings: Settings) -> None:
        self.skkh_before_payment = settings.skkh_before_payment
        self.appeal_days = settings.permit_appeal_days
        self.extension_days = settings.permit_extension_days
        self.most_extensions = settings.permit_extensions
        self.repair_days = settings.permit_repair_days
        self.grace_days = settings.permit_grace_days
        self.step_hours = hours_of(settings.permit_step_hours)


policy = Policy()


def hours_of(text: str) -> dict[PermitState, int]:
    """Read "submitted=24,accepted=48" as a table. Raises ValueError."""
    pairs = [pair.split("=", 1) for pair in text.replace(" ", "").split(",") if pair]
    return {PermitState(state): int(hours) for state, hours in pairs}
