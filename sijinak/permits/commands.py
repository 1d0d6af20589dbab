"""What people ask to be done with applications. Whoever asks makes the id."""

from dataclasses import dataclass, field
from datetime import date, datetime
from uuid import UUID

from sijinak.accounts.proofs import Proof
from sijinak.animals.models import Species, WeighingMethod
from sijinak.core.ids import uuid7
from sijinak.health.diseases import Disease
from sijinak.health.lab.models import Method
from sijinak.permits.models import RbtResult
from sijinak.permits.photos.models import InspectionView
from sijinak.permits.rules.models import Purpose


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
class PhotoNamed:
    """A photo that was taken; ``sha256`` (hexadecimal) is of what the phone sends."""

    view: InspectionView
    sha256: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SampleNamed:
    """A tube. The same number, disease and method at several animals is one pool."""

    number: str
    disease: Disease
    method: Method


@dataclass(frozen=True, slots=True, kw_only=True)
class Inspected:
    """What the inspector found at one animal; who passes was weighed, who does not has a reason.

    ``rbt`` is for animals whose destination asks for the test; a positive one is reason enough.
    """

    animal_id: UUID
    passed: bool
    weight_kg: int | None = None
    weight_method: WeighingMethod = WeighingMethod.SCALE
    rbt: RbtResult | None = None
    rbt_number: str = ""
    female_letter: str = ""  # the veterinarian's letter that she is not productive
    reason: str = ""
    was_absent: bool = False
    looked_at: datetime | None = None  # None: when it is recorded
    samples: tuple[SampleNamed, ...] = ()
    photos: tuple[PhotoNamed, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordInspection(PermitCommand):
    """With ``awaits_lab`` samples were taken: it goes on when the laboratory has answered.

    ``vehicle_plate`` as it was seen, when it was. ``device_id`` is the phone that has the photos.
    """

    animals: tuple[Inspected, ...]
    note: str = ""
    awaits_lab: bool = False
    vehicle_plate: str = ""
    vehicle_photos: tuple[PhotoNamed, ...] = ()
    device_id: UUID | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class BillPermit(PermitCommand):
    """``due_days`` is the office's setting."""

    due_days: int = 30


@dataclass(frozen=True, slots=True, kw_only=True)
class SettlePermit(PermitCommand):
    """The SKRD is paid."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ReopenPermit(PermitCommand):
    """The money for the SKRD was taken back."""


@dataclass(frozen=True, slots=True, kw_only=True)
class WithdrawPermit(PermitCommand):
    """The SKRD was cancelled."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CertifyPermit(PermitCommand):
    """The health letter (SKKH)."""

    proof: Proof | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class DecidePermit(PermitCommand):
    """A rejection needs a note."""

    approve: bool
    note: str = ""
    proof: Proof | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class IssuePermit(PermitCommand):
    """``valid_days`` is the office's setting."""

    valid_days: int


@dataclass(frozen=True, slots=True, kw_only=True)
class CancelPermit(PermitCommand):
    note: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AskExtension(PermitCommand):
    """The applicant wants more days. ``id`` becomes the request's."""

    wanted_until: date
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ExtendPermit(PermitCommand):
    valid_until: date
    note: str = ""
    proof: Proof | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class RefuseExtension(PermitCommand):
    note: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RevokePermit(PermitCommand):
    note: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ExpirePermit(PermitCommand):
    pass


@dataclass(frozen=True, slots=True, kw_only=True)
class AppealPermit(PermitCommand):
    """``text`` says why the rejection is wrong."""

    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class HearAppeal(PermitCommand):
    """Granted, the application goes back to its applicant to be sent again. A no needs a note."""

    grant: bool
    note: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DepartPermit(PermitCommand):
    """``heads`` were counted going aboard; ``left_behind`` are animals of the permit that stay."""

    happened_at: datetime
    port: str
    heads: int
    left_behind: tuple[UUID, ...] = ()
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ArrivePermit(PermitCommand):
    """Ids of animals. Who departed and is not named is missing."""

    happened_at: datetime
    received: tuple[UUID, ...] = ()
    dead: tuple[UUID, ...] = ()
    rejected: tuple[UUID, ...] = ()
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ClosePermit(PermitCommand):
    note: str = ""
