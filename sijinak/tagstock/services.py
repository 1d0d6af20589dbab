"""What is done with stock tags before an animal wears them."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import update

from sijinak.core import bulk
from sijinak.core.clock import now
from sijinak.core.codes import new_tag_code
from sijinak.core.db import db
from sijinak.core.events import events
from sijinak.core.flow import Step, WrongState
from sijinak.core.ids import uuid7
from sijinak.core.once import first_time
from sijinak.core.permissions import Actor, Permission, may, require
from sijinak.tagstock.choosing import Rows, chosen, some
from sijinak.tagstock.commands import (
    MOST_TAGS,
    MoveTags,
    NotAnOfficer,
    NoteMissing,
    NotThatMany,
    PrintRun,
    TagsNotReady,
    TagsWereWorn,
    UnknownSheet,
)
from sijinak.tagstock.layouts import LAYOUTS
from sijinak.tagstock.models import TAG_FLOW, VERBS, Tag, TagRun, TagState, TagStep
from sijinak.tagstock.queries import officers_of, tags_moved_by

S = TagState
NEED_A_NOTE = frozenset({"lose", "break", "steal", "retire"})
IN_AN_OFFICE = frozenset({"receive", "issue", "return", "find"})


def print_run(command: PrintRun, *, by: Actor) -> TagRun:
    """New codes that no animal has yet. Raises NotThatMany, UnknownSheet."""
    require(by, Permission.TAG_STOCK, region=command.region)
    if not first_time(command, by=by):
        return db.session.get_one(TagRun, command.id)
    if not 1 <= command.count <= MOST_TAGS:
        raise NotThatMany(most=MOST_TAGS)
    if command.layout not in LAYOUTS:
        raise UnknownSheet
    run = TagRun(
        id=command.id,
        region=command.region,
        layout=command.layout,
        count=command.count,
        printed_at=now(),
        printed_by=by.id,
        note=command.note,
    )
    db.session.add(run)
    db.session.flush()
    _make_tags(run, by=by)
    events.record("tag.run-printed", run, by=by, region=run.region, tags=run.count)
    return run


def note_opened(thing: Any, *, by: Actor, needs: Permission) -> None:
    """The PDF of a run or sheet goes out: what is printed twice can be counted."""
    require(by, needs, region=thing.region)
    events.record("tag.sheet-opened", thing, by=by, region=thing.region)


def move_tags(command: MoveTags, *, by: Actor) -> int:
    """All of them, or none; the answer is how many. Two at once never move a tag twice.

    Raises the errors of ``commands``.
    """
    _ask_at_all(command.action, by=by)
    if not first_time(command, by=by):
        return len(tags_moved_by(command.id))
    _check(command, by=by)
    tags = chosen(command, by=by)
    target = _target(tags, command, by=by)
    _write(tags, target, command, by=by)
    events.record(
        f"tag.{VERBS[command.action]}", db.session.get_one(Tag, tags[0].id), by=by,
        region=command.region or tags[0].region, tags=len(tags), move=str(command.id),
        holder=str(command.holder_id or ""),
    )  # fmt: skip
    return len(tags)


def _make_tags(run: TagRun, *, by: Actor) -> None:
    codes: dict[str, None] = {}
    while len(codes) < run.count:
        codes[new_tag_code()] = None
    ids = [uuid7() for _ in codes]
    every = {"run_id": run.id, "state": S.PRINTED, "region": run.region, "changed_at": now()}
    columns = {name: [value] * run.count for name, value in every.items()}
    bulk.insert(
        Tag, {"id": ids, "code": [*codes], "position": [*range(1, run.count + 1)], **columns}
    )
    _write_steps(
        ids,
        [None] * run.count,
        by=by,
        action="print",
        state=S.PRINTED,
        region=run.region,
        taken_at=run.printed_at,
        cause_id=run.id,
        note=run.note,
    )


def _steps_of(action: str) -> list[Step[TagState]]:
    """Those that the office and the officers take: an animal's tag changes at its record."""
    return [s for s in TAG_FLOW if s.action == action and S.APPLIED not in (s.source, s.target)]


def _ask_at_all(action: str, *, by: Actor) -> None:
    """Before anything is looked up: nobody may who may not from any state."""
    steps = _steps_of(action)
    if not steps:
        raise WrongState(state="", action=action)
    if not any(may(by, step.needs) for step in steps):
        require(by, steps[0].needs)


def _check(command: MoveTags, *, by: Actor) -> None:
    """Raises NoteMissing, NotAnOfficer."""
    if command.action in NEED_A_NOTE and not command.note.strip():
        raise NoteMissing
    if command.action in IN_AN_OFFICE:
        require(by, Permission.TAG_STOCK, region=command.region)
    if command.action == "issue" and command.holder_id not in officers_of(command.region):
        raise NotAnOfficer


def _target(tags: Rows, command: MoveTags, *, by: Actor) -> TagState:
    """Where the step leads, the same for all. Raises Forbidden, TagsNotReady, TagsWereWorn."""
    steps = {step.source: step for step in _steps_of(command.action)}
    wrong = [tag.code for tag in tags if tag.state not in steps]
    if wrong:
        raise TagsNotReady(codes=some(wrong), count=len(wrong))
    worn = [tag.code for tag in tags if tag.animal_id is not None]
    if worn and command.action in ("issue", "find"):
        raise TagsWereWorn(codes=some(worn), count=len(worn))
    for state, region, holder_id in {(tag.state, tag.region, tag.holder_id) for tag in tags}:
        if steps[state].needs is Permission.TAG_HOLD and holder_id == by.id:
            require(by, Permission.TAG_HOLD)
        elif command.action != "receive":
            require(by, Permission.TAG_STOCK, region=region)
    return steps[tags[0].state].target


def _write(tags: Rows, target: TagState, command: MoveTags, *, by: Actor) -> None:
    """One UPDATE and one write of steps, however many there are; the rows are held already."""
    moment, ids = now(), [tag.id for tag in tags]
    values: dict[str, Any] = {"state": target, "changed_at": moment}
    if command.action in IN_AN_OFFICE:
        values.update(region=command.region, holder_id=command.holder_id)
    db.session.execute(
        update(Tag).where(Tag.id.in_(ids)).values(values),
        execution_options={"synchronize_session": "fetch"},
    )
    holders = [command.holder_id or tag.holder_id for tag in tags]
    regions = [values.get("region", tag.region) for tag in tags]
    _write_steps(
        ids,
        holders,
        by=by,
        action=command.action,
        state=target,
        region=regions,
        taken_at=moment,
        cause_id=command.id,
        note=command.note,
    )


def _write_steps(
    ids: Sequence[UUID], holders: Sequence[UUID | None], *, by: Actor, **same: Any
) -> None:
    columns = {
        name: value if isinstance(value, list) else [value] * len(ids)
        for name, value in {**same, "by_id": by.id, "by_name": by.name, "animal_id": None}.items()
    }
    steps = {"id": [uuid7() for _ in ids], "tag_id": ids, "holder_id": holders}
    bulk.insert(TagStep, {**steps, **columns})
