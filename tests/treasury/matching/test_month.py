"""A generated month with 200 differences of every kind: all are found, and nothing else is."""

import random
from collections import Counter
from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import UUID

import pytest

from sijinak.core.clock import clock
from sijinak.core.db import transaction
from sijinak.core.permissions import WORKER
from sijinak.ledger import chart
from sijinak.ledger.queries import balance
from sijinak.payments.adapters.base import Kind, Observation, Trust
from sijinak.payments.models import Collection, DiscrepancyKind
from sijinak.payments.services import record_observations
from sijinak.retribution.models import Skrd
from sijinak.treasury.matching.jobs import reconcile
from sijinak.treasury.matching.queries import unmatched_lines
from tests.payments.fakebank import FakeBank
from tests.retribution.factories import begin_payment, make_keeper, make_skrd
from tests.treasury.matching.factories import (
    deposited,
    open_cases,
    register_account,
    settled,
    take,
    treasurer,
)
from tests.treasury.statements.files import dated_csv

K = DiscrepancyKind
FIRST, DAYS = date(2026, 11, 2), 18
PLANTED = 20  # of each of ten kinds
OURS = {K.BANK_LINE, K.CONFLICTING, K.MISSING_IN_BANK, K.FEE, K.DEPOSIT_DIFFERS}


class Month:
    """Money as it came, and the lines that the bank makes of it."""

    def __init__(self) -> None:
        self.lines: list[tuple[date, int, str]] = []
        self.expected: list[tuple[set[K], Callable[[Any], bool]]] = []
        self.keeper = make_keeper()
        self.chance = random.Random(20261122)  # noqa: S311 - a month that is always the same
        self._serial = 0

    def day(self) -> date:
        """A weekday of the month."""
        day = FIRST + timedelta(days=self.chance.randrange(DAYS))
        return day if day.weekday() < 5 else day - timedelta(days=2)

    def paid(self, day: date) -> Collection:
        """A bill, paid through a channel, with its receipt."""
        self._serial += 1
        with clock.reading(datetime.combine(day, time(9), clock.zone)):
            attempt = begin_payment(make_skrd(keeper=self.keeper), FakeBank.name)
            seen = Observation(
                ref=attempt.ref,
                kind=Kind.PAID,
                money_id=f"7{self._serial:011}",
                amount=attempt.amount,
                happened_at=datetime.combine(day, time(9), clock.zone),
                trust=Trust.AUTHENTICATED_QUERY,
            )
            with transaction():
                (money,) = record_observations(FakeBank.name, [seen], by=WORKER)
        return money

    def bill(self) -> Skrd:
        with clock.reading(datetime.combine(FIRST, time(8), clock.zone)):
            return make_skrd(keeper=self.keeper)

    def line(self, day: date, amount: int, remark: str) -> None:
        self.lines.append((day + timedelta(days=1), amount, remark))

    def batch(self, moneys: list[Collection], day: date, fee: int = 0) -> str:
        name = f"SBX{self.chance.randrange(10**9):09}Q"
        settled(moneys, name, fee=fee, day=day + timedelta(days=1))
        self.line(day, sum(money.amount for money in moneys) - fee, f"SETTLEMENT {name}")
        return name

    def expect(self, kinds: set[K], about: UUID | None = None, text: str = "") -> None:
        """``text`` is what the remark of the line says that the case is about."""
        self.expected.append((kinds, lambda case: case.about_id == about or case.text == text))

    def clean(self) -> None:
        for _ in range(60):
            day = self.day()
            money = self.paid(day)
            self.line(day, money.amount, f"QRIS {money.money_id}")
        for _ in range(15):
            day = self.day()
            self.batch([self.paid(day) for _ in range(3)], day)
        for _ in range(20):
            bill = self.bill()
            self.line(self.day(), bill.total, f"TRF {bill.number} CV SAMAWA")
        for _ in range(20):
            day = self.day()
            slip = deposited(100_000, day=day)
            self.line(day, 100_000, f"SETOR {slip.slip}")

    def plant(self) -> None:
        for place in range(PLANTED):
            for kind in (
                self._missing, self._extra, self._short, self._over, self._twice, self._wrong_bill,
                self._fee, self._deposit_differs, self._deposit_missing, self._left_out,
            ):  # fmt: skip
                kind(self.day(), place)

    def _missing(self, day: date, _: int) -> None:
        self.expect({K.MISSING_IN_BANK}, self.paid(day).id)

    def _extra(self, day: date, place: int) -> None:
        text = f"LAIN {place}"
        self.line(day, 79_500, text)
        self.expect({K.BANK_LINE}, text=text)

    def _short(self, day: date, _: int) -> None:
        self._other_amount(day, -1)

    def _over(self, day: date, _: int) -> None:
        self._other_amount(day, 500)

    def _other_amount(self, day: date, difference: int) -> None:
        money = self.paid(day)
        text = f"QRIS {money.money_id}"
        self.line(day, money.amount + difference, text)
        self.expect({K.CONFLICTING}, text=text)

    def _twice(self, day: date, _: int) -> None:
        money = self.paid(day)
        text = f"QRIS {money.money_id}"
        for _again in range(2):
            self.line(day, money.amount, text)
        self.expect({K.BANK_LINE}, text=text)
        self.expected.append(({K.MISSING_IN_BANK}, lambda case: case.about_id == money.id))

    def _wrong_bill(self, day: date, _: int) -> None:
        """A transfer for a bill that other money has paid."""
        money, bill = self.paid(day), self.bill()
        self.line(day, money.amount, f"QRIS {money.money_id}")
        self.line(day, bill.total, f"TRF {bill.number}")
        text = f"TRF LAGI {bill.number}"
        self.line(day, bill.total + 500, text)
        self.expect({K.BANK_LINE}, text=text)

    def _fee(self, day: date, place: int) -> None:
        fee = 700 + place
        self.batch([self.paid(day), self.paid(day)], day, fee)
        self.expected.append(({K.FEE}, lambda case: case.amount == -fee))

    def _deposit_differs(self, day: date, place: int) -> None:
        slip = deposited(100_000, day=day)
        self.line(day, 100_000 - 1_000 * (place + 1), f"SETOR {slip.slip}")
        self.expect({K.DEPOSIT_DIFFERS}, slip.id)

    def _deposit_missing(self, day: date, _: int) -> None:
        self.expect({K.MISSING_IN_BANK}, deposited(100_000, day=day).id)

    def _left_out(self, day: date, _: int) -> None:
        """A receipt whose money the channel left out of its settlement."""
        moneys = [self.paid(day) for _ in range(2)]
        self.batch(moneys[:1], day)
        self.expect({K.MISSING_IN_BANK}, moneys[1].id)

    def bring(self) -> None:
        """The month as one file of the bank, and a quiet day well after it."""
        quiet = deposited(1, day=FIRST + timedelta(days=DAYS + 6))
        lines = sorted(self.lines, key=lambda line: line[0])
        lines.append((FIRST + timedelta(days=DAYS + 7), 1, f"SETOR {quiet.slip}"))
        with clock.reading(datetime.combine(lines[-1][0], time(12), clock.zone)):
            take(dated_csv(lines), by=treasurer())
            reconcile()


class Case:
    def __init__(self, found: Any, remarks: dict[UUID, str]) -> None:
        self.kind, self.about_id, self.amount = found.kind, found.about_id, found.amount
        self.text = remarks.get(found.about_id)


def cases() -> list[Case]:
    remarks = {line.id: line.remark for line in unmatched_lines()}
    return [Case(found, remarks) for found in open_cases() if found.kind in OURS]


@pytest.fixture
def month(bank: FakeBank) -> Month:
    register_account()
    return Month()


def test_a_clean_month_raises_no_alarm(month: Month):
    month.clean()
    month.bring()
    assert Counter(case.kind for case in cases()) == Counter()
    assert balance(chart.clearing(FakeBank.name)) == balance(chart.clearing("statement")) == 0
    assert balance(chart.TRANSIT) == 0
    assert balance(chart.bank("rkud")) == sum(amount for _, amount, _ in month.lines) + 1


@pytest.mark.slow
def test_all_of_200_planted_differences_are_found_and_nothing_else(month: Month):
    month.clean()
    month.plant()
    month.bring()
    found = cases()
    missed = [
        number
        for number, (kinds, is_it) in enumerate(month.expected)
        if not any(case.kind in kinds and is_it(case) for case in found)
    ]
    assert len(month.expected) == 10 * PLANTED + PLANTED  # a line that came twice shows twice
    assert missed == []
    false = [
        (case.kind, case.text)
        for case in found
        if not any(case.kind in kinds and is_it(case) for kinds, is_it in month.expected)
    ]
    assert false == []


def test_looking_twice_opens_nothing_twice(month: Month):
    month._extra(month.day(), 1)  # noqa: SLF001
    month._missing(month.day(), 1)  # noqa: SLF001
    month.bring()
    first = len(cases())
    reconcile()
    assert len(cases()) == first == 2
