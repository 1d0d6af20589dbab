"""Questions about cash in hands: hand-overs, change, closings, and who has not closed yet."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import TypeVar
from uuid import UUID

from sqlalchemy import ColumnElement, Select, exists, func, or_, select

from sijinak.core.clock import today
from sijinak.core.db import db
from sijinak.core.errors import NotFound
from sijinak.core.paging import START, Page, Place, page_of
from sijinak.core.permissions import Actor, Permission, require, within_reach
from sijinak.ledger.chart import CASH
from sijinak.ledger.models import CashHolder, Posting
from sijinak.treasury.cash.figures import LONG_AGO
from sijinak.treasury.cash.models import (
    CashClosing,
    ChangeFloat,
    ClosingState,
    FloatState,
    HandOver,
    HandOverState,
)
from sijinak.treasury.people import names_of

T = TypeVar("T", HandOver, ChangeFloat, CashClosing)
_OPEN_FLOATS = (FloatState.OFFERED, FloatState.HELD, FloatState.RETURNING)


@dataclass(frozen=True, slots=True)
class NotClosed:
    """Who has to count before the office can close a day."""

    holder_id: UUID
    name: str
    held: int
    counted: bool  # and waits for the second signature


@dataclass(frozen=True, slots=True)
class Unfinished:
    """What stays open when the books of a day are closed; it is told before."""

    is_today: bool  # more money may come, and counts on the next day
    handovers: Sequence[HandOver]
    floats: Sequence[ChangeFloat]
    in_hands: Sequence[tuple[str, int]]  # not in the bank: whose, and how much

    @property
    def is_anything(self) -> bool:
        return bool(self.is_today or self.handovers or self.floats or self.in_hands)


def unfinished_on(day: date) -> Unfinished:
    """Of the whole office. The caller has asked."""
    offered = select(HandOver).where(HandOver.state == HandOverState.OFFERED)
    lent = select(ChangeFloat).where(ChangeFloat.state.in_(_OPEN_FLOATS))
    held = select(CashHolder.id, CashHolder.held).where(CashHolder.held > 0)
    rows = db.session.execute(held.order_by(CashHolder.held.desc(), CashHolder.id)).all()
    names = names_of([row.id for row in rows])
    return Unfinished(
        is_today=day >= today(),
        handovers=db.session.scalars(offered.order_by(HandOver.offered_at, HandOver.id)).all(),
        floats=db.session.scalars(lent.order_by(ChangeFloat.offered_at, ChangeFloat.id)).all(),
        in_hands=[(names.get(row.id, "–"), row.held) for row in rows],
    )


def handover_by_id(handover_id: UUID, *, by: Actor) -> HandOver:
    """For both sides, and for whoever reads the treasury."""
    found = db.session.scalar(select(HandOver).where(HandOver.id == handover_id, _seen(by)))
    if found is None:
        raise NotFound(handover=str(handover_id))
    return found


def handover_for_update(handover_id: UUID) -> HandOver:
    """Locked until the transaction ends."""
    return _locked(select(HandOver).where(HandOver.id == handover_id))


def waiting_handovers(*, by: Actor) -> Sequence[HandOver]:
    """Those that are offered and not counted yet, the oldest first: to both sides."""
    asked = select(HandOver).where(HandOver.state == HandOverState.OFFERED, _seen(by))
    return db.session.scalars(asked.order_by(HandOver.offered_at, HandOver.id)).all()


def handovers(place: Place = START, *, by: Actor) -> Page[HandOver]:
    asked = select(HandOver).where(HandOver.state != HandOverState.OFFERED, _seen(by))
    return page_of(asked, HandOver.id, place, first=(HandOver.offered_at,))


def float_by_id(float_id: UUID, *, by: Actor) -> ChangeFloat:
    found = db.session.scalar(select(ChangeFloat).where(ChangeFloat.id == float_id, _lent(by)))
    if found is None:
        raise NotFound(float=str(float_id))
    return found


def float_for_update(float_id: UUID) -> ChangeFloat:
    return _locked(select(ChangeFloat).where(ChangeFloat.id == float_id))


def floats_out(*, by: Actor) -> Sequence[ChangeFloat]:
    """Change that is lent, or on its way there or back."""
    asked = select(ChangeFloat).where(ChangeFloat.state.in_(_OPEN_FLOATS), _lent(by))
    return db.session.scalars(asked.order_by(ChangeFloat.offered_at, ChangeFloat.id)).all()


def closing_by_id(closing_id: UUID, *, by: Actor) -> CashClosing:
    found = db.session.scalar(select(CashClosing).where(CashClosing.id == closing_id, _counted(by)))
    if found is None:
        raise NotFound(closing=str(closing_id))
    return found


def closing_for_update(closing_id: UUID) -> CashClosing:
    return _locked(select(CashClosing).where(CashClosing.id == closing_id))


def closings(place: Place = START, *, by: Actor) -> Page[CashClosing]:
    asked = select(CashClosing).where(_counted(by))
    return page_of(asked, CashClosing.id, place, first=(CashClosing.counted_at,))


def counts_to_sign(*, by: Actor) -> Sequence[CashClosing]:
    """Of others, where this person may be the second one."""
    asked = select(CashClosing).where(
        CashClosing.state == ClosingState.COUNTED,
        CashClosing.holder_id != by.id,
        within_reach(by, Permission.MONEY_RESOLVE, CashClosing.region),
    )
    return db.session.scalars(asked.order_by(CashClosing.counted_at, CashClosing.id)).all()


def waiting_count_of(person_id: UUID) -> CashClosing | None:
    return db.session.scalar(
        select(CashClosing).where(
            CashClosing.holder_id == person_id, CashClosing.state == ClosingState.COUNTED
        )
    )


def holder_of(person_id: UUID) -> CashHolder:
    """What the books say of a person; somebody who never held cash holds nothing."""
    asked = select(CashHolder).where(CashHolder.id == person_id)
    found = db.session.scalar(asked.execution_options(populate_existing=True))
    return found or CashHolder(id=person_id, held=0, floats=0, closed_on=None)


def holders_with_cash(*, by: Actor) -> Sequence[CashHolder]:
    """Everybody who holds public money or change, the most first."""
    require(by, Permission.TREASURY_READ)
    asked = select(CashHolder).where(or_(CashHolder.held > 0, CashHolder.floats > 0))
    asked = asked.execution_options(populate_existing=True)
    return db.session.scalars(asked.order_by(CashHolder.held.desc(), CashHolder.id)).all()


def not_closed_on(day: date) -> list[NotClosed]:
    """Who held or moved cash up to that day and has not closed it; by name."""
    closed = func.coalesce(CashHolder.closed_on, LONG_AGO)
    moved = exists().where(
        Posting.account == CASH,
        Posting.about == CashHolder.id,
        Posting.effective_on > closed,
        Posting.effective_on <= day,
    )
    asked = select(CashHolder.id, CashHolder.held).where(
        closed < day, or_(CashHolder.held > 0, moved)
    )
    rows = db.session.execute(asked.order_by(CashHolder.id)).all()
    names = names_of([row.id for row in rows])
    found = [
        NotClosed(row.id, names.get(row.id, "–"), row.held, waiting_count_of(row.id) is not None)
        for row in rows
    ]
    return sorted(found, key=lambda one: one.name)


def _locked(asked: Select[T]) -> T:
    found = db.session.scalar(asked.with_for_update().execution_options(populate_existing=True))
    if found is None:
        raise NotFound
    return found


def _seen(by: Actor) -> ColumnElement[bool]:
    mine = or_(HandOver.giver_id == by.id, HandOver.taker_id == by.id)
    return _mine_or_read(by, mine, within_reach(by, Permission.TREASURY_READ, HandOver.region))


def _lent(by: Actor) -> ColumnElement[bool]:
    mine = or_(ChangeFloat.giver_id == by.id, ChangeFloat.holder_id == by.id)
    return _mine_or_read(by, mine, within_reach(by, Permission.TREASURY_READ, ChangeFloat.region))


def _counted(by: Actor) -> ColumnElement[bool]:
    read = within_reach(by, Permission.TREASURY_READ, CashClosing.region)
    return _mine_or_read(by, CashClosing.holder_id == by.id, read)


def _mine_or_read(
    by: Actor, mine: ColumnElement[bool], read: ColumnElement[bool]
) -> ColumnElement[bool]:
    """A person who lost the appointment sees what was theirs no more."""
    holds = bool(by.reaches(Permission.CASH_RECEIVE))
    return or_(mine, read) if holds else read
