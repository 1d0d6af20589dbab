"""Money leaves a wallet for a bill, or by two people; what was spent can come back."""

from typing import Any
from uuid import UUID

import pytest
from flask import Flask
from sqlalchemy import select

from sijinak.accounts.models import Role
from sijinak.core.db import db, transaction
from sijinak.core.errors import Forbidden, NotFound
from sijinak.core.money import Rupiah
from sijinak.core.permissions import OPERATOR, WORKER
from sijinak.ledger import chart
from sijinak.ledger.queries import balance
from sijinak.payments.models import Collection
from sijinak.payments.refunds.models import Refund, RefundState
from sijinak.payments.refunds.services import (
    DecideRefund,
    RequestRefund,
    SecondPersonNeeded,
    decide_refund,
    request_refund,
)
from sijinak.payments.wallet.models import Wallet
from sijinak.payments.wallet.moving import NotEnough
from sijinak.payments.wallet.paying_out import PayOut, ask_pay_out
from sijinak.retribution.receipts.services import AnswerVoid, AskVoid, answer_void, ask_void
from tests.factories import actor_for
from tests.payments.wallet.factories import (
    assert_whole,
    fill,
    fresh_wallet,
    make_wallet,
    moved,
    pay,
)
from tests.retribution.factories import make_skrd, receipts, work


@pytest.fixture
def wallet(context: Flask) -> Wallet:
    wallet = make_wallet()
    fill(wallet, 100_000)
    return wallet


def money_of(adapter: str) -> Collection:
    with transaction():
        return db.session.scalars(select(Collection).where(Collection.adapter == adapter)).one()


def asked(amount: int, *, by: Any = OPERATOR) -> Refund:
    command = PayOut(
        collection_id=money_of("sandbox").id,
        amount=Rupiah(amount),
        reason="berhenti",
        decree="SK 1",
    )
    with transaction():
        ask_pay_out(command, by=by)
    with transaction():
        return ask_pay_out(command, by=by)  # the same again changes nothing


def decide(refund_id: UUID, action: str, *, by: Any = WORKER) -> None:
    with transaction():
        decide_refund(DecideRefund(refund_id=refund_id, action=action), by=by)
    work()


def test_it_is_set_aside_until_a_second_person_agrees(wallet: Wallet):
    refund = asked(60_000)
    assert fresh_wallet(wallet).balance == 40_000
    assert balance(chart.SUSPENSE) == -60_000
    with pytest.raises(SecondPersonNeeded):
        decide(refund.id, "approve", by=OPERATOR)
    decide(refund.id, "approve")
    assert moved(wallet)[-1] == ("pay-out", -60_000, 40_000)
    assert_whole()


def test_it_is_put_back_when_the_second_person_refuses(wallet: Wallet):
    refund = asked(60_000)
    decide(refund.id, "refuse")
    work()
    assert fresh_wallet(wallet).balance == 100_000
    assert [kind for kind, _, _ in moved(wallet)] == ["top-up", "pay-out", "put-back"]
    assert balance(chart.SUSPENSE) == 0
    assert_whole()


def test_nobody_takes_out_more_than_there_is(wallet: Wallet):
    pay(wallet, [make_skrd(50_000)])
    with pytest.raises(NotEnough):
        asked(60_000)
    spent = money_of("wallet").id
    with pytest.raises(NotFound), transaction():
        command = PayOut(collection_id=spent, amount=Rupiah(1), reason="bukan isi ulang", decree="")
        ask_pay_out(command, by=OPERATOR)
    assert fresh_wallet(wallet).balance == 50_000


def test_its_owner_cannot_take_it_out(wallet: Wallet):
    with pytest.raises(Forbidden):
        asked(60_000, by=actor_for(Role.TRADER, keeper_id=wallet.keeper_id))


def test_what_was_spent_comes_back_into_the_wallet(wallet: Wallet):
    pay(wallet, [make_skrd(50_000)])
    receipt = receipts()[0]
    with transaction():
        request = ask_void(AskVoid(receipt_id=receipt.id, reason="ternak batal"), by=OPERATOR)
    with transaction():
        second = actor_for(Role.KABID)
        answer_void(AnswerVoid(request_id=request.id, action="issue"), by=second)
    spent = money_of("wallet")
    with transaction():
        refund = request_refund(
            RequestRefund(
                collection_id=spent.id, amount=Rupiah(50_000), reason="batal", decree="SK 2"
            ),
            by=OPERATOR,
        )
    decide(refund.id, "approve")
    with transaction():
        assert db.session.get_one(Refund, refund.id).state is RefundState.DONE
    assert fresh_wallet(wallet).balance == 100_000
    assert moved(wallet)[-1] == ("refund", 50_000, 100_000)
    assert balance(chart.SUSPENSE) == 0
    assert_whole()
