"""What a search of the auditor's desk found, in one shape."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from uuid import UUID

MOST = 6  # of a kind; the list or the register shows the rest


class HitKind(StrEnum):
    RECEIPT = "receipt"
    BILL = "bill"
    DEPOSIT = "deposit"
    PERMIT = "permit"
    TICKETS = "tickets"
    ANIMAL = "animal"
    MONEY = "money"
    LINE = "line"
    KEEPER = "keeper"
    OFFICER = "officer"
    EVENT = "event"


@dataclass(frozen=True, slots=True, kw_only=True)
class Hit:
    """``exact``: the very thing that was named, and not only something like it."""

    kind: HitKind
    id: UUID
    title: str
    words: str = ""
    amount: int | None = None
    on: date | None = None
    region: str = ""
    exact: bool = False
    keeper_id: UUID | None = None  # whose name it shows
