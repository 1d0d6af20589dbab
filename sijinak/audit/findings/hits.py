"""What a check is, and what it finds."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import Any
from uuid import UUID

from sijinak.audit.findings.models import Severity

Thing = tuple[str, UUID | None]  # a table, and an id in it


@dataclass(frozen=True, slots=True, kw_only=True)
class Hit:
    """One thing that a check found. ``people``: whose work it is about.

    ``facts`` are numbers, codes and amounts, never names. ``key`` tells apart several hits of one
    check about one subject.
    """

    subject: str
    subject_id: UUID
    key: str = ""
    region: str = ""
    amount: int = 0
    on: date | None = None
    people: tuple[UUID | None, ...] = ()
    facts: dict[str, Any] = field(default_factory=dict)
    evidence: tuple[Thing, ...] = ()


Look = Callable[[], Iterable[Hit]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Check:
    """One row of the catalogue; the words are message ids."""

    code: str
    severity: Severity
    title: str
    means: str
    do: str
    false_alarm: str
    source: str
    look: Look
