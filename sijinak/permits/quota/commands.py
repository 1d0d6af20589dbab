"""What the office asks to be done with quota. Whoever asks makes the id."""

from dataclasses import dataclass, field
from datetime import date
from uuid import UUID

from sijinak.core.ids import uuid7
from sijinak.permits.quota.lines import Line, Share

MOST_HEADS = 1_000_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Paper:
    """The decree. A number that is in the books for the year already must have the same day."""

    number: str
    dated_on: date | None = None
    legal_basis: str
    source: str = ""
    file_id: UUID | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class GrantQuota:
    id: UUID = field(default_factory=uuid7)
    year: int
    origin: str
    paper: Paper
    shares: tuple[Share, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class AdjustQuota:
    """``heads`` more, or fewer when it is negative."""

    id: UUID = field(default_factory=uuid7)
    account_id: UUID
    heads: int
    paper: Paper
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class TransferQuota:
    """From an account to another line of the year: another use, or another regency."""

    id: UUID = field(default_factory=uuid7)
    account_id: UUID
    to: Line
    heads: int
    paper: Paper
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class FreezeQuota:
    """Nobody gets any of what is left, until it is thawed; what is reserved stays reserved."""

    id: UUID = field(default_factory=uuid7)
    account_id: UUID
    is_frozen: bool
    paper: Paper
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class LetAhead:
    """Reserve for one that waits behind others, and say why."""

    id: UUID = field(default_factory=uuid7)
    claim_id: UUID
    why: str
