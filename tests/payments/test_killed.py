"""Processes that are killed (SIGKILL) between any two steps of a payment leave nothing wrong.

Each step is a call of the real road, in a process of its own that kills itself there. Then the
worker sweeps, and the books are compared with the bank.
"""

import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterable
from datetime import timedelta
from pathlib import Path

import pytest
from flask import Flask

from sijinak.config import Settings
from sijinak.core.clock import clock, now
from sijinak.core.db import db
from sijinak.core.permissions import WORKER
from sijinak.payments import jobs
from sijinak.payments.models import LIVE
from sijinak.payments.refunds import jobs as refund_jobs
from sijinak.retribution.receipts.services import receive_cash
from tests.payments.books import Books
from tests.payments.desk import offered
from tests.payments.fakebank import FakeBank
from tests.retribution.factories import cash_for, do, make_skrd, receipts, work

# Where it dies: before or after a call of this name, in the module where it is looked up.
STEPS = [
    "sijinak.payments.services:record_attempt:after",  # 1 the attempt and its ref
    "sijinak.payments.jobs:submit:before",  # 2 committed, nobody told
    "sijinak.payments.jobs:submit:after",
    "tests.payments.fakebank:FakeBank.start:before",  # 3 the ref is committed
    "tests.payments.fakebank:FakeBank.start:after",  # 4 the bank knows, we do not
    "sijinak.payments.jobs:note_accepted:after",  # 5 known, not committed
    "tests.payments.fakebank:FakeBank.read_notice:after",  # 6 the money is told
    "sijinak.payments.inbox:take_notice:before",  # 7 the message is written down
    "sijinak.payments.reducing:_kept:after",  # 8 the fact
    "sijinak.payments.reducing:keep_money:after",  # 9 the collection
    "sijinak.payments.reducing:book_money:after",  # 10 its journal
    "sijinak.payments.reducing:_succeed:after",  # 11 the attempt
    "sijinak.retribution.receipts.issuing:next_number:after",  # 12 a number is taken
    "sijinak.retribution.receipts.issuing:_book:before",  # 13 the receipt and what paid it
    "sijinak.retribution.receipts.issuing:mark_paid:after",  # 14 the bill
    "sijinak.payments.reducing:settle:after",  # 15 receipt, journal and bill
    "sijinak.payments.inbox:take_notice:after",  # 16 everything but the commit
    "sijinak.payments.api:_response:before",  # 17 committed, not answered
]
LIFE = Path(__file__).parent / "life.py"
CROWDS, BILLS = 3, 24  # bills of each crowd


@pytest.fixture
def bank(context: Flask, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> FakeBank:
    return offered(FakeBank(tmp_path / "bank"), monkeypatch)


@pytest.fixture
def lived(
    bank: FakeBank, settings: Settings, tmp_path: Path
) -> Callable[[Iterable[str]], list[int]]:
    """What the lives answered."""

    def lived(lives: Iterable[str]) -> list[int]:
        db.session.remove()
        told = [settings.database_url, settings.data_dir, str(tmp_path / "bank")]
        ended = subprocess.run(
            [sys.executable, str(LIFE), *told],
            input="\n".join(lives), text=True, stdout=subprocess.PIPE, check=True,
            env={**os.environ, "PYTHONPATH": "."},
        )  # fmt: skip
        return [int(line) for line in ended.stdout.split()]

    return lived


@pytest.mark.slow
def test_whoever_dies_at_any_step_leaves_nothing_wrong(
    bank: FakeBank, lived: Callable[[Iterable[str]], list[int]]
):
    lives = {f"pay {make_skrd(75_000).id} {place}": place for place in STEPS}
    ends = lived(lives)
    assert dict(zip(STEPS, ends, strict=True)) == dict.fromkeys(STEPS, signal.SIGKILL)
    _restart(bank)
    books = Books(bank.truth)
    books.check_the_ledger()
    books.check_the_money()
    books.check_the_receipts()
    books.check_the_attempts(bank.payable())
    books.check_nothing_is_missing()
    assert not [one for one in books.attempts if one.state in LIVE]
    assert len(books.live_receipts) == len(bank.truth.money) == len(books.money)


@pytest.mark.slow
def test_whoever_dies_issuing_a_receipt_leaves_no_gap(
    bank: FakeBank, lived: Callable[[Iterable[str]], list[int]]
):
    bills = [[str(make_skrd().id) for _ in range(BILLS)] for _ in range(CROWDS)]
    reported = lived(f"cash {' '.join(ids)}" for ids in bills)
    books = Books(bank.truth)
    books.check_the_ledger()
    books.check_the_money()
    books.check_the_receipts()
    issued = len(books.live_receipts)
    assert CROWDS < sum(reported) <= issued < CROWDS * BILLS, "what was reported is there"
    assert len(books.money) == len(books.paid) == issued, "and nothing by halves"
    do(receive_cash, cash_for(make_skrd()), by=WORKER)
    assert max(receipt.no for receipt in receipts()) == issued + 1


def _restart(bank: FakeBank) -> None:
    """The worker lives on: what is owed to events, and what is due by the clock."""
    moment = now()
    for minutes in (1, 4, 10, 30, 300, 1500):
        with clock.reading(moment + timedelta(minutes=minutes)):
            bank.expire()
            for _ in range(3):
                work()
                jobs.sweep()
                refund_jobs.sweep()
