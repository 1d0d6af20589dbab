"""What the log costs whoever writes: a bill is paid in cash, booked and receipted, eight at once.

The same with the log and without it, turn by turn on two databases; what waits is merged meanwhile
by a process of its own, as the worker does it. BENCH_APPENDS says how many payments in a turn.
"""

import multiprocessing
import os
import time
from collections.abc import Sequence
from contextlib import ExitStack
from functools import cache
from multiprocessing.synchronize import Event
from typing import Any
from uuid import UUID

from sqlalchemy import select, update

from benchmarks.databases import NoServer, installed, let_go, on_postgres, scratch_folder
from benchmarks.measuring import Result
from sijinak.app import create_app
from sijinak.config import Settings
from sijinak.core.db import db, transaction
from sijinak.core.money import Rupiah
from sijinak.core.noting import noting
from sijinak.core.permissions import WORKER
from sijinak.core.tlog import head, merge
from sijinak.logged import LOGGED
from sijinak.payments.models import Attempt, AttemptBill, AttemptState
from sijinak.retribution.models import Skrd, SkrdState
from sijinak.retribution.receipts.services import ReceiveCash, receive_cash
from tests.payments.storm import AMOUNT, owe

APPENDS = int(os.environ.get("BENCH_APPENDS", "800"))
WRITERS, TURNS, PAUSE = 8, 3, 0.2
Spent = tuple[float, float]  # seconds on the wall, and of CPU of all writers


def tlog_append_cost() -> Result:
    """The throughput with the log, as a part of that without it; PostgreSQL."""
    try:
        return _result(postgres=True)
    except NoServer as error:
        return Result(None, note=f"no PostgreSQL server: {error}")


def tlog_append_cost_sqlite() -> Result:
    return _result(postgres=False)


@cache
def _result(*, postgres: bool) -> Result:
    best: dict[bool, Spent] = {}
    with ExitStack() as stack:
        offices = {logged: _office(stack, postgres=postgres) for logged in (True, False)}
        for _ in range(TURNS):
            for logged, (settings, bills) in offices.items():
                some = [bills.pop() for _ in range(APPENDS)]
                spent = _turn(settings, some, logged=logged)
                best[logged] = min(best.get(logged, spent), spent)
    rates = {logged: APPENDS / wall for logged, (wall, _) in best.items()}
    costs = {logged: cpu * 1000 / APPENDS for logged, (_, cpu) in best.items()}
    note = (
        f"{rates[True]:.0f} payments a second with the log, {rates[False]:.0f} without,"
        f" {WRITERS} writers; CPU {costs[True]:.1f} against {costs[False]:.1f} ms a payment"
    )
    return Result(rates[True] / rates[False], round(rates[False]), note)


def _office(stack: ExitStack, *, postgres: bool) -> tuple[Settings, list[UUID]]:
    """With so many open bills."""
    folder = stack.enter_context(scratch_folder())
    url = stack.enter_context(on_postgres()) if postgres else f"sqlite:///{folder}/b.sqlite"
    app = stack.enter_context(installed(url, folder))
    with app.app_context():
        bills = _bills(APPENDS * TURNS)
    let_go(app)
    return Settings(database_url=url, data_dir=str(folder)), bills


def _bills(count: int) -> list[UUID]:
    """No attempt at these waits for money: they are paid at the counter."""
    owe(count)
    with transaction():
        db.session.execute(update(AttemptBill).values(is_live=False))
        db.session.execute(
            update(Attempt)
            .where(Attempt.state == AttemptState.PENDING)
            .values(state=AttemptState.CANCELLED)
        )
    with transaction():
        open_ones = select(Skrd.id).where(Skrd.state == SkrdState.OPEN, Skrd.total == AMOUNT)
        return list(db.session.scalars(open_ones.order_by(Skrd.id).limit(count)))


def _turn(settings: Settings, bills: Sequence[UUID], *, logged: bool) -> Spent:
    ready, stop = multiprocessing.Barrier(WRITERS + 1), multiprocessing.Event()
    spent: Any = multiprocessing.Queue()
    shares = [list(bills[place::WRITERS]) for place in range(WRITERS)]
    writers = [
        multiprocessing.Process(target=_pay, args=(settings, share, logged, ready, spent))
        for share in shares
    ]
    merger = multiprocessing.Process(target=_merge, args=(settings, stop))
    merger.start()
    for writer in writers:
        writer.start()
    ready.wait()
    began = time.perf_counter()
    cpu = sum(spent.get() for _ in writers)
    wall = time.perf_counter() - began
    for writer in writers:
        writer.join()
    stop.set()
    merger.join()
    return wall, cpu


def _pay(settings: Settings, bills: list[UUID], logged: Any, ready: Any, spent: Any) -> None:
    app = create_app(settings)
    noting.wire(LOGGED if logged else {})
    with app.app_context():
        with transaction():
            head()
        ready.wait()
        began = time.process_time()
        for bill in bills:
            with transaction():
                receive_cash(ReceiveCash(skrd_id=bill, amount=Rupiah(AMOUNT)), by=WORKER)
        spent.put(time.process_time() - began)


def _merge(settings: Settings, stop: Event) -> None:
    app = create_app(settings)
    with app.app_context():
        while not stop.wait(PAUSE):
            with transaction():
                merge()
        db.session.remove()
