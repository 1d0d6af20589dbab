"""What the last verification found."""

from sqlalchemy import select

from sijinak.core.db import db
from sijinak.core.events import Event
from sijinak.core.permissions import Actor, Permission, require

VERIFIED, ALTERED = "log.verified", "log.altered"
SHOWN = 10


def last_verifications(*, by: Actor) -> list[Event]:
    """The newest first."""
    require(by, Permission.AUDIT_READ)
    asked = select(Event).where(Event.name.in_((VERIFIED, ALTERED)))
    return list(db.session.scalars(asked.order_by(Event.id.desc()).limit(SHOWN)))
