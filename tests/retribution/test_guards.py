"""What the database refuses, whoever asks; and people who come at the same moment."""

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from flask import Flask
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from sijinak.accounts.models import Role
from sijinak.accounts.queries import SignedIn
from sijinak.core.clock import now
from sijinak.core.db import Clash, db, transaction
from sijinak.core.errors import SijinakError
from sijinak.core.money import Rupiah
from sijinak.core.permissions import WORKER
from sijinak.payments import jobs
from sijinak.payments.adapters.base import Kind, Observation, Trust
from sijinak.payments.services import record_observations
from sijinak.retribution.models import Skrd
from sijinak.retribution.services import StartPayment, receive_cash, start_payment
from tests.factories import actor_for
from tests.retribution.factories import (
    begin_payment,
    cash_for,
    do,
    make_skrd,
    money,
    receipts,
    work,
)

pytestmark = pytest.mark.usefixtures("context")


class Crash(Exception):
    pass


def break_down() -> None:
    raise Crash


def in_threads(app: Flask, calls: Sequence[Callable[[], object]]) -> list[object]:
    """All at once, each in its own context and session; errors are answers."""
    barrier = Barrier(len(calls))

    def one(call: Callable[[], object]) -> object:
        with app.app_context():
            barrier.wait()
            try:
                return call()
            except (SijinakError, Crash) as error:
                return error

    with ThreadPoolExecutor(len(calls)) as pool:
        return list(pool.map(one, calls))


@pytest.mark.parametrize("table", ["receipts", "collections"])
@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE {table} SET amount = amount + 1",
        "UPDATE {table} SET amount = amount",
        "DELETE FROM {table}",
        "INSERT OR REPLACE INTO {table} SELECT * FROM {table}",
        "TRUNCATE {table} CASCADE",
    ],
)
def test_what_happened_stays(table: str, statement: str):
    only = {"INSERT OR REPLACE": "sqlite", "TRUNCATE": "postgresql"}
    dialect = db.engine.dialect.name
    if any(statement.startswith(word) and dialect != home for word, home in only.items()):
        pytest.skip(f"{dialect} has no such statement")
    skrd = make_skrd()
    do(receive_cash, cash_for(skrd), by=actor_for(Role.TREASURER))
    with pytest.raises((DBAPIError, Clash), match=r"append-only|clash"), transaction():
        db.session.execute(text(statement.format(table=table)))
    assert [r.amount for r in receipts()] == [79_500]
    assert [m.amount for m in money()] == [79_500]


def test_a_receipt_that_leaves_a_gap_is_refused(monkeypatch: pytest.MonkeyPatch):
    skrd = make_skrd()
    monkeypatch.setattr("sijinak.retribution.services.next_number", lambda *_: 7)
    with pytest.raises((DBAPIError, Clash)):
        do(receive_cash, cash_for(skrd), by=actor_for(Role.TREASURER))
    assert receipts() == []


def test_two_treasurers_at_once(context: Flask):
    skrd = make_skrd()
    actors = [actor_for(Role.TREASURER) for _ in range(6)]

    def taking(actor: SignedIn) -> Callable[[], object]:
        def take() -> object:
            with transaction():
                return receive_cash(cash_for(skrd), by=actor)

        return take

    answers = in_threads(context, [taking(actor) for actor in actors])
    assert len([a for a in answers if not isinstance(a, SijinakError)]) == 1
    assert (len(receipts()), len(money())) == (1, 1)


def test_six_clicks_at_once_have_one_answer(context: Flask):
    skrd, treasurer = make_skrd(), actor_for(Role.TREASURER)
    command = cash_for(skrd)

    def take() -> object:
        with transaction():
            return receive_cash(command, by=treasurer).number

    answers = in_threads(context, [take] * 6)
    assert {str(a) for a in answers} == {receipts()[0].number}
    assert len(money()) == 1


def test_six_starts_at_once_make_one_attempt(context: Flask):
    skrd = make_skrd(10_003)

    def begin() -> object:
        with transaction():
            return start_payment(StartPayment(skrd_id=skrd.id, adapter="sandbox"), by=WORKER)

    answers = in_threads(context, [begin] * 6)
    assert len([a for a in answers if not isinstance(a, SijinakError)]) == 1


def test_the_same_money_told_by_six_at_once_is_one(context: Flask):
    attempt = begin_payment(make_skrd(10_000))
    seen = Observation(
        ref=attempt.ref,
        kind=Kind.PAID,
        money_id="M",
        amount=Rupiah(10_000),
        happened_at=now(),
        trust=Trust.SIGNED_PUSH,
    )

    def tell() -> object:
        with transaction():
            record_observations("sandbox", [seen], by=WORKER)
        jobs.ask(attempt.id)
        return "told"

    in_threads(context, [tell] * 6)
    work()
    assert (len(money()), len(receipts())) == (1, 1)


def test_numbers_have_no_gap_when_some_transactions_break(context: Flask):
    skrds = [make_skrd() for _ in range(32)]
    treasurer = actor_for(Role.TREASURER)

    def taking(mine: list[Skrd], place: int) -> Callable[[], object]:
        def take() -> object:
            for turn, skrd in enumerate(mine):
                try:
                    with transaction():
                        receive_cash(cash_for(skrd), by=treasurer)
                        if (turn + place) % 3 == 0:
                            break_down()
                except Crash:
                    continue
            return "done"

        return take

    answers = in_threads(context, [taking(skrds[n::8], n) for n in range(8)])
    assert answers == ["done"] * 8
    numbers = [receipt.no for receipt in receipts()]
    assert numbers == list(range(1, len(numbers) + 1))
    assert 0 < len(numbers) < 32
