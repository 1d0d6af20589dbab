"""Who holds how much, for how long, and what must be in the bank before days off."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from sijinak.core.clock import today
from sijinak.core.permissions import Actor
from sijinak.core.workdays import WorkingDays
from sijinak.ledger.queries import last_closed_day
from sijinak.treasury.cash.parcels import Parcel, parcels_of
from sijinak.treasury.cash.queries import holder_of, holders_with_cash
from sijinak.treasury.holidays.queries import working_days
from sijinak.treasury.people import names_of
from sijinak.treasury.policy import policy


@dataclass(frozen=True, slots=True)
class Holding:
    """``working_days``: the age of the oldest money; ``overdue``: what should be in the bank."""

    holder_id: UUID
    name: str
    held: int
    floats: int
    oldest: date | None
    working_days: int
    overdue: int
    due_on: date | None  # by then the oldest money has to be in the bank
    parcels: Sequence[Parcel]

    @property
    def free(self) -> int:
        return sum(parcel.free for parcel in self.parcels)


@dataclass(frozen=True, slots=True)
class Break:
    """Days off begin after today: whoever holds money brings it to the bank by that hour."""

    last_day: date
    next_day: date
    by: str


def everybody(*, by: Actor) -> list[Holding]:
    """Everybody who holds cash or change now, the most first."""
    holders = holders_with_cash(by=by)
    names, days = names_of([holder.id for holder in holders]), working_days()
    return [_holding(holder.id, names.get(holder.id, "–"), days) for holder in holders]


def own_holding(*, by: Actor) -> Holding:
    """What the person holds who asks."""
    return _holding(by.id, by.name, working_days())


def counts_on(person_id: UUID) -> date | None:
    """The day on which what the person takes now counts, when today is closed; else None."""
    closed = max(filter(None, (holder_of(person_id).closed_on, last_closed_day())), default=None)
    return closed + timedelta(days=1) if closed and closed >= today() else None


def coming_break(day: date) -> Break | None:
    """On the last working day before days off; else None."""
    days = working_days()
    if not days.includes(day) or days.includes(day + timedelta(days=1)):
        return None
    return Break(day, days.after(day, 1), policy.deposit_by)


def _holding(person_id: UUID, name: str, days: WorkingDays) -> Holding:
    holder, parcels, now_ = holder_of(person_id), parcels_of(person_id), today()
    oldest = parcels[0].received_on if parcels else None
    late = [one for one in parcels if days.after(one.received_on, policy.deposit_days) < now_]
    return Holding(
        holder_id=person_id,
        name=name,
        held=holder.held,
        floats=holder.floats,
        oldest=oldest,
        working_days=days.between(oldest, now_) if oldest else 0,
        overdue=sum(one.amount for one in late),
        due_on=days.after(oldest, policy.deposit_days) if oldest else None,
        parcels=parcels,
    )
