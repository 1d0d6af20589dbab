"""Journals are written once, balance, and count on an open day."""

from datetime import timedelta
from uuid import uuid4

import pytest
from flask import Flask
from sqlalchemy import func, select

from sijinak.core.clock import today
from sijinak.core.db import db, transaction
from sijinak.core.errors import NotFound
from sijinak.core.once import SaidOtherwise
from sijinak.core.permissions import OPERATOR
from sijinak.ledger.models import Account, Journal, JournalSum, Posting
from sijinak.ledger.services import (
    CloseDay,
    DayIsClosed,
    DayNotOver,
    Entry,
    Line,
    Unbalanced,
    close_day,
    post,
    reverse,
)


def entry(idem: str = "x:1", *, amount: int = 79_500, **changes: object) -> Entry:
    lines = [Line("clearing:sandbox", amount, None), Line("suspense", -amount, uuid4())]
    asked = {"idem": idem, "kind": "money", "on": today(), "region": "52.04", "lines": lines}
    return Entry(**asked | changes)  # type: ignore[arg-type]


def written(idem: str) -> Journal:
    db.session.expire_all()
    return db.session.scalars(select(Journal).where(Journal.idem == idem)).one()


def test_an_entry_becomes_a_journal_with_its_lines(context: Flask):
    asked = entry()
    with transaction():
        journal = post(asked, by=OPERATOR)
    known = written("x:1")
    assert (known.id, known.effective_on) == (journal.id, today())
    assert [(p.account, p.amount, p.about) for p in known.postings] == [
        (line.account, line.amount, line.about) for line in asked.lines
    ]
    total = db.session.get_one(JournalSum, journal.id)
    assert (total.total, total.size) == (0, 2)


def test_the_same_entry_twice_is_one_journal(context: Flask):
    asked = entry()
    with transaction():
        first = post(asked, by=OPERATOR)
        assert post(asked, by=OPERATOR).id == first.id
    with transaction():
        assert post(asked, by=OPERATOR).id == first.id
    assert db.session.scalar(select(func.count()).select_from(Posting)) == 2


def test_the_same_name_for_something_else_is_refused(context: Flask):
    with transaction():
        post(entry(), by=OPERATOR)
    with pytest.raises(SaidOtherwise), transaction():
        post(entry(amount=80_000), by=OPERATOR)


@pytest.mark.parametrize("amounts", [(1, -2), (5,), (), (0, 0), (3, 0)])
def test_what_does_not_balance_is_refused(context: Flask, amounts: tuple[int, ...]):
    lines = [Line("cash", amount) for amount in amounts]
    with pytest.raises(Unbalanced), transaction():
        post(entry(lines=lines), by=OPERATOR)


def test_lines_of_zero_are_left_out(context: Flask):
    lines = [Line("bank:op", 5), Line("fee", 0), Line("clearing:snap", -5)]
    with transaction():
        post(entry(lines=lines), by=OPERATOR)
    assert [p.account for p in written("x:1").postings] == ["bank:op", "clearing:snap"]


def test_an_account_opens_with_its_first_posting_and_outlives_what_failed(context: Flask):
    lines = [Line("receivable", 5, uuid4()), Line("revenue:4.1.02", -5)]
    with pytest.raises(ZeroDivisionError), transaction():
        post(entry(lines=lines), by=OPERATOR)
        raise ZeroDivisionError
    for number in range(2):
        with transaction():
            post(entry(f"x:{number}", lines=lines), by=OPERATOR)
    opened = db.session.scalars(select(Account).order_by(Account.code)).all()
    assert [(a.code, str(a.kind), a.law_code) for a in opened] == [
        ("receivable", "asset", ""), ("revenue:4.1.02", "revenue", "4.1.02")
    ]  # fmt: skip


def test_an_account_outside_the_chart_is_a_mistake(context: Flask):
    with pytest.raises(KeyError), transaction():
        post(entry(lines=[Line("pocket", 5), Line("cash", -5)]), by=OPERATOR)


def test_a_reversal_stands_beside_what_was_wrong_once(context: Flask):
    with transaction():
        wrong = post(entry(), by=OPERATOR)
    with transaction():
        first = reverse("x:1", reason="salah", by=OPERATOR)
        assert reverse("x:1", reason="salah lagi", by=OPERATOR).id == first.id
    known = written("reversal:x:1")
    assert known.reverses_id == wrong.id
    assert known.reason == "salah"
    assert [p.amount for p in known.postings] == [-79_500, 79_500]
    with pytest.raises(NotFound), transaction():
        reverse("x:2", reason="", by=OPERATOR)


def test_what_comes_late_counts_on_the_next_open_day(context: Flask):
    yesterday = today() - timedelta(days=1)
    with transaction():
        close_day(CloseDay(day=yesterday), by=OPERATOR)
    for number, day in enumerate((yesterday, yesterday - timedelta(days=9), today())):
        with transaction():
            assert post(entry(f"x:{number}", on=day), by=OPERATOR).effective_on == today()
        assert written(f"x:{number}").effective_on == today()
    with transaction():
        close_day(CloseDay(day=today()), by=OPERATOR)
        late = post(entry("x:9"), by=OPERATOR)
    assert late.effective_on == today() + timedelta(days=1)


def test_days_are_closed_in_order_and_never_ahead(context: Flask):
    command = CloseDay(day=today())
    with transaction():
        closed = close_day(command, by=OPERATOR)
    with transaction():
        assert close_day(command, by=OPERATOR).id == closed.id
    for day in (today(), today() - timedelta(days=1)):
        with pytest.raises(DayIsClosed), transaction():
            close_day(CloseDay(day=day), by=OPERATOR)
    with pytest.raises(DayNotOver), transaction():
        close_day(CloseDay(day=today() + timedelta(days=1)), by=OPERATOR)
