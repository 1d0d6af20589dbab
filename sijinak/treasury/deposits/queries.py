"""Questions about deposits: which there are, and how long the money lay."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import ColumnElement, exists, func, or_, select

from sijinak.core.db import db
from sijinak.core.errors import NotFound
from sijinak.core.paging import START, Page, Place, page_of
from sijinak.core.permissions import Actor, Permission, require, within_reach
from sijinak.core.workdays import WorkingDays
from sijinak.payments.adapters.statement import codes_in
from sijinak.payments.models import Attempt
from sijinak.treasury.accounts import bank_accounts
from sijinak.treasury.deposits.models import Deposit, DepositLine, DepositState
from sijinak.treasury.holidays.queries import working_days
from sijinak.treasury.naming import deposit_numbers_in, speaks_of_bill, squeezed
from sijinak.treasury.policy import policy

_ON = func.coalesce(Deposit.booked_on, Deposit.deposited_on)
_IN_BANK = (DepositState.DEPOSITED, DepositState.MATCHED)


@dataclass(frozen=True, slots=True)
class Sum:
    """What a kode rekening or a kind of line comes to."""

    name: str
    note: str
    amount: int


@dataclass(frozen=True, slots=True)
class Speed:
    """How long a person's money lay before it was in the bank, in working days."""

    holder_name: str
    deposits: int
    amount: int
    late_amount: int
    longest: int
    average: float  # by rupiah

    @property
    def on_time_percent(self) -> int:
        return 100 - round(100 * self.late_amount / self.amount) if self.amount else 100


def deposit_by_id(deposit_id: UUID, *, by: Actor) -> Deposit:
    found = db.session.scalar(select(Deposit).where(Deposit.id == deposit_id, _seen(by)))
    if found is None:
        raise NotFound(deposit=str(deposit_id))
    return found


def deposit_by_number(number: str) -> Deposit | None:
    """For anybody who holds the paper. Show no name of a person."""
    return db.session.scalar(select(Deposit).where(Deposit.number == number))


def deposit_for_update(deposit_id: UUID) -> Deposit:
    """Locked until the transaction ends."""
    asked = select(Deposit).where(Deposit.id == deposit_id).with_for_update()
    found = db.session.scalar(asked.execution_options(populate_existing=True))
    if found is None:
        raise NotFound(deposit=str(deposit_id))
    return found


def deposits(
    place: Place = START, *, by: Actor, state: DepositState | None = None
) -> Page[Deposit]:
    asked = select(Deposit).where(_seen(by))
    if state is not None:
        asked = asked.where(Deposit.state == state)
    return page_of(asked, Deposit.id, place, first=(Deposit.prepared_at,))


def prepared_deposits(*, by: Actor) -> Sequence[Deposit]:
    """With a number and not in the bank yet, the oldest first."""
    asked = select(Deposit).where(Deposit.state == DepositState.PREPARED, _seen(by))
    return db.session.scalars(asked.order_by(Deposit.prepared_at, Deposit.id)).all()


def late_deposits(first: date, last: date, *, by: Actor) -> Sequence[Deposit]:
    """In the bank in these days, with money that lay too long; the longest first."""
    require(by, Permission.TREASURY_READ)
    asked = select(Deposit).where(_ON.between(first, last), Deposit.late_days > 0, _seen(by))
    return db.session.scalars(asked.order_by(Deposit.late_days.desc(), Deposit.no)).all()


def speeds(first: date, last: date, *, by: Actor) -> list[Speed]:
    """From receipt to STS, by person."""
    require(by, Permission.TREASURY_READ)
    asked = select(Deposit).where(_ON.between(first, last), Deposit.state.in_(_IN_BANK), _seen(by))
    by_person: dict[UUID, list[Deposit]] = {}
    for deposit in db.session.scalars(asked.order_by(Deposit.holder_name, Deposit.no)):
        by_person.setdefault(deposit.holder_id, []).append(deposit)
    days = working_days()
    return [_speed(found, days) for found in by_person.values()]


def names_another(slip: str, deposit: Deposit) -> bool:
    """What is written as its reference is a code that stands on money of others, or on all."""
    name = squeezed(slip)
    if speaks_of_bill(name) or deposit_numbers_in([slip]) - {squeezed(deposit.number)}:
        return True
    codes = {slip, name, *codes_in(slip)}
    is_pay_code = db.session.scalar(select(exists().where(Attempt.pay_code.in_(codes))))
    return bool(is_pay_code) or name in {squeezed(one.number) for one in bank_accounts.all()}


def sums_by_code(lines: Iterable[DepositLine]) -> list[Sum]:
    """By kode rekening, as the STS states them."""
    totals: dict[tuple[str, str], int] = {}
    for line in lines:
        key = line.law_code, line.component
        totals[key] = totals.get(key, 0) + line.amount
    return [Sum(code, component, total) for (code, component), total in sorted(totals.items())]


def days_late(line: DepositLine, on: date, days: WorkingDays) -> int:
    """Working days after its deadline; 0 when in time."""
    return days.between(days.after(line.received_on, policy.deposit_days), on)


def _speed(found: Sequence[Deposit], days: WorkingDays) -> Speed:
    ages = [
        (days.between(line.received_on, deposit.in_bank_on), line.amount)
        for deposit in found
        if deposit.in_bank_on
        for line in deposit.lines
    ]
    total = sum(amount for _, amount in ages)
    return Speed(
        holder_name=found[0].holder_name,
        deposits=len(found),
        amount=total,
        late_amount=sum(amount for age, amount in ages if age > policy.deposit_days),
        longest=max((age for age, _ in ages), default=0),
        average=sum(age * amount for age, amount in ages) / total if total else 0,
    )


def _seen(by: Actor) -> ColumnElement[bool]:
    read = within_reach(by, Permission.TREASURY_READ, Deposit.region)
    return or_(Deposit.holder_id == by.id, read) if by.reaches(Permission.CASH_RECEIVE) else read
