"""Which permits and applications a ban touches: before it is saved, and while it holds."""

from datetime import date

from sqlalchemy import Select, and_, or_, select

from sijinak.areas.queries import ports
from sijinak.core.clock import today
from sijinak.core.db import db
from sijinak.core.permissions import Actor, Permission, within_reach
from sijinak.health.bans.commands import EnterBan
from sijinak.health.bans.models import Ban
from sijinak.health.bans.queries import Trip, forbids
from sijinak.permits.models import BEFORE_DEPARTURE, Permit, PermitState

# A draft is its applicant's own business until it is submitted; the check tells them then.
TOUCHED = tuple(state for state in BEFORE_DEPARTURE if state is not PermitState.DRAFT)


def touched_by(ban: Ban | EnterBan, *, by: Actor) -> list[Permit]:
    """In the actor's reach: issued ones first, for they can be used today."""
    is_lifted = isinstance(ban, Ban) and ban.lifted_on is not None
    if is_lifted or (ban.valid_until is not None and ban.valid_until < today()):
        return []
    where = {port.code: port.region for port in ports()}
    found = [
        permit
        for permit in db.session.scalars(_possible(ban, by))
        if forbids(ban, _trip(permit, where.get(permit.port, "")))
    ]
    return sorted(found, key=lambda permit: (permit.state is not PermitState.ISSUED, permit.id))


def _possible(ban: Ban | EnterBan, by: Actor) -> Select[Permit]:
    """By species and days; the way itself is compared afterwards."""
    first = max(ban.valid_from, today())
    last = ban.valid_until or date.max
    reach = within_reach(by, Permission.PERMIT_READ, Permit.region, Permit.keeper_id)
    asked = select(Permit).where(reach, Permit.state.in_(TOUCHED))
    if ban.species is not None:
        asked = asked.where(Permit.species == ban.species)
    issued = and_(Permit.state == PermitState.ISSUED, Permit.valid_until >= first)
    coming = and_(Permit.state != PermitState.ISSUED, Permit.planned_on <= last)
    return asked.where(or_(issued, coming))


def _trip(permit: Permit, port_region: str) -> Trip:
    return Trip(
        origin=permit.region,
        destination=permit.destination,
        species=permit.species,
        via=(port_region,) if port_region else (),
    )
