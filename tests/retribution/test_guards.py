"""What the database refuses, whoever asks; and people who come at the same moment."""

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from threading import Barrier

import pytest
from flask import Flask
from sqlalchemy import select, text
from sqlalchemy.exc import DBAPIError

from sijinak.accounts.models import Role
from sijinak.accounts.queries import SignedIn
from sijinak.core.clock import now
from sijinak.core.db import Clash, db, transaction
from sijinak.core.errors import SijinakError
from sijinak.core.money import Rupiah
from sijinak.core.permissions import WORKER
from sijinak.ledger.chart import SUSPENSE
from sijinak.ledger.queries import balance
from sijinak.payments import jobs
from sijinak.payments.adapters.base import Kind, Observation, Trust
from sijinak.payments.models import Collection
from sijinak.payments.services import record_observations
from sijinak.retribution.models import Skrd, SkrdState
from sijinak.retribution.receipts.models import Receipt
from sijinak.retribution.receipts.services import (
    AnswerVoid,
    AskVoid,
    answer_void,
    ask_void,
    receive_cash,
)
from sijinak.retribution.services import StartPayment, start_payment
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


@pytest.mark.parametrize("table", ["receipts", "collections", "allocations"])
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
    monkeypatch.setattr("sijinak.retribution.receipts.issuing.next_number", lambda *_: 7)
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


def test_numbers_have_no_gap_under_crashes_duplicates_and_voids(context: Flask):  # noqa: PLR0915
    """R7: eight workers, 15 of 100 die before they commit, half of the bills are raced for."""
    skrds = [make_skrd() for _ in range(40)]
    cashiers = [actor_for(Role.TREASURER) for _ in range(8)]
    heads = [actor_for(Role.KABID) for _ in range(8)]

    def attempt(call: Callable[[], object], turn: int) -> object:
        try:
            with transaction():
                done = call()
                if turn % 20 < 3:
                    break_down()
        except (SijinakError, Crash) as error:
            return error
        return done

    def working(place: int) -> Callable[[], object]:
        mine = skrds[place::8] + skrds[(place + 1) % 8 :: 16]

        def work_on() -> object:
            for turn, skrd in enumerate(mine * 2):
                cash = cash_for(skrd)
                paid = attempt(partial(receive_cash, cash, by=cashiers[place]), turn * 8 + place)
                if isinstance(paid, Receipt) and turn % 4 == 1:
                    asked = AskVoid(receipt_id=paid.id, reason="salah hitung")
                    with transaction():
                        ask_void(asked, by=cashiers[place])
                    answer = AnswerVoid(request_id=asked.id, action="issue")
                    attempt(partial(answer_void, answer, by=heads[place]), turn * 8 + place + 5)
            return "done"

        return work_on

    assert in_threads(context, [working(n) for n in range(8)]) == ["done"] * 8
    found = receipts()
    assert [one.no for one in found] == list(range(1, len(found) + 1))
    voided = {one.voids_id for one in found if one.voids_id}
    live = [one for one in found if not one.voids_id and one.id not in voided]
    assert len(live) == len({one.skrd_id for one in live}), "at most one that counts for each bill"
    assert voided
    _the_books_agree(live)


def _the_books_agree(live: list[Receipt]) -> None:
    with transaction():
        paid_bills = select(Skrd.id).where(Skrd.state == SkrdState.PAID)
        assert set(db.session.scalars(paid_bills)) == {one.skrd_id for one in live}
        assert -balance(SUSPENSE) == sum(
            m.amount for m in db.session.scalars(select(Collection))
        ) - (sum(one.amount for one in live))
