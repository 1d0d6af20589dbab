"""The end of the day: what is in the drawer is counted, a second person signs, the day is over."""

from datetime import date

from sijinak.core.clock import now, today
from sijinak.core.db import db
from sijinak.core.events import events
from sijinak.core.money import Rupiah
from sijinak.core.once import first_time
from sijinak.core.permissions import Actor, Permission, require
from sijinak.ledger.chart import CASH, SHORTAGE, SURPLUS
from sijinak.ledger.custody import lock_holders
from sijinak.ledger.models import CashHolder
from sijinak.ledger.queries import last_closed_day
from sijinak.ledger.services import Entry, Line, post
from sijinak.payments.discrepancies.services import Found, open_discrepancy
from sijinak.payments.models import DiscrepancyKind
from sijinak.treasury.cash.commands import (
    CountCash,
    CountWaits,
    DayClosedAlready,
    DayNotOver,
    MovedSince,
    NotYours,
    PromisedMore,
    RejectClosing,
    SignClosing,
    WhyMissing,
    check_notes,
)
from sijinak.treasury.cash.figures import Figures, figures_of, moved_after
from sijinak.treasury.cash.models import CLOSING_FLOW, CashClosing, ClosingState
from sijinak.treasury.cash.moving import carry_out, free_cash, promise
from sijinak.treasury.cash.queries import closing_for_update, waiting_count_of
from sijinak.treasury.people import home_of


def count_cash(command: CountCash, *, by: Actor) -> CashClosing:
    """The person counts all they hold. Nothing moves until a second person has signed.

    Raises DayNotOver, DayClosedAlready, CountWaits, MovedSince, NotesDiffer, WhyMissing.
    """
    require(by, Permission.CASH_RECEIVE)
    region = home_of(by, Permission.CASH_RECEIVE)
    if not first_time(command, by=by):
        return db.session.get_one(CashClosing, command.id)
    holder = lock_holders({by.id})[by.id]
    _check_day(command.day, holder)
    check_notes(command.notes, command.counted)
    figures = figures_of(by.id, holder.closed_on, command.day)
    counted = command.counted - holder.floats
    if counted != figures.expected and not command.why:
        raise WhyMissing
    if counted < 0:
        raise PromisedMore
    closing = _counted(command, figures, holder.floats, region, by=by)
    db.session.add(closing)
    _record("cash.counted", closing, by=by)
    return closing


def _counted(
    command: CountCash, figures: Figures, floats: Rupiah, region: str, *, by: Actor
) -> CashClosing:
    counted = command.counted - floats
    return CashClosing(
        id=command.id,
        holder_id=by.id,
        holder_name=by.name,
        region=region,
        day=command.day,
        opening=Rupiah(figures.opening),
        came=Rupiah(figures.came),
        went=Rupiah(figures.went),
        expected=Rupiah(figures.expected),
        flows=dict(figures.flows),
        floats=floats,
        counted=Rupiah(counted),
        difference=counted - figures.expected,
        notes=dict(command.notes),
        why=command.why,
        state=ClosingState.COUNTED,
        counted_at=now(),
    )


def countersign_closing(command: SignClosing, *, by: Actor) -> CashClosing:
    """The second person saw the count: the difference is booked, and the holder's day is over.

    Raises NotYours, MovedSince when money came or went after the count, PromisedMore.
    """
    closing = _closing_to_answer(command, by=by)
    if not first_time(command, by=by):
        return closing
    step = CLOSING_FLOW.step(closing.state, "countersign")
    holder = lock_holders({closing.holder_id})[closing.holder_id]
    figures = figures_of(closing.holder_id, holder.closed_on, closing.day)
    same = figures.expected == closing.expected and holder.floats == closing.floats
    if not same or moved_after(closing.holder_id, closing.day):
        raise MovedSince
    _book_difference(closing, by=by)
    holder.closed_on = closing.day
    closing.state = step.target
    closing.signed_by, closing.signed_by_name, closing.signed_at = by.id, by.name, now()
    _record("cash.closed", closing, by=by)
    return closing


def reject_closing(command: RejectClosing, *, by: Actor) -> CashClosing:
    """Count again. Raises NotYours, WhyMissing."""
    closing = _closing_to_answer(command, by=by)
    if not first_time(command, by=by):
        return closing
    step = CLOSING_FLOW.step(closing.state, "reject")
    if not command.why:
        raise WhyMissing
    closing.state, closing.rejected_why = step.target, command.why
    closing.signed_by, closing.signed_by_name, closing.signed_at = by.id, by.name, now()
    _record("cash.count-rejected", closing, by=by)
    return closing


def _closing_to_answer(command: SignClosing | RejectClosing, *, by: Actor) -> CashClosing:
    closing = closing_for_update(command.closing_id)
    require(by, Permission.MONEY_RESOLVE, region=closing.region)
    if closing.holder_id == by.id:
        raise NotYours
    return closing


def _check_day(day: date, holder: CashHolder) -> None:
    if day > today():
        raise DayNotOver
    closed = max(filter(None, (holder.closed_on, last_closed_day())), default=None)
    if closed is not None and day <= closed:
        raise DayClosedAlready(day=closed.isoformat())
    if waiting_count_of(holder.id):
        raise CountWaits
    if moved_after(holder.id, day):
        raise MovedSince


def _book_difference(closing: CashClosing, *, by: Actor) -> None:
    difference, holder = closing.difference, closing.holder_id
    if not difference:
        return
    if difference < 0:
        if -difference > free_cash(holder):
            raise PromisedMore
        promise(closing.id, holder, None, -difference)
        carry_out(closing.id, -difference)
    other = Line(SURPLUS, -difference) if difference > 0 else Line(SHORTAGE, -difference, holder)
    entry = Entry(
        idem=f"closing:{closing.id}",
        kind="closing",
        on=closing.day,
        region=closing.region,
        lines=[Line(CASH, difference, holder), other],
        reason=closing.why,
    )
    post(entry, by=by)
    _tell_difference(closing, by=by)


def _tell_difference(closing: CashClosing, *, by: Actor) -> None:
    over = closing.difference > 0
    found = Found(
        kind=DiscrepancyKind.CASH_OVER if over else DiscrepancyKind.CASH_SHORT,
        about=closing,
        region=closing.region,
        amount=closing.difference,
        facts={"day": closing.day.isoformat(), "why": closing.why},
    )
    open_discrepancy(found, by=by)


def _record(name: str, closing: CashClosing, *, by: Actor) -> None:
    facts = {"day": closing.day.isoformat(), "counted": closing.counted}
    events.record(
        name, closing, by=by, region=closing.region, difference=closing.difference, **facts
    )
