"""What does not match, found every night: put into the queue, and out again when it comes."""

from datetime import date

from sqlalchemy import func, select

from sijinak.core.clock import local
from sijinak.core.db import db
from sijinak.core.permissions import Actor, Permission, require
from sijinak.payments.adapters.base import Kind
from sijinak.payments.discrepancies.services import Found, open_discrepancy, settle_discrepancy
from sijinak.payments.models import Collection, DiscrepancyKind, Fact
from sijinak.payments.refunds.models import Refund, RefundState
from sijinak.treasury.deposits.models import Deposit, DepositState
from sijinak.treasury.holidays.queries import working_days_after
from sijinak.treasury.matching.gathering import goes_through_bank, line_of, world_for
from sijinak.treasury.matching.holding import Why, held_back
from sijinak.treasury.matching.queries import is_free, unmatched_lines
from sijinak.treasury.matching.rules import Differs, judge
from sijinak.treasury.matching.world import Slip
from sijinak.treasury.statements.models import BankLine
from sijinak.treasury.statements.queries import last_days

WORKING_DAYS = 2  # in which money is on the statement


def look_for_differences(*, by: Actor) -> int:
    """Open a case for each line without money and each money without a line; how many there are.

    Money counts as missing only when the statements of the days on which it should have come are
    here: without a statement nobody knows.
    """
    require(by, Permission.PAYMENT_SETTLE)
    lines = {line.id: line for line in unmatched_lines()}
    known = [line_of(line) for line in lines.values()]
    verdict = judge(known, world_for(known))
    differs = verdict.differs
    waits = {one for one, why in held_back(verdict.pairs).items() if why is Why.WAITS}
    named = {one.line.id for one in differs}
    named_things = {one.thing.id for one in differs}
    found = [
        *(_differing(one, lines[one.line.id]) for one in differs),
        *(_unknown(line) for line in lines.values() if line.id not in named | waits),
        *(one for one in _missing() if one.about.id not in named_things),
    ]
    for line_id in named:
        settle_discrepancy(DiscrepancyKind.BANK_LINE, line_id, by=by)
    for one in found:
        open_discrepancy(one, by=by)
    return len(found)


def _unknown(line: BankLine) -> Found:
    return Found(
        kind=DiscrepancyKind.BANK_LINE,
        about=line,
        region=line.region,
        amount=line.amount,
        facts={"account": line.account, "day": line.booked_on.isoformat()},
    )


def _differing(one: Differs, line: BankLine) -> Found:
    """The line names it, with another amount: above zero the bank has more than we know of."""
    facts = {"line": str(line.id), "day": line.booked_on.isoformat()}
    amount = line.amount - one.thing.amount
    if isinstance(one.thing, Slip):
        deposit = db.session.get_one(Deposit, one.thing.id)
        return Found(
            kind=DiscrepancyKind.DEPOSIT_DIFFERS,
            about=deposit,
            region=deposit.region,
            amount=amount,
            facts=facts,
        )
    return Found(
        kind=DiscrepancyKind.CONFLICTING,
        about=line,
        region=line.region,
        amount=amount,
        collection_id=one.thing.id,
        facts=facts,
    )


def _missing() -> list[Found]:
    """What should be on the statement by now, and is not."""
    known = last_days()
    if not known:
        return []
    latest = max(known.values())
    found = [_absent(one, one.amount) for one in _money_without_line() if _is_due(one, latest)]
    asked = select(Deposit).where(Deposit.state == DepositState.DEPOSITED, is_free(Deposit.id))
    for deposit in db.session.scalars(asked.order_by(Deposit.id)):
        until = known.get(deposit.account)
        if until and deposit.deposited_on and until >= _due_on(deposit.deposited_on):
            found.append(_absent(deposit, deposit.amount))
    return found


def _money_without_line() -> list[Collection]:
    """Through the bank, and neither taken back nor given back by the channel."""
    gone = select(Fact.id).where(
        Fact.adapter == Collection.adapter,
        Fact.money_id == Collection.money_id,
        Fact.kind == Kind.REVERSED,
    )
    given = select(func.coalesce(func.sum(Refund.amount), 0)).where(
        Refund.collection_id == Collection.id,
        Refund.state == RefundState.DONE,
        ~Refund.paid_by_hand,
    )
    asked = select(Collection).where(
        is_free(Collection.id), ~gone.exists(), given.scalar_subquery() < Collection.amount
    )
    rows = db.session.scalars(asked.order_by(Collection.happened_at, Collection.id))
    return [one for one in rows if goes_through_bank(one.adapter)]


def _is_due(money: Collection, latest: date) -> bool:
    return latest >= _due_on(local(money.happened_at).date())


def _due_on(day: date) -> date:
    return working_days_after(day, WORKING_DAYS)


def _absent(thing: Collection | Deposit, amount: int) -> Found:
    money = thing if isinstance(thing, Collection) else None
    return Found(
        kind=DiscrepancyKind.MISSING_IN_BANK,
        about=thing,
        region=thing.region,
        amount=-amount,
        collection_id=money.id if money else None,
        facts={"through": money.adapter if money else ""},
    )
