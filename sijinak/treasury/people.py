"""Who handles money, and where."""

from collections.abc import Collection
from datetime import date, datetime, time, timedelta
from uuid import UUID

from sqlalchemy import func, or_, select

from sijinak.accounts.models import Appointment, Role, User
from sijinak.accounts.queries import holders_of
from sijinak.core.clock import clock
from sijinak.core.db import db
from sijinak.core.permissions import Actor, Permission, region_lies_in


def home_of(by: Actor, permission: Permission) -> str:
    """The region in which a person who holds the permission works with it."""
    return by.reaches(permission)[0].region


def people_with(permission: Permission, region: str, *, but: UUID) -> list[tuple[UUID, str]]:
    """Who holds it for that region or a part of it, or above it; by name."""
    found = {
        user_id: name
        for user_id, name, office in holders_of(permission)
        if region_lies_in(region, office) or region_lies_in(office, region)
    }
    return [(user_id, name) for user_id, name in found.items() if user_id != but]


def names_of(people: Collection[UUID]) -> dict[UUID, str]:
    asked = select(User.id, User.name).where(User.id.in_(people)).order_by(User.name)
    return {row.id: row.name for row in db.session.execute(asked)}


def holder_of_office(role: Role, day: date, *, by: Actor) -> str:
    """The name: of several who hold it whoever asks, else who has it for most, and last.

    Empty when nobody holds it.
    """
    night = datetime.combine(day, time.min, clock.zone) + timedelta(days=1)
    asked = (
        select(User.id, User.name)
        .join(Appointment, Appointment.user_id == User.id)
        .where(
            User.is_active,
            Appointment.role == role,
            Appointment.valid_from <= day,
            or_(Appointment.valid_until.is_(None), Appointment.valid_until >= day),
            or_(Appointment.ended_at.is_(None), Appointment.ended_at >= night),
        )
        .order_by(
            func.length(Appointment.region), Appointment.valid_from.desc(), Appointment.id.desc()
        )
    )
    found = [(person, name) for person, name in db.session.execute(asked)]
    mine = [name for person, name in found if person == by.id]
    return (mine + [name for _, name in found] + [""])[0]
