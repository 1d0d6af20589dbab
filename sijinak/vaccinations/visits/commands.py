"""What can be said about a visit, and why it may be refused."""

from dataclasses import dataclass, field
from datetime import date, datetime
from uuid import UUID

from sijinak.animals.models import Species
from sijinak.core.errors import Conflict, Invalid
from sijinak.core.ids import uuid7
from sijinak.vaccinations.models import Disease
from sijinak.vaccinations.visits.models import Outcome, Severity

MOST_HEADS = 1000


class NotThatManyHeads(Invalid):
    """Facts: ``most``."""

    code = "not-that-many-heads"


class OneHead(Invalid):
    """A result of one animal is about one head."""

    code = "one-head"


class SpeciesMissing(Invalid):
    code = "species-missing"


class RefusalReasonMissing(Invalid):
    code = "refusal-reason-missing"


class NextVisitTooEarly(Invalid):
    code = "next-visit-too-early"


class SignsMissing(Invalid):
    code = "signs-missing"


class WithdrawalReasonMissing(Invalid):
    code = "withdrawal-reason-missing"


class AnotherAct(Conflict):
    """The act with this id is somebody else's, or of another vaccine."""

    code = "another-act"


class AlreadyWithdrawn(Conflict):
    code = "already-withdrawn"


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordResult:
    """Not vaccinated: one animal, or so many heads of an owner or of a village, and why.

    ``found_at`` is when it was so; a phone keeps its hour.
    """

    id: UUID = field(default_factory=uuid7)
    disease: Disease
    village: str
    outcome: Outcome
    found_at: datetime
    reason: str = ""
    animal_id: UUID | None = None
    keeper_id: UUID | None = None
    species: Species | None = None
    heads: int = 1
    campaign_id: UUID | None = None
    next_visit: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class CountHeads:
    """Declared animals that were vaccinated. ``act_id`` is made when it is not there yet."""

    id: UUID = field(default_factory=uuid7)
    act_id: UUID
    product_id: UUID
    lot: str
    village: str
    species: Species
    heads: int
    given_at: datetime
    keeper_id: UUID | None = None
    campaign_id: UUID | None = None
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordReaction:
    """``vaccination_id`` is found, when it is left out: the last dose of the days before."""

    id: UUID = field(default_factory=uuid7)
    animal_id: UUID
    signs: str
    severity: Severity
    began_at: datetime
    treatment: str = ""
    vaccination_id: UUID | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class WithdrawResult:
    id: UUID = field(default_factory=uuid7)
    result_id: UUID
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class WithdrawHeads:
    id: UUID = field(default_factory=uuid7)
    heads_id: UUID
    reason: str
