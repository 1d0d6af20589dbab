"""A line that was scanned or typed by mistake is taken out again; the trail keeps that it was."""

from dataclasses import dataclass, field
from uuid import UUID

from sijinak.animals.stocktake.acting import LineDone, NotForThisLine, StockTakeClosed
from sijinak.animals.stocktake.models import Finding, StockTake, StockTakeLine
from sijinak.animals.stocktake.queries import ids_still_in, line_of, stock_take_to_change
from sijinak.animals.stocktake.reading import is_tag_code
from sijinak.core.db import db
from sijinak.core.events import events
from sijinak.core.ids import uuid7
from sijinak.core.once import first_time
from sijinak.core.permissions import Actor, Permission, require


@dataclass(frozen=True, slots=True, kw_only=True)
class RemoveLine:
    id: UUID = field(default_factory=uuid7)
    stock_take_id: UUID
    line_id: UUID


def remove_line(command: RemoveLine, *, by: Actor) -> None:
    """An animal that belongs there is missing again, once the missing are listed.

    Raises NotFound, StockTakeClosed, LineDone, NotForThisLine (nobody scanned it).
    """
    require(by, Permission.STOCKTAKE_HOLD)
    taken = stock_take_to_change(command.stock_take_id, by=by, shared=True)
    if not first_time(command, by=by):
        return
    if taken.closed_at is not None:
        raise StockTakeClosed
    line = line_of(taken, command.line_id, to_change=True)
    if line.action is not None:
        raise LineDone
    if line.finding is Finding.MISSING:
        raise NotForThisLine
    events.record(
        "stocktake.line-removed", taken, by=by, region=taken.village, line=str(line.id),
        tag=line.code if is_tag_code(line.code) else "",  # else it may be anything that was typed
    )  # fmt: skip
    if _is_missing_now(taken, line):
        line.finding, line.scanned_at, line.scanned_by = Finding.MISSING, None, None
    else:
        db.session.delete(line)


def _is_missing_now(taken: StockTake, line: StockTakeLine) -> bool:
    if taken.compared_at is None or line.animal_id is None:
        return False
    return bool(ids_still_in(taken, [line.animal_id]))
