"""How stock is taken: begun, scanned into, compared with the register, closed."""

from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from sqlalchemy import select

from sijinak.animals.models import Animal
from sijinak.animals.queries import live_tags
from sijinak.animals.stocktake.acting import (
    ActOnLine,
    ConfirmAll,
    StockTakeClosed,
    act_on_line,
    confirm_all,
    open_stock_take,
)
from sijinak.animals.stocktake.models import Finding, StockTake
from sijinak.animals.stocktake.queries import expected_in, progress_of, stock_take_to_change
from sijinak.animals.stocktake.reading import Known, known
from sijinak.animals.stocktake.removing import RemoveLine, remove_line
from sijinak.animals.stocktake.scanning import ScanCodes, Verdict, line_for, scan_codes, write
from sijinak.core.clock import now
from sijinak.core.db import db
from sijinak.core.errors import Conflict
from sijinak.core.events import events
from sijinak.core.ids import uuid7
from sijinak.core.once import first_time
from sijinak.core.permissions import Actor, Permission, require
from sijinak.keepers.queries import keeper_by_id

__all__ = [
    "ActOnLine",
    "BeginStockTake",
    "CloseStockTake",
    "CompareStock",
    "ConfirmAll",
    "RemoveLine",
    "ScanCodes",
    "Verdict",
    "act_on_line",
    "begin_stock_take",
    "close_stock_take",
    "compare_stock",
    "confirm_all",
    "remove_line",
    "scan_codes",
]


class LinesOpen(Conflict):
    """Facts: ``count``. They stay open for ever once it is closed."""

    code = "lines-open"


class NotCompared(Conflict):
    """Before it is closed the missing are listed."""

    code = "not-compared"


@dataclass(frozen=True, slots=True, kw_only=True)
class BeginStockTake:
    """In a village, or of one keeper's animals in it."""

    id: UUID = field(default_factory=uuid7)
    village: str
    keeper_id: UUID | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class CompareStock:
    id: UUID = field(default_factory=uuid7)
    stock_take_id: UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class CloseStockTake:
    """``stays_open``: whoever closes it knows of the lines that nobody did anything about."""

    id: UUID = field(default_factory=uuid7)
    stock_take_id: UUID
    stays_open: bool = False


def begin_stock_take(command: BeginStockTake, *, by: Actor) -> StockTake:
    """Raises NotFound (the keeper)."""
    require(by, Permission.STOCKTAKE_HOLD, region=command.village)
    if command.keeper_id is not None:
        keeper_by_id(command.keeper_id, by=by)
    if not first_time(command, by=by):
        return db.session.get_one(StockTake, command.id)
    taken = StockTake(
        id=command.id, village=command.village, keeper_id=command.keeper_id, begun_at=now(),
        begun_by=by.id, begun_by_name=by.name,
    )  # fmt: skip
    db.session.add(taken)
    events.record("stocktake.begun", taken, by=by, region=taken.village)
    return taken


def compare_stock(command: CompareStock, *, by: Actor) -> StockTake:
    """List what the register has there and nobody scanned. Nothing changes but the list."""
    require(by, Permission.STOCKTAKE_HOLD)
    taken = open_stock_take(command.stock_take_id, by=by)
    if first_time(command, by=by) and taken.compared_at is None:
        animals = db.session.scalars(select(Animal).where(expected_in(taken))).all()
        tags = live_tags([animal.id for animal in animals])
        missing = write([_missing(taken, known(animal, tags)) for animal in animals])
        taken.compared_at = now()
        events.record(
            "stocktake.compared", taken, by=by, region=taken.village, animals=len(missing)
        )
    return taken


def close_stock_take(command: CloseStockTake, *, by: Actor) -> StockTake:
    """Of loose herds some are never found: lines may stay open, if that is said.

    Raises StockTakeClosed, NotCompared, LinesOpen.
    """
    require(by, Permission.STOCKTAKE_HOLD)
    taken = stock_take_to_change(command.stock_take_id, by=by)
    if not first_time(command, by=by):
        return taken
    if taken.closed_at is not None:
        raise StockTakeClosed
    if taken.compared_at is None:
        raise NotCompared
    left = progress_of(taken).left
    if left and not command.stays_open:
        raise LinesOpen(count=left)
    taken.closed_at, taken.closed_by = now(), by.id
    events.record("stocktake.closed", taken, by=by, region=taken.village, left=left)
    return taken


def _missing(taken: StockTake, animal: Known) -> dict[str, Any]:
    return {
        **line_for(taken, animal.code, animal),
        "finding": Finding.MISSING,
        "scanned_at": None,
        "scanned_by": None,
    }
