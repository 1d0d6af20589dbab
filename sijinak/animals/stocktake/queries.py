"""Questions about stock-takes."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, and_, func, or_, select

from sijinak.animals.models import Animal, AnimalState
from sijinak.animals.mutations.models import AGREED_KINDS, OPEN, Mutation, MutationState
from sijinak.animals.mutations.queries import mutations_of
from sijinak.animals.stocktake.models import Finding, LineAction, StockTake, StockTakeLine
from sijinak.core.db import db
from sijinak.core.errors import NotFound
from sijinak.core.paging import START, Page, Place, page_of
from sijinak.core.permissions import Actor, Permission, require, within_reach


@dataclass(frozen=True, slots=True)
class Progress:
    """``expected`` stand in the register there now; lines by finding, all and those left open."""

    expected: int
    lines: dict[Finding, int]
    open: dict[Finding, int]

    @property
    def scanned(self) -> int:
        return sum(n for finding, n in self.lines.items() if finding is not Finding.MISSING)

    @property
    def left(self) -> int:
        return sum(self.open.values())


def stock_takes(*, by: Actor, place: Place = START) -> Page[StockTake]:
    return page_of(_seen_by(by), StockTake.id, place)


def count_open(*, by: Actor) -> int:
    asked = _seen_by(by).where(StockTake.closed_at.is_(None)).subquery()
    return db.session.scalar(select(func.count()).select_from(asked)) or 0


def stock_take_by_id(stock_take_id: UUID, *, by: Actor) -> StockTake:
    found = db.session.scalar(_seen_by(by).where(StockTake.id == stock_take_id))
    if found is None:
        raise NotFound(stock_take_id=str(stock_take_id))
    return found


def stock_take_to_change(stock_take_id: UUID, *, by: Actor, shared: bool = False) -> StockTake:
    """Held until the end, as it is now. Those who scan share it, who closes it does not."""
    reached = within_reach(by, Permission.STOCKTAKE_HOLD, StockTake.village)
    asked = select(StockTake).where(StockTake.id == stock_take_id, reached)
    held = asked.with_for_update(read=shared).execution_options(populate_existing=True)
    found = db.session.scalar(held)
    if found is None:
        raise NotFound(stock_take_id=str(stock_take_id))
    return found


def line_of(stock_take: StockTake, line_id: UUID, *, to_change: bool = False) -> StockTakeLine:
    asked = select(StockTakeLine).where(
        StockTakeLine.id == line_id, StockTakeLine.stock_take_id == stock_take.id
    )
    if to_change:
        asked = asked.with_for_update()
    line = db.session.scalar(asked.execution_options(populate_existing=True))
    if line is None:
        raise NotFound(line_id=str(line_id))
    return line


def lines(
    stock_take: StockTake, *, finding: Finding | None = None, place: Place = START
) -> Page[StockTakeLine]:
    asked = select(StockTakeLine).where(StockTakeLine.stock_take_id == stock_take.id)
    if finding:
        asked = asked.where(StockTakeLine.finding == finding)
    return page_of(asked, StockTakeLine.id, place)


def first_lines(stock_take: StockTake, most: int) -> Sequence[StockTakeLine]:
    """For paper; what was found as expected comes last."""
    asked = select(StockTakeLine).where(StockTakeLine.stock_take_id == stock_take.id)
    in_order = asked.order_by(
        StockTakeLine.finding == Finding.HERE, StockTakeLine.finding, StockTakeLine.code
    )
    return db.session.scalars(in_order.limit(most)).all()


def last_scans(stock_take: StockTake, most: int) -> Sequence[StockTakeLine]:
    asked = select(StockTakeLine).where(
        StockTakeLine.stock_take_id == stock_take.id, StockTakeLine.scanned_at.is_not(None)
    )
    newest = asked.order_by(StockTakeLine.scanned_at.desc(), StockTakeLine.id.desc())
    return db.session.scalars(newest.limit(most)).all()


def scanned_at(stock_take_id: UUID, moment: datetime) -> Sequence[Any]:
    """What was scanned in one go: id, code, animal_id and scanned_at of each line."""
    asked = select(
        StockTakeLine.id, StockTakeLine.code, StockTakeLine.animal_id, StockTakeLine.scanned_at
    ).where(StockTakeLine.stock_take_id == stock_take_id, StockTakeLine.scanned_at == moment)
    return db.session.execute(asked.order_by(StockTakeLine.id)).all()


def count_scanned(stock_take: StockTake) -> int:
    asked = select(func.count()).where(
        StockTakeLine.stock_take_id == stock_take.id, StockTakeLine.scanned_at.is_not(None)
    )
    return db.session.scalar(asked) or 0


def lines_to_confirm(stock_take: StockTake) -> Sequence[StockTakeLine]:
    """Held until the end; here, known, and nothing done about them yet."""
    asked = select(StockTakeLine).where(
        StockTakeLine.stock_take_id == stock_take.id,
        StockTakeLine.finding == Finding.HERE,
        StockTakeLine.action.is_(None),
    )
    held = asked.order_by(StockTakeLine.id).with_for_update()
    return db.session.scalars(held.execution_options(populate_existing=True)).all()


def progress_of(stock_take: StockTake) -> Progress:
    counted = (
        select(
            StockTakeLine.finding,
            func.count(),
            func.count().filter(StockTakeLine.action.is_(None)),
        )
        .where(StockTakeLine.stock_take_id == stock_take.id)
        .group_by(StockTakeLine.finding)
    )
    rows = db.session.execute(counted).all()
    expected = select(func.count()).where(expected_in(stock_take))
    return Progress(
        db.session.scalar(expected) or 0,
        {finding: n for finding, n, _ in rows},
        {finding: n for finding, _, n in rows if n},
    )


def expected_in(stock_take: StockTake) -> ColumnElement[bool]:
    """The animals that the register has there."""
    there = and_(Animal.village == stock_take.village, Animal.state == AnimalState.PRESENT)
    keeper_id = stock_take.keeper_id
    if keeper_id is None:
        return there
    return and_(there, or_(Animal.keeper_id == keeper_id, Animal.raiser_id == keeper_id))


def ids_still_in(stock_take: StockTake, animal_ids: Collection[UUID]) -> list[UUID]:
    asked = select(Animal.id).where(Animal.id.in_(animal_ids), expected_in(stock_take))
    return list(db.session.scalars(asked))


def transfer_since(stock_take: StockTake, animal_id: UUID) -> Mutation | None:
    """The sale, gift or sharing of the animal that was proposed while stock was taken."""
    standing = {*OPEN, MutationState.DONE}
    found = [
        one
        for one in mutations_of([animal_id])
        if one.kind in AGREED_KINDS
        and one.state in standing
        and one.recorded_at >= stock_take.begun_at
    ]
    return found[-1] if found else None


def still_there(animal_ids: Collection[UUID]) -> list[tuple[StockTakeLine, StockTake]]:
    """What owners said about animals that were not found. The caller has asked for the animals."""
    asked = (
        select(StockTakeLine, StockTake)
        .join(StockTake, StockTake.id == StockTakeLine.stock_take_id)
        .where(
            StockTakeLine.animal_id.in_(animal_ids),
            StockTakeLine.action == LineAction.STILL_THERE,
        )
    )
    return [(row[0], row[1]) for row in db.session.execute(asked)]


def _seen_by(by: Actor) -> Select[StockTake]:
    require(by, Permission.POPULATION_READ)
    return select(StockTake).where(within_reach(by, Permission.POPULATION_READ, StockTake.village))
