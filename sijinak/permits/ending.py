"""How a permit ends before anybody left with it: revoked, or its days are over."""

from collections.abc import Iterable
from datetime import timedelta
from uuid import UUID

from sqlalchemy import and_, or_, select

from sijinak.core.clock import now, today
from sijinak.core.db import db
from sijinak.core.permissions import Actor
from sijinak.permits.commands import ExpirePermit, RevokePermit
from sijinak.permits.models import Permit, PermitState
from sijinak.permits.policy import policy
from sijinak.permits.services import ReasonMissing
from sijinak.permits.taking import begin, end


def revoke_permit(command: RevokePermit, *, by: Actor) -> Permit:
    """Nobody leaves with it from now on. Raises ReasonMissing."""
    permit, step = begin(command, "revoke", by=by)
    if step is None:
        return permit
    if not command.note:
        raise ReasonMissing
    return end(permit, step, by=by, note=command.note)


def expire_permit(command: ExpirePermit, *, by: Actor) -> Permit:
    """What it held of the quota is free again. Raises WrongState when it moved on meanwhile."""
    permit, step = begin(command, "expire", by=by)
    return end(permit, step, by=by) if step else permit


def permits_run_out() -> Iterable[UUID]:
    """Issued ones whose days and days of grace are over; returned ones that nobody repaired.

    In the days of grace a checkpoint that had no network still reports who left in time.
    """
    issued = and_(
        Permit.state == PermitState.ISSUED,
        Permit.valid_until < today() - timedelta(days=policy.grace_days),
    )
    returned = and_(
        Permit.state == PermitState.RETURNED,
        Permit.state_at < now() - timedelta(days=policy.repair_days),
    )
    return list(db.session.scalars(select(Permit.id).where(or_(issued, returned))))
