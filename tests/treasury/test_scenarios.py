"""The two traces of a charge that end at the bank's line, from the bill to the line."""

import json
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from sijinak.core.clock import today
from sijinak.core.db import transaction
from sijinak.core.permissions import WORKER
from sijinak.ledger import chart
from sijinak.ledger.checking import book_faults
from sijinak.ledger.queries import balance
from sijinak.payments.adapters.base import SettlementLine
from sijinak.payments.models import DiscrepancyKind
from sijinak.payments.settlements import keep_settlements
from sijinak.retribution.receipts.services import receive_cash
from sijinak.treasury.deposits.models import DepositState
from sijinak.treasury.matching.jobs import reconcile
from tests.payments.desk import bank, cases, deliver, door, state_of
from tests.payments.fakebank import FakeBank
from tests.retribution.factories import begin_payment, cash_for, make_skrd, receipts, work
from tests.treasury.cash.factories import close, collector, do, held, treasurer
from tests.treasury.deposits.factories import bring, fresh, prepare
from tests.treasury.matching.factories import CODE, register_account, take_lines

__all__ = ["bank", "door"]
VECTORS = Path(__file__).parents[1] / "payments" / "vectors" / "charge-scenarios.json"
TRACES = {one["id"]: one for one in json.loads(VECTORS.read_text())["vectors"]}


def trace(name: str) -> tuple[int, dict[str, Any], dict[str, Any]]:
    """The amount, the steps by their name, and what is expected."""
    told = TRACES[name]
    steps = {step["op"]: step for step in told["input"]["steps"]}
    return told["input"]["charge_amount"], steps, told["expected"]


def on(account: str, about: Any = None) -> int:
    with transaction():
        return balance(account, about) if about else balance(account)


@pytest.fixture(autouse=True)
def _office(context: Flask) -> None:
    register_account()


def test_a_bank_that_keeps_a_fee_settles_the_rest(bank: FakeBank, door: FlaskClient) -> None:
    amount, steps, wanted = trace("bank-settles-net-of-mdr")
    skrd = make_skrd(amount)
    attempt = begin_payment(skrd, bank.name)
    work()
    told = steps["notify"]
    deliver(door, bank.told(bank.pay(attempt.ref, told["amount"], money_id=told["txn"])))
    work()
    (line,) = steps["statement"]["lines"]
    settled = [
        SettlementLine(
            money_id=one["txn"], gross=one["gross"], fee=one["fee"],
            settled_on=today(), batch=line["ref"],
        )
        for one in steps["statement"]["settlement"]
    ]  # fmt: skip
    with transaction():
        keep_settlements(bank.name, settled, by=WORKER)
    take_lines([(line["amount"], f"SETTLEMENT {line['ref']}")], by=treasurer(), day=today())
    reconcile()
    assert state_of(skrd.id) == wanted["charge"]
    assert len(receipts()) == wanted["receipts"]
    assert on(chart.clearing(bank.name)) == wanted["clearing"]
    assert on(chart.bank(CODE)) == wanted["bank"]
    assert on(chart.FEE) == wanted["fee_expense"]
    assert on(chart.SUSPENSE) == 0
    assert [case.kind for case in cases()] == [DiscrepancyKind.FEE], "it should have kept none"
    assert list(book_faults()) == []


def test_the_day_of_a_collector_ends_on_the_banks_line() -> None:
    amount, steps, wanted = trace("cash-collector-day")
    person, signer = collector(), treasurer()
    skrd = make_skrd(amount)
    do(receive_cash, cash_for(skrd, amount=steps["cash"]["amount"]), by=person)
    assert held(person) == amount
    deposit = bring(prepare(person), person, amount=steps["deposit"]["amount"])
    assert close(person, signer).counted == 0
    take_lines([(deposit.amount, f"SETORAN {deposit.number}")], by=signer, day=today())
    reconcile()
    assert state_of(skrd.id) == wanted["charge"]
    assert len(receipts()) == wanted["receipts"]
    assert held(person) == on(chart.CASH, person.id) == wanted["cash_with_collector"]
    assert on(chart.TRANSIT) == 0
    assert on(chart.bank(CODE)) == wanted["bank"]
    assert fresh(deposit).state is DepositState.MATCHED
    assert cases() == []
    assert list(book_faults()) == []
