"""What is late: interest, arrears by their age, and what is to be given up."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from uuid import UUID

from sqlalchemy import ColumnElement, Select, func, or_, select

from sijinak.core.clock import local, today
from sijinak.core.db import db
from sijinak.core.errors import NotFound
from sijinak.core.events import Event
from sijinak.core.money import Rupiah
from sijinak.core.paging import START, Page, Place, page_of
from sijinak.core.permissions import Actor, Permission, require, within_reach
from sijinak.payments.billing import billing
from sijinak.payments.discrepancies.queries import ABOUT_MONEY, held_bills
from sijinak.payments.models import AttemptBill, Collection, Discrepancy
from sijinak.payments.queries import live_attempt_of
from sijinak.retribution.claims.interest import (
    LAPSES_AFTER_MONTHS,
    days_stopped,
    interest_on,
    month_after,
    months_late,
)
from sijinak.retribution.claims.models import WriteOff
from sijinak.retribution.models import BillKind, Skrd, SkrdState

_WARN_MONTHS = 6
_SETTLED = (SkrdState.PAID, SkrdState.WRITTEN_OFF)
_GIVEN_UP = (SkrdState.CANCELLED, SkrdState.WRITTEN_OFF)
_BEGAN, _ENDED = "discrepancy.opened", ("discrepancy.approved", "discrepancy.settled")


class Age(StrEnum):
    """How long a bill is late. The last two are about the day on which the claim lapses."""

    MONTH = "month"
    QUARTER = "quarter"
    YEAR = "year"
    OLDER = "older"
    LAPSING = "lapsing"
    LAPSED = "lapsed"


@dataclass(frozen=True, slots=True)
class Arrears:
    """The bills of one age."""

    age: Age
    count: int
    total: Rupiah


def interest_due(skrd: Skrd, on: date) -> Rupiah:
    """On a day, less what was paid of it or written off before.

    None on interest, and none on what is given up.
    """
    if skrd.kind is BillKind.STRD or skrd.state in _GIVEN_UP or on <= skrd.due_on:
        return Rupiah(0)
    before = select(func.sum(Skrd.total)).where(Skrd.late_id == skrd.id, Skrd.state.in_(_SETTLED))
    whole = interest_on(skrd.total, months_due(skrd, on))
    return Rupiah(max(0, whole - int(db.session.scalar(before) or 0)))


def interest_until(skrd: Skrd) -> date:
    """The day up to which it bears interest: that on which its money moved, else today."""
    if skrd.state is not SkrdState.PAID:
        return today()
    asked = select(Event).where(Event.subject_id == skrd.id, Event.name == "skrd.paid")
    paid = db.session.scalar(asked.order_by(Event.id.desc()).limit(1))
    told = paid.facts.get("paid_on") if paid else None  # older versions did not write it down
    return date.fromisoformat(told) if told else skrd.due_on


def interest_unbilled(skrd: Skrd) -> int:
    """What the open letters do not say; below nothing when they say too much."""
    billed = select(func.sum(Skrd.total)).where(
        Skrd.late_id == skrd.id, Skrd.state == SkrdState.OPEN
    )
    return interest_due(skrd, interest_until(skrd)) - int(db.session.scalar(billed) or 0)


def still_owed(skrd: Skrd) -> Sequence[Skrd]:
    """What else is to be paid of one bill and the letters about its interest."""
    asked = select(Skrd).where(_family(skrd), Skrd.id != skrd.id, Skrd.state == SkrdState.OPEN)
    return db.session.scalars(asked.order_by(Skrd.due_on, Skrd.id)).all()


def interest_to_come(skrd: Skrd) -> int:
    """Of a bill that was paid late, or of the one that a letter is about: not billed yet."""
    late = db.session.get_one(Skrd, skrd.late_id) if skrd.late_id else skrd
    return max(0, interest_unbilled(late)) if late.state is SkrdState.PAID else 0


def months_due(skrd: Skrd, on: date) -> int:
    """Months of delay that bear interest: no day does while people look at money for the bill."""
    return months_late(skrd.due_on, on - timedelta(days=days_in_question(skrd, on)))


def days_in_question(skrd: Skrd, on: date) -> int:
    return days_stopped(skrd.due_on, on, _spans_in_question(skrd)) if on > skrd.due_on else 0


def is_being_paid(skrd: Skrd) -> bool:
    """An attempt is under way, or money came that has not paid it yet."""
    is_free = live_attempt_of(skrd.id) is None and billing.bills.are_open([skrd.id])
    return not is_free or bool(held_bills([skrd.id]))


def unsquared() -> Sequence[UUID]:
    """Bills that are paid, and whose letters do not say what the delay came to."""
    paid_late = select(Event.subject_id).where(
        Event.name == "skrd.paid", Event.subject_id == Skrd.id, Event.happened_at > Skrd.due_on
    )
    asked = select(Skrd).where(
        Skrd.kind == BillKind.SKRD, Skrd.state == SkrdState.PAID, paid_late.exists()
    )
    found = db.session.scalars(asked.order_by(Skrd.id)).all()
    return [skrd.id for skrd in found if interest_unbilled(skrd)]


def arrears(age: Age | None, *, by: Actor, place: Place = START) -> Page[Skrd]:
    """Bills that are late, of one age or all."""
    require(by, Permission.TREASURY_READ)
    first, last = due_between(age, today()) if age else (date.min, today() - timedelta(days=1))
    return page_of(_late(by).where(Skrd.due_on.between(first, last)), Skrd.id, place)


def arrears_by_age(*, by: Actor) -> list[Arrears]:
    require(by, Permission.TREASURY_READ)
    return [_sum_of(age, by) for age in Age]


def due_between(age: Age, day: date) -> tuple[date, date]:
    """The first and the last due date of bills of that age on a day. They never overlap."""
    lapsed = month_after(day, -LAPSES_AFTER_MONTHS) - timedelta(days=1)
    lapsing = month_after(day, _WARN_MONTHS - LAPSES_AFTER_MONTHS)
    ends = {
        Age.MONTH: day - timedelta(days=1),
        Age.QUARTER: day - timedelta(days=31),
        Age.YEAR: day - timedelta(days=91),
        Age.OLDER: day - timedelta(days=366),
        Age.LAPSING: lapsing,
        Age.LAPSED: lapsed,
    }
    ages = list(Age)
    following = ages[ages.index(age) + 1 :]
    begins = ends[following[0]] + timedelta(days=1) if following else date.min
    return begins, ends[age]


def replaced_by(strd: Skrd) -> Skrd | None:
    """The newer letter for which this one was withdrawn."""
    newer = _replacements([strd.id]).get(strd.id)
    return db.session.get(Skrd, newer) if newer else None


def replaced_with(strd: Skrd) -> Sequence[Skrd]:
    """The older letters that were withdrawn for this one, the first first."""
    asked = select(Skrd).where(Skrd.late_id == strd.late_id, Skrd.state == SkrdState.CANCELLED)
    older = (
        db.session.scalars(asked.order_by(Skrd.issued_on, Skrd.no)).all() if strd.late_id else []
    )
    newer = _replacements([one.id for one in older])
    return [one for one in older if newer.get(one.id) == strd.id]


def waiting_write_off(skrd_id: UUID) -> WriteOff | None:
    """What waits for the second person."""
    asked = select(WriteOff).where(WriteOff.skrd_id == skrd_id, WriteOff.ended_at.is_(None))
    return db.session.scalar(asked)


def write_offs_waiting(*, by: Actor) -> Sequence[tuple[WriteOff, Skrd]]:
    """All that wait, the longest first."""
    require(by, Permission.TREASURY_READ)
    asked = (
        select(WriteOff, Skrd)
        .join(Skrd, Skrd.id == WriteOff.skrd_id)
        .where(WriteOff.ended_at.is_(None))
        .where(within_reach(by, Permission.TREASURY_READ, Skrd.region))
        .order_by(WriteOff.id)
    )
    return [(write_off, skrd) for write_off, skrd in db.session.execute(asked)]


def write_off_for_update(write_off_id: UUID) -> WriteOff:
    asked = select(WriteOff).where(WriteOff.id == write_off_id).with_for_update()
    found = db.session.scalar(asked, execution_options={"populate_existing": True})
    if found is None:
        raise NotFound(write_off_id=str(write_off_id))
    return found


def _family(skrd: Skrd) -> ColumnElement[bool]:
    root = skrd.late_id or skrd.id
    return or_(Skrd.id == root, Skrd.late_id == root)


def _replacements(strd_ids: Sequence[UUID]) -> dict[UUID, UUID]:
    """By withdrawn letter the one that was issued for it."""
    asked = select(Event).where(Event.subject_id.in_(strd_ids), Event.name == "strd.cancelled")
    told = db.session.scalars(asked.order_by(Event.id)) if strd_ids else ()
    return {one.subject_id: UUID(new) for one in told if (new := one.facts.get("replaced_by"))}


def _spans_in_question(skrd: Skrd) -> list[tuple[date, date]]:
    """From the trail: a case that settled by itself and opened again counts for both times."""
    attempts = select(AttemptBill.attempt_id).where(AttemptBill.bill_id == skrd.id)
    theirs = or_(Collection.bill_id == skrd.id, Collection.attempt_id.in_(attempts))
    about = or_(
        Discrepancy.bill_id == skrd.id,
        Discrepancy.collection_id.in_(select(Collection.id).where(theirs)),
    )
    cases = select(Discrepancy.id).where(Discrepancy.kind.in_(ABOUT_MONEY), about)
    told = select(Event).where(Event.subject_id.in_(cases), Event.name.in_((_BEGAN, *_ENDED)))
    spans, begun = [], dict[UUID, date]()
    for event in db.session.scalars(told.order_by(Event.id)):
        day = local(event.happened_at).date()
        if event.name == _BEGAN:
            begun[event.subject_id] = day
        elif event.subject_id in begun:
            spans.append((begun.pop(event.subject_id), day))
    return [*spans, *((first, date.max) for first in begun.values())]


def _sum_of(age: Age, by: Actor) -> Arrears:
    late = _late(by).where(Skrd.due_on.between(*due_between(age, today()))).subquery()
    count, total = db.session.execute(select(func.count(late.c.id), func.sum(late.c.total))).one()
    return Arrears(age, count, Rupiah(int(total or 0)))


def _late(by: Actor) -> Select[Skrd]:
    return select(Skrd).where(
        Skrd.state == SkrdState.OPEN,
        Skrd.due_on < today(),
        within_reach(by, Permission.TREASURY_READ, Skrd.region),
    )
