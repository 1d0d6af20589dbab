"""Who takes part in the road of the money, the bills they settle, and what is true in the end."""

from dataclasses import dataclass
from uuid import UUID

from flask import current_app
from sqlalchemy import func, select

from sijinak.accounts.models import Role
from sijinak.core.db import db
from sijinak.core.money import rupiah_text
from sijinak.ledger import chart
from sijinak.ledger.cli import ledger
from sijinak.ledger.models import Posting
from sijinak.ledger.queries import balance, balances
from sijinak.payments.models import Collection, Discrepancy, DiscrepancyState
from sijinak.payments.refunds.models import Refund, RefundState
from sijinak.permits.models import Permit, PermitState
from sijinak.retribution.models import Skrd, SkrdState
from sijinak.retribution.queries import skrd_of_permit
from sijinak.retribution.receipts.models import Receipt
from sijinak.treasury.deposits.models import Deposit, DepositState
from sijinak.treasury.matching.models import MatchHold
from sijinak.treasury.statements.models import BankLine
from tests.factories import make_user
from tests.permits.factories import Office, make_herd, make_office, make_permit

ACCOUNT = "rkud"
LINES = 5  # of the bank: settlement, refund, deposit, transfer, and the rest of what was short


@dataclass(frozen=True)
class Bill:
    """The SKRD of a permit, as somebody pays it."""

    id: UUID
    permit_id: UUID
    number: str
    total: int


@dataclass(frozen=True)
class Till:
    """User names, and a bill for each way of paying."""

    trader: str
    collector: str
    treasurer: str
    second: str  # who looks at what the treasurer proposes and counts
    late: Bill
    twice: Bill
    short: Bill
    exact: Bill
    transfer: Bill
    cash: Bill

    @property
    def bills(self) -> list[Bill]:
        return [self.late, self.twice, self.short, self.exact, self.transfer, self.cash]

    @property
    def total(self) -> int:
        return sum(bill.total for bill in self.bills)


def hire() -> Till:
    """Committed. Each bill has an amount of its own: none can pass for another."""
    office = make_office()
    late, twice, short, exact, transfer, cash = (_bill(office, heads) for heads in range(1, 7))
    return Till(
        trader=office.trader.username,
        collector=make_user(Role.COLLECTOR, name="Siti Juru Pungut").username,
        treasurer=office.treasurer.username,
        second=office.kabid.username,
        late=late,
        twice=twice,
        short=short,
        exact=exact,
        transfer=transfer,
        cash=cash,
    )


def _bill(office: Office, heads: int) -> Bill:
    permit = make_permit(office, PermitState.BILLED, tags=make_herd(office.firm, heads))
    skrd = skrd_of_permit(permit.id)
    assert skrd
    return Bill(skrd.id, permit.id, skrd.number, skrd.total)


def rupiah(amount: int) -> str:
    return rupiah_text(amount).replace("\N{NO-BREAK SPACE}", " ")


def see_the_truth(till: Till) -> None:
    _see_the_books(till)
    _see_the_bills(till)
    _see_that_nothing_is_open()
    _see_that_the_program_says_so(till)


def _see_the_books(till: Till) -> None:
    sums = select(func.sum(Posting.amount)).group_by(Posting.journal_id)
    assert set(db.session.scalars(sums.order_by(Posting.journal_id))) == {0}
    assert balance(chart.bank(ACCOUNT)) == till.total, "all that was received, and no more"
    for account in (chart.RECEIVABLE, chart.SUSPENSE, chart.TRANSIT, chart.CASH):
        assert balances(account) == {}, account
    for adapter in ("snap", "statement"):
        assert balance(chart.clearing(adapter)) == 0, adapter
    for account in (chart.FEE, chart.SHORTAGE, chart.SURPLUS, chart.WRITTEN_OFF):
        assert balance(account) == 0, account


def _see_the_bills(till: Till) -> None:
    receipts = db.session.scalars(select(Receipt).order_by(Receipt.no)).all()
    assert [one.no for one in receipts] == list(range(1, len(till.bills) + 1))
    paid = {one.skrd_id: one.amount for one in receipts}
    assert paid == {bill.id: bill.total for bill in till.bills}
    for bill in till.bills:
        assert db.session.get_one(Skrd, bill.id).state is SkrdState.PAID
        assert db.session.get_one(Permit, bill.permit_id).state is PermitState.PAID
    (refund,) = db.session.scalars(select(Refund))
    assert (refund.state, refund.amount) == (RefundState.DONE, till.twice.total)
    came = db.session.scalar(select(func.sum(Collection.amount)))
    assert came == till.total + refund.amount


def _see_that_nothing_is_open() -> None:
    ended = {DiscrepancyState.RESOLVED, DiscrepancyState.SETTLED}
    open_cases = select(Discrepancy.kind).where(Discrepancy.state.not_in(ended))
    assert db.session.scalars(open_cases.order_by(Discrepancy.id)).all() == []
    lines = set(db.session.scalars(select(BankLine.id)))
    assert len(lines) == LINES
    assert lines <= set(db.session.scalars(select(MatchHold.id))), "each line has its money"
    (deposit,) = db.session.scalars(select(Deposit))
    assert deposit.state is DepositState.MATCHED


def _see_that_the_program_says_so(till: Till) -> None:
    run = current_app.test_cli_runner().invoke
    checked = run(ledger, ["check"])
    assert checked.exit_code == 0, checked.output
    written = run(ledger, ["export", "--format", "beancount"])
    assert written.exit_code == 0, written.output
    assert all(str(bill.id) in written.output for bill in till.bills)
