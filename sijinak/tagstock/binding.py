"""An animal puts a stock tag on, or wears it no longer. Codes that never lay in stock pass by."""

from uuid import UUID

from sqlalchemy import select

from sijinak.core.clock import now
from sijinak.core.db import db
from sijinak.core.errors import Conflict
from sijinak.core.events import events
from sijinak.core.flow import WrongState
from sijinak.core.permissions import Actor
from sijinak.tagstock.models import TAG_FLOW, Tag, TagState, TagStep


class TagNotUsable(Conflict):
    """Facts: ``tag``, ``state``. It was reported lost, broken or stolen, or was retired."""

    code = "tag-not-usable"


def tag_to_change(code: str) -> Tag | None:
    """The stock tag with this code, held until the end, as it is now."""
    asked = select(Tag).where(Tag.code == code).with_for_update(key_share=True)
    return db.session.scalar(asked.execution_options(populate_existing=True))


def put_on(code: str, animal_id: UUID, region: str, *, by: Actor) -> None:
    """Raises TagNotUsable."""
    tag = tag_to_change(code)
    if tag is None:
        return
    was, holder_id = tag.state, tag.holder_id
    tag.animal_id = animal_id
    _take(tag, "apply", region, by=by)
    events.record(
        "tag.applied", tag, by=by, region=region, tag=code, was=was,
        animal=str(animal_id), holder=str(holder_id or ""),
    )  # fmt: skip


def leave_off(code: str, action: str, region: str, *, by: Actor) -> None:
    """``action`` is a step of TAG_FLOW: replace, take off, put back."""
    tag = tag_to_change(code)
    if tag is None:
        return
    nobody_held_it = action == "take off" and tag.holder_id is None
    if nobody_held_it:
        tag.holder_id = by.id
    _take(tag, action, region, by=by)
    if nobody_held_it:
        write_step(tag, "issue", by=by)  # it is in the bag of whoever took it off


def _take(tag: Tag, action: str, region: str, *, by: Actor) -> None:
    try:
        tag.state = TAG_FLOW.step(tag.state, action).target
    except WrongState:
        raise TagNotUsable(tag=tag.code, state=tag.state) from None
    tag.region, tag.changed_at = region, now()
    write_step(tag, action, by=by)


def write_step(tag: Tag, action: str, *, by: Actor, note: str = "") -> None:
    """The tag as it is after the step."""
    db.session.add(
        TagStep(
            tag_id=tag.id,
            action=action,
            state=TagState(tag.state),
            holder_id=tag.holder_id,
            region=tag.region,
            animal_id=tag.animal_id,
            taken_at=tag.changed_at,
            by_id=by.id,
            by_name=by.name,
            note=note,
        )
    )
