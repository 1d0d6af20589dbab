"""What people ask for when something becomes of their animals."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from uuid import UUID

from sijinak.animals.models import EndReason, Sex, Verification
from sijinak.animals.mutations.models import MutationKind, Side
from sijinak.animals.services import RegisterAnimal
from sijinak.core.ids import uuid7

Plain = str | int | bool | None


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordMutation:
    """A death, slaughter, theft or move, or a stolen animal that was found.

    ``details`` by kind: ``cause`` and ``disposal``, ``place`` and ``purpose``, ``police_no``.
    """

    id: UUID = field(default_factory=uuid7)
    kind: MutationKind
    animal_ids: tuple[UUID, ...]
    happened_on: date
    reason: str = ""
    to_village: str | None = None
    to_hamlet: str = ""
    details: Mapping[str, str] = field(default_factory=dict)
    file_id: UUID | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class CorrectAnimal:
    """``values`` are columns of the animal, as JSON has them; those that are right already pass.

    ``seen`` is the last change of the animal that the form knew, if it was filled in from one.
    """

    id: UUID = field(default_factory=uuid7)
    animal_id: UUID
    values: Mapping[str, Plain]
    reason: str
    seen: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class RetagAnimal:
    """``why`` says what became of the old tag; ``code`` is on the new one, if it is printed.

    ``shown`` is the tag that the form knew, if it was filled in from one.
    """

    id: UUID = field(default_factory=uuid7)
    animal_id: UUID
    why: EndReason
    code: str = ""
    shown: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordBirth:
    """The calf stands where its mother stands and is her owner's.

    ``is_certain`` is said by somebody who was told that she calved too short a time ago.
    """

    id: UUID = field(default_factory=uuid7)
    calf_id: UUID = field(default_factory=uuid7)
    dam_id: UUID
    sire_id: UUID | None = None
    happened_on: date
    sex: Sex
    breed: str = ""
    colour: str = ""
    horns: str = ""
    ears: str = ""
    whorls: str = ""
    brand: str = ""
    special_marks: str = ""
    verification: Verification
    tag: str = ""
    is_certain: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordPurchase:
    """An animal that comes from outside the register, with the paper it came with."""

    id: UUID = field(default_factory=uuid7)
    animal: RegisterAnimal
    happened_on: date
    seller: str
    came_from: str
    paper_no: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ProposeTransfer:
    """A kind of AGREED_KINDS. At the end of sharing the receiver is the owner, and needs no name.

    ``to_village`` is given when the animals go there; without it they stay where they are.
    """

    id: UUID = field(default_factory=uuid7)
    kind: MutationKind
    animal_ids: tuple[UUID, ...]
    to_keeper_id: UUID | None = None
    happened_on: date
    price: int | None = None  # rupiah, for all of them
    reason: str = ""
    to_village: str | None = None
    to_hamlet: str = ""
    valid_days: int = 14


@dataclass(frozen=True, slots=True, kw_only=True)
class Refusal:
    animal_id: UUID
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AnswerTransfer:
    """One side accepts all animals but those it refuses. An officer's answer needs a note."""

    id: UUID = field(default_factory=uuid7)
    mutation_id: UUID
    side: Side
    refusals: tuple[Refusal, ...] = ()
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class MakeLink:
    id: UUID = field(default_factory=uuid7)
    mutation_id: UUID
    side: Side


@dataclass(frozen=True, slots=True, kw_only=True)
class AnswerByLink:
    """``digits`` are the last four of the NIK, or of a firm's NIB."""

    id: UUID = field(default_factory=uuid7)
    secret: str
    digits: str
    refusals: tuple[Refusal, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class AcknowledgeTransfer:
    """The village head lets all animals pass but those refused."""

    id: UUID = field(default_factory=uuid7)
    mutation_id: UUID
    refusals: tuple[Refusal, ...] = ()
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class CancelTransfer:
    id: UUID = field(default_factory=uuid7)
    mutation_id: UUID
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class UndoMutation:
    id: UUID = field(default_factory=uuid7)
    mutation_id: UUID
    reason: str
