"""Every way of cutting makes one sum, which is that of the books, whatever happened."""

from collections.abc import Iterator
from datetime import date
from random import Random
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from sijinak.accounts.models import Role
from sijinak.accounts.queries import SignedIn
from sijinak.core.clock import clock, today
from sijinak.core.db import db, transaction
from sijinak.core.errors import Forbidden
from sijinak.core.money import Rupiah
from sijinak.core.paging import START
from sijinak.ledger.chart import RECEIVABLE, REVENUE
from sijinak.ledger.models import Journal, Posting
from sijinak.ledger.services import CloseDay, close_day
from sijinak.payments.models import Collection
from sijinak.reports.periods import Period
from sijinak.reports.queries import Report, report_of
from sijinak.reports.rows import Entry, Wanted, entries
from sijinak.retribution.claims.services import IssueStrd, issue_strd
from sijinak.retribution.models import Skrd
from sijinak.retribution.receipts.models import Receipt
from sijinak.retribution.receipts.services import receive_cash
from sijinak.retribution.services import issue_skrd
from sijinak.treasury.desk.report import month_report
from sijinak.treasury.desk.services import SetTarget, set_target
from tests.factories import REGENCY, actor_for
from tests.retribution.factories import add_tariff, cash_for, do, issue, make_keeper
from tests.treasury.cash.factories import noon
from tests.treasury.desk.test_bridge import Office as Money

SEPTEMBER, OCTOBER, NOVEMBER = Period(2026, 9), Period(2026, 10), Period(2026, 11)
YEAR = Period(2026)
DAYS = tuple(date(2026, 9, 1 + n) for n in (0, 27)) + tuple(
    date(2026, *one) for one in ((10, 2), (10, 30), (11, 3), (11, 4), (11, 5))
)
PLACES = "52.04.02.2001", "52.04.02.2002", "52.04.05.2001", REGENCY
INTEREST_CODE = "4.1.04.13"


class Office(Money):
    """With bills from several villages, late ones among them, and days that are closed."""

    def __init__(self) -> None:
        super().__init__()
        self.desk = actor_for(Role.PERMIT_DESK)
        self.waiting: list[Skrd] = []
        self.last_closed: date | None = None

    def bill(self, amount: int, place: str, code: str = "4.1.02.02.01") -> Skrd:
        species = add_tariff(amount, component=f"Komponen {code[-2:]}", law_code=code)
        command = issue(make_keeper(), species=species, region=place)
        return do(issue_skrd, command, by=self.desk)

    def pay(self, skrd: Skrd) -> Receipt:
        return do(receive_cash, cash_for(skrd), by=self.person)

    def bill_interest(self, skrd: Skrd) -> Skrd | None:
        """Of a bill that has been late for a month."""
        if (today() - skrd.due_on).days < 1 or skrd.kind != "skrd":
            return None
        return do(issue_strd, IssueStrd(skrd_id=skrd.id), by=self.desk)

    def close(self, day: date) -> None:
        if self.last_closed is None or day > self.last_closed:
            do(close_day, CloseDay(day=day, region=REGENCY), by=self.keeper)
            self.last_closed = day

    def figures(self, period: Period, by: SignedIn | None = None, region: str = "") -> Report:
        with transaction():
            return report_of(
                period, region=region, office=REGENCY, today=today(), by=by or self.keeper
            )


@pytest.fixture
def office(context: Flask) -> Iterator[Office]:
    with clock.reading(noon(DAYS[0])):
        yield Office()


def in_the_books(period: Period) -> int:
    """What the ledger says was received, asked in another way: entry by entry."""
    kinds = {"paid", "tickets"}
    found = 0
    asked = select(Journal).where(Journal.effective_on.between(period.first, period.last))
    with transaction():
        for one in db.session.scalars(asked.order_by(Journal.id)):
            kind = one.reverses.kind if one.reverses else one.kind
            if kind in kinds:
                found += sum(_counts(line) for line in one.postings)
    return found


def _counts(line: Posting) -> int:
    if line.account == "suspense":
        money = db.session.get_one(Collection, line.about)
        return line.amount if money.adapter != "sandbox" else 0
    return -line.amount if line.account.startswith(f"{REVENUE}:") else 0


def listed(wanted: Wanted, report: Report, by: SignedIn) -> list[Entry]:
    found: list[Entry] = []
    place = START
    while True:
        with transaction():
            page = entries(wanted, report.scope, by=by, place=place)
        found += page.items
        if page.older is None:
            return found
        place = page.older


def check(office: Office, period: Period) -> Report:
    report = office.figures(period)
    assert report.agrees
    assert report.total.amount == in_the_books(period)
    assert sum(one.received for one in report.codes) == report.total.amount
    assert sum(one.received for one in report.own) == report.total.amount
    assert sum(sum(one.ways.values()) for one in report.own) == report.total.amount
    return report


def check_beside_the_month_report(office: Office, period: Period) -> None:
    """The treasurer's has the same figures, by kode rekening too."""
    report = office.figures(period)
    with transaction():
        theirs = month_report(period.first, by=office.keeper)
    assert report.total.amount == theirs.total.received
    assert {c.law_code: c.received for c in report.codes if c.received} == {
        row.law_code: row.received for row in theirs.rows if row.received
    }
    assert {c.law_code: c.so_far for c in report.codes if c.so_far} == {
        row.law_code: row.received_this_year for row in theirs.rows if row.received_this_year
    }
    assert report.sum("levied") == theirs.total.issued
    assert report.sum("banked") == theirs.into_bank
    assert report.sum("back") == theirs.bridge.moves.back
    assert report.owed == theirs.total.arrears


def check_entries(office: Office, report: Report) -> None:
    """Behind each total stand entries that make it."""
    span: dict[str, Any] = {"first": report.period.first, "last": report.period.last}

    def comes_to(**more: Any) -> int:
        wanted = Wanted(**span, **more)
        return sum(one.amount for one in listed(wanted, report, office.keeper))

    assert comes_to() == report.total.amount
    for line in report.channels:
        assert comes_to(channel=line.key[0]) == line.amount
    for line in report.components:
        assert comes_to(part=line.key) == line.amount
    for line in report.places:
        exactly = len(line.key[0]) < len("52.04.02")
        assert comes_to(region=line.key[0], exactly=exactly) == line.amount
    people = {name: one.key[0] for one in report.officers for name in [one.name]}
    for line in report.officers:
        mine = listed(Wanted(**span), report, office.keeper)
        assert sum(one.amount for one in mine if people[one.officer] == line.key[0]) == line.amount


@pytest.mark.parametrize("seed", range(4))
def test_whatever_happens_every_cut_is_one_sum(office: Office, seed: int) -> None:
    chance = Random(seed)  # noqa: S311 - the same months every time
    deeds = Deeds(office, chance)
    for day in DAYS:
        with clock.reading(noon(day)):
            for _ in range(7):
                deeds.next()
            for period in (SEPTEMBER, OCTOBER, NOVEMBER, YEAR):
                if period.first <= day:
                    check(office, period)
    with clock.reading(noon(DAYS[-1])):
        for period in (SEPTEMBER, OCTOBER, NOVEMBER):
            check_beside_the_month_report(office, period)
            check_entries(office, check(office, period))


class Deeds:
    """What may happen next."""

    def __init__(self, office: Office, chance: Random) -> None:
        self.office, self.chance = office, chance
        self.given: list[Receipt] = []

    def next(self) -> None:
        ways = (
            self.bill, self.bill, self.pay, self.pay, self.interest, self.void, self.play,
            self.tickets, self.to_bank, self.close,
        )  # fmt: skip
        self.chance.choice(ways)()

    def bill(self) -> None:
        code = self.chance.choice(("4.1.02.02.01", "4.1.02.02.05"))
        amount = 1_000 * self.chance.randrange(10, 90)
        self.office.waiting.append(self.office.bill(amount, self.chance.choice(PLACES), code))

    def pay(self) -> None:
        waiting = self.office.waiting
        if waiting:
            self.given.append(self.office.pay(waiting.pop(self.chance.randrange(len(waiting)))))

    def interest(self) -> None:
        for skrd in list(self.office.waiting):
            if strd := self.office.bill_interest(skrd):
                self.office.waiting.remove(skrd)
                self.office.pay(skrd)
                self.office.waiting.append(strd)
                return

    def void(self) -> None:
        if self.given:
            money = self.office.void(self.given.pop(self.chance.randrange(len(self.given))))
            if self.chance.random() < 0.5:
                self.office.give_back(money, 1_000 * self.chance.randrange(1, 10))

    def play(self) -> None:
        amount = 1_000 * self.chance.randrange(10, 90)
        self.office.paid_through("sandbox", amount, f"P-{self.chance.random()}")

    def tickets(self) -> None:
        self.office.tickets(self.chance.randrange(1, 9))

    def to_bank(self) -> None:
        self.office.to_bank(today())

    def close(self) -> None:
        self.office.close(today())


def test_money_of_a_closed_day_counts_where_the_books_have_it(office: Office) -> None:
    """The last day of October is closed before its last receipt."""
    with clock.reading(noon(date(2026, 10, 31))):
        office.pay(office.bill(30_000, PLACES[0]))
        office.close(date(2026, 10, 31))
        office.pay(office.bill(50_000, PLACES[2]))
    with clock.reading(noon(date(2026, 11, 1))):
        october, november = check(office, OCTOBER), check(office, NOVEMBER)
    assert (october.total.amount, november.total.amount) == (30_000, 50_000)
    assert (october.is_closed, november.is_closed) == (True, False)


def test_a_closed_month_is_remembered_and_stays_true(office: Office) -> None:
    with clock.reading(noon(DAYS[0])):
        receipt = office.pay(office.bill(30_000, PLACES[0]))
    with clock.reading(noon(DAYS[2])):
        office.close(date(2026, 9, 30))
        assert check(office, SEPTEMBER).total.amount == 30_000
        office.void(receipt)
        assert check(office, SEPTEMBER).total.amount == 30_000
        october = check(office, OCTOBER)
    assert october.total.amount == -30_000
    assert (october.sum("voided"), october.total.so_far) == (30_000, 0)
    (line,) = october.officers
    assert (line.key, line.amount) == ((str(office.person.id),), -30_000)


def test_interest_is_one_component_however_its_letters_read(office: Office) -> None:
    first, second = office.bill(100_000, PLACES[0]), office.bill(200_000, PLACES[1])
    with clock.reading(noon(date(2026, 11, 3))):
        for skrd in (first, second):
            strd = office.bill_interest(skrd)
            assert strd
            office.pay(skrd)
            office.pay(strd)
        report = check(office, NOVEMBER)
    interest = [one for one in report.components if one.key[0] == INTEREST_CODE]
    assert [(one.key[1:], one.amount) for one in interest] == [(("", ""), 6_000)]


def test_villages_roll_up_and_a_part_is_looked_at_alone(office: Office) -> None:
    for place, amount in zip(PLACES, (1_000, 2_000, 4_000, 8_000), strict=True):
        office.pay(office.bill(amount, place))
    do(set_target, SetTarget(year=2026, law_code="4.1.02.02.01", amount=Rupiah(12), decree="DPA"),
       by=office.keeper)  # fmt: skip
    whole = check(office, SEPTEMBER)
    part = office.figures(SEPTEMBER, region="52.04.02")
    assert {one.key[0]: one.amount for one in whole.places} == {
        "52.04.02": 3_000, "52.04.05": 4_000, REGENCY: 8_000,
    }  # fmt: skip
    assert {one.key[0]: one.amount for one in part.places} == {PLACES[0]: 1_000, PLACES[1]: 2_000}
    assert (part.total.amount, part.sum("levied"), part.agrees) == (3_000, 3_000, True)
    assert (whole.sum("target"), part.sum("target"), part.sum("banked")) == (1, 0, 0)


def test_who_looks_after_one_kecamatan_sees_no_other(office: Office) -> None:
    for place in PLACES:
        office.pay(office.bill(1_000, place))
    unpaid = office.bill(500, PLACES[0])
    there = actor_for(Role.KABID, "52.04.02")
    report = office.figures(SEPTEMBER, by=there)
    assert {one.key[0] for one in report.places} == set(PLACES[:2])
    assert (report.total.amount, report.owed, report.sum("levied")) == (2_000, unpaid.total, 2_500)
    found = listed(Wanted(first=SEPTEMBER.first, last=SEPTEMBER.last), report, there)
    assert sum(one.amount for one in found) == 2_000
    with pytest.raises(Forbidden):
        office.figures(SEPTEMBER, by=there, region="52.04.05")
    with pytest.raises(Forbidden):
        office.figures(SEPTEMBER, by=actor_for(Role.COLLECTOR))


def test_what_is_owed_is_carried_from_month_to_month(office: Office) -> None:
    office.bill(70_000, PLACES[0])
    paid = office.bill(30_000, PLACES[0])
    with clock.reading(noon(DAYS[2])):
        office.pay(paid)
        months = office.figures(YEAR).months
    with transaction():
        owed = db.session.scalars(select(Posting.amount).where(Posting.account == RECEIVABLE))
        assert sum(owed) == 70_000
    assert [one.owed for one in months][7:10] == [0, 100_000, 70_000]
