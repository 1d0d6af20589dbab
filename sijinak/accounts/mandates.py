"""By which decree somebody signs."""

from datetime import date
from uuid import UUID

from sqlalchemy import or_, select

from sijinak.accounts.grants import GRANTS
from sijinak.accounts.models import Appointment
from sijinak.core.db import db
from sijinak.core.errors import Conflict
from sijinak.core.permissions import Permission, region_lies_in


class NoMandate(Conflict):
    """No appointment lets this person sign there today."""

    code = "no-mandate"


def mandate_of(user_id: UUID, permission: Permission, region: str, on: date) -> Appointment:
    """The appointment that gives the permission there on that day. Raises NoMandate."""
    until = Appointment.valid_until
    held = select(Appointment).where(
        Appointment.user_id == user_id,
        Appointment.role.in_([role for role, granted in GRANTS.items() if permission in granted]),
        Appointment.valid_from <= on,
        or_(until.is_(None), until >= on),
        Appointment.ended_at.is_(None),
    )
    for appointment in db.session.scalars(held.order_by(Appointment.valid_from.desc())):
        if region_lies_in(region, appointment.region):
            return appointment
    raise NoMandate
