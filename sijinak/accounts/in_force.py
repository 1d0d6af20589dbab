"""Which appointments and delegations hold on a day, said once for every question."""

from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, and_, or_

from sijinak.accounts.models import Appointment, Delegation, Manner

Day = date | ColumnElement[Any]


def appointed_on(day: Day) -> ColumnElement[bool]:
    until = Appointment.valid_until
    return and_(
        Appointment.valid_from <= day,
        or_(until.is_(None), until >= day),
        Appointment.ended_at.is_(None),
    )


def delegated_on(day: Day) -> ColumnElement[bool]:
    """In force on that day, where the delegation is joined with its appointment."""
    return and_(
        Delegation.valid_from <= day,
        Delegation.valid_until >= day,
        Delegation.ended_at.is_(None),
        or_(Delegation.manner == Manner.PLT, appointed_on(day)),
    )
