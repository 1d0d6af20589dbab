"""Alarms about tags: raised once, counted when they come again, found by those who answer them."""

from collections.abc import Collection
from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, func, or_, select, update
from sqlalchemy.dialects import postgresql, sqlite

from sijinak.animals.models import Animal, AnimalState, EndReason, Identifier, IdentifierKind
from sijinak.core.clock import now
from sijinak.core.db import db
from sijinak.core.errors import NotFound
from sijinak.core.events import events
from sijinak.core.ids import uuid7
from sijinak.core.paging import START, Page, Place, page_of
from sijinak.core.permissions import WORKER, Actor, Permission, may, require, within_reach
from sijinak.tags.models import AlarmKind, TagAlarm
from sijinak.tagstock.models import TagState
from sijinak.tagstock.queries import GONE, tags_named

ANSWER = (Permission.TAG_STOCK, Permission.DUPLICATE_REVIEW)
SEES = (*ANSWER, Permission.AUDIT_READ)
DEAD = (EndReason.LOST, EndReason.STOLEN, EndReason.BROKEN)
# A page that is reloaded, or shown around on a market, counts once in this time.
PAUSE = timedelta(minutes=10)


@dataclass(frozen=True, slots=True, kw_only=True)
class Raised:
    """``region`` is where the animal or tag belongs: there people know whom to ask."""

    kind: AlarmKind
    code: str
    animal_id: UUID | None
    region: str
    facts: dict[str, Any] = field(default_factory=dict)
    event_id: UUID | None = None

    def by(self, name: str, by_id: UUID | None = None, event_id: UUID | None = None) -> "Raised":
        """Who read it, and what says so."""
        who = {"by": name, "by_id": str(by_id)} if by_id else {"by": name}
        return replace(self, facts={**self.facts, **who}, event_id=event_id)


def raise_alarm(raised: Raised) -> None:
    """One stands open for each kind and code; what comes again is counted at it."""
    same = (TagAlarm.kind == raised.kind, TagAlarm.code == raised.code)
    if raised.event_id and db.session.scalar(
        select(TagAlarm.id).where(*same, TagAlarm.event_id == raised.event_id)
    ):
        return
    alarm = {
        "id": uuid7(),
        "kind": raised.kind,
        "code": raised.code,
        "animal_id": raised.animal_id,
        "region": raised.region,
        "facts": raised.facts,
        "event_id": raised.event_id,
        "raised_at": now(),
        "readings": 1,
        "last_read_at": now(),
        "resolution": "",
    }
    insert = sqlite.insert if db.session.get_bind().dialect.name == "sqlite" else postgresql.insert
    made = db.session.scalar(
        insert(TagAlarm).values(alarm).on_conflict_do_nothing().returning(TagAlarm.id)
    )
    if made is None:
        more = {"readings": TagAlarm.readings + 1, "last_read_at": now()}
        db.session.execute(update(TagAlarm).where(*same, TagAlarm.closed_at.is_(None)).values(more))
        return
    new = db.session.get_one(TagAlarm, made)
    events.record(
        "tag.alarm-raised", new, by=WORKER, region=new.region, tag=new.code, kind=new.kind
    )


def alarms_of_readings(codes: Collection[str]) -> dict[str, Raised]:
    """What readings of these codes tell: a stolen animal, or a tag that should be gone."""
    worn = db.session.execute(
        select(Identifier.value, Animal.id, Animal.village, Animal.state, Identifier.end_reason)
        .join(Identifier, Identifier.animal_id == Animal.id)
        .where(Identifier.kind == IdentifierKind.TAG, Identifier.value.in_(codes))
    ).all()
    gone = tags_named(set(codes) - {row.value for row in worn}, GONE)
    told = {tag.code: _dead(tag.code, None, tag.region, tag.state) for tag in gone}
    for code, animal_id, village, state, end_reason in worn:
        if state is AnimalState.STOLEN:
            told[code] = Raised(
                kind=AlarmKind.STOLEN_ANIMAL, code=code, animal_id=animal_id, region=village
            )
        elif end_reason in DEAD:
            told[code] = _dead(code, animal_id, village, end_reason)
    return told


def was_read_just_now(raised: Raised) -> bool:
    """So that nobody fills the table by reloading a page."""
    asked = select(TagAlarm.id).where(
        TagAlarm.kind == raised.kind,
        TagAlarm.code == raised.code,
        TagAlarm.last_read_at > now() - PAUSE,
    )
    return db.session.scalar(asked.limit(1)) is not None


def alarms(*, by: Actor, is_open: bool = True, place: Place = START) -> Page[TagAlarm]:
    _ask(by)
    closed = TagAlarm.closed_at.is_(None) if is_open else TagAlarm.closed_at.is_not(None)
    return page_of(_seen_by(by).where(closed), TagAlarm.id, place)


def alarm_by_id(alarm_id: UUID, *, by: Actor) -> TagAlarm:
    _ask(by)
    return _one(_seen_by(by).where(TagAlarm.id == alarm_id))


def alarm_to_close(alarm_id: UUID, *, by: Actor) -> TagAlarm:
    """Held until the end. Raises NotFound."""
    if not may(by, Permission.TAG_STOCK):
        require(by, Permission.DUPLICATE_REVIEW)
    asked = select(TagAlarm).where(TagAlarm.id == alarm_id, _inside(by, ANSWER))
    return _one(asked.with_for_update().execution_options(populate_existing=True))


def is_about(alarm: TagAlarm, by: Actor) -> bool:
    """It tells what this very officer read or did."""
    return bool(alarm.facts.get("by_id") == str(by.id))


def count_open_alarms(*, by: Actor) -> int:
    asked = select(func.count()).where(TagAlarm.closed_at.is_(None), _inside(by, SEES))
    return db.session.scalar(asked) or 0


def _dead(code: str, animal_id: UUID | None, region: str, why: EndReason | TagState) -> Raised:
    facts = {"why": why.value}
    return Raised(
        kind=AlarmKind.DEAD_TAG, code=code, animal_id=animal_id, region=region, facts=facts
    )


def _ask(by: Actor) -> None:
    if not any(may(by, permission) for permission in SEES):
        require(by, Permission.TAG_STOCK)


def _seen_by(by: Actor) -> Select[TagAlarm]:
    return select(TagAlarm).where(_inside(by, SEES))


def _inside(by: Actor, permissions: tuple[Permission, ...]) -> ColumnElement[bool]:
    return or_(*(within_reach(by, permission, TagAlarm.region) for permission in permissions))


def _one(asked: Select[TagAlarm]) -> TagAlarm:
    alarm = db.session.scalar(asked)
    if alarm is None:
        raise NotFound
    return alarm
