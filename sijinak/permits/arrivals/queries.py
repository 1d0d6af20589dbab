"""Questions about links for receivers, and about what they said."""

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import and_, select

from sijinak.core.clock import now
from sijinak.core.db import db
from sijinak.core.permissions import Permission, Reach
from sijinak.keepers.proving import MOST_TRIES, LinkOver, digest_of_secret
from sijinak.permits.arrivals.models import ArrivalLink, ArrivalStatement
from sijinak.permits.arrivals.secrets import fits
from sijinak.permits.models import Permit, PermitAnimal

HOLDS = frozenset({Permission.PERMIT_READ, Permission.PERMIT_ARRIVE})


@dataclass(frozen=True, slots=True)
class Receiver:
    """Whoever holds a link: acts for one applicant's permits, and the link names only one."""

    id: UUID
    keeper_id: UUID
    name: str = "receiver"

    def reaches(self, permission: Permission) -> tuple[Reach, ...]:
        return (Reach(keeper_id=self.keeper_id),) if permission in HOLDS else ()


def link_behind(secret: str) -> ArrivalLink:
    """Raises LinkOver."""
    open_now = and_(ArrivalLink.expires_at > now(), ArrivalLink.ended_at.is_(None))
    asked = select(ArrivalLink).where(ArrivalLink.digest == digest_of_secret(secret), open_now)
    found = db.session.scalar(asked)
    if found is None:
        raise LinkOver
    return found


def link_by_code(number: str, code: str) -> ArrivalLink | None:
    """None counts as a try, so the caller commits before it tells."""
    typed = "".join(number.split()).upper()
    open_now = and_(
        ArrivalLink.expires_at > now(),
        ArrivalLink.ended_at.is_(None),
        ArrivalLink.tries < MOST_TRIES,
    )
    asked = select(ArrivalLink).join(Permit, Permit.id == ArrivalLink.permit_id)
    asked = asked.where(Permit.number == typed, open_now).with_for_update(of=ArrivalLink)
    link = db.session.scalar(asked.execution_options(populate_existing=True))
    if link is None:
        return None
    if fits(link, code):
        return link
    link.tries += 1
    return None


def live_link(permit_id: UUID) -> ArrivalLink | None:
    """The caller has asked for the permit."""
    asked = select(ArrivalLink).where(ArrivalLink.permit_id == permit_id)
    return db.session.scalar(asked.where(ArrivalLink.ended_at.is_(None)))


def permit_behind(link: ArrivalLink) -> tuple[Permit, Receiver]:
    permit = db.session.get_one(Permit, link.permit_id)
    return permit, Receiver(link.id, permit.keeper_id)


def statements_of(permit_id: UUID) -> list[ArrivalStatement]:
    """The newest first; it counts. The caller has asked for the permit."""
    asked = select(ArrivalStatement).where(ArrivalStatement.permit_id == permit_id)
    found = {one.id: one for one in db.session.scalars(asked.order_by(ArrivalStatement.id))}
    replaced = {one.supersedes_id for one in found.values()}
    newest = next((one for one in found.values() if one.id not in replaced), None)
    chain = []
    while newest is not None:
        chain.append(newest)
        newest = found.get(newest.supersedes_id) if newest.supersedes_id else None
    return chain


def aboard(permit: Permit) -> list[PermitAnimal]:
    """The animals that left with it."""
    return [line for line in permit.animals if line.departed]
