"""Money under random steps: nobody holds less than nothing, and every rupiah is somewhere."""

from collections.abc import Callable
from datetime import timedelta
from random import Random
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select

from sijinak.accounts.queries import SignedIn
from sijinak.core.clock import clock
from sijinak.core.db import Clash, db, transaction
from sijinak.core.errors import Conflict, Invalid
from sijinak.ledger.models import CashHolder, Posting
from sijinak.ledger.queries import balances
from sijinak.treasury.cash.commands import EndOffer
from sijinak.treasury.cash.handing import withdraw_offer
from sijinak.treasury.cash.models import CashClosing, ClosingState
from sijinak.treasury.cash.parcels import parcels_of
from sijinak.treasury.deposits.models import Deposit, DepositState
from sijinak.treasury.deposits.services import WithdrawDeposit, withdraw_deposit
from sijinak.treasury.tickets.models import BlockState, TicketBlock
from sijinak.treasury.tickets.queries import counts_of
from tests.treasury.cash.factories import (
    FRIDAY,
    accept,
    close,
    collector,
    do,
    held,
    kabid,
    noon,
    offer,
    took,
    treasurer,
)
from tests.treasury.deposits.factories import bring, prepare, sources
from tests.treasury.tickets.factories import in_hand, sell, step, take_back

STEPS = 60


class Office:
    """People with money, and what they do next by chance."""

    def __init__(self, seed: int) -> None:
        self.chance = Random(seed)  # noqa: S311 - repeatable on purpose
        self.people = [collector(), collector(), treasurer()]
        self.keeper, self.head = treasurer(), kabid()
        self.offers: list[tuple[Any, SignedIn, SignedIn]] = []
        self.deposits: list[tuple[Deposit, SignedIn]] = []
        self.blocks = [(in_hand(one, self.keeper), one) for one in self.people[:2]]
        self.received = 0
        self.done = 0

    def someone(self) -> SignedIn:
        return self.chance.choice(self.people)

    def receive(self) -> None:
        amount = self.chance.randint(1, 500)
        took(self.someone(), amount)
        self.received += amount

    def hand_over(self) -> None:
        giver, taker = self.chance.sample(self.people, 2)
        amount = self.chance.randint(1, 600)
        self.offers.append((offer(giver, taker, amount), giver, taker))

    def count(self) -> None:
        waiting = self.chance.choice(self.offers)
        self.offers.remove(waiting)
        handover, _giver, taker = waiting
        accept(handover, taker, handover.amount + self.chance.choice([0, 0, 0, -1, 3, -50]))

    def withdraw(self) -> None:
        handover, giver, _taker = self.offers.pop()
        do(withdraw_offer, EndOffer(handover_id=handover.id, why="batal"), by=giver)

    def prepare(self) -> None:
        person = self.someone()
        free = sources(person)
        chosen = self.chance.sample(free, self.chance.randint(1, len(free))) if free else []
        self.deposits.append((prepare(person, chosen), person))

    def bring(self) -> None:
        deposit, person = self.deposits.pop()
        bring(deposit, person)

    def call_back(self) -> None:
        deposit, person = self.deposits.pop()
        do(withdraw_deposit, WithdrawDeposit(deposit_id=deposit.id, why="salah"), by=person)

    def close(self) -> None:
        person = self.someone()
        close(person, self.head, max(held(person) + self.chance.choice([0, 0, -7, 4]), 0))

    def sell(self) -> None:
        block, seller = self.chance.choice(self.blocks)
        with transaction():
            left = db.session.get_one(TicketBlock, block.id, populate_existing=True)
        gone = self.chance.choice([0, 0, 0, 2])
        last = left.next + gone + self.chance.randint(0, 5)
        void = {str(last): "rusak"} if self.chance.random() < 0.2 else {}
        why = "hilang" if gone else ""
        sale = sell(block, seller, last, first=left.next + gone, void=void, why_gone=why)
        self.received += sale.amount

    def exchange(self) -> None:
        block, seller = self.chance.choice(self.blocks)
        step(block, "give-back", seller)
        with transaction():
            first = db.session.get_one(TicketBlock, block.id, populate_existing=True).next
        take_back(block, self.keeper, first)

    def run(self) -> None:
        deeds: list[Callable[[], None]] = [
            self.receive, self.receive, self.receive, self.hand_over, self.hand_over, self.count,
            self.count, self.withdraw, self.prepare, self.prepare, self.bring, self.call_back,
            self.close, self.sell, self.sell,
        ]  # fmt: skip
        for nth in range(STEPS):
            with clock.reading(noon(FRIDAY + timedelta(days=nth // 8))):
                try:
                    self.chance.choice(deeds)()
                    self.done += 1
                except (Clash, AssertionError):
                    raise  # the database caught what no service had looked at
                except (Conflict, Invalid, IndexError):
                    pass  # it was not possible now
                self.check()
        with clock.reading(noon(FRIDAY + timedelta(days=STEPS // 8 + 1))):
            self.exchange()

    def check(self) -> None:
        with transaction():
            cash, transit = balances("cash"), sum(balances("transit").values())
            gone = sum(balances("shortage").values()) + sum(balances("surplus").values())
            assert sum(cash.values()) + transit + gone == self.received
            kept = {one.id: one.held for one in db.session.scalars(select(CashHolder))}
            for person in self.people:
                assert kept.get(person.id, 0) == cash.get(person.id, 0) >= 0
                parcels = parcels_of(person.id)
                assert sum(one.amount for one in parcels) == cash.get(person.id, 0)
                assert all(0 <= one.reserved <= one.amount for one in parcels)


@pytest.mark.parametrize(
    "seed", [*range(3), *(pytest.param(n, marks=pytest.mark.slow) for n in range(3, 30))]
)
def test_every_rupiah_is_somewhere(app: Flask, seed: int):
    with app.app_context():
        office = Office(seed)
        office.run()
        assert office.done > STEPS // 2, "most steps were possible"
        _closings_follow_each_other(office)
        with transaction():
            blocks = list(db.session.scalars(select(TicketBlock)))
            assert all(one.adds_up for one in counts_of(blocks).values())
            assert {one.state for one in blocks} <= set(BlockState)
            brought = func.sum(Deposit.amount)
            asked = select(brought).where(Deposit.state == DepositState.DEPOSITED)
            assert int(db.session.scalar(asked) or 0) == sum(balances("transit").values())


def _closings_follow_each_other(office: Office) -> None:
    """Each begins with what the one before ended with, and the books agree with all of them."""
    for person in office.people:
        asked = select(CashClosing).where(
            CashClosing.holder_id == person.id, CashClosing.state == ClosingState.CLOSED
        )
        before = 0
        with transaction():
            for closing in db.session.scalars(asked.order_by(CashClosing.day)):
                assert closing.opening == before
                assert closing.opening + closing.came - closing.went == closing.expected
                assert closing.expected + closing.difference == closing.counted
                before = closing.counted
                until = select(func.sum(Posting.amount)).where(
                    Posting.account == "cash",
                    Posting.about == person.id,
                    Posting.effective_on <= closing.day,
                )
                assert int(db.session.scalar(until) or 0) == closing.counted
