"""Several bills at once, cash at the counter, and money that waits for the bank's statement."""

from collections.abc import Iterator

import pytest

from sijinak.accounts.models import Role
from sijinak.core.db import db, transaction
from sijinak.core.events import Event
from sijinak.core.ids import uuid7
from sijinak.core.permissions import OPERATOR, WORKER
from sijinak.payments.models import Collection, DiscrepancyKind
from sijinak.retribution.models import Skrd, SkrdState
from sijinak.retribution.receipts.policy import When, policy
from sijinak.retribution.receipts.queries import moneys_of, paid_together, receipt_of
from sijinak.retribution.receipts.services import (
    BillerMayNotCash,
    OtherPayer,
    WrongAmount,
    receive_cash,
)
from sijinak.retribution.receipts.settling import settle_waiting, settling
from sijinak.retribution.services import CancelSkrd, SkrdNotOpen, cancel_skrd, issue_skrd
from tests.factories import actor_for
from tests.retribution.factories import (
    cash_for,
    do,
    fresh,
    issue,
    make_keeper,
    make_skrd,
    money,
    receipts,
)
from tests.retribution.receipts.ways import (
    bills,
    held_by,
    in_suspense,
    open_cases,
    owed,
    pay_together,
)

pytestmark = pytest.mark.usefixtures("context")


@pytest.fixture
def after_statement(context: object) -> Iterator[None]:
    policy.when = When.STATEMENT
    yield
    policy.when = When.PROVIDER


def kinds() -> list[DiscrepancyKind]:
    return [one.kind for one in open_cases()]


def states(skrds: list[Skrd]) -> set[SkrdState]:
    return {fresh(skrd).state for skrd in skrds}


def test_one_payment_pays_several_bills_each_with_its_receipt():
    skrds = bills()
    pay_together(skrds, 60_000)
    assert states(skrds) == {SkrdState.PAID}
    assert [r.no for r in receipts()] == [1, 2, 3]
    assert [owed(s) for s in skrds] == [0, 0, 0]
    assert in_suspense() == 0
    first = receipt_of(skrds[0].id)
    assert first is not None
    assert len(paid_together(first)) == 2
    assert [(a.amount, m.amount) for a, m in moneys_of(first)] == [(10_000, 60_000)]


@pytest.mark.parametrize(
    ("amount", "kind"), [(59_999, DiscrepancyKind.SHORT), (60_001, DiscrepancyKind.OVER)]
)
def test_several_bills_are_paid_exactly_or_not_at_all(amount: int, kind: DiscrepancyKind):
    skrds = bills()
    pay_together(skrds, amount)
    assert (states(skrds), receipts(), kinds()) == ({SkrdState.OPEN}, [], [kind])
    assert in_suspense() == amount


def test_one_of_several_bills_was_paid_or_withdrawn_before():
    paid, withdrawn = bills(2), bills(2)
    do(receive_cash, cash_for(paid[0]), by=actor_for(Role.TREASURER))
    do(cancel_skrd, CancelSkrd(skrd_id=withdrawn[0].id, reason="tidak jadi"), by=OPERATOR)
    pay_together(paid, 30_000)
    pay_together(withdrawn, 30_000, "N")
    assert kinds() == [DiscrepancyKind.DOUBLE, DiscrepancyKind.AFTER_CANCEL]
    assert fresh(paid[1]).state is fresh(withdrawn[1]).state is SkrdState.OPEN


def test_money_for_a_bill_that_is_not_there_is_unknown():
    skrd = make_skrd()
    do(receive_cash, cash_for(skrd), by=actor_for(Role.TREASURER))
    with transaction():
        for wanted in ([], [uuid7()], [skrd.id, uuid7()]):
            found = settling.settle(db.session.query(Collection).one(), wanted, by=WORKER)
            assert found is DiscrepancyKind.UNKNOWN_BILL


def test_events_tell_of_each_bill_and_each_receipt():
    pay_together(bills(2), 30_000)
    with transaction():
        names = [one.name for one in db.session.query(Event).order_by(Event.id)]
    assert (names.count("skrd.paid"), names.count("receipt.issued")) == (2, 2)


def test_cash_for_several_bills_of_one_payer():
    skrds, cashier = bills(), actor_for(Role.COLLECTOR)
    command = cash_for(skrds[0], also=(skrds[1].id, skrds[2].id), amount=60_000)
    receipt = do(receive_cash, command, by=cashier)
    assert do(receive_cash, command, by=cashier).id == receipt.id, "two clicks are one"
    assert receipt.skrd_id == skrds[0].id
    assert states(skrds) == {SkrdState.PAID}
    assert [m.amount for m in money()] == [10_000, 20_000, 30_000]
    assert held_by(cashier) == 60_000


def test_cash_for_several_bills_is_all_or_nothing():
    skrds = bills()
    others = make_skrd(5_000)
    treasurer = actor_for(Role.TREASURER)
    with pytest.raises(WrongAmount):
        do(receive_cash, cash_for(skrds[0], also=(skrds[1].id,), amount=10_000), by=treasurer)
    with pytest.raises(OtherPayer):
        do(receive_cash, cash_for(skrds[0], also=(others.id,), amount=15_000), by=treasurer)
    do(cancel_skrd, CancelSkrd(skrd_id=skrds[1].id, reason="tidak jadi"), by=OPERATOR)
    with pytest.raises(SkrdNotOpen):
        do(receive_cash, cash_for(skrds[0], also=(skrds[1].id,), amount=30_000), by=treasurer)
    assert (money(), receipts(), held_by(treasurer)) == ([], [], 0)


def test_who_billed_one_of_several_takes_the_money_of_none():
    keeper, both = make_keeper(), actor_for(Role.TREASURER)
    first = make_skrd(keeper=keeper)
    second = do(issue_skrd, issue(keeper, took_part=(both.id,)), by=OPERATOR)
    with pytest.raises(BillerMayNotCash):
        do(receive_cash, cash_for(first, also=(second.id,), amount=159_000), by=both)


def test_a_series_of_a_fee_office_counts_for_itself():
    treasurer = actor_for(Role.TREASURER)
    for series in ("SBW-01", "EMP-02", "SBW-01"):
        command = cash_for(make_skrd())
        with transaction():
            receive_cash(command, by=treasurer, series=series)
    found = sorted((r.series, r.no) for r in receipts())
    assert found == [("EMP-02", 1), ("SBW-01", 1), ("SBW-01", 2)]


@pytest.mark.usefixtures("after_statement")
def test_money_waits_until_it_is_on_the_statement():
    skrds = bills(2)
    pay_together(skrds, 30_000)
    assert (states(skrds), receipts(), kinds()) == ({SkrdState.OPEN}, [], [])
    with transaction():
        assert not settling.are_open([skrds[0].id]), "nobody pays it once more meanwhile"
    for _ in range(2):
        come = [m.id for m in money()]
        with transaction():
            settle_waiting(come, by=WORKER)
    assert states(skrds) == {SkrdState.PAID}
    assert len(receipts()) == 2


@pytest.mark.usefixtures("after_statement")
def test_money_that_no_longer_fits_when_the_statement_comes_gets_a_case():
    skrds = bills(1)
    pay_together(skrds, 10_000)
    do(receive_cash, cash_for(skrds[0]), by=actor_for(Role.TREASURER))
    assert [r.channel for r in receipts()] == ["cash"], "cash waits for no statement"
    for _ in range(2):
        come = [m.id for m in money()]
        with transaction():
            settle_waiting(come, by=WORKER)
    assert kinds() == [DiscrepancyKind.DOUBLE]


def test_bills_are_open_only_when_all_are():
    skrds = bills(2)
    with transaction():
        assert settling.are_open([s.id for s in skrds])
        assert not settling.are_open([])
        assert not settling.are_open([skrds[0].id, uuid7()])
    do(receive_cash, cash_for(skrds[0]), by=actor_for(Role.TREASURER))
    with transaction():
        assert not settling.are_open([s.id for s in skrds])
