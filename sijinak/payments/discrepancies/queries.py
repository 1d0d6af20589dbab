"""Questions about what does not match."""

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from enum import StrEnum
from uuid import UUID

from sqlalchemy import ColumnElement, Select, func, or_, select
from sqlalchemy import case as sql_case

from sijinak.core.db import db
from sijinak.core.errors import NotFound
from sijinak.core.events import Event
from sijinak.core.paging import START, Page, Place, page_of
from sijinak.core.permissions import Actor, Permission, may, require, within_reach
from sijinak.payments.discrepancies.legal import LEGAL
from sijinak.payments.models import (
    Attempt,
    AttemptBill,
    Discrepancy,
    DiscrepancyKind,
    DiscrepancyState,
    Resolution,
)
from sijinak.payments.models import Collection as Money

STANDING = (DiscrepancyState.OPEN, DiscrepancyState.PROPOSED)
ABOUT_MONEY = tuple(kind for kind, legal in LEGAL.items() if Resolution.ALLOCATE in legal)
MOST_TO_JOIN = 50


class View(StrEnum):
    """Which part of the queue."""

    OPEN = "open"
    MINE = "mine"
    TO_APPROVE = "to-approve"
    ENDED = "ended"


def discrepancy_of(kind: DiscrepancyKind, about_id: UUID) -> Discrepancy | None:
    return db.session.scalar(one_about(kind, about_id))


def one_about(kind: DiscrepancyKind, about_id: UUID) -> Select[Discrepancy]:
    return select(Discrepancy).where(Discrepancy.kind == kind, Discrepancy.about_id == about_id)


def discrepancy_for_update(discrepancy_id: UUID) -> Discrepancy:
    """As it is now, with its row locked until the transaction ends."""
    asked = select(Discrepancy).where(Discrepancy.id == discrepancy_id).with_for_update()
    case = db.session.scalar(asked, execution_options={"populate_existing": True})
    if case is None:
        raise NotFound(discrepancy_id=str(discrepancy_id))
    return case


def cases_for_update(case_ids: Collection[UUID]) -> list[Discrepancy]:
    """Locked, in the order of their ids. Raises NotFound when one is missing."""
    return [discrepancy_for_update(one) for one in sorted(case_ids)]


def cases_to_end(case_ids: Collection[UUID], *, by: Actor) -> list[Discrepancy]:
    """The same, for who ends them: what is out of reach is not there."""
    found = cases_for_update(case_ids)
    for one in found:
        if not may(by, Permission.MONEY_RESOLVE, region=one.region or None):
            raise NotFound(discrepancy_id=str(one.id))
    return found


def open_cases_of(bill_ids: Collection[UUID]) -> Sequence[Discrepancy]:
    """What does not match about the money for these bills. The caller has asked for the bills."""
    attempts = select(AttemptBill.attempt_id).where(AttemptBill.bill_id.in_(bill_ids))
    money = select(Money.id).where(or_(Money.bill_id.in_(bill_ids), Money.attempt_id.in_(attempts)))
    asked = select(Discrepancy).where(
        Discrepancy.state.in_(STANDING),
        or_(Discrepancy.bill_id.in_(bill_ids), Discrepancy.collection_id.in_(money)),
    )
    return db.session.scalars(asked.order_by(Discrepancy.opened_at, Discrepancy.id)).all()


def held_bills(bill_ids: Collection[UUID]) -> set[UUID]:
    """Those for which money came that two people have still to decide about.

    Nobody pays them once more until then. The caller has asked for the bills.
    """
    cases = [one for one in open_cases_of(bill_ids) if one.kind in ABOUT_MONEY]
    moneys = [one.collection_id for one in cases if one.collection_id]
    asked = select(AttemptBill.bill_id).join(Money, Money.attempt_id == AttemptBill.attempt_id)
    meant = db.session.scalars(asked.where(Money.id.in_(moneys)))
    return {*meant, *(one.bill_id for one in cases if one.bill_id)} & set(bill_ids)


def money_cases_of(collection_id: UUID) -> Sequence[Discrepancy]:
    """Those that stand, and say that this money, or a part of it, pays something or goes back."""
    asked = select(Discrepancy).where(
        Discrepancy.collection_id == collection_id,
        Discrepancy.state.in_(STANDING),
        Discrepancy.kind.in_(ABOUT_MONEY),
    )
    return db.session.scalars(asked.order_by(Discrepancy.id)).all()


def cases(
    *, by: Actor, kind: DiscrepancyKind | None = None, view: View = View.OPEN, place: Place = START
) -> Page[Discrepancy]:
    require(by, Permission.TREASURY_READ)
    return page_of(_wanted(by, kind, view), Discrepancy.id, place)


def every_case(
    *, by: Actor, kind: DiscrepancyKind | None = None, view: View = View.OPEN
) -> Iterator[Discrepancy]:
    """All of the same, the oldest first, for a file."""
    require(by, Permission.TREASURY_READ)
    yield from db.session.scalars(_wanted(by, kind, view).order_by(Discrepancy.id))


def case_by_id(case_id: UUID, *, by: Actor) -> Discrepancy:
    require(by, Permission.TREASURY_READ)
    case = db.session.scalar(_seen(by).where(Discrepancy.id == case_id))
    if case is None:
        raise NotFound(case_id=str(case_id))
    return case


def joined_cases(case_ids: Collection[UUID], *, by: Actor) -> Sequence[Discrepancy]:
    """Those of them that are in reach."""
    asked = _seen(by).where(Discrepancy.id.in_(case_ids))
    return db.session.scalars(asked.order_by(Discrepancy.id)).all()


def cases_to_join(case: Discrepancy, *, by: Actor) -> Sequence[Discrepancy]:
    """Other open cases whose money lies in suspense: it may pay a bill together with this one's.

    Those about the same bill come first.
    """
    asked = _seen(by).where(
        Discrepancy.id != case.id,
        Discrepancy.state == DiscrepancyState.OPEN,
        Discrepancy.kind.in_(ABOUT_MONEY),
        Discrepancy.collection_id.is_not(None),
    )
    is_same = sql_case((Discrepancy.bill_id == case.bill_id, 0), else_=1)
    newest = asked.order_by(is_same, Discrepancy.id.desc()).limit(MOST_TO_JOIN)
    return db.session.scalars(newest).all()


def count_cases(*, by: Actor, permission: Permission, view: View) -> int:
    """How many there are where the permission is held."""
    within = within_reach(by, permission, Discrepancy.region)
    asked = select(func.count(Discrepancy.id)).where(within, _VIEWS[view](by))
    return db.session.scalar(asked) or 0


def money_of(case: Discrepancy) -> Money | None:
    return db.session.get(Money, case.collection_id) if case.collection_id else None


def attempts_of_case(case: Discrepancy) -> Sequence[Attempt]:
    """The attempts that the money belongs to; of one without money, those for its bill."""
    money = money_of(case)
    if money is not None:
        asked = select(Attempt).where(Attempt.id == money.attempt_id)
    else:
        of_bill = select(AttemptBill.attempt_id).where(AttemptBill.bill_id == case.bill_id)
        asked = select(Attempt).where(Attempt.id.in_(of_bill))
    return db.session.scalars(asked.order_by(Attempt.started_at)).all()


def history_of(case: Discrepancy) -> Sequence[Event]:
    asked = select(Event).where(Event.subject_id == case.id)
    return db.session.scalars(asked.order_by(Event.happened_at, Event.id)).all()


def _wanted(by: Actor, kind: DiscrepancyKind | None, view: View) -> Select[Discrepancy]:
    asked = _seen(by).where(_VIEWS[view](by))
    return asked if kind is None else asked.where(Discrepancy.kind == kind)


def _seen(by: Actor) -> Select[Discrepancy]:
    return select(Discrepancy).where(within_reach(by, Permission.TREASURY_READ, Discrepancy.region))


_VIEWS: Mapping[View, Callable[[Actor], ColumnElement[bool]]] = {
    View.OPEN: lambda _: Discrepancy.state.in_(STANDING),
    View.MINE: lambda by: Discrepancy.state.in_(STANDING) & (Discrepancy.owner_id == by.id),
    View.TO_APPROVE: lambda by: (
        (Discrepancy.state == DiscrepancyState.PROPOSED)
        & (Discrepancy.proposed_by != by.id)
        & Discrepancy.plan["joins"].as_string().is_(None)  # it ends with the one it joins
    ),
    View.ENDED: lambda _: Discrepancy.state.not_in(STANDING),
}
