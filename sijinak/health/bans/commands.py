"""What people ask to be done with bans. Whoever asks makes the id."""

from dataclasses import dataclass, field
from datetime import date
from uuid import UUID

from sijinak.animals.models import Species
from sijinak.core.ids import uuid7
from sijinak.health.bans.models import Direction
from sijinak.health.diseases import Disease


@dataclass(frozen=True, slots=True, kw_only=True)
class EnterBan:
    """``id`` becomes the ban's."""

    id: UUID = field(default_factory=uuid7)
    region: str
    species: Species | None = None
    disease: Disease
    directions: tuple[Direction, ...]
    legal_basis: str
    note: str = ""
    valid_from: date
    valid_until: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class LiftBan:
    """It holds no more from this day on, earlier than it said."""

    id: UUID = field(default_factory=uuid7)
    ban_id: UUID
    because: str
