"""Codes are scanned into a stock-take: whose they are, and what is kept of them."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import and_
from sqlalchemy.dialects import postgresql, sqlite

from sijinak.animals.models import AnimalState
from sijinak.animals.stocktake.acting import open_stock_take
from sijinak.animals.stocktake.models import Finding, StockTake, StockTakeLine
from sijinak.animals.stocktake.queries import count_scanned
from sijinak.animals.stocktake.reading import (
    Known,
    is_misread,
    known_by,
    spelling,
    without_doubles,
)
from sijinak.core.clock import now
from sijinak.core.db import db
from sijinak.core.errors import Conflict, Invalid
from sijinak.core.events import events
from sijinak.core.ids import uuid7
from sijinak.core.once import first_time
from sijinak.core.permissions import Actor, Permission, require
from sijinak.tagstock.models import TagState
from sijinak.tagstock.queries import tags_named

MOST_CODES = 2000
MOST_LINES = 20_000


class TooManyCodes(Invalid):
    """Facts: ``most``."""

    code = "too-many-codes"


class NoCodes(Invalid):
    code = "no-codes"


class StockTakeFull(Conflict):
    """Facts: ``most``, and ``there``: how many it has."""

    code = "stock-take-full"


@dataclass(frozen=True, slots=True, kw_only=True)
class ScanCodes:
    """One code, or many at once; as they were read."""

    id: UUID = field(default_factory=uuid7)
    stock_take_id: UUID
    codes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Verdict:
    """``state`` is the animal's, ``stock`` the stock tag's that no animal wears.

    One that was misread is said and not kept.
    """

    code: str
    finding: Finding
    state: AnimalState | None = None
    stock: TagState | None = None
    is_again: bool = False
    is_misread: bool = False


def scan_codes(command: ScanCodes, *, by: Actor) -> list[Verdict]:
    """Each animal counts once, whoever scans it and by whatever code. Unknown codes are kept.

    Sent twice, the answer is what is known now.
    Raises StockTakeClosed, StockTakeFull, NoCodes, TooManyCodes.
    """
    require(by, Permission.STOCKTAKE_HOLD)
    taken = open_stock_take(command.stock_take_id, by=by, shared=True)
    codes = without_doubles([spelling(code) for code in command.codes])
    if not codes:
        raise NoCodes
    if len(codes) > MOST_CODES:
        raise TooManyCodes(most=MOST_CODES)
    found = known_by(codes)
    read = [code for code in codes if code in found or not is_misread(code)]
    new: Collection[str] = {_kept(code, found) for code in read}
    if first_time(command, by=by) and read:
        new = _keep(taken, read, found, by=by)
    return list(_verdicts(taken, codes, found, new))


def _keep(
    taken: StockTake, codes: Sequence[str], found: Mapping[str, Known], *, by: Actor
) -> frozenset[str]:
    """The event names the moment of its lines: by it they are found again."""
    there, moment = count_scanned(taken), now()
    if there + len(codes) > MOST_LINES:
        raise StockTakeFull(most=MOST_LINES, there=there)
    new = write([_scanned(taken, code, found.get(code), moment, by=by) for code in codes])
    events.record(
        "stocktake.scanned", taken, by=by, region=taken.village, codes=len(new),
        scanned_at=moment.isoformat(),
    )  # fmt: skip
    return new


def _scanned(
    taken: StockTake, code: str, animal: Known | None, moment: datetime, *, by: Actor
) -> dict[str, Any]:
    return {
        **line_for(taken, code, animal),
        "finding": _finding_of(taken, animal),
        "scanned_at": moment,
        "scanned_by": by.id,
    }


def _kept(code: str, found: Mapping[str, Known]) -> str:
    return found[code].code if code in found else code


def line_for(taken: StockTake, code: str, animal: Known | None) -> dict[str, Any]:
    return {
        "id": uuid7(),
        "stock_take_id": taken.id,
        "code": animal.code if animal else code,
        "animal_id": animal.id if animal else None,
        "action_note": "",
    }


def _finding_of(taken: StockTake, animal: Known | None) -> Finding:
    if animal is None:
        return Finding.UNKNOWN
    is_there = animal.state is AnimalState.PRESENT and animal.village == taken.village
    keepers = (animal.keeper_id, animal.raiser_id)
    is_theirs = taken.keeper_id is None or taken.keeper_id in keepers
    return Finding.HERE if is_there and is_theirs else Finding.ELSEWHERE


def write(rows: Sequence[dict[str, Any]]) -> frozenset[str]:
    """The codes that are new in the list. One that was missing, and is scanned now, is new, too."""
    if not rows:
        return frozenset()
    once = {row["code"]: row for row in rows}  # two codes of one animal are one line
    module = sqlite if db.session.get_bind().dialect.name == "sqlite" else postgresql
    insert = module.insert(StockTakeLine)
    names = ("finding", "scanned_at", "scanned_by")
    found_after_all = and_(
        StockTakeLine.finding == Finding.MISSING,
        StockTakeLine.action.is_(None),
        insert.excluded.finding != Finding.MISSING,
    )
    kept = insert.on_conflict_do_update(
        index_elements=["stock_take_id", "code"],
        set_={name: insert.excluded[name] for name in names},
        where=found_after_all,
    ).returning(StockTakeLine.code)
    in_order = [once[code] for code in sorted(once)]
    return frozenset(db.session.scalars(kept, in_order))


def _verdicts(
    taken: StockTake, codes: Sequence[str], found: Mapping[str, Known], new: Collection[str]
) -> Iterator[Verdict]:
    counted: set[str] = set()
    stock = {tag.code: tag.state for tag in tags_named(set(codes) - found.keys(), [*TagState])}
    for code in codes:
        animal, kept = found.get(code), _kept(code, found)
        yield Verdict(
            kept,
            _finding_of(taken, animal),
            animal.state if animal else None,
            stock.get(code),
            is_again=kept not in new or kept in counted,
            is_misread=animal is None and is_misread(code),
        )
        counted.add(kept)
