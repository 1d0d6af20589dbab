"""Questions about what happened."""

from uuid import UUID

from sqlalchemy import or_, select

from sijinak.core.events import Event
from sijinak.core.paging import START, Page, Place, page_of
from sijinak.core.permissions import Actor, Permission, require, within_reach


def trail(
    *,
    by: Actor,
    name: str = "",
    subject_id: UUID | None = None,
    actor_id: UUID | None = None,
    place: Place = START,
) -> Page[Event]:
    """Events in the auditor's region, newest first; ``name`` matches from its beginning."""
    require(by, Permission.AUDIT_READ)
    seen = within_reach(by, Permission.AUDIT_READ, Event.region)
    if any(reach.region.count(".") <= 1 for reach in by.reaches(Permission.AUDIT_READ)):
        seen = or_(seen, Event.region == "")  # what belongs to no place: sign-ins, accounts
    query = select(Event).where(seen)
    if name:
        query = query.where(Event.name.startswith(name, autoescape=True))
    if subject_id is not None:
        query = query.where(Event.subject_id == subject_id)
    if actor_id is not None:
        query = query.where(Event.actor_id == actor_id)
    return page_of(query, Event.id, place)
