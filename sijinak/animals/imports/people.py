"""Whoever brought a list: the worker goes on with it in their name and within their reach."""

from uuid import UUID

from sijinak.accounts.models import User
from sijinak.accounts.queries import SignedIn, appointments_of
from sijinak.core.clock import now, today
from sijinak.core.db import db
from sijinak.core.ids import uuid7
from sijinak.core.permissions import OPERATOR, Actor


def person_of(user: User) -> SignedIn:
    """The account with its appointments of today, as if it had signed in."""
    mandates = tuple(
        (appointment.role, appointment.region)
        for appointment in appointments_of(user.id)
        if appointment.ended_at is None
        and appointment.valid_from <= today()
        and (appointment.valid_until is None or today() <= appointment.valid_until)
    )
    return SignedIn(
        user.id, user.name, user.username, uuid7(), "", now(), False, now(), user.keeper_id,
        mandates,
    )  # fmt: skip


def importer(actor_id: UUID) -> Actor:
    """A list that the command line brought, is the command line's to go on with."""
    user = db.session.get(User, actor_id)
    return OPERATOR if user is None else person_of(user)
