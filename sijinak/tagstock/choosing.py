"""Which tags a command means: found and held, so that nobody else moves them meanwhile."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import ColumnElement, Select, or_, select

from sijinak.core.db import db
from sijinak.core.permissions import Actor, Permission, region_lies_in, within_reach
from sijinak.tagstock.commands import (
    MOST_TAGS,
    MoveTags,
    NoTagsChosen,
    NotEnoughTags,
    NotInThisRun,
    NotThatMany,
    UnknownTags,
)
from sijinak.tagstock.models import TAG_FLOW, Tag, TagState

SHOWN = 5  # codes in a message
Rows = Sequence[Any]
_ROW = select(Tag.id, Tag.code, Tag.state, Tag.region, Tag.holder_id, Tag.animal_id)


def chosen(command: MoveTags, *, by: Actor) -> Rows:
    """Raises NoTagsChosen, NotThatMany, UnknownTags, NotInThisRun, NotEnoughTags."""
    if command.codes:
        return _by_codes(command, by=by)
    if command.run_id is not None:
        return _of_run(command, by=by)
    if command.action == "issue" and command.count:
        return _lowest(command)
    raise NoTagsChosen


def some(codes: Sequence[str]) -> list[str]:
    return list(codes[:SHOWN])


def _by_codes(command: MoveTags, *, by: Actor) -> Rows:
    wanted = set(command.codes)
    if len(wanted) > MOST_TAGS:
        raise NotThatMany(most=MOST_TAGS)
    rows = _held(_ROW.where(Tag.code.in_(wanted), _in_reach(command, by=by)))
    unknown = sorted(wanted - {row.code for row in rows})
    if unknown:
        raise UnknownTags(codes=some(unknown), count=len(unknown))
    return rows


def _of_run(command: MoveTags, *, by: Actor) -> Rows:
    """From one number to another; or all those of the run that can take the step."""
    reached = _ROW.where(Tag.run_id == command.run_id, _in_reach(command, by=by))
    if command.last is None:
        ready = [step.source for step in TAG_FLOW if step.action == command.action]
        rows = _held(reached.where(Tag.position >= command.first, Tag.state.in_(ready)))
    else:
        rows = _held(reached.where(Tag.position.between(command.first, command.last)))
    if not rows or (command.last and len(rows) < command.last - command.first + 1):
        raise NotInThisRun
    return rows


def _lowest(command: MoveTags) -> Rows:
    """What another clerk holds at this moment is passed over: both get tags of their own."""
    if not 0 < command.count <= MOST_TAGS:
        raise NotThatMany(most=MOST_TAGS)
    there = _ROW.where(
        Tag.state == TagState.RECEIVED, Tag.region == command.region, Tag.animal_id.is_(None)
    )
    lowest = there.order_by(Tag.run_id, Tag.position).limit(command.count)
    rows = db.session.execute(lowest.with_for_update(skip_locked=True)).all()
    if len(rows) < command.count:
        raise NotEnoughTags(there=len(rows))
    return rows


def _held(asked: Select[*tuple[Any, ...]]) -> Rows:
    """In one order, so that two who want the same do not wait in a ring."""
    return db.session.execute(asked.order_by(Tag.run_id, Tag.position).with_for_update()).all()


def _in_reach(command: MoveTags, *, by: Actor) -> ColumnElement[bool]:
    """In one's own stock or bag; to be received, also what an office above has printed."""
    ours = or_(within_reach(by, Permission.TAG_STOCK, Tag.region), Tag.holder_id == by.id)
    if command.action != "receive":
        return ours
    above = [
        command.region[:end]
        for end in range(len(command.region) + 1)
        if region_lies_in(command.region, command.region[:end])
    ]
    return or_(ours, Tag.region.in_(above))
