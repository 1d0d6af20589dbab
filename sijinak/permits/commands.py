"""What people ask to be done with applications. Whoever asks makes the id."""

from dataclasses import dataclass, field
from datetime import date
from uuid import UUID

from sijinak.animals.models import Species
from sijinak.core.ids import uuid7
from sijinak.permits.models import Purpose, RbtResult


@dataclass(frozen=True, slots=True, kw_only=True)
class Journey:
    """What is to leave, why, where to and how. ``region``: the village of the gathering."""

    species: Species
    purpose: Purpose
    destination: str
    destination_note: str = ""
    port: str
    planned_on: date
    vehicle_plate: str = ""
    region: str
    tags: tuple[str, ...]
    sale_letter: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class DraftApplication:
    """``id`` becomes the permit's."""

    id: UUID = field(default_factory=uuid7)
    keeper_id: UUID
    journey: Journey


@dataclass(frozen=True, slots=True, kw_only=True)
class PermitCommand:
    id: UUID = field(default_factory=uuid7)
    permit_id: UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class SaveApplication(PermitCommand):
    """Change a draft, or one that came back."""

    journey: Journey


@dataclass(frozen=True, slots=True, kw_only=True)
class SubmitApplication(PermitCommand):
    pass


@dataclass(frozen=True, slots=True, kw_only=True)
class ReturnApplication(PermitCommand):
    """``note`` says what the applicant must put right."""

    note: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AcceptPapers(PermitCommand):
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Inspected:
    """What the inspector found at one animal; who passes was weighed, who does not has a reason.

    ``rbt`` is for animals whose destination asks for the test; a positive one is reason enough.
    """

    animal_id: UUID
    passed: bool
    weight_kg: int | None = None
    rbt: RbtResult | None = None
    rbt_number: str = ""
    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordInspection(PermitCommand):
    animals: tuple[Inspected, ...]
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class BillPermit(PermitCommand):
    """``due_days`` is the office's setting."""

    due_days: int = 30


@dataclass(frozen=True, slots=True, kw_only=True)
class SettlePermit(PermitCommand):
    """The SKRD is paid."""


@dataclass(frozen=True, slots=True, kw_only=True)
class WithdrawPermit(PermitCommand):
    """The SKRD was cancelled."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Decide(PermitCommand):
    """A rejection needs a note."""

    approve: bool
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class IssuePermit(PermitCommand):
    """``valid_days`` is the office's setting."""

    valid_days: int


@dataclass(frozen=True, slots=True, kw_only=True)
class CancelPermit(PermitCommand):
    note: str
