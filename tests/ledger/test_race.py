"""Two write while a third closes the day: no journal ends in a closed day, none is lost."""

import threading
from collections.abc import Callable
from datetime import date, timedelta

from flask import Flask
from sqlalchemy import func, select

from sijinak.core.clock import today
from sijinak.core.db import db, transaction
from sijinak.core.permissions import OPERATOR
from sijinak.ledger.models import ClosedDay, Journal
from sijinak.ledger.services import CloseDay, close_day, post
from tests.ledger.test_posting import entry

EACH, DAYS = 40, 6


def at_once(app: Flask, works: list[Callable[[], None]]) -> None:
    """Each in a thread of its own; what goes wrong there is wrong here."""
    begun, wrong = threading.Barrier(len(works)), list[BaseException]()

    def run(work: Callable[[], None]) -> None:
        with app.app_context():
            begun.wait()
            try:
                work()
            except BaseException as error:  # noqa: BLE001 - told below
                wrong.append(error)
            finally:
                db.session.remove()

    threads = [threading.Thread(target=run, args=(work,)) for work in works]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not wrong, wrong


def test_posting_and_closing_at_once(app: Flask):
    days = [today() - timedelta(days=n) for n in reversed(range(DAYS))]
    counted: dict[date, int] = {}

    def writer(name: str) -> Callable[[], None]:
        def write() -> None:
            for number in range(EACH):
                with transaction():
                    asked = entry(f"race:{name}:{number}", on=days[number * DAYS // EACH])
                    post(asked, by=OPERATOR)

        return write

    def close() -> None:
        for day in days:
            with transaction():
                close_day(CloseDay(day=day), by=OPERATOR)
                # Whoever wrote into this day has committed; nobody can from now on.
                counted[day] = _journals_on(day)

    at_once(app, [writer("a"), writer("b"), close])
    with app.app_context():
        assert db.session.scalar(select(func.count()).select_from(Journal)) == 2 * EACH
        assert db.session.scalar(select(func.count()).select_from(ClosedDay)) == DAYS
        assert {day: _journals_on(day) for day in days} == counted


def _journals_on(day: date) -> int:
    asked = select(func.count()).select_from(Journal).where(Journal.effective_on == day)
    return db.session.scalar(asked) or 0
