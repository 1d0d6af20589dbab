"""What auditors send to the desk."""

from dataclasses import dataclass, field
from datetime import date
from uuid import UUID

from sijinak.audit.desk.models import Method, Result
from sijinak.audit.desk.wanted import Wanted
from sijinak.core.ids import uuid7
from sijinak.core.money import Rupiah
from sijinak.files.papers import Paper
from sijinak.files.pictures import Picture


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanSample:
    """``words``: what the auditor adds to the seed, before anybody knows the rest of it."""

    id: UUID = field(default_factory=uuid7)
    title: str
    region: str
    wanted: Wanted
    method: Method
    size: int
    words: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DrawSample:
    id: UUID = field(default_factory=uuid7)
    sample_id: UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class TickItem:
    """``right_amount``: what a wrong one should have said."""

    id: UUID = field(default_factory=uuid7)
    item_id: UUID
    result: Result
    right_amount: Rupiah | None = None
    words: str = ""
    paper: Paper | Picture | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class WriteNote:
    id: UUID = field(default_factory=uuid7)
    subject_type: str
    subject_id: UUID
    words: str
    paper: Paper | Picture | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenFile:
    id: UUID = field(default_factory=uuid7)
    title: str
    region: str
    first_day: date
    last_day: date


@dataclass(frozen=True, slots=True, kw_only=True)
class AddPart:
    """A sample, note or finding comes into a file."""

    id: UUID = field(default_factory=uuid7)
    file_id: UUID
    subject_type: str
    subject_id: UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class CloseFile:
    id: UUID = field(default_factory=uuid7)
    file_id: UUID
    conclusion: str
