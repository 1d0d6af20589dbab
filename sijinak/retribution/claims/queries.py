"""What is late: interest, arrears by their age, and what is to be given up."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from uuid import UUID

from sqlalchemy import Select, func, select

from sijinak.core.clock import today
from sijinak.core.db import db
from sijinak.core.errors import NotFound
from sijinak.core.money import Rupiah
from sijinak.core.paging import START, Page, Place, page_of
from sijinak.core.permissions import Actor, Permission, require, within_reach
from sijinak.retribution.claims.interest import (
    LAPSES_AFTER_MONTHS,
    interest_on,
    month_after,
    months_late,
)
from sijinak.retribution.claims.models import WriteOff
from sijinak.retribution.models import BillKind, Skrd, SkrdState

_WARN_MONTHS = 6


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
    """On a day, less what was paid of it before. None on interest, and none on what is given up."""
    if skrd.kind is BillKind.STRD or skrd.state in {SkrdState.CANCELLED, SkrdState.WRITTEN_OFF}:
        return Rupiah(0)
    paid = select(func.sum(Skrd.total)).where(Skrd.late_id == skrd.id, Skrd.state == SkrdState.PAID)
    whole = interest_on(skrd.total, months_late(skrd.due_on, on))
    return Rupiah(max(0, whole - int(db.session.scalar(paid) or 0)))


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
