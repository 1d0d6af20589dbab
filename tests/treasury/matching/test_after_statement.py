"""An office that counts money only when it is on the bank's statement, from code to receipt."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient

from sijinak.accounts.models import Role
from sijinak.core.clock import today
from sijinak.ledger import chart
from sijinak.ledger.queries import balance
from sijinak.payments.models import Collection
from sijinak.retribution.models import Skrd, SkrdState
from sijinak.retribution.receipts.policy import When, policy
from sijinak.retribution.services import SkrdNotOpen
from sijinak.treasury.matching.jobs import match_lines
from tests.factories import make_user, signed_in
from tests.payments.desk import cases, deliver, money_called
from tests.payments.fakebank import FakeBank
from tests.retribution.factories import (
    begin_payment,
    fresh,
    make_keeper,
    make_skrd,
    receipts,
    work,
)
from tests.treasury.matching.factories import (
    bring,
    decide,
    method_of,
    register_account,
    settled,
    take_lines,
    treasurer,
)
from tests.treasury.statements.files import day_csv

WAITS = "menunggu tercatat di rekening koran"


@pytest.fixture
def after_statement(context: Flask) -> Iterator[None]:
    policy.when = When.STATEMENT
    yield
    policy.when = When.PROVIDER


def pay(skrd: Skrd, bank: FakeBank, door: FlaskClient) -> Collection:
    attempt = begin_payment(skrd, bank.name)
    work()
    paid = bank.pay(attempt.ref)
    deliver(door, bank.told(paid))
    work()
    return money_called(paid.money_id)


@pytest.mark.usefixtures("after_statement")
def test_qris_money_waits_for_its_settlement_and_then_makes_the_receipt(
    app: Flask, bank: FakeBank, door: FlaskClient
):
    keeper = make_keeper()
    skrds = [make_skrd(amount, keeper=keeper) for amount in (75_000, 25_000)]
    trader = signed_in(app, make_user(Role.TRADER, keeper_id=keeper.id))
    moneys = [pay(skrd, bank, door) for skrd in skrds]
    address = f"/retribusi/{skrds[1].id}/pembayaran/{moneys[1].attempt_id}"
    assert (receipts(), {fresh(one).state for one in skrds}) == ([], {SkrdState.OPEN})
    assert WAITS in trader.get(address).text
    with pytest.raises(SkrdNotOpen):
        begin_payment(skrds[1], bank.name)

    register_account()
    day = today() + timedelta(days=1)
    settled(moneys, "SBX20261120Q", fee=500, day=day)
    take_lines([(99_500, "SETTLEMENT SBX20261120Q 2 TRX")], by=treasurer(), day=day)
    match_lines()
    work()
    assert sorted(one.amount for one in receipts()) == [25_000, 75_000]
    assert {fresh(one).state for one in skrds} == {SkrdState.PAID}
    assert (balance(chart.SUSPENSE), balance(chart.clearing(bank.name))) == (0, 0)
    assert [case.kind for case in cases()] == ["fee"]
    assert WAITS not in trader.get(address).text
    assert receipts()[0].number in trader.get("/emoney/bukti").text


@pytest.mark.usefixtures("after_statement")
def test_it_is_the_confirmed_statement_that_makes_the_receipt(bank: FakeBank, door: FlaskClient):
    money = pay(make_skrd(75_000), bank, door)
    register_account()
    settled([money], "SBX20261120Q")
    (statement,) = bring(day_csv([(75_000, "SETTLEMENT SBX20261120Q")]), by=treasurer())
    work()
    assert (method_of(money) is not None, receipts()) == (True, [])
    decide(statement)
    work()
    assert len(receipts()) == 1
