"""What the bank's statement says of a deposit: that it is there, and since when."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sijinak.core.clock import today
from sijinak.core.db import db
from sijinak.core.events import events
from sijinak.core.permissions import WORKER, Actor, Permission, may, require
from sijinak.payments.discrepancies.services import Found, open_discrepancy, settle_discrepancy
from sijinak.payments.models import DiscrepancyKind
from sijinak.treasury.deposits.models import DEPOSIT_FLOW, Deposit
from sijinak.treasury.deposits.queries import days_late, deposit_for_update
from sijinak.treasury.holidays.queries import working_days


@dataclass(frozen=True, slots=True, kw_only=True)
class Banked:
    """On which line of the bank, of which day, a deposit was found."""

    match_id: UUID
    line_id: UUID
    on: date


def note_banked(deposit_id: UUID, banked: Banked, *, by: Actor) -> Deposit:
    """A line of the bank's statement is this deposit; its day says how late the money was."""
    deposit = deposit_for_update(deposit_id)
    _require_matching(deposit, by=by)
    late = late_parts(deposit, banked.on)
    deposit.state = DEPOSIT_FLOW.step(deposit.state, "match").target
    deposit.match_id, deposit.line_id = banked.match_id, banked.line_id
    deposit.booked_on = banked.on
    tell_late(deposit, late, by=by)
    on = banked.on.isoformat()
    record_deposit("deposit.matched", deposit, by=by, match=str(banked.match_id), on=on)
    return deposit


def note_unbanked(deposit_id: UUID, *, by: Actor) -> Deposit:
    """The match was wrong and is undone."""
    deposit = deposit_for_update(deposit_id)
    _require_matching(deposit, by=by)
    late = late_parts(deposit, deposit.deposited_on or today())
    deposit.state = DEPOSIT_FLOW.step(deposit.state, "unmatch").target
    deposit.match_id = deposit.line_id = deposit.booked_on = None
    tell_late(deposit, late, by=by)
    record_deposit("deposit.unmatched", deposit, by=by)
    return deposit


def late_parts(deposit: Deposit, on: date) -> list[tuple[int, int]]:
    """By how many working days which amounts are late, when they are in the bank on a day."""
    days = working_days()
    late = [(days_late(line, on, days), line.amount) for line in deposit.lines]
    return [(number, amount) for number, amount in late if number]


def tell_late(deposit: Deposit, late: Sequence[tuple[int, int]], *, by: Actor) -> None:
    """The case follows the day that the bank says, unless people ended it."""
    before, deposit.late_days = deposit.late_days, max((number for number, _ in late), default=0)
    if deposit.late_days == before:
        return
    settle_discrepancy(DiscrepancyKind.DEPOSIT_LATE, deposit.id, by=WORKER)
    if not deposit.late_days:
        return
    amount = sum(amount for _, amount in late)
    found = Found(
        kind=DiscrepancyKind.DEPOSIT_LATE,
        about=deposit,
        region=deposit.region,
        amount=amount,
        facts={"number": deposit.number, "days": str(deposit.late_days)},
    )
    db.session.flush()
    open_discrepancy(found, by=by)


def _require_matching(deposit: Deposit, *, by: Actor) -> None:
    if not may(by, Permission.MONEY_RESOLVE, region=deposit.region):
        require(by, Permission.PAYMENT_SETTLE, region=deposit.region)


def record_deposit(name: str, deposit: Deposit, *, by: Actor, **facts: object) -> None:
    facts = {"number": deposit.number, "amount": deposit.amount, **facts}
    events.record(name, deposit, by=by, region=deposit.region, **facts)
