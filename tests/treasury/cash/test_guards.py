"""What the database refuses, whoever asks it."""

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError

from sijinak.accounts.queries import SignedIn
from sijinak.core.clock import today
from sijinak.core.db import Clash, db, transaction
from sijinak.core.ids import uuid7
from sijinak.ledger.models import CashHolder, Posting
from sijinak.ledger.services import Entry, Line, post
from tests.factories import REGENCY
from tests.treasury.cash.factories import close, collector, held, parcels, took, treasurer
from tests.treasury.tickets.factories import in_hand, sell

pytestmark = pytest.mark.usefixtures("context")


@contextmanager
def refused() -> Iterator[None]:
    with pytest.raises((Clash, SQLAlchemyError)), transaction():
        yield


def entry(person: SignedIn, amount: int) -> Entry:
    """Cash that goes to nowhere in particular: a refund of another feature, or a mistake."""
    return Entry(
        idem=f"x:{uuid7()}",
        kind="refund",
        on=today(),
        region=REGENCY,
        lines=[Line("cash", amount, person.id), Line("suspense", -amount, uuid7())],
    )


def test_nobody_holds_less_than_nothing_whoever_posts():
    person = collector()
    took(person, 100)
    with refused():
        post(entry(person, -101), by=person)
    with transaction():
        post(entry(person, -100), by=person)
    assert held(person) == 0


def test_money_that_left_by_another_way_was_the_oldest():
    person = collector()
    took(person, 100)
    took(person, 30)
    with transaction():
        post(entry(person, -110), by=person)
    assert [amount for _, amount, _ in parcels(person)] == [20]


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE cash_holders SET held = held + 1",
        "UPDATE cash_holders SET floats = 5",
        "DELETE FROM cash_holders",
    ],
)
def test_what_is_held_is_not_written_by_hand(change: str):
    took(collector(), 100)
    with refused():
        db.session.execute(text(change))


def test_nobody_is_written_down_with_money_from_the_start():
    with refused():
        db.session.add(CashHolder(id=uuid7(), held=7, floats=0))


def test_a_posting_into_a_closed_day_of_its_holder_is_refused():
    """The service moves it to the next day; what goes past the service does not get in."""
    person, other = collector(), treasurer()
    journal = took(person, 100)
    close(person, other)
    with refused():
        db.session.add(
            Posting(
                journal_id=journal.id,
                position=9,
                effective_on=today(),
                account="cash",
                about=person.id,
                amount=5,
            )
        )


@pytest.mark.parametrize(
    "table", ["ticket_uses", "ticket_sales", "ticket_ways", "ticket_blocks", "cash_closings"]
)
def test_what_is_over_is_neither_changed_nor_deleted(table: str):
    seller, keeper = collector(), treasurer()
    sell(in_hand(seller, keeper), seller, 100)
    close(seller, keeper)
    with refused():
        db.session.execute(text(f"DELETE FROM {table}"))
    if table != "ticket_blocks":  # it may still be destroyed
        with refused():
            db.session.execute(text(f"UPDATE {table} SET id = id"))
