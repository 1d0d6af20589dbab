"""Letters that are out while the payment for them was taken back."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import select

from sijinak.core.db import db
from sijinak.core.permissions import Actor, Permission, within_reach
from sijinak.permits.models import Permit, PermitState
from sijinak.retribution.models import Skrd, SkrdState


def unpaid_letters(*, by: Actor) -> Sequence[UUID]:
    """Where the actor may revoke; the oldest first."""
    asked = (
        select(Permit.id)
        .join(Skrd, Skrd.permit_id == Permit.id)
        .where(Permit.state == PermitState.ISSUED, Skrd.state != SkrdState.PAID)
        .where(within_reach(by, Permission.PERMIT_REVOKE, Permit.region))
        .order_by(Permit.id)
    )
    return db.session.scalars(asked).all()
