"""From receipts to the bank: the month's sums hang together to the rupiah, whatever happened."""

from datetime import date
from random import Random

import pytest
from flask import Flask

from sijinak.accounts.models import Role
from sijinak.core.clock import clock, now
from sijinak.core.db import transaction
from sijinak.core.ids import uuid7
from sijinak.core.money import Rupiah
from sijinak.core.permissions import WORKER
from sijinak.payments.adapters.base import Kind, Observation, SettlementLine, Trust
from sijinak.payments.models import Collection
from sijinak.payments.refunds.models import Refund
from sijinak.payments.refunds.services import (
    DecideRefund,
    PayOutRefund,
    RequestRefund,
    decide_refund,
    pay_out_refund,
    request_refund,
)
from sijinak.payments.services import record_observations
from sijinak.payments.settlements import keep_settlements
from sijinak.retribution.receipts.models import Receipt
from sijinak.retribution.receipts.queries import moneys_of
from sijinak.retribution.receipts.services import (
    AnswerVoid,
    AskVoid,
    answer_void,
    ask_void,
    receive_cash,
)
from sijinak.treasury.desk.queries import taken_on
from sijinak.treasury.desk.report import MonthReport, month_report
from sijinak.treasury.matching.jobs import reconcile
from sijinak.treasury.matching.threeway import Day, three_ways
from tests.factories import actor_for
from tests.payments.desk import bank
from tests.payments.fakebank import FakeBank
from tests.retribution.factories import begin_payment, cash_for, do, make_skrd
from tests.treasury.cash.factories import close, collector, held, noon
from tests.treasury.deposits.factories import bring, prepare, sources
from tests.treasury.matching.factories import CODE, register_account, take_lines, treasurer
from tests.treasury.tickets.factories import LAW_CODE, in_hand, sell

__all__ = ["bank"]
LAW = "4.1.02.02.01"
OCTOBER, NOVEMBER = date(2026, 10, 1), date(2026, 11, 1)
LATE, FIRST, SECOND, THIRD = (
    date(2026, 10, 30), date(2026, 11, 3), date(2026, 11, 4), date(2026, 11, 5),
)  # fmt: skip


class Office:
    """Money comes, goes to the bank, and back."""

    def __init__(self) -> None:
        register_account()
        self.keeper, self.person, self.kabid = treasurer(), collector(), actor_for(Role.KABID)
        self.balance = 0

    def cash(self, amount: int) -> Receipt:
        return do(receive_cash, cash_for(make_skrd(amount)), by=self.person)

    def tickets(self, many: int) -> None:
        sell(in_hand(self.person, self.keeper), self.person, many)

    def paid_through(self, adapter: str, amount: int, money_id: str) -> None:
        """A bill, paid through a channel, with its receipt."""
        attempt = begin_payment(make_skrd(amount), adapter)
        seen = Observation(
            ref=attempt.ref,
            kind=Kind.PAID,
            money_id=money_id,
            amount=Rupiah(amount),
            happened_at=now(),
            trust=Trust.AUTHENTICATED_QUERY,
        )
        with transaction():
            record_observations(adapter, [seen], by=WORKER)

    def to_bank(self, day: date) -> None:
        """All the cash in hand, and the bank's line about it."""
        if sources(self.person):
            deposit = bring(prepare(self.person), self.person)
            self.statement(day, (deposit.amount, f"SETORAN {deposit.number}"))

    def statement(self, day: date, *lines: tuple[int, str]) -> None:
        take_lines(lines, by=self.keeper, opening=self.balance, day=day)
        self.balance += sum(amount for amount, _ in lines)
        reconcile()

    def void(self, receipt: Receipt) -> Collection:
        """By two people; its money."""
        asked = do(ask_void, AskVoid(receipt_id=receipt.id, reason="Salah nama"), by=self.keeper)
        do(answer_void, AnswerVoid(request_id=asked.id, action="issue"), by=self.kabid)
        with transaction():
            return moneys_of(receipt)[0][1]

    def give_back(self, money: Collection, amount: int, account: str = CODE) -> None:
        wish = RequestRefund(
            collection_id=money.id, amount=Rupiah(amount), reason="Batal", by_hand=True
        )
        refund: Refund = do(request_refund, wish, by=self.kabid)
        yes = DecideRefund(refund_id=refund.id, action="approve", decree="SK 1")
        do(decide_refund, yes, by=self.keeper)
        out = PayOutRefund(refund_id=refund.id, proof=f"TRF {uuid7().hex}", bank_account=account)
        do(pay_out_refund, out, by=self.keeper)

    def report(self, month: date) -> MonthReport:
        with transaction():
            found = month_report(month, by=self.keeper)
        assert found.bridge.gaps == (0, 0)
        assert found.difference == 0
        return found

    def days(self) -> list[Day]:
        with transaction():
            return three_ways(OCTOBER, date(2026, 11, 30), by=self.keeper)


@pytest.fixture
def office(context: Flask) -> Office:
    with clock.reading(noon(OCTOBER)):
        return Office()


def test_cash_and_tickets_of_last_month_are_banked_in_this_one(office: Office) -> None:
    with clock.reading(noon(LATE)):
        office.cash(100_000)
        office.tickets(5)
        before = office.report(OCTOBER)
    with clock.reading(noon(FIRST)):
        office.cash(30_000)
        office.to_bank(FIRST)
        after = office.report(NOVEMBER)
    assert (before.total.received, before.total.banked, before.into_bank) == (105_000, 0, 0)
    assert dict(before.bridge.steps)["after"] == -105_000
    assert (after.total.received, after.total.banked, after.into_bank) == (30_000, 135_000, 135_000)
    assert dict(after.bridge.steps)["before"] == 105_000
    assert {row.law_code: row.banked for row in after.rows} == {LAW: 130_000, LAW_CODE: 5_000}
    assert before.channels == {"cash": 100_000, "tickets": 5_000}
    assert before.cashless_percent == 0


def test_a_voided_receipt_is_not_in_the_bank_by_its_code(office: Office) -> None:
    with clock.reading(noon(FIRST)):
        receipt = office.cash(100_000)
        office.cash(20_000)
        office.to_bank(FIRST)
        assert office.report(NOVEMBER).total.banked == 120_000
        money = office.void(receipt)
        voided = office.report(NOVEMBER)
        office.give_back(money, 60_000)
        back = office.report(NOVEMBER)
    assert (voided.total.received, voided.total.banked, voided.into_bank) == (
        20_000, 20_000, 120_000,
    )  # fmt: skip
    assert dict(voided.bridge.parts)["voided"] == 100_000
    assert dict(voided.bridge.steps)["waiting"] == 100_000
    assert (back.into_bank, dict(back.bridge.steps)["back"]) == (60_000, -60_000)
    assert dict(back.bridge.parts)["back"] == -60_000


def test_a_channels_fee_and_money_without_a_bill_stand_between(
    office: Office, bank: FakeBank
) -> None:
    with clock.reading(noon(FIRST)):
        office.paid_through(bank.name, 80_000, "RRN000000001")
        gross = SettlementLine(
            money_id="RRN000000001",
            gross=Rupiah(80_000),
            fee=Rupiah(500),
            settled_on=FIRST,
            batch="BATCH20261103",
        )
        with transaction():
            keep_settlements(bank.name, [gross], by=WORKER)
        office.statement(SECOND, (79_500, "SETTLEMENT BATCH20261103"))
        found = office.report(NOVEMBER)
    assert (found.total.received, found.total.banked) == (80_000, 80_000)
    assert (found.into_bank, found.fees, found.cashless_percent) == (79_500, 500, 100.0)


def test_counted_short_and_over_the_sums_still_meet(office: Office) -> None:
    with clock.reading(noon(FIRST)):
        office.cash(100_000)
        close(office.person, office.keeper, counted=95_000)
        assert dict(office.report(NOVEMBER).bridge.steps)["other"] == -5_000
    with clock.reading(noon(SECOND)):
        office.cash(10_000)
        close(office.person, office.keeper, counted=held(office.person) + 2_000)
        office.to_bank(SECOND)
        found = office.report(NOVEMBER)
    assert (found.total.received, found.into_bank) == (110_000, 107_000)
    assert dict(found.bridge.parts)["loose"] == 2_000


def test_play_money_is_no_revenue_and_no_day_hides_it(office: Office) -> None:
    with clock.reading(noon(FIRST)):
        office.cash(50_000)
        office.paid_through("sandbox", 70_000, "P-1")
        found = office.report(NOVEMBER)
        with transaction():
            taken = taken_on(FIRST, by=office.keeper)
    assert (found.total.received, found.play, found.channels) == (50_000, 70_000, {"cash": 50_000})
    assert [one.is_play for one in taken] == [False, True]
    (day,) = office.days()
    assert (day.receipts, day.play, day.under_way, day.agrees) == (120_000, 70_000, 50_000, False)


def test_a_day_agrees_only_when_its_cells_add_up(office: Office) -> None:
    with clock.reading(noon(FIRST)):
        office.cash(40_000)
        office.to_bank(FIRST)
        (day,) = office.days()
        assert day.agrees
        office.tickets(7)
        (day,) = office.days()
        assert (day.tickets, day.under_way, day.agrees) == (7_000, 7_000, False)
        with clock.reading(noon(SECOND)):
            office.to_bank(SECOND)
    (day,) = office.days()
    assert (day.receipts + day.tickets, day.sent, day.banked) == (47_000, 47_000, 47_000)
    assert day.agrees


@pytest.mark.parametrize("seed", range(3))
def test_whatever_happens_the_bridge_adds_up(office: Office, seed: int) -> None:
    chance = Random(seed)  # noqa: S311 - the same months every time
    given: list[Receipt] = []
    for day in (LATE, FIRST, SECOND, THIRD):
        with clock.reading(noon(day)):
            for _ in range(6):
                match chance.randrange(5):
                    case 0:
                        office.tickets(chance.randrange(1, 9))
                    case 1 if given:
                        money = office.void(given.pop(chance.randrange(len(given))))
                        if chance.random() < 0.5:
                            office.give_back(money, 1_000 * chance.randrange(1, 10))
                    case 2:
                        office.to_bank(day)
                    case _:
                        given.append(office.cash(1_000 * chance.randrange(10, 90)))
            for month in (OCTOBER, NOVEMBER):
                office.report(month)
