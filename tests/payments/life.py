"""An office whose processes are killed. It starts once; each life is a fork of it.

Arguments: database, data folder, the bank's file. Each line of the input is a life, and its answer
one line: ``pay BILL MODULE:NAME:before|after`` pays a bill through the bank and kills itself there,
the signal is told; ``cash BILL BILL …`` takes cash in several processes at once, which are killed
at any moment, and tells how many receipts they had reported.
"""

import importlib
import os
import signal
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from random import Random
from typing import Any
from uuid import UUID

from flask import Flask

from sijinak.app import create_app
from sijinak.config import Settings
from sijinak.core.db import db, transaction
from sijinak.core.events import events
from sijinak.core.ids import uuid7
from sijinak.core.permissions import OPERATOR, Machine
from sijinak.payments import jobs
from sijinak.payments.adapters.registry import registry
from sijinak.retribution.models import Skrd
from sijinak.retribution.receipts.services import ReceiveCash, receive_cash
from sijinak.retribution.services import StartPayment, start_payment
from tests.payments.desk import deliver
from tests.payments.fakebank import FakeBank

AT_ONCE, MOST_REPORTED, MOMENT = 4, 3, 0.03
chance = Random(1)  # noqa: S311 - no secret


def die(*_: object, **__: object) -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def deadly(call: Callable[..., Any], when: str) -> Callable[..., Any]:
    def step(*args: Any, **named: Any) -> Any:
        if when == "before":
            die()
        answer = call(*args, **named)
        die()
        return answer

    return step


def lay_the_trap(place: str) -> None:
    module, name, when = place.split(":")
    owner = importlib.import_module(module)
    *parts, last = name.split(".")
    for part in parts:
        owner = getattr(owner, part)
    setattr(owner, last, deadly(getattr(owner, last), when))


def forked(app: Flask, live: Callable[[], None]) -> int:
    """The id of a new process, which has no connection yet."""
    child = os.fork()
    if child:
        return child
    try:
        with app.app_context():
            live()
    finally:
        os._exit(1)


def pay(app: Flask, bank: FakeBank, bill: str, place: str) -> int:
    def live() -> None:
        lay_the_trap(place)
        command = StartPayment(skrd_id=UUID(bill), adapter=bank.name)
        with transaction():
            ref = start_payment(command, by=OPERATOR).ref
        while events.deliver_next():
            pass
        deliver(app.test_client(), bank.told(bank.pay(ref)))

    _, status = os.waitpid(forked(app, live), 0)
    return os.WTERMSIG(status)


def take_cash(bills: Sequence[str], report: int) -> None:
    cashier = Machine(uuid7(), "cashier")
    for bill in bills:
        with transaction():
            due = db.session.get_one(Skrd, UUID(bill)).total
            receive_cash(ReceiveCash(skrd_id=UUID(bill), amount=due), by=cashier)
        os.write(report, b".")


def crowd(app: Flask, bills: Sequence[str]) -> int:
    """Each is killed a moment after it reported so many receipts: somewhere in the next one."""
    lives = []
    for place in range(AT_ONCE):
        heard, report = os.pipe()
        mine = bills[place::AT_ONCE]
        lives.append((forked(app, lambda: take_cash(mine, report)), heard))  # noqa: B023
        os.close(report)
    reported = 0
    for child, heard in lives:
        for _ in range(chance.randint(1, MOST_REPORTED)):
            reported += len(os.read(heard, 1))
        time.sleep(chance.uniform(0, MOMENT))
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)
        reported += len(os.read(heard, len(bills)))
    return reported


def main(database: str, folder: str, truth: str) -> None:
    app = create_app(Settings(database_url=database, data_dir=folder))
    bank = FakeBank(Path(truth))
    registry._adapters[bank.name] = bank  # noqa: SLF001
    events.wire({"payment.started": [jobs.start], "skrd.paid": [jobs.stop_for]})
    for line in sys.stdin:
        what, *told = line.split()
        answer = crowd(app, told) if what == "cash" else pay(app, bank, *told)
        os.write(1, f"{answer}\n".encode())


if __name__ == "__main__":
    main(*sys.argv[1:])
