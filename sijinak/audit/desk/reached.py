"""Which people an auditor may name: keepers and officers of the auditor's region."""

from uuid import UUID

from sqlalchemy import exists, select

from sijinak.accounts.models import Appointment, Role, User
from sijinak.core.db import db
from sijinak.core.permissions import Actor, Permission, within_reach
from sijinak.keepers.models import Keeper

P = Permission.AUDIT_READ


def keeper_reached(keeper_id: UUID, *, by: Actor) -> Keeper | None:
    """Whoever shows the name says so by ``shows`` or ``shows_list``."""
    seen = within_reach(by, P, Keeper.village)
    return db.session.scalar(select(Keeper).where(Keeper.id == keeper_id, seen))


def officer_reached(user_id: UUID, *, by: Actor) -> User | None:
    """Whose appointment lies in the auditor's region. A trader is no officer."""
    here = exists().where(
        Appointment.user_id == User.id,
        Appointment.role != Role.TRADER,
        within_reach(by, P, Appointment.region),
    )
    return db.session.scalar(select(User).where(User.id == user_id, here))
