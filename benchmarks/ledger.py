"""The books with 100,000 journals: the slowest question of a page, in milliseconds.

A bill, its money and its receipt for each of 33,000 payments over two years. The note has every
question, and what writing one journal more costs.
"""

import time
from collections.abc import Callable
from contextlib import ExitStack
from datetime import date, timedelta
from uuid import UUID

from sqlalchemy import text

from benchmarks.databases import NoServer, installed, on_postgres, scratch_folder
from benchmarks.measuring import Result
from sijinak.core import bulk
from sijinak.core.clock import now, today
from sijinak.core.db import db, transaction
from sijinak.core.ids import uuid7
from sijinak.core.permissions import OPERATOR
from sijinak.ledger.books import open_accounts
from sijinak.ledger.models import Journal, Posting
from sijinak.ledger.queries import balance, balances, moves_of, revenue_between, trial_balance
from sijinak.ledger.services import Entry, Line, post

PAYMENTS, DAYS, TURNS, POSTS, PART = 33_000, 730, 5, 300, 5_000
LAW_CODES = ("4.1.02.01.01", "4.1.02.02.01")


def ledger_100k_ms() -> Result:
    return _measured(postgres=True)


def ledger_100k_ms_sqlite() -> Result:
    return _measured(postgres=False)


def _measured(*, postgres: bool) -> Result:
    with ExitStack() as stack:
        folder = stack.enter_context(scratch_folder())
        try:
            url = stack.enter_context(on_postgres()) if postgres else f"sqlite:///{folder}/b.sqlite"
        except NoServer as error:
            return Result(None, unit="ms", note=str(error))
        app = stack.enter_context(installed(url, folder))
        with app.app_context():
            _load()
            db.session.execute(text("ANALYZE"))  # as autovacuum does it within the minute
            db.session.commit()
            spent = {name: _time(ask) for name, ask in _questions().items()}
            note = ", ".join(f"{name} {ms:.1f}" for name, ms in spent.items())
            return Result(max(spent.values()), unit="ms", note=f"{note}; a post {_writing():.2f}")


def _questions() -> dict[str, Callable[[], object]]:
    last, bill = today(), UUID(int=PAYMENTS)
    month, year = last - timedelta(days=30), last - timedelta(days=365)
    return {
        "balance of a bill": lambda: balance("receivable", bill),
        "balance of an account": lambda: balance("clearing:snap"),
        "open bills": lambda: balances("receivable"),
        "trial balance": lambda: trial_balance(last, by=OPERATOR),
        "trial balance of a year ago": lambda: trial_balance(year, by=OPERATOR),
        "revenue of a month": lambda: revenue_between(month, last),
        "revenue of a year": lambda: revenue_between(year, last),
        "moves of a month": lambda: moves_of("suspense", (month, last), by=OPERATOR),
    }


def _time(ask: Callable[[], object]) -> float:
    """The quickest of some turns: the machine has others to serve, too."""
    best = float("inf")
    for _ in range(TURNS):
        began = time.perf_counter()
        ask()
        best = min(best, (time.perf_counter() - began) * 1000)
        db.session.rollback()
    return best


def _writing() -> float:
    began = time.perf_counter()
    with transaction():
        for number in range(POSTS):
            lines = [Line("clearing:snap", 1), Line("suspense", -1, UUID(int=number))]
            entry = Entry(
                idem=f"bench:{number}", kind="money", on=today(), region="52.04", lines=lines
            )
            post(entry, by=OPERATOR)
    return (time.perf_counter() - began) * 1000 / POSTS


def _load() -> None:
    """Past the services, which are measured apart; every tenth bill is not paid."""
    first = today() - timedelta(days=DAYS)
    with transaction():
        open_accounts(
            {"receivable", "clearing:snap", "suspense", *map("revenue:{}".format, LAW_CODES)}
        )
    for start in range(1, PAYMENTS + 1, PART):
        with transaction():
            journals, lines = [], []
            for number in range(start, min(start + PART, PAYMENTS + 1)):
                for journal, written in _of(number, first + timedelta(days=number % DAYS)):
                    journals.append(journal)
                    lines += written
            _insert(journals, lines)


def _of(number: int, on: date) -> list[tuple[dict[str, object], list[dict[str, object]]]]:
    bill, money = UUID(int=number), UUID(int=number + 10**9)
    revenue = f"revenue:{LAW_CODES[number % len(LAW_CODES)]}"
    told = [("skrd.issued", [("receivable", bill, 79_500), (revenue, None, -79_500)])]
    told += [("money", [("clearing:snap", None, 79_500), ("suspense", money, -79_500)])]
    if number % 10:
        told += [("paid", [("suspense", money, 79_500), ("receivable", bill, -79_500)])]
    return [_journal(kind, number, on, lines) for kind, lines in told]


def _journal(
    kind: str, number: int, on: date, lines: list[tuple[str, UUID | None, int]]
) -> tuple[dict[str, object], list[dict[str, object]]]:
    journal: dict[str, object] = {
        "id": uuid7(), "idem": f"{kind}:{number}", "kind": kind, "effective_on": on,
        "recorded_at": now(), "region": "52.04.02.2001", "actor_id": OPERATOR.id,
        "actor_name": OPERATOR.name, "reason": "", "size": len(lines), "zero": 0,
    }  # fmt: skip
    written: list[dict[str, object]] = [
        {
            "id": uuid7(), "journal_id": journal["id"], "position": place, "effective_on": on,
            "account": account, "about": about, "amount": amount,
        }
        for place, (account, about, amount) in enumerate(lines, start=1)
    ]  # fmt: skip
    return journal, written


def _insert(journals: list[dict[str, object]], lines: list[dict[str, object]]) -> None:
    for model, rows in ((Journal, journals), (Posting, lines)):
        bulk.insert(model, {name: [row[name] for row in rows] for name in rows[0]})
