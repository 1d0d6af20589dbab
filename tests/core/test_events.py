"""What is owed to an event is done, once in the end, whatever happens on the way."""

from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from sijinak.core.clock import clock, now
from sijinak.core.db import db, transaction
from sijinak.core.events import LEASE, Delivery, Event, Events
from sijinak.core.permissions import OPERATOR
from sijinak.keepers.models import Keeper
from tests.animals.factories import make_keeper

seen: list[str] = []


def listen(event: Event) -> None:
    seen.append(event.name)


def fail_at_first(event: Event) -> None:
    seen.append(event.name)
    if len(seen) == 1:
        raise ConnectionError


@pytest.fixture(autouse=True)
def _nothing_seen() -> None:
    seen.clear()


def recorded(events: Events) -> None:
    keeper = make_keeper()
    with transaction():
        events.record("thing.done", keeper, by=OPERATOR, region="")


def delivery() -> Delivery:
    db.session.expire_all()
    return db.session.scalars(select(Delivery)).one()


def test_a_delivery_is_tried_again_after_a_pause_until_it_works(context: Flask):
    events = Events()
    events.wire({"thing.done": [fail_at_first]})
    recorded(events)
    assert events.deliver_next()
    assert not events.deliver_next(), "not before the pause is over"
    assert delivery().last_error == "ConnectionError"
    with clock.reading(now() + timedelta(minutes=1)):
        assert events.deliver_next()
    assert (len(seen), delivery().attempts, delivery().done_at is not None) == (2, 2, True)


def test_what_a_dead_worker_claimed_is_done_by_another_when_the_lease_is_over(context: Flask):
    events = Events()

    def die(event: Event) -> None:
        raise KeyboardInterrupt  # not an error that the loop catches: the process is gone

    events.wire({"thing.done": [die]})
    recorded(events)
    with pytest.raises(KeyboardInterrupt):
        events.deliver_next()
    db.session.remove()
    events._handlers = dict.fromkeys(events._handlers, listen)  # noqa: SLF001
    assert not events.deliver_next()
    with clock.reading(now() + LEASE + timedelta(seconds=1)):
        assert events.deliver_next()
    assert seen == ["thing.done"]


def test_two_listeners_are_owed_each_their_own(context: Flask):
    events = Events()
    events.wire({"thing.done": [fail_at_first, listen]})
    recorded(events)
    while events.deliver_next():
        pass
    states = db.session.scalars(select(Delivery.done_at)).all()
    assert sorted(done is not None for done in states) == [False, True]


def test_what_was_rolled_back_owes_nothing(context: Flask):
    events = Events()
    events.wire({"thing.done": [listen]})
    keeper = make_keeper()
    with pytest.raises(ZeroDivisionError), transaction():
        events.record("thing.done", keeper, by=OPERATOR, region="")
        raise ZeroDivisionError
    assert not events.deliver_next()


def test_wiring_twice_does_not_deliver_twice(context: Flask):
    events = Events()
    for _ in range(2):
        events.wire({"thing.done": [listen]})
    recorded(events)
    while events.deliver_next():
        pass
    assert seen == ["thing.done"]
    assert db.session.scalars(select(Keeper)).one()
