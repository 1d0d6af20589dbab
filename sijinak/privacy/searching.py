"""Who saw a person, and what an account read: asked after a leak, answered at once."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, String, and_, cast, func, select

from sijinak.accounts.models import User
from sijinak.core.db import db
from sijinak.core.events import Event
from sijinak.core.paging import START, Page, Place, page_of
from sijinak.core.permissions import Actor, Permission, require
from sijinak.keepers.looking import LISTED
from sijinak.keepers.models import Keeper
from sijinak.privacy.histories import slices
from sijinak.privacy.queries import LOOKS, own_data

# What reading leaves in the trail beside looks: lists, files taken away, herds on a phone.
TAKEN = ("field.pack-taken", "export.made")
READS = (*LOOKS, LISTED, *TAKEN)
MOST_LISTS = 200


@dataclass(frozen=True, slots=True)
class Reader:
    """Somebody, and how often they saw the person."""

    actor_id: UUID
    name: str
    times: int
    last_at: datetime


@dataclass(frozen=True, slots=True)
class Seen:
    """A person whose data an account read; ``times`` 0: in lists alone."""

    keeper_id: UUID
    name: str
    times: int
    in_lists: int


def looks_at(keeper_id: UUID, since: datetime, *, by: Actor, place: Place = START) -> Page[Event]:
    """Who saw this person, newest first."""
    require(by, Permission.PRIVACY_KEEP)
    asked = select(Event).where(
        Event.subject_id == keeper_id, Event.happened_at >= since, Event.name.in_(LOOKS)
    )
    return page_of(asked, Event.id, place, first=(Event.happened_at,))


def readers_of(keeper_id: UUID, since: datetime, *, by: Actor) -> list[Reader]:
    """Whoever saw the person, those who saw them most first."""
    require(by, Permission.PRIVACY_KEEP)
    asked = (
        select(
            Event.actor_id, func.max(Event.actor_name), func.count(), func.max(Event.happened_at)
        )
        .where(Event.subject_id == keeper_id, Event.happened_at >= since, Event.name.in_(LOOKS))
        .group_by(Event.actor_id)
        .order_by(func.count().desc(), Event.actor_id)
    )
    return [Reader(*row) for row in db.session.execute(asked)]


def lists_with(keeper_id: UUID, since: datetime, *, by: Actor) -> list[Event]:
    """Lists in which the person stood, newest first; one above MOST_LISTS: there are more."""
    require(by, Permission.PRIVACY_KEEP)
    return _lists_with(keeper_id, since)


def lists_with_me(since: datetime, *, by: Actor) -> list[Event]:
    """The same for the person who asks. Raises NotFound when the account is nobody's."""
    return _lists_with(own_data(by=by).id, since)


def _lists_with(keeper_id: UUID, since: datetime) -> list[Event]:
    inside = cast(Event.facts, String).contains(str(keeper_id))
    asked = select(Event).where(Event.name == LISTED, Event.happened_at >= since, inside)
    ordered = asked.order_by(Event.happened_at.desc(), Event.id.desc()).limit(MOST_LISTS + 1)
    return list(db.session.scalars(ordered))


def reads_by(user_id: UUID, since: datetime, *, by: Actor, place: Place = START) -> Page[Event]:
    """What an account read, newest first."""
    require(by, Permission.PRIVACY_KEEP)
    return page_of(_reads(user_id, since), Event.id, place, first=(Event.happened_at,))


def people_read_by(user_id: UUID, since: datetime, *, by: Actor) -> list[Seen]:
    """Each person whom pages and lists showed to the account, by name, for the notice of a breach.

    Without those in what it took away as a whole: ``taken_by``.
    """
    require(by, Permission.PRIVACY_KEEP)
    times: dict[UUID, int] = {}
    lists: dict[UUID, int] = {}
    for name, subject_id, facts in db.session.execute(_facts_of(user_id, since)):
        if name == LISTED:
            for one in facts["ids"]:
                lists[UUID(one)] = lists.get(UUID(one), 0) + 1
        else:
            times[subject_id] = times.get(subject_id, 0) + 1
    names = _names({*times, *lists})
    found = [Seen(one, names[one], times.get(one, 0), lists.get(one, 0)) for one in names]
    return sorted(found, key=lambda one: (-one.times, one.name, one.keeper_id))


def taken_by(user_id: UUID, since: datetime, *, by: Actor) -> list[Event]:
    """Files and work packs, oldest first: whose data are in them stands in no list."""
    require(by, Permission.PRIVACY_KEEP)
    asked = _reads(user_id, since).where(Event.name.in_(TAKEN))
    return list(db.session.scalars(asked.order_by(Event.happened_at, Event.id)))


def counts_of(user_id: UUID, since: datetime, *, by: Actor) -> dict[str, int]:
    """How often, by kind of reading."""
    require(by, Permission.PRIVACY_KEEP)
    asked = select(Event.name, func.count()).where(_by_whom(user_id, since))
    counted = asked.group_by(Event.name).order_by(Event.name)
    return {row[0]: row[1] for row in db.session.execute(counted)}


def account_named(username: str, *, by: Actor) -> User | None:
    require(by, Permission.PRIVACY_KEEP)
    return db.session.scalar(select(User).where(User.username == username.strip().lower()))


def _reads(user_id: UUID, since: datetime) -> Select[Event]:
    return select(Event).where(_by_whom(user_id, since))


def _by_whom(user_id: UUID, since: datetime) -> ColumnElement[bool]:
    return and_(Event.actor_id == user_id, Event.happened_at >= since, Event.name.in_(READS))


def _facts_of(user_id: UUID, since: datetime) -> Select[str, UUID, dict[str, Any]]:
    asked = select(Event.name, Event.subject_id, Event.facts).where(
        Event.actor_id == user_id,
        Event.happened_at >= since,
        Event.name.in_((*LOOKS, LISTED)),
    )
    return asked.order_by(Event.happened_at)


def _names(ids: set[UUID]) -> dict[UUID, str]:
    found: dict[UUID, str] = {}
    for some in slices(sorted(ids)):
        asked = select(Keeper.id, Keeper.name).where(Keeper.id.in_(some)).order_by(Keeper.id)
        found |= {row[0]: row[1] for row in db.session.execute(asked)}
    return found
