"""64 spend one wallet at once, each twice: never below zero, conserved, each key once."""

import random
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from functools import partial
from uuid import UUID, uuid4

import pytest
from flask import Flask
from sqlalchemy import func, select, update

from sijinak.core.clock import now
from sijinak.core.db import Clash, db, transaction
from sijinak.core.errors import SijinakError
from sijinak.core.money import Rupiah
from sijinak.core.permissions import OPERATOR, WORKER
from sijinak.payments.adapters.base import Kind, Observation, Trust
from sijinak.payments.models import Attempt, Collection
from sijinak.payments.services import record_observations
from sijinak.payments.wallet.models import MoveKind, Wallet, WalletMove
from sijinak.payments.wallet.moving import NotEnough
from sijinak.payments.wallet.paying_out import PayOut, ask_pay_out
from sijinak.payments.wallet.services import Spend, spend
from sijinak.retribution.services import StartPayment, start_payment
from tests.databases import SERVER
from tests.payments.wallet.factories import assert_whole, fill, make_wallet, pay
from tests.retribution.factories import do, make_skrd, receipts

SPENDS, EACH, ENOUGH_FOR = 64, 79_500, 40
START = EACH * ENOUGH_FOR + 500


def at_once(app: Flask, work: Callable[[Spend], None], commands: Sequence[Spend]) -> None:
    """Every command twice, in any order, by as many as the server has connections for."""
    twice = [*commands, *commands]
    random.Random(4).shuffle(twice)  # noqa: S311 - the same order in each run

    def one(command: Spend) -> None:
        with app.app_context():
            try:
                work(command)
            finally:
                db.session.remove()

    with ThreadPoolExecutor(14) as threads:
        for done in [threads.submit(one, command) for command in twice]:
            done.result()


def check(wallet_id: UUID) -> None:
    with transaction():
        wallet = db.session.get_one(Wallet, wallet_id, populate_existing=True)
        asked = select(WalletMove).where(WalletMove.kind == MoveKind.SPEND)
        moves = db.session.scalars(asked).all()
        assert wallet.balance >= 0
        assert wallet.balance + sum(-move.amount for move in moves) == START, "conserved"
        assert len({move.cause_id for move in moves}) == len(moves) == ENOUGH_FOR


@pytest.mark.slow
def test_simultaneous_spends_are_conserved(app: Flask):
    with app.app_context():
        wallet = make_wallet()
        fill(wallet, START)
        bills = [make_skrd() for _ in range(SPENDS)]
        commands = []
        for bill in bills:
            with transaction():
                attempt = start_payment(
                    StartPayment(skrd_id=bill.id, adapter="wallet"), by=OPERATOR
                )
            commands.append(Spend(wallet_id=wallet.id, attempt_id=attempt.id))

    def work(command: Spend) -> None:
        try:
            with transaction():
                spend(command, by=OPERATOR)
        except NotEnough:
            pass

    at_once(app, work, commands)
    with app.app_context():
        check(wallet.id)
        assert len(receipts()) == ENOUGH_FOR
        assert (
            db.session.scalar(
                select(func.count()).select_from(Attempt).where(Attempt.state == "succeeded")
            )
            == ENOUGH_FOR + 1
        )  # the top-up is one, too
        db.session.rollback()
        assert_whole()


def test_spending_paying_out_and_taking_back_at_once(app: Flask):
    """Two devices spend, the office pays out, and the bank takes the top-up back."""
    with app.app_context():
        wallet = make_wallet()
        fill(wallet, 100_000)
        bills = [make_skrd() for _ in range(2)]
        with transaction():
            came = db.session.scalars(select(Collection)).one()
    asked = PayOut(collection_id=came.id, amount=Rupiah(60_000), reason="berhenti", decree="SK 1")
    gone = Observation(
        ref=came.ref, kind=Kind.REVERSED, money_id=came.money_id, amount=came.amount,
        happened_at=now(), trust=Trust.SIGNED_PUSH,
    )  # fmt: skip
    deeds = [
        *(partial(pay, wallet, [bill]) for bill in bills * 2),
        partial(do, ask_pay_out, asked, by=OPERATOR),
        partial(_tell, gone),
    ]

    def one(deed: Callable[[], object]) -> None:
        with app.app_context(), suppress(SijinakError):  # who comes too late is told so
            try:
                deed()
            finally:
                db.session.remove()

    with ThreadPoolExecutor(len(deeds)) as threads:
        list(threads.map(one, deeds))
    with app.app_context():
        assert_whole()
        assert len(receipts()) <= 1


def _tell(one: Observation) -> None:
    with transaction():
        record_observations("sandbox", [one], by=WORKER)


@pytest.mark.skipif(not SERVER, reason="SQLite lets one write at a time")
def test_reading_and_then_writing_would_fail_the_same_check(app: Flask):
    with app.app_context():
        wallet = make_wallet()
        fill(wallet, START)
        wallet_id = wallet.id
    commands = [Spend(wallet_id=wallet_id, attempt_id=uuid4()) for _ in range(SPENDS)]

    def naive(command: Spend) -> None:
        try:
            with transaction():
                _read_then_write(command)
        except (Clash, SijinakError):
            pass

    at_once(app, naive, commands)
    with app.app_context(), pytest.raises(AssertionError):
        check(wallet_id)


def _read_then_write(command: Spend) -> None:
    """What nobody should write: the condition is looked at before, and not by the database."""
    known = select(WalletMove.id).where(WalletMove.cause_id == command.id)
    if db.session.scalar(known) is not None:
        return
    held = db.session.execute(
        select(Wallet.balance).where(Wallet.id == command.wallet_id)
    ).scalar_one()
    if held < EACH:
        raise NotEnough
    db.session.add(
        WalletMove(
            wallet_id=command.wallet_id, no=random.getrandbits(60), kind=MoveKind.SPEND,
            cause_id=command.id, amount=-EACH, balance_after=held - EACH, title="",
            happened_at=now(), actor_id=OPERATOR.id,
        )
    )  # fmt: skip
    db.session.flush()
    left = update(Wallet).where(Wallet.id == command.wallet_id).values(balance=held - EACH)
    db.session.execute(left.execution_options(synchronize_session=False))
