"""Receipts as the auditor lists and adds them up."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import select

from sijinak.audit.desk.summing import (
    Amounts,
    Cell,
    Days,
    added_up,
    cells,
    levied,
    tickets,
)
from sijinak.audit.desk.ticketing import Sold, sold_by
from sijinak.audit.desk.wanted import DEAR, Wanted, conditions
from sijinak.core.clock import today
from sijinak.core.db import db
from sijinak.core.errors import NotFound
from sijinak.core.paging import START, Page, Place, page_among, page_of
from sijinak.core.permissions import Actor, Permission, require, within_reach
from sijinak.retribution.receipts.models import Receipt

DEAR_DAYS = timedelta(days=92)
NOBODY = UUID(int=0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Sums:
    """Of some days, without play money; ``levied`` and ``tickets`` of the same days.

    ``received`` are receipts that stand; a voided one is in ``voided`` alone, on the day of its
    void. ``deposited`` and ``in_bank`` are of the receipts in ``received``, whenever that was.
    """

    first: date
    last: date
    name: str = ""  # a channel, or an officer
    officer_id: UUID | None = None
    levied: int = 0
    count: int = 0
    received: int = 0
    deposited: int = 0
    in_bank: int = 0
    voided: int = 0
    differing: int = 0  # how many do not agree with their bill or money
    tickets: int = 0

    @property
    def altogether(self) -> int:
        return self.received + self.tickets

    @property
    def difference(self) -> int:
        return self.received - self.in_bank


def receipts_wanted(wanted: Wanted, *, by: Actor, place: Place = START) -> Page[Receipt]:
    """And their voids, newest first.

    What is dear to answer is asked of some receipts for each page, however few of them are meant.
    """
    require(by, Permission.AUDIT_READ)
    wanted = bounded(wanted)
    if not is_dear(wanted):
        asked = select(Receipt).where(*conditions(wanted, by=by))
        return page_of(asked, Receipt.id, place, first=[Receipt.issued_at])
    among = conditions(replace(wanted, standing=None, component=""), by=by)
    asked = select(Receipt).where(*conditions(replace(wanted, first=None, last=None), by=by))
    return page_among(asked, among, Receipt.id, place, first=[Receipt.issued_at])


def is_dear(wanted: Wanted) -> bool:
    """It has to look at the money or the bill of each receipt."""
    return wanted.standing in DEAR or bool(wanted.component)


def bounded(wanted: Wanted) -> Wanted:
    """What is dear to answer is asked of a quarter of a year, unless days were named."""
    if wanted.first or not is_dear(wanted):
        return wanted
    return replace(wanted, first=(wanted.last or today()) - DEAR_DAYS)


def receipt_to_audit(receipt_id: UUID, *, by: Actor) -> Receipt:
    require(by, Permission.AUDIT_READ)
    within = within_reach(by, Permission.AUDIT_READ, Receipt.region)
    found = db.session.scalar(select(Receipt).where(Receipt.id == receipt_id, within))
    if found is None:
        raise NotFound(receipt_id=str(receipt_id))
    return found


def months_until(month: date, many: int, *, by: Actor) -> list[Sums]:
    """``month`` is its first day; the newest first."""
    require(by, Permission.AUDIT_READ)
    periods: list[Days] = []
    for _ in range(many):
        periods.insert(0, (month, last_of(month)))
        month = (month - timedelta(days=1)).replace(day=1)
    return _sums_of(periods, cells(periods, by=by), by=by)[::-1]


def last_of(month: date) -> date:
    return (month.replace(day=28) + timedelta(days=4)).replace(day=1) - timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Cuts:
    """Some days: each on which something happened, and all of them by channel and by officer.

    ``sold`` are the tickets, as if they were a channel; ``total`` is everything.
    """

    days: Sequence[Sums]
    channels: Sequence[Sums]
    officers: Sequence[Sums]  # the machine is one of them
    sold: Sums
    total: Sums


def cuts_of(first: date, last: date, *, by: Actor) -> Cuts:
    """The first day first, the officer who received most first."""
    require(by, Permission.AUDIT_READ)
    days = [first + timedelta(days=n) for n in range((last - first).days + 1)]
    periods = [(day, day) for day in days]
    found, sales = cells(periods, by=by), sold_by(first, last, by=by)
    by_day = _sums_of(periods, found, by=by)
    channels = added_up((one.channel, one.amounts) for one in found)
    sold = Amounts(
        sum(one.count for one in sales), sum(one.amount for one in sales),
        sum(one.deposited for one in sales), sum(one.in_bank for one in sales),
    )  # fmt: skip
    everything = sum(channels.values(), sold)
    return Cuts(
        days=[one for one in by_day if one.count or one.levied or one.voided or one.tickets],
        channels=[_as_sums((first, last), channels[one], name=one) for one in sorted(channels)],
        officers=_officers((first, last), found, sales),
        sold=_as_sums((first, last), sold),
        total=_as_sums((first, last), everything, levied=sum(one.levied for one in by_day)),
    )


def _officers(days: Days, found: Sequence[Cell], sales: Sequence[Sold]) -> list[Sums]:
    amounts = dict(added_up((one.officer_id, one.amounts) for one in found))
    tickets = {one.seller_id: one.amount for one in sales}
    names = {one.seller_id: one.seller for one in sales}
    names |= {one.officer_id: one.officer for one in sorted(found, key=lambda one: one.officer)}
    every = [
        _as_sums(
            days, amounts.get(one, Amounts()), name=name, officer_id=one,
            tickets=tickets.get(one, 0),
        )
        for one, name in names.items()
    ]  # fmt: skip
    return sorted(every, key=lambda one: (-one.altogether, -one.voided, one.officer_id or NOBODY))


def _sums_of(periods: Sequence[Days], found: Sequence[Cell], *, by: Actor) -> list[Sums]:
    amounts = added_up((one.place, one.amounts) for one in found)
    bills, sold = levied(periods, by=by), tickets(periods, by=by)
    return [
        _as_sums(
            days,
            amounts.get(place, Amounts()),
            levied=bills.get(place, 0),
            tickets=sold.get(place, 0),
        )
        for place, days in enumerate(periods)
    ]


def _as_sums(days: Days, amounts: Amounts, **more: Any) -> Sums:
    return Sums(first=days[0], last=days[1], **asdict(amounts), **more)
