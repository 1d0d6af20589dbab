"""Cash and its way to the bank: late, lying over days off, or never seen on a statement."""

from collections.abc import Iterator
from datetime import date, timedelta
from itertools import groupby

from sqlalchemy import func, or_, select

from sijinak.audit.findings.checks.rows import days_ago, on, rows
from sijinak.audit.findings.hits import Check, Hit
from sijinak.audit.findings.limits import (
    MONEY_WORKING_DAYS,
    STATEMENT_WORKING_DAYS,
    WEEKEND_CASH,
)
from sijinak.audit.findings.models import Severity
from sijinak.core.clock import today
from sijinak.core.db import db
from sijinak.core.workdays import WorkingDays
from sijinak.ledger.models import CashHolder
from sijinak.payments.models import Collection
from sijinak.treasury.accounts import bank_accounts
from sijinak.treasury.cash.parcels import parcels_of
from sijinak.treasury.deposits.models import Deposit, DepositLine, DepositState
from sijinak.treasury.holidays.queries import working_days
from sijinak.treasury.matching.models import MatchHold
from sijinak.treasury.policy import policy
from sijinak.treasury.statements.models import BankStatement
from sijinak.web.i18n import N_

IN_BANK = (DepositState.DEPOSITED, DepositState.MATCHED)
# Money that never comes to an account of the office: counted in hands, of play, or in wallets.
NOT_BANKED = ("cash", "sandbox", "wallet")
_ON = func.coalesce(Deposit.booked_on, Deposit.deposited_on)


def late_deposits() -> Iterator[Hit]:
    """An STS is one finding, with the part of its money that came late."""
    asked = (
        select(
            Deposit.id, Deposit.region, Deposit.holder_id, Deposit.number, _ON.label("banked"),
            DepositLine.received_on, func.sum(DepositLine.amount).label("amount"),
        )
        .join(DepositLine, DepositLine.deposit_id == Deposit.id)
        .where(Deposit.state.in_(IN_BANK))
        .group_by(
            Deposit.id, Deposit.region, Deposit.holder_id, Deposit.number, _ON,
            DepositLine.received_on,
        )
        .order_by(Deposit.id, DepositLine.received_on)
    )  # fmt: skip
    days = working_days()
    for deposit_id, parts in groupby(rows(asked), key=lambda row: row.id):
        late = [(days.between(one.received_on, one.banked), one) for one in parts]
        late = [(age, one) for age, one in late if age > policy.deposit_days]
        if late:
            worst, first = max(late, key=lambda pair: pair[0])
            yield Hit(
                subject="deposits", subject_id=deposit_id, region=first.region,
                amount=sum(int(one.amount) for _, one in late), on=first.banked,
                people=(first.holder_id,),
                facts={"number": first.number, "days": worst, "allowed": policy.deposit_days},
                evidence=(("deposits", deposit_id),),
            )  # fmt: skip


def cash_kept() -> Iterator[Hit]:
    """What lies in a hand too long: of the few who hold any, the oldest money."""
    days = working_days()
    asked = select(CashHolder.id).where(CashHolder.held > 0).order_by(CashHolder.id)
    for holder_id in db.session.scalars(asked).all():
        late = [
            one
            for one in parcels_of(holder_id)
            if days.between(one.received_on, today()) > policy.deposit_days
        ]
        if late:
            yield Hit(
                subject="users", subject_id=holder_id, key=late[0].received_on.isoformat(),
                amount=sum(one.amount for one in late), on=late[0].received_on,
                people=(holder_id,),
                facts={
                    "days": days.between(late[0].received_on, today()),
                    "allowed": policy.deposit_days, "parts": len(late),
                },
                evidence=tuple(("journals", one.source_id) for one in late[:5]),
            )  # fmt: skip


def cash_over_days_off() -> Iterator[Hit]:
    """By person and last working day: money that came then or before, and was in no bank."""
    asked = (
        select(
            Deposit.holder_id, DepositLine.received_on, _ON.label("banked"),
            func.min(Deposit.region).label("region"), func.sum(DepositLine.amount).label("amount"),
        )
        .join(DepositLine, DepositLine.deposit_id == Deposit.id)
        .where(Deposit.state.in_(IN_BANK), DepositLine.received_on < _ON)
        .group_by(Deposit.holder_id, DepositLine.received_on, _ON)
        .order_by(Deposit.holder_id, DepositLine.received_on)
    )  # fmt: skip
    days, lying = working_days(), dict[tuple[object, date], list[int]]()
    for row in rows(asked):
        for first in _days_off(row.received_on, row.banked, days):
            kept = lying.setdefault((row.holder_id, first), [0, 0])
            kept[0] += int(row.amount)
    regions = _regions_of_holders()
    for (holder_id, first), (amount, _) in lying.items():
        if amount >= WEEKEND_CASH:
            yield Hit(
                subject="users", subject_id=holder_id, key=first.isoformat(), amount=amount,  # type: ignore[arg-type]
                region=regions.get(holder_id, ""), on=first, people=(holder_id,),  # type: ignore[arg-type]
                facts={"first": first.isoformat(), "limit": WEEKEND_CASH},
            )  # fmt: skip


def _regions_of_holders() -> dict[object, str]:
    asked = select(Deposit.holder_id, func.min(Deposit.region)).group_by(Deposit.holder_id)
    return {row[0]: row[1] for row in rows(asked.order_by(Deposit.holder_id))}


def _days_off(came: date, banked: date, days: WorkingDays) -> Iterator[date]:
    """The first day of each run of days off over which it lay; no more than a year is looked at."""
    for n in range(1, min((banked - came).days, 366)):
        day = came + timedelta(days=n)
        if not days.includes(day) and days.includes(day - timedelta(days=1)):
            yield day


def deposits_not_in_bank() -> Iterator[Hit]:
    """The statement covers the day of the slip, and the days the bank may take, without it."""
    through = _covered()
    days = working_days()
    asked = (
        select(Deposit)
        .where(Deposit.state == DepositState.DEPOSITED)
        .order_by(Deposit.id)
        .execution_options(yield_per=500)
    )
    for one in db.session.scalars(asked):
        last, said = through.get(one.account), one.deposited_on
        if last is None or said is None or days.after(said, policy.slip_days) >= last:
            continue
        yield Hit(
            subject="deposits", subject_id=one.id, region=one.region, amount=one.amount, on=said,
            people=(one.holder_id,),
            facts={"number": one.number, "covered": last.isoformat(), "days": policy.slip_days},
            evidence=(("deposits", one.id),),
        )  # fmt: skip


def _covered() -> dict[str, date]:
    asked = select(BankStatement.account, func.max(BankStatement.last_on))
    asked = asked.group_by(BankStatement.account).order_by(BankStatement.account)
    return {row[0]: row[1] for row in db.session.execute(asked)}


def money_not_in_bank() -> Iterator[Hit]:
    """Paid through a channel, and on no statement although those cover the days since."""
    through = max(_covered().values(), default=None)
    if through is None:
        return
    days = working_days()
    asked = (
        select(Collection.id, Collection.region, Collection.amount, Collection.happened_at,
               Collection.adapter)
        .outerjoin(MatchHold, MatchHold.id == Collection.id)
        .where(MatchHold.id.is_(None), Collection.adapter.not_in(NOT_BANKED))
        .where(Collection.happened_at < days_ago(MONEY_WORKING_DAYS))
        .order_by(Collection.id)
    )  # fmt: skip
    for row in rows(asked):
        came = on(row.happened_at)
        if came and days.after(came, MONEY_WORKING_DAYS) < through:
            yield Hit(
                subject="collections", subject_id=row.id, region=row.region, amount=row.amount,
                on=came, facts={"channel": row.adapter, "covered": through.isoformat()},
                evidence=(("collections", row.id),),
            )  # fmt: skip


def other_accounts() -> Iterator[Hit]:
    """Where public money went that is no account of the office."""
    numbers = [one.number for one in bank_accounts.all()]
    codes = [one.code for one in bank_accounts.all()]
    odd = or_(Deposit.account.not_in(codes), Deposit.account_number.not_in(numbers))
    asked = select(Deposit).where(odd, Deposit.state.in_(IN_BANK)).order_by(Deposit.id)
    for one in db.session.scalars(asked.execution_options(yield_per=500)):
        yield Hit(
            subject="deposits", subject_id=one.id, region=one.region, amount=one.amount,
            on=one.deposited_on, people=(one.holder_id,), facts={"number": one.number},
            evidence=(("deposits", one.id),),
        )  # fmt: skip


def statements_missing() -> Iterator[Hit]:
    """By account: the newest statement ends so long ago."""
    newest = select(BankStatement.account, func.max(BankStatement.place).label("place"))
    newest_of = newest.group_by(BankStatement.account).subquery()
    asked = (
        select(BankStatement.id, BankStatement.account, BankStatement.region, BankStatement.last_on)
        .join(
            newest_of,
            (newest_of.c.account == BankStatement.account)
            & (newest_of.c.place == BankStatement.place),
        )
        .order_by(BankStatement.account)
    )
    for row in rows(asked):
        age = working_days().between(row.last_on, today())
        if age > STATEMENT_WORKING_DAYS:
            yield Hit(
                subject="bank_statements", subject_id=row.id, region=row.region, on=row.last_on,
                facts={"days": age, "allowed": STATEMENT_WORKING_DAYS, "account": row.account},
                evidence=(("bank_statements", row.id),),
            )  # fmt: skip


CHECKS = (
    Check(
        code="deposit-late", severity=Severity.HIGH, look=late_deposits,
        title=N_("Cash went to the bank late"),
        means=N_("Between the receipt and the bank lay more working days than the law allows."),
        do=N_("Ask the depositor where the money was. Compare the slip with the statement."),
        false_alarm=N_("A day off that is not in the table yet makes a day too many."),
        source="Permendagri 77/2020; BPK NTB 2023",
    ),
    Check(
        code="cash-kept", severity=Severity.HIGH, look=cash_kept,
        title=N_("Cash lies in a hand too long"),
        means=N_("Somebody still holds public money that should be in the bank by now."),
        do=N_("Count the cash today, with a second person. Let it go to the bank at once."),
        false_alarm=N_("A hand-over that was not written down leaves it with the giver."),
        source="Permendagri 77/2020",
    ),
    Check(
        code="cash-days-off", severity=Severity.LOW, look=cash_over_days_off,
        title=N_("Much cash over days off"),
        means=N_("A large sum lay in a hand over the weekend or a holiday."),
        do=N_("Ask where it lay. Ask for a safe, or for an earlier way to the bank."),
        false_alarm=N_("The office has a safe, or the money came after the bank had closed."),
        source="BPK Sumbar 2019",
    ),
    Check(
        code="deposit-not-in-bank", severity=Severity.HIGH, look=deposits_not_in_bank,
        title=N_("A deposit is not on the statement"),
        means=N_("The depositor says that it is in the bank, and the bank does not show it."),
        do=N_("See the slip itself, and ask the bank by its reference."),
        false_alarm=N_("A line of the bank with another reference waits to be matched by hand."),
        source="Permendagri 77/2020; BPK NTB",
    ),
    Check(
        code="deposit-other-account", severity=Severity.HIGH, look=other_accounts,
        title=N_("A deposit to an account that is not the office's"),
        means=N_("Public money went to an account that the settings do not register."),
        do=N_("Ask the bank whose account it is. Tell the head of the office at once."),
        false_alarm=N_("The office has closed an account and taken it out of the settings."),
        source="Permendagri 77/2020; BPK NTB 2023",
    ),
    Check(
        code="money-not-in-bank", severity=Severity.MIDDLE, look=money_not_in_bank,
        title=N_("Money of a channel is not on the statement"),
        means=N_("The channel says that it was paid, and no line of the bank has it."),
        do=N_("Ask the channel for its settlement, and the bank for the line."),
        false_alarm=N_("One line of the bank pays a whole day, and was not matched yet."),
        source="Permendagri 56/2021",
    ),
    Check(
        code="statements-missing", severity=Severity.MIDDLE, look=statements_missing,
        title=N_("No statement of the bank for days"),
        means=N_("What came to the account since then nobody has compared."),
        do=N_("Let the treasurer bring the statements in."),
        false_alarm=N_("The bank sends statements once a month only."),
        source="Permendagri 77/2020",
    ),
)  # fmt: skip
