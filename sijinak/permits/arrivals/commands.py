"""What people ask to be done about arrivals. Whoever asks makes the id."""

from dataclasses import dataclass, field
from datetime import date
from uuid import UUID

from sijinak.core.ids import uuid7
from sijinak.permits.commands import PermitCommand
from sijinak.permits.models import Arrival


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What became of one animal; ``words`` say why it was rejected, or what it died of."""

    animal_id: UUID
    arrival: Arrival
    words: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class SayArrival(PermitCommand):
    """Everything at once: said again, it takes the place of what was said before.

    ``extras`` are animals that came and are not on the list; ``name`` is whoever speaks.
    """

    arrived_on: date
    outcomes: tuple[Outcome, ...]
    extras: tuple[str, ...] = ()
    name: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class MakeArrivalLink:
    """A new one ends the one before. ``days`` is the office's setting."""

    id: UUID = field(default_factory=uuid7)
    permit_id: UUID
    days: int
