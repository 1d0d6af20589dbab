"""Filled, spent, paid out, put back and taken back in any order: no wallet lies."""

from datetime import timedelta

import pytest
from flask import Flask
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule
from sqlalchemy import select

from sijinak.core.clock import clock, now
from sijinak.core.db import db, transaction
from sijinak.core.errors import Conflict, Invalid, NotFound
from sijinak.core.ids import uuid7
from sijinak.core.money import Rupiah
from sijinak.core.permissions import OPERATOR, WORKER
from sijinak.ledger import chart
from sijinak.ledger.queries import balance
from sijinak.payments.adapters.base import Kind, Observation, Trust
from sijinak.payments.models import Attempt, Collection
from sijinak.payments.refunds.services import DecideRefund, decide_refund
from sijinak.payments.services import record_observations
from sijinak.payments.wallet.moving import float_total
from sijinak.payments.wallet.paying_out import PayOut, ask_pay_out, put_back
from sijinak.payments.wallet.policy import policy
from tests.machines import run
from tests.payments.wallet.factories import assert_whole, fresh_wallet, make_wallet, order, pay
from tests.retribution.factories import make_skrd

PICK = st.integers(0, 1000)


class Wallets(RuleBasedStateMachine):
    """Money comes as the bank says it, without waiting: the adapters have tests of their own."""

    def __init__(self) -> None:
        super().__init__()
        self.wallets = [make_wallet(is_registered=n != 0) for n in range(3)]
        self.orders: list[Attempt] = []
        self.moneys: list[Observation] = []

    @rule(pick=PICK, thousands=st.integers(1, 9_000))
    def ask(self, pick: int, thousands: int) -> None:
        try:
            self.orders.append(order(self.wallets[pick % 3], thousands * 1000))
        except (Conflict, Invalid):
            wallet = fresh_wallet(self.wallets[pick % 3])
            with transaction():
                most = min(policy.most(wallet) - wallet.balance, policy.ceiling - float_total())
            assert thousands * 1000 > most or wallet.state != "open"

    @precondition(lambda self: self.orders)
    @rule(pick=PICK, more=st.sampled_from((0, 0, 0, -1000, 1000)))
    def come(self, pick: int, more: int) -> None:
        """Exactly, or a thousand more or less; of an order that was paid before, too."""
        attempt = self.orders[pick % len(self.orders)]
        if attempt.amount + more > 0:
            self.say(
                Observation(
                    ref=attempt.ref, kind=Kind.PAID, money_id=str(uuid7()),
                    amount=Rupiah(attempt.amount + more), happened_at=now(), trust=Trust.STATEMENT,
                )
            )  # fmt: skip

    @precondition(lambda self: self.moneys)
    @rule(pick=PICK, is_reversed=st.booleans())
    def again(self, pick: int, *, is_reversed: bool) -> None:
        """The same news once more, or that the bank took the money back."""
        one = self.moneys[pick % len(self.moneys)]
        kind = Kind.REVERSED if is_reversed else Kind.PAID
        gone = Observation(
            ref=one.ref, kind=kind, money_id=one.money_id, amount=one.amount,
            happened_at=one.happened_at, trust=one.trust,
        )  # fmt: skip
        with transaction():
            record_observations("sandbox", [gone], by=WORKER)

    @rule(pick=PICK)
    def spend(self, pick: int) -> None:
        try:
            pay(self.wallets[pick % 3], [make_skrd()])
        except (Conflict, Invalid):
            wallet = fresh_wallet(self.wallets[pick % 3])
            assert wallet.balance < 79_500 or wallet.state != "open"

    @precondition(lambda self: self.moneys)
    @rule(pick=PICK, share=st.integers(1, 4), agree=st.booleans())
    def pay_out(self, pick: int, share: int, *, agree: bool) -> None:
        one = self.moneys[pick % len(self.moneys)]
        try:
            with transaction():
                asked = select(Collection).where(Collection.money_id == one.money_id)
                money = db.session.scalars(asked).one()
                command = PayOut(
                    collection_id=money.id, amount=Rupiah(one.amount // share), reason="x",
                    decree="SK",
                )  # fmt: skip
                refund = ask_pay_out(command, by=OPERATOR)
        except (Conflict, Invalid, NotFound):  # too little, or it filled no wallet
            return
        with transaction():
            action = "approve" if agree else "refuse"
            decide_refund(DecideRefund(refund_id=refund.id, action=action), by=WORKER)
        if not agree:
            with transaction():
                put_back(refund.id, by=WORKER)

    def say(self, one: Observation) -> None:
        self.moneys.append(one)
        with transaction():
            record_observations("sandbox", [one], by=WORKER)

    @invariant()
    def they_are_whole(self) -> None:
        assert_whole()
        with transaction():
            assert float_total() <= policy.ceiling
            assert balance(chart.WALLET) == -float_total()
        for wallet in map(fresh_wallet, self.wallets):
            assert 0 <= wallet.balance <= policy.most(wallet)


@pytest.mark.slow
def test_wallets_in_any_order(context: Flask):
    with clock.reading(now() + timedelta(seconds=1)):
        run(Wallets, examples=12, steps=15)
