"""Random entries, reversals and closings, in any order: the books stay whole."""

import subprocess
from datetime import date, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from flask import Flask
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule
from sqlalchemy import func, select

from sijinak.core.clock import today
from sijinak.core.db import db, transaction
from sijinak.core.permissions import OPERATOR
from sijinak.ledger.checking import book_faults
from sijinak.ledger.export import Format, exported, outside
from sijinak.ledger.models import Posting
from sijinak.ledger.queries import balance, balances, revenue_between, trial_balance
from sijinak.ledger.services import CloseDay, DayIsClosed, Entry, Line, close_day, post, reverse
from tests.ledger.strict import read_hledger
from tests.ledger.test_export import bean_check
from tests.machines import run

START = date(2020, 1, 1)
ACCOUNTS = ("receivable", "suspense", "clearing:snap", "bank:op", "fee", "revenue:4.1.02.01")
THINGS = (None, UUID(int=1), UUID(int=2))
LINES = st.lists(
    st.tuples(st.sampled_from(ACCOUNTS), st.integers(-10_000, 10_000), st.sampled_from(THINGS)),
    min_size=1, max_size=4,
)  # fmt: skip


class Books(RuleBasedStateMachine):
    """The model is a plain list: what is in the books is added up beside them."""

    folder: Path
    runs = 0

    def __init__(self) -> None:
        super().__init__()
        type(self).runs += 1
        self.day = START + timedelta(days=40 * self.runs)
        self.prefix = f"run{self.runs}"
        self.names: list[str] = []
        self.undone: set[str] = set()
        with transaction():
            self.before = {account: balance(account) for account in ACCOUNTS}
        self.lines: list[tuple[date, str, int]] = []
        self.closed: date | None = None

    @rule(lines=LINES, days=st.integers(0, 30))
    def write(self, lines: list[tuple[str, int, UUID | None]], days: int) -> None:
        total = sum(amount for _, amount, _ in lines)
        whole = [Line(*line) for line in (*lines, ("bank:op", -total, None)) if line[1]]
        if len(whole) < 2:
            return
        name, on = f"{self.prefix}:{len(self.names)}", self.day + timedelta(days=days)
        with transaction():
            entry = Entry(idem=name, kind="x", on=on, region="52.04", lines=whole)
            journal = post(entry, by=OPERATOR)
            assert post(entry, by=OPERATOR).id == journal.id
        expected = (
            on if self.closed is None or on > self.closed else self.closed + timedelta(days=1)
        )
        assert journal.effective_on == expected
        self.names.append(name)
        self.lines += [(journal.effective_on, line.account, line.amount) for line in whole]

    @precondition(lambda self: self.names)
    @rule(pick=st.integers(0, 1000))
    def undo(self, pick: int) -> None:
        name = self.names[pick % len(self.names)]
        with transaction():
            undone = reverse(name, reason="salah", by=OPERATOR)
        if name in self.undone:
            return
        self.undone.add(name)
        lines = db.session.scalars(select(Posting).where(Posting.journal_id == undone.id)).all()
        self.lines += [(p.effective_on, p.account, p.amount) for p in lines]
        db.session.rollback()

    @rule(days=st.integers(0, 30))
    def close(self, days: int) -> None:
        day = self.day + timedelta(days=days)
        try:
            with transaction():
                close_day(CloseDay(day=day), by=OPERATOR)
            self.closed = day
        except DayIsClosed:
            assert self.closed is None or day <= self.closed or day < self.day

    @invariant()
    def balances_are_what_was_written(self) -> None:
        with transaction():
            assert db.session.scalar(select(func.coalesce(func.sum(Posting.amount), 0))) == 0
            for account in ACCOUNTS:
                mine = sum(amount for _, code, amount in self.lines if code == account)
                assert balance(account) == self.before[account] + mine
                assert sum(balances(account).values()) == balance(account)
            assert sum(revenue_between(START, today()).values()) == -balance("revenue:4.1.02.01")

    def teardown(self) -> None:
        with transaction():
            assert list(book_faults()) == []
            last = today() + timedelta(days=1)
            totals = {outside(t.code): t.balance for t in trial_balance(last, by=OPERATOR)}
            for kind in Format:
                text = "\n".join(exported(kind, self.day, last, by=OPERATOR)) + "\n"
                self._read(kind, text, totals)

    def _read(self, kind: Format, text: str, totals: dict[str, Any]) -> None:
        if kind is Format.HLEDGER:
            assert read_hledger(text) == totals
        elif self.runs % 5 == 1:  # starting the program takes half a second
            checked: subprocess.CompletedProcess[str] = bean_check(self.folder, text)
            assert checked.returncode == 0, checked.stderr


@pytest.mark.slow
def test_the_books_in_any_order(context: Flask, tmp_path: Path):
    class Here(Books):
        folder = tmp_path

    run(Here, examples=30, steps=20)
