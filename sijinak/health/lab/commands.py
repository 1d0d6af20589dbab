"""What people ask to be done with samples and results. Whoever asks makes the id."""

from dataclasses import dataclass, field
from datetime import date, datetime
from uuid import UUID

from sijinak.core.ids import uuid7
from sijinak.files.pictures import Picture
from sijinak.health.diseases import Disease
from sijinak.health.lab.models import Finding, Method


@dataclass(frozen=True, slots=True, kw_only=True)
class SampleTaken:
    """Of one animal; of several it is a pool."""

    number: str
    disease: Disease
    method: Method
    animal_ids: tuple[UUID, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class TakeSamples:
    id: UUID = field(default_factory=uuid7)
    samples: tuple[SampleTaken, ...]
    village: str
    permit_id: UUID | None = None
    lab: str = ""
    taken_at: datetime | None = None  # None: now


@dataclass(frozen=True, slots=True, kw_only=True)
class ResultLine:
    sample_id: UUID
    finding: Finding


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordResults:
    """One report of a laboratory, about one sample or a whole sending."""

    id: UUID = field(default_factory=uuid7)
    lines: tuple[ResultLine, ...]
    tested_on: date
    lab: str
    report_number: str
    report: Picture | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class CorrectResult:
    """``result_id`` is the one that stands now; ``note`` says why it was wrong."""

    id: UUID = field(default_factory=uuid7)
    result_id: UUID
    finding: Finding
    tested_on: date
    report_number: str
    note: str
