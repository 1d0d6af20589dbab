"""What is asked for, and what can be wrong with it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from uuid import UUID

from sijinak.core.errors import Conflict, Invalid
from sijinak.core.ids import uuid7
from sijinak.core.money import Rupiah

NOTES = (100_000, 50_000, 20_000, 10_000, 5_000, 2_000, 1_000, 500, 200, 100)
MOST = 10**13


class NotesDiffer(Invalid):
    """Facts: ``notes``, what the notes and coins come to."""

    code = "cash-notes-differ"


class NoAmount(Invalid):
    code = "cash-no-amount"


class NotATaker(Invalid):
    """Yourself, or somebody who may hold no cash."""

    code = "cash-not-a-taker"


class NotYours(Conflict):
    """It is for somebody else to take this step."""

    code = "cash-not-yours"


class WhyMissing(Invalid):
    code = "cash-why-missing"


class DayNotOver(Invalid):
    code = "cash-day-to-come"


class DayClosedAlready(Conflict):
    """Facts: ``day``, the last that is closed."""

    code = "cash-day-closed"


class CountWaits(Conflict):
    """A count of the same person still waits for its second signature."""

    code = "cash-count-waits"


class MovedSince(Conflict):
    """Money came or went after that day, or after the count."""

    code = "cash-moved-since"


class PromisedMore(Conflict):
    """More is missing than is free: end the open hand-overs and deposits first."""

    code = "cash-promised-more"


class NotEverybodyClosed(Conflict):
    """Facts: ``names``."""

    code = "cash-not-everybody"


class NotFinished(Conflict):
    """Hand-overs, change or money are still open, or the day is not over: confirm it."""

    code = "cash-day-unfinished"


@dataclass(frozen=True, slots=True, kw_only=True)
class OfferCash:
    """``notes``: how many of each note and coin, or nothing."""

    id: UUID = field(default_factory=uuid7)
    taker_id: UUID
    amount: Rupiah
    notes: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class AcceptCash:
    """``counted`` by the taker; ``why`` when it differs."""

    id: UUID = field(default_factory=uuid7)
    handover_id: UUID
    counted: Rupiah
    why: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class EndOffer:
    """Withdrawn by the giver, or refused by the taker."""

    id: UUID = field(default_factory=uuid7)
    handover_id: UUID
    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class LendFloat:
    id: UUID = field(default_factory=uuid7)
    holder_id: UUID
    amount: Rupiah
    origin: str


@dataclass(frozen=True, slots=True, kw_only=True)
class StepFloat:
    """``action``: a step of FLOAT_FLOW."""

    id: UUID = field(default_factory=uuid7)
    float_id: UUID
    action: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CountCash:
    """``counted``: all in the drawer, with the change that was lent."""

    id: UUID = field(default_factory=uuid7)
    day: date
    counted: Rupiah
    notes: Mapping[str, int] = field(default_factory=dict)
    why: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class SignClosing:
    id: UUID = field(default_factory=uuid7)
    closing_id: UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class RejectClosing:
    id: UUID = field(default_factory=uuid7)
    closing_id: UUID
    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CloseOffice:
    """``confirmed``: the day for which the list of what is not finished was read."""

    id: UUID = field(default_factory=uuid7)
    day: date
    confirmed: date | None = None


def check_notes(notes: Mapping[str, int], amount: int) -> None:
    """Raises NoAmount, NotesDiffer."""
    if not 0 <= amount <= MOST:
        raise NoAmount
    total = sum(int(note) * many for note, many in notes.items())
    if notes and total != amount:
        raise NotesDiffer(notes=total)
