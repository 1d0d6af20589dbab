"""What people ask to be done about permits that stay open. Whoever asks makes the id."""

from dataclasses import dataclass, field
from datetime import date
from uuid import UUID

from sijinak.core.ids import uuid7
from sijinak.permits.chasing.models import ReminderWay


@dataclass(frozen=True, slots=True, kw_only=True)
class Remind:
    """Somebody was reminded; ``words`` say whom, and what they answered."""

    id: UUID = field(default_factory=uuid7)
    permit_id: UUID
    way: ReminderWay
    words: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class AskForTime:
    """A blocked keeper says why the arrivals are late, such as a ferry that does not run."""

    id: UUID = field(default_factory=uuid7)
    keeper_id: UUID
    words: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AnswerAppeal:
    """``until`` is the last day on which the keeper may apply all the same; None: no."""

    id: UUID = field(default_factory=uuid7)
    appeal_id: UUID
    until: date | None
    answer: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SetLimit:
    """From a day on; what counted before stays as it was."""

    id: UUID = field(default_factory=uuid7)
    valid_from: date
    remind_after_days: int
    late_after_days: int
    most_late: int
    legal_basis: str
