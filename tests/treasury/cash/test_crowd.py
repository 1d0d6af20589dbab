"""Many at once want the same money: it goes one way, and nobody holds less than nothing."""

from collections.abc import Callable, Sequence
from functools import partial
from random import Random
from threading import Barrier, Thread
from typing import Any
from uuid import UUID

from flask import Flask
from sqlalchemy import func, select

from sijinak.accounts.queries import SignedIn
from sijinak.core.db import Clash, db, transaction
from sijinak.core.errors import Conflict, Invalid
from sijinak.core.money import Rupiah
from sijinak.ledger.models import CashHolder, Posting
from sijinak.treasury.cash.commands import AcceptCash, OfferCash
from sijinak.treasury.cash.handing import accept_cash, offer_cash
from sijinak.treasury.cash.models import HandOver, HandOverState
from sijinak.treasury.deposits.models import Deposit
from sijinak.treasury.deposits.services import PrepareDeposit, prepare_deposit
from sijinak.treasury.tickets.commands import SellTickets
from sijinak.treasury.tickets.models import TicketUse, UseKind
from sijinak.treasury.tickets.selling import sell_tickets
from tests.treasury.cash.factories import collector, offer, parcels, took, treasurer
from tests.treasury.deposits.factories import ACCOUNT, sources
from tests.treasury.tickets.factories import in_hand

CROWD = 8


def all_at_once(app: Flask, deeds: Sequence[Callable[[], Any]]) -> int:
    """How many were done; those refused are no fault, a Clash is."""
    start, done, failures = Barrier(len(deeds)), list[int](), list[BaseException]()

    def do(deed: Callable[[], Any]) -> None:
        start.wait()
        try:
            with app.app_context(), transaction():
                deed()
            done.append(1)
        except Clash as error:
            failures.append(error)
        except (Conflict, Invalid):
            pass
        except BaseException as error:
            failures.append(error)
            raise

    threads = [Thread(target=do, args=(deed,)) for deed in deeds]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not failures
    return len(done)


def holdings() -> dict[UUID | None, tuple[int, int]]:
    """What is kept of each person, and what their postings come to."""
    total = func.sum(Posting.amount)
    asked = select(Posting.about, total).where(Posting.account == "cash").group_by(Posting.about)
    with transaction():
        books = {row[0]: int(row[1]) for row in db.session.execute(asked)}
        kept: dict[UUID | None, int] = {
            one.id: one.held for one in db.session.scalars(select(CashHolder))
        }
    return {person: (kept[person], amount) for person, amount in books.items()}


def test_the_same_money_is_promised_once(app: Flask):
    with app.app_context():
        giver, takers = collector(), [treasurer() for _ in range(CROWD)]
        took(giver, 100)
    deeds = [
        partial(offer_cash, OfferCash(taker_id=taker.id, amount=Rupiah(60)), by=giver)
        for taker in takers
    ]
    assert all_at_once(app, deeds) == 1
    with app.app_context():
        assert parcels(giver)[0][2] == 40


def test_a_hand_over_and_a_deposit_of_the_same_money(app: Flask):
    with app.app_context():
        giver, taker = treasurer(), treasurer()
        took(giver, 100)
        chosen = tuple(sources(giver))
    handing = [
        lambda: offer_cash(OfferCash(taker_id=taker.id, amount=Rupiah(100)), by=giver)
        for _ in range(CROWD // 2)
    ]
    depositing = [
        lambda: prepare_deposit(PrepareDeposit(account=ACCOUNT, sources=chosen), by=giver)
        for _ in range(CROWD // 2)
    ]
    assert all_at_once(app, [*handing, *depositing]) == 1
    with app.app_context(), transaction():
        promised = len(db.session.scalars(select(HandOver.id)).all())
        assert promised + len(db.session.scalars(select(Deposit.id)).all()) == 1


def test_two_who_give_to_each_other_at_once_do_not_wait_for_ever(app: Flask):
    with app.app_context():
        people = [treasurer(), treasurer()]
        waiting: list[tuple[HandOver, SignedIn]] = []
        for person in people:
            took(person, 100 * CROWD)
        for _ in range(CROWD):
            waiting += [
                (offer(people[0], people[1], 50), people[1]),
                (offer(people[1], people[0], 70), people[0]),
            ]
    Random(7).shuffle(waiting)  # noqa: S311 - repeatable on purpose
    deeds = [
        partial(accept_cash, AcceptCash(handover_id=one.id, counted=one.amount), by=taker)
        for one, taker in waiting
    ]
    assert all_at_once(app, deeds) == len(waiting)
    with app.app_context():
        found = holdings()
        assert all(kept == books for kept, books in found.values())
        assert found[people[0].id][0] == 100 * CROWD + 20 * CROWD
        with transaction():
            states = set(db.session.scalars(select(HandOver.state)))
        assert states == {HandOverState.ACCEPTED}


def test_a_serial_is_sold_once_by_two_telephones(app: Flask):
    with app.app_context():
        seller = collector()
        block = in_hand(seller, treasurer())
    deeds = [
        partial(
            sell_tickets,
            SellTickets(block_id=block.id, first=1, last=last, amount=Rupiah(last * 1_000)),
            by=seller,
        )
        for last in range(1, CROWD + 1)
    ]
    assert all_at_once(app, deeds) == 1
    with app.app_context(), transaction():
        sold = db.session.scalars(select(TicketUse).where(TicketUse.kind == UseKind.SOLD)).one()
        assert sold.first == 1
    with app.app_context():
        assert all(kept == books == sold.last * 1_000 for kept, books in holdings().values())
