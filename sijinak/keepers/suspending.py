"""Firms that may not trade for a while, by a decree that can be lifted."""

from dataclasses import dataclass, field
from datetime import date
from uuid import UUID

from sqlalchemy import or_, select

from sijinak.core.clock import now
from sijinak.core.db import db
from sijinak.core.errors import Conflict, Invalid, NotFound
from sijinak.core.events import events
from sijinak.core.ids import uuid7
from sijinak.core.once import first_time
from sijinak.core.permissions import Actor, Permission, require
from sijinak.keepers.models import KeeperKind, Suspension
from sijinak.keepers.queries import keeper_to_change


class NotAFirm(Invalid):
    """Only a firm is suspended: a farmer keeps his animals."""

    code = "not-a-firm"


class EndsBeforeItBegins(Invalid):
    code = "ends-before-it-begins"


class SuspendedAlready(Conflict):
    """Another decree covers some of these days. Facts: ``decree``."""

    code = "suspended-already"


class LiftedAlready(Conflict):
    code = "lifted-already"


@dataclass(frozen=True, slots=True, kw_only=True)
class SuspendFirm:
    """Without ``until`` it holds until it is lifted."""

    id: UUID = field(default_factory=uuid7)
    keeper_id: UUID
    since: date
    until: date | None = None
    decree: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class LiftSuspension:
    id: UUID = field(default_factory=uuid7)
    suspension_id: UUID
    reason: str


def suspend_firm(command: SuspendFirm, *, by: Actor) -> Suspension:
    """Raises NotAFirm, EndsBeforeItBegins or SuspendedAlready."""
    require(by, Permission.KEEPER_SUSPEND)
    firm = keeper_to_change(command.keeper_id, by=by, permission=Permission.KEEPER_SUSPEND)
    if not first_time(command, by=by):
        return db.session.get_one(Suspension, command.id)
    if firm.kind is not KeeperKind.FIRM:
        raise NotAFirm
    if command.until and command.until < command.since:
        raise EndsBeforeItBegins
    if other := _standing_in(command):
        raise SuspendedAlready(decree=other.decree)
    suspension = Suspension(
        id=command.id,
        keeper_id=firm.id,
        since=command.since,
        until=command.until,
        decree=command.decree,
        reason=command.reason,
        suspended_by=by.id,
        suspended_at=now(),
    )
    db.session.add(suspension)
    facts = {"decree": command.decree, "reason": command.reason}
    events.record("keeper.suspended", firm, by=by, region=firm.village, **facts)
    return suspension


def lift_suspension(command: LiftSuspension, *, by: Actor) -> Suspension:
    """The firm may trade again from this day on. Raises LiftedAlready."""
    require(by, Permission.KEEPER_SUSPEND)
    found = db.session.get(Suspension, command.suspension_id)
    if found is None:
        raise NotFound(suspension_id=str(command.suspension_id))
    firm = keeper_to_change(found.keeper_id, by=by, permission=Permission.KEEPER_SUSPEND)
    db.session.refresh(found)  # as it is now that the firm is held
    if not first_time(command, by=by):
        return found
    if found.lifted_at:
        raise LiftedAlready
    found.lifted_at, found.lifted_by, found.lifted_because = now(), by.id, command.reason
    facts = {"decree": found.decree, "reason": command.reason}
    events.record("keeper.suspension-lifted", firm, by=by, region=firm.village, **facts)
    return found


def _standing_in(command: SuspendFirm) -> Suspension | None:
    """One that shares a day with the new one."""
    asked = select(Suspension).where(
        Suspension.keeper_id == command.keeper_id,
        Suspension.lifted_at.is_(None),
        or_(Suspension.until.is_(None), Suspension.until >= command.since),
    )
    if command.until:
        asked = asked.where(Suspension.since <= command.until)
    return db.session.scalar(asked.limit(1))
