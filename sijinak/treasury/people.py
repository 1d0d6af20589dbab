"""Who handles money, and where."""

from collections.abc import Collection
from uuid import UUID

from sqlalchemy import select

from sijinak.accounts.models import User
from sijinak.accounts.queries import holders_of
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
