"""What people ask to be done with slots. Whoever asks makes the id."""

from dataclasses import dataclass, field
from datetime import date
from uuid import UUID

from sijinak.core.ids import uuid7
from sijinak.permits.slots.models import SlotUnit

MOST = 10_000
MOST_DAYS = 366


@dataclass(frozen=True, slots=True, kw_only=True)
class SetCapacity:
    """For every day from the first to the last. Without a capacity nobody needs a slot there."""

    id: UUID = field(default_factory=uuid7)
    port: str
    first_day: date
    last_day: date
    unit: SlotUnit
    capacity: int | None
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class BookSlot:
    id: UUID = field(default_factory=uuid7)
    permit_id: UUID
    day: date


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangeSlot:
    """To another day; ``why`` says what happened."""

    id: UUID = field(default_factory=uuid7)
    permit_id: UUID
    day: date
    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CancelSlot:
    id: UUID = field(default_factory=uuid7)
    permit_id: UUID
    why: str
