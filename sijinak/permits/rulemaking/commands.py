"""What the office asks to be done with rules. Whoever asks makes the id."""

from dataclasses import dataclass, field
from datetime import date
from uuid import UUID

from sijinak.animals.models import Sex, Species
from sijinak.core.ids import uuid7
from sijinak.permits.models import DocumentKind, ExternalKind
from sijinak.permits.rules.models import ApplicantKind, Purpose, Scope
from sijinak.permits.rules.needs import TestNeed, VaccineNeed


@dataclass(frozen=True, slots=True, kw_only=True)
class WriteRule:
    """A new version; ``id`` becomes the rule's. None: not stated."""

    id: UUID = field(default_factory=uuid7)
    code: str
    species: Species
    purpose: Purpose
    scope: Scope
    sexes: tuple[Sex, ...] | None = None
    unproductive_females: bool | None = None
    min_weight_kg: int | None = None
    min_teeth: int | None = None
    pregnant_may_leave: bool | None = None
    vaccines: tuple[VaccineNeed, ...] | None = None
    tests: tuple[TestNeed, ...] | None = None
    isolation_days: int | None = None
    clinical: bool | None = None
    disinfection: bool | None = None
    documents: tuple[DocumentKind, ...] | None = None
    external_papers: tuple[ExternalKind, ...] | None = None
    validity_days: int | None = None
    needs_quota: bool | None = None
    applicant: ApplicantKind | None = None
    legal_basis: str
    source: str
    valid_from: date
    valid_until: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class WriteDestination:
    """A new version of what a destination asks for; ``follows`` is the one it takes over from."""

    id: UUID = field(default_factory=uuid7)
    region: str
    follows: UUID | None = None
    requires_rbt: bool = False
    vaccines: tuple[VaccineNeed, ...] = ()
    tests: tuple[TestNeed, ...] = ()
    external_papers: tuple[ExternalKind, ...] = ()
    is_closed: bool = False
    reason: str = ""
    legal_basis: str
    source: str
    valid_from: date
    valid_until: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class EndVersion:
    """It counts to its last day, that one included."""

    id: UUID = field(default_factory=uuid7)
    version_id: UUID
    last_day: date
    because: str


@dataclass(frozen=True, slots=True, kw_only=True)
class WithdrawVersion:
    """It was a mistake and is not in force yet."""

    id: UUID = field(default_factory=uuid7)
    version_id: UUID
    because: str
