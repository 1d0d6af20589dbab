"""What the books say."""

from datetime import date, timedelta
from uuid import UUID, uuid4

import pytest
from flask import Flask

from sijinak.accounts.models import Role
from sijinak.core.clock import today
from sijinak.core.db import transaction
from sijinak.core.errors import Forbidden, NotFound
from sijinak.core.paging import Place
from sijinak.core.permissions import OPERATOR
from sijinak.ledger.checking import book_faults, journals_in_books
from sijinak.ledger.queries import (
    balance,
    balances,
    first_and_last_day,
    journal_by_id,
    moves_of,
    revenue_between,
    trial_balance,
)
from sijinak.ledger.services import Entry, Line, post, reverse
from tests.factories import LUNYUK, actor_for

ONE, OTHER = UUID(int=101), UUID(int=102)
DAY = timedelta(days=1)


def bill(number: int, about: UUID, on: date, *, region: str = "52.04") -> None:
    """A bill of two kinds of revenue, set on a day."""
    lines = [
        Line("receivable", 10_000 * number, about),
        Line("revenue:4.1.02.01", -7_000 * number),
        Line("revenue:4.1.02.02", -3_000 * number),
    ]
    entry = Entry(
        idem=f"skrd.issued:{number}", kind="skrd.issued", on=on, region=region, lines=lines
    )
    with transaction():
        post(entry, by=OPERATOR)


@pytest.fixture
def books(context: Flask) -> None:
    bill(1, ONE, today() - 3 * DAY)
    bill(2, OTHER, today() - DAY, region=LUNYUK)
    bill(3, ONE, today())


def test_balances_add_up_by_what_they_are_about(books: None):
    assert balance("receivable") == 60_000
    assert balance("receivable", ONE) == 40_000
    assert balance("receivable", uuid4()) == 0
    assert balance("cash") == 0
    assert balances("receivable") == {ONE: 40_000, OTHER: 20_000}
    with transaction():
        reverse("skrd.issued:2", reason="salah", by=OPERATOR)
    assert balances("receivable") == {ONE: 40_000}


def test_revenue_is_told_by_law_code_and_days(books: None):
    week = today() - 7 * DAY
    assert revenue_between(week, today()) == {"4.1.02.01": 42_000, "4.1.02.02": 18_000}
    assert revenue_between(today() - 2 * DAY, today() - DAY) == {
        "4.1.02.01": 14_000, "4.1.02.02": 6_000
    }  # fmt: skip
    assert revenue_between(week, week) == {}


def test_the_trial_balance_of_a_day_leaves_later_days_out(books: None):
    totals = {t.code: (t.debit, t.credit) for t in trial_balance(today() - DAY, by=OPERATOR)}
    assert totals == {
        "receivable": (30_000, 0), "revenue:4.1.02.01": (0, 21_000), "revenue:4.1.02.02": (0, 9_000)
    }  # fmt: skip
    assert sum(t.balance for t in trial_balance(today(), by=OPERATOR)) == 0


def test_an_account_tells_its_lines_page_by_page(context: Flask):
    for number in range(1, 61):
        bill(number, ONE, today() - (number % 3) * DAY)
    days = (today() - DAY, today())
    first = moves_of("receivable", days, by=OPERATOR)
    assert [line.effective_on for line in first.page.items] == sorted(
        (line.effective_on for line in first.page.items), reverse=True
    )
    assert first.page.older is not None
    second = moves_of("receivable", days, by=OPERATOR, place=Place(after=first.page.items[-1].id))
    lines = [*first.page.items, *second.page.items]
    assert len({line.id for line in lines}) == 40
    assert first.after - first.before == sum(line.amount for line in lines)
    assert first.after == balance("receivable")
    assert not moves_of("receivable", days, by=OPERATOR, about=OTHER).page.items
    with pytest.raises(NotFound):
        moves_of("pocket", days, by=OPERATOR)


def test_who_reads_a_part_of_the_land_reads_that_part_of_the_books(books: None):
    near = actor_for(Role.TREASURER, region=LUNYUK)
    totals = {t.code: t.balance for t in trial_balance(today(), by=near)}
    assert totals["receivable"] == 20_000
    lines = moves_of("receivable", (today() - 9 * DAY, today()), by=near).page.items
    assert [line.about for line in lines] == [OTHER]
    assert journal_by_id(lines[0].journal_id, by=near)
    far = moves_of("receivable", (today() - 9 * DAY, today()), by=OPERATOR).page.items
    with pytest.raises(NotFound):
        journal_by_id(next(line.journal_id for line in far if line.about == ONE), by=near)


def test_who_keeps_no_books_reads_none(books: None):
    trader = actor_for(Role.PARAMEDIC)
    for asked in (lambda: trial_balance(today(), by=trader), lambda: first_and_last_day(by=trader)):
        with pytest.raises(Forbidden):
            asked()


def test_books_that_are_whole_have_no_faults(books: None):
    assert list(book_faults()) == []
    assert journals_in_books() == 3
