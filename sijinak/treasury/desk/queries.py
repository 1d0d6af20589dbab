"""What the treasurer must know today: what came, who holds it, what is late or does not match."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from sqlalchemy import func, select

from sijinak.core.clock import clock, now, today
from sijinak.core.db import db
from sijinak.core.permissions import Actor, Permission, require, within_reach
from sijinak.payments.adapters.sandbox import SandboxAdapter
from sijinak.payments.discrepancies.legal import DAYS
from sijinak.payments.discrepancies.queries import STANDING
from sijinak.payments.models import Collection, Discrepancy, DiscrepancyKind
from sijinak.retribution.receipts.models import Allocation, Receipt
from sijinak.retribution.receipts.queries import is_live
from sijinak.treasury.deposits.models import Deposit
from sijinak.treasury.deposits.queries import late_deposits
from sijinak.treasury.desk.models import RegionalFigure, RevenueTarget
from sijinak.treasury.tickets.models import TicketSale

LATE_SINCE = timedelta(days=30)
STALE_AFTER = timedelta(days=4)  # a long weekend without a statement


@dataclass(frozen=True, slots=True)
class Taken:
    """``is_play``: of the sandbox, so no money."""

    channel: str
    count: int
    amount: int

    @property
    def is_play(self) -> bool:
        return self.channel == SandboxAdapter.name


@dataclass(frozen=True, slots=True)
class Queue:
    """Cases of one kind that stand open. ``late`` are past the days that the office allows."""

    kind: DiscrepancyKind
    count: int
    late: int
    amount: int


def taken_on(day: date, *, by: Actor) -> list[Taken]:
    """What a day brought by channel, receipts that count and tickets sold."""
    require(by, Permission.TREASURY_READ)
    begins = datetime.combine(day, time.min, clock.zone)
    ends = begins + timedelta(days=1)
    asked = (
        select(
            Collection.adapter,
            func.count(Receipt.id.distinct()),
            func.sum(Allocation.amount),
        )
        .join(Allocation, Allocation.receipt_id == Receipt.id)
        .join(Collection, Collection.id == Allocation.collection_id)
        .where(
            is_live(),
            Receipt.issued_at >= begins,
            Receipt.issued_at < ends,
            within_reach(by, Permission.TREASURY_READ, Receipt.region),
        )
    )
    rows = db.session.execute(asked.group_by(Collection.adapter).order_by(Collection.adapter))
    found = [Taken(channel, count, int(amount)) for channel, count, amount in rows]
    sold = select(func.sum(TicketSale.count), func.sum(TicketSale.amount)).where(
        TicketSale.sold_at >= begins,
        TicketSale.sold_at < ends,
        within_reach(by, Permission.TREASURY_READ, TicketSale.region),
    )
    count, amount = db.session.execute(sold).one()
    return [*found, Taken("tickets", int(count), int(amount or 0))] if count else found


def queues(*, by: Actor) -> list[Queue]:
    """What does not match, by kind, the largest first."""
    require(by, Permission.TREASURY_READ)
    asked = select(Discrepancy).where(
        Discrepancy.state.in_(STANDING),
        within_reach(by, Permission.TREASURY_READ, Discrepancy.region),
    )
    found: dict[DiscrepancyKind, list[Discrepancy]] = {}
    for case in db.session.scalars(asked.order_by(Discrepancy.id)):
        found.setdefault(case.kind, []).append(case)
    return sorted(
        (_queue(kind, cases) for kind, cases in found.items()), key=lambda queue: -queue.amount
    )


def _queue(kind: DiscrepancyKind, cases: Sequence[Discrepancy]) -> Queue:
    allowed = timedelta(days=DAYS[kind])
    late = sum(now() - case.opened_at > allowed for case in cases)
    return Queue(kind, len(cases), late, sum(abs(case.amount) for case in cases))


def late_of_month(*, by: Actor) -> Sequence[Deposit]:
    """Money that came to the bank too late in the last days."""
    return late_deposits(today() - LATE_SINCE, today(), by=by)


def targets_of(year: int) -> dict[tuple[str, int], RevenueTarget]:
    """By kode rekening and month: what was entered last. The caller has asked."""
    asked = select(RevenueTarget).where(RevenueTarget.year == year)
    rows = db.session.scalars(asked.order_by(RevenueTarget.entered_at, RevenueTarget.id))
    return {(row.law_code, row.month): row for row in rows}


def regional_figure(month: date) -> RegionalFigure | None:
    """What was entered last. The caller has asked."""
    asked = select(RegionalFigure).where(RegionalFigure.month == month)
    newest = asked.order_by(RegionalFigure.entered_at.desc(), RegionalFigure.id.desc())
    return db.session.scalar(newest.limit(1))
