"""What happened, kept for ever; and what is still to be done about it."""

import logging
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import JSON, ForeignKey, Index, Select, or_, select
from sqlalchemy.orm import Mapped, mapped_column, relationship

from sijinak.core import bulk
from sijinak.core.clock import now
from sijinak.core.db import db, transaction
from sijinak.core.ids import uuid7
from sijinak.core.model import Model, RegionCode
from sijinak.core.permissions import Actor

LEASE = timedelta(minutes=5)
FIRST_RETRY = timedelta(seconds=10)
MAX_ATTEMPTS = 12
# Nothing is put off for longer. What is due later was written by a clock that ran ahead: do it.
LONGEST_PAUSE = FIRST_RETRY * 2**MAX_ATTEMPTS

# Facts that people typed, in every event. They may name somebody: the log has their digests, and
# they go when the person is forgotten (a guard in the migrations knows these names).
WORDS = frozenset({"because", "device", "note", "reason"})

log = logging.getLogger(__name__)

Handler = Callable[["Event"], None]
Subscriptions = Mapping[str, Sequence[Handler]]


class Event(Model):
    """One line of the audit trail. Inserted, never updated; only WORDS in its facts name people."""

    __tablename__ = "events"
    __table_args__ = (
        Index(None, "subject_id", "happened_at"),
        Index(None, "actor_id", "happened_at"),
    )

    name: Mapped[str] = mapped_column(index=True)
    subject_type: Mapped[str]
    subject_id: Mapped[UUID]
    region: Mapped[str] = mapped_column(RegionCode, index=True)
    actor_id: Mapped[UUID]
    actor_name: Mapped[str]
    happened_at: Mapped[datetime]
    facts: Mapped[dict[str, Any]] = mapped_column(JSON)


@dataclass(frozen=True, slots=True)
class About:
    """What an event is about, where, and what else is to be known."""

    table: str
    id: UUID
    region: str
    facts: dict[str, Any]


class Delivery(Model):
    """One handler's debt to one event."""

    __tablename__ = "deliveries"
    __table_args__ = (Index("ix_deliveries_open", "done_at", "try_again_at"),)

    event_id: Mapped[UUID] = mapped_column(ForeignKey(Event.id))
    handler: Mapped[str]
    attempts: Mapped[int] = mapped_column(default=0)
    try_again_at: Mapped[datetime]
    done_at: Mapped[datetime | None]
    last_error: Mapped[str | None]

    event: Mapped[Event] = relationship()


class Events:
    """The table of who listens to what is handed in once, by the app."""

    def __init__(self) -> None:
        self._handlers: dict[str, Handler] = {}
        self._listeners: dict[str, list[str]] = {}

    def wire(self, subscriptions: Subscriptions) -> None:
        """Replace the table: building an app twice must not deliver twice."""
        self._handlers = {_key(h): h for handlers in subscriptions.values() for h in handlers}
        self._listeners = {name: [_key(h) for h in hs] for name, hs in subscriptions.items()}

    def record(self, name: str, subject: Model, *, by: Actor, region: str, **facts: Any) -> Event:
        """Write a line, and what is owed to those who listen, into the open transaction."""
        event = Event(
            name=name,
            subject_type=subject.__tablename__,
            subject_id=subject.id,
            region=region,
            actor_id=by.id,
            actor_name=by.name,
            happened_at=now(),
            facts=facts,
        )
        db.session.add(event)
        db.session.add_all(
            Delivery(event=event, handler=key, try_again_at=now())
            for key in self._listeners.get(name, ())
        )
        return event

    def record_all(self, name: str, told: Sequence[About], *, by: Actor) -> None:
        """The same for many, about rows that were not read."""
        ids = [uuid7() for _ in told]
        every = {"name": name, "actor_id": by.id, "actor_name": by.name, "happened_at": now()}
        bulk.insert_new(
            Event,
            {
                "id": ids,
                "subject_type": [one.table for one in told],
                "subject_id": [one.id for one in told],
                "region": [one.region for one in told],
                "facts": [one.facts for one in told],
                **{column: [value] * len(told) for column, value in every.items()},
            },
        )
        debts = [(uuid7(), i, key) for key in self._listeners.get(name, ()) for i in ids]
        owed = {"attempts": 0, "try_again_at": now(), "done_at": None, "last_error": None}
        bulk.insert_new(
            Delivery,
            {
                "id": [debt[0] for debt in debts],
                "event_id": [debt[1] for debt in debts],
                "handler": [debt[2] for debt in debts],
                **{column: [value] * len(debts) for column, value in owed.items()},
            },
        )

    def deliver_next(self) -> bool:
        """Try one open delivery. False when none is left.

        A handler is an edge: it opens its own transactions, and must bear being called twice.
        The claim is committed first, so that a worker that dies leaves a lease that runs out.
        """
        with transaction():
            delivery = db.session.scalar(_next_open())
            if delivery is None:
                return False
            delivery.attempts += 1
            delivery.try_again_at = now() + LEASE
            event = delivery.event
        handle = self._handlers.get(delivery.handler)
        if handle is None:
            _put_off(delivery, f"nobody is called {delivery.handler}")
            return True
        try:
            handle(event)
        except Exception as error:
            log.exception("delivery %s failed, attempt %s", delivery.id, delivery.attempts)
            _put_off(delivery, type(error).__name__)
            return True
        with transaction():
            db.session.add(delivery)
            delivery.done_at = now()
            delivery.last_error = None
        return True


def _put_off(delivery: Delivery, reason: str) -> None:
    """Doubling pauses: 10 s, 20 s, 40 s, … so that a short outage heals soon."""
    with transaction():
        db.session.add(delivery)
        delivery.try_again_at = now() + FIRST_RETRY * 2 ** (delivery.attempts - 1)
        delivery.last_error = reason


def _key(handler: Handler) -> str:
    return f"{handler.__module__}.{handler.__qualname__}"


def _next_open() -> Select[Delivery]:
    return (
        select(Delivery)
        .where(Delivery.done_at.is_(None), Delivery.attempts < MAX_ATTEMPTS)
        .where(or_(Delivery.try_again_at <= now(), Delivery.try_again_at > now() + LONGEST_PAUSE))
        .order_by(Delivery.try_again_at)
        .limit(1)
        .with_for_update(skip_locked=True, of=Delivery)
    )


events = Events()
