"""Who is signed in, and questions about accounts."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache
from hashlib import sha256
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, and_, bindparam, func, or_, select, true

from sijinak.accounts.grants import GRANTS, with_what_it_takes
from sijinak.accounts.in_force import delegated_on
from sijinak.accounts.models import (
    Appointment,
    Delegation,
    Passkey,
    Role,
    SecondFactor,
    SignInSession,
    SignInTry,
    User,
)
from sijinak.core.clock import now, today
from sijinak.core.db import db, read
from sijinak.core.errors import NotFound
from sijinak.core.paging import START, Page, Place, page_of
from sijinak.core.permissions import Actor, Permission, Reach, require, within_reach

Mandate = tuple[Role, str]
# Where somebody stands in for another, and what they may do there for it.
Delegated = tuple[str, frozenset[Permission]]
# A trader's account that is not tied to a keeper yet reaches the herd of nobody.
NO_KEEPER = UUID(int=0)


@dataclass(frozen=True, slots=True)
class Terms:
    """What the office asks of those who are signed in."""

    idle: timedelta
    password_days: int | None = None
    second_factor_for: frozenset[Role] = frozenset()


@dataclass(frozen=True, slots=True)
class SignedIn:
    """A person at work: one row per request, read without the ORM."""

    id: UUID
    name: str
    username: str
    session_id: UUID
    token: str
    seen_at: datetime
    must_change_password: bool
    password_changed_at: datetime
    keeper_id: UUID | None
    mandates: tuple[Mandate, ...]
    has_second_factor: bool = False
    must_enrol: bool = False
    delegated: tuple[Delegated, ...] = ()

    # What flask-login asks of anyone who signs in.
    is_authenticated = True
    is_active = True
    is_anonymous = False

    def get_id(self) -> str:
        return self.token

    @property
    def roles(self) -> frozenset[Role]:
        return frozenset(role for role, _ in self.mandates)

    def reaches(self, permission: Permission) -> tuple[Reach, ...]:
        own = reach_of(self.mandates, self.keeper_id, permission)
        if not self.delegated:
            return own
        return (*own, *(Reach(region) for region, held in self.delegated if permission in held))


@lru_cache(maxsize=4096)
def reach_of(
    mandates: tuple[Mandate, ...], keeper_id: UUID | None, permission: Permission
) -> tuple[Reach, ...]:
    """Where these mandates hold the permission. Asked many times for one page, so it is kept."""
    held = [(role, region) for role, region in mandates if permission in GRANTS[role]]
    return tuple(
        Reach(region, (keeper_id or NO_KEEPER) if role is Role.TRADER else None)
        for role, region in held
    )


# Binds ``today``.
MANDATE_TODAY = and_(
    Appointment.user_id == User.id,
    Appointment.valid_from <= bindparam("today"),
    or_(Appointment.valid_until.is_(None), Appointment.valid_until >= bindparam("today")),
    Appointment.ended_at.is_(None),
)
_HAS_PASSKEY = select(Passkey.id).where(Passkey.user_id == User.id).exists()
_STANDS_IN = (
    select(Delegation.id)
    .where(
        Delegation.taker_id == User.id,
        Delegation.valid_from <= bindparam("today"),
        Delegation.valid_until >= bindparam("today"),
        Delegation.ended_at.is_(None),
    )
    .exists()
)
# Binds ``today`` and ``taker``.
_DELEGATED: Any = (
    select(Delegation.region, Delegation.permissions)
    .join(Appointment, Appointment.id == Delegation.appointment_id)
    .where(Delegation.taker_id == bindparam("taker"), delegated_on(bindparam("today")))
)
_BY_TOKEN: Any = (
    select(
        User.id,
        User.name,
        User.username,
        SignInSession.id.label("session_id"),
        SignInSession.seen_at,
        User.must_change_password,
        User.password_changed_at,
        User.keeper_id,
        SecondFactor.confirmed_at,
        _HAS_PASSKEY.label("has_passkey"),
        _STANDS_IN.label("stands_in"),
        Appointment.role,
        Appointment.region,
    )
    .join(SignInSession, SignInSession.user_id == User.id)
    .outerjoin(SecondFactor, SecondFactor.user_id == User.id)
    .outerjoin(Appointment, MANDATE_TODAY)
    .where(
        SignInSession.digest == bindparam("digest"),
        SignInSession.ended_at.is_(None),
        SignInSession.expires_at > bindparam("now"),
        SignInSession.seen_at > bindparam("idle_since"),
        User.is_active,
    )
)


def token_digest(token: str) -> bytes:
    return sha256(token.encode()).digest()


def signed_in_by(token: str, terms: Terms) -> SignedIn | None:
    """Whose token this is, if the session lives and was used within the idle time."""
    moment = now()
    asked = {
        "digest": token_digest(token),
        "today": today(),
        "now": moment,
        "idle_since": moment - terms.idle,
    }
    rows = read(_BY_TOKEN, asked)
    if not rows:
        return None
    row = rows[0]
    roles = tuple((row.role, row.region) for row in rows if row.role is not None)
    has_factor = row.confirmed_at is not None or bool(row.has_passkey)
    return SignedIn(
        id=row.id,
        name=row.name,
        username=row.username,
        session_id=row.session_id,
        token=token,
        seen_at=row.seen_at,
        must_change_password=row.must_change_password or _is_old(row.password_changed_at, terms),
        password_changed_at=row.password_changed_at,
        keeper_id=row.keeper_id,
        mandates=roles,
        has_second_factor=has_factor,
        must_enrol=not has_factor and any(role in terms.second_factor_for for role, _ in roles),
        delegated=delegated_to(row.id) if row.stands_in else (),
    )


def delegated_to(user_id: UUID) -> tuple[Delegated, ...]:
    """What others let this person sign for them today, with what one must see to do so."""
    rows = read(_DELEGATED, {"taker": user_id, "today": today()})
    return tuple((row.region, with_what_it_takes(row.permissions)) for row in rows)


def _is_old(changed_at: datetime, terms: Terms) -> bool:
    days = terms.password_days
    return days is not None and now() - changed_at > timedelta(days=days)


def user_by_name(username: str) -> User | None:
    return db.session.scalar(select(User).where(User.username == username.lower()))


def users(*, by: Actor, words: str = "", place: Place = START) -> Page[User]:
    """The accounts that the administrator looks after, narrowed to a part of a name."""
    require(by, Permission.USER_MANAGE)
    part = words.lower()
    named = or_(
        User.username.contains(part, autoescape=True),
        func.lower(User.name).contains(part, autoescape=True),
    )
    return page_of(_managed_by(by).where(named), User.id, place)


def user_by_id(user_id: UUID, *, by: Actor) -> User:
    """The account, if all that its owner may do lies where the administrator may appoint."""
    require(by, Permission.USER_MANAGE)
    user = db.session.scalar(_managed_by(by).where(User.id == user_id))
    if user is None:
        raise NotFound(user_id=str(user_id))
    return user


def _managed_by(by: Actor) -> Select[User]:
    """Who may reset a password could act as its owner, so nobody looks after a wider mandate."""
    if any(not reach.region for reach in by.reaches(Permission.USER_MANAGE)):
        return select(User).where(true())
    near = within_reach(by, Permission.USER_MANAGE, Appointment.region)
    return select(User).where(_has_appointment(near), ~_has_appointment(~near, _not_over()))


def _has_appointment(*conditions: ColumnElement[bool]) -> ColumnElement[bool]:
    return select(Appointment.id).where(Appointment.user_id == User.id, *conditions).exists()


def _not_over() -> ColumnElement[bool]:
    until = Appointment.valid_until
    return and_(Appointment.ended_at.is_(None), or_(until.is_(None), until >= today()))


def roles_of(user_ids: list[UUID]) -> dict[UUID, list[Mandate]]:
    """What each of them is today or will be."""
    asked = select(Appointment.user_id, Appointment.role, Appointment.region).where(
        Appointment.user_id.in_(user_ids), _not_over()
    )
    found: dict[UUID, list[Mandate]] = {user_id: [] for user_id in user_ids}
    for user_id, role, region in db.session.execute(asked.order_by(Appointment.valid_from)):
        found[user_id].append((role, region))
    return found


def holders_of(permission: Permission) -> list[tuple[UUID, str, str]]:
    """Who holds it by office today: id, name and region of the office, by name."""
    roles = [role for role, granted in GRANTS.items() if permission in granted]
    asked = (
        select(User.id, User.name, Appointment.region)
        .join(Appointment, MANDATE_TODAY)
        .where(User.is_active, Appointment.role.in_(roles))
        .order_by(User.name, User.id)
    )
    return [(row[0], row[1], row[2]) for row in db.session.execute(asked, {"today": today()})]


def appointments_of(user_id: UUID) -> list[Appointment]:
    asked = select(Appointment).where(Appointment.user_id == user_id)
    return list(db.session.scalars(asked.order_by(Appointment.valid_from.desc())))


def sessions_of(user_id: UUID) -> list[SignInSession]:
    """Where the person is signed in now, latest first."""
    asked = select(SignInSession).where(
        SignInSession.user_id == user_id,
        SignInSession.ended_at.is_(None),
        SignInSession.expires_at > now(),
    )
    return list(db.session.scalars(asked.order_by(SignInSession.seen_at.desc())))


def session_began(session_id: UUID, user_id: UUID) -> datetime | None:
    """When the person signed in to a session that is still open."""
    asked = select(SignInSession.started_at).where(
        SignInSession.id == session_id,
        SignInSession.user_id == user_id,
        SignInSession.ended_at.is_(None),
    )
    return db.session.scalar(asked)


def there_are_demo_accounts() -> bool:
    return (
        db.session.scalar(select(User.id).where(User.is_demo, User.is_active).limit(1)) is not None
    )


def tries_since(since: datetime, **columns: bytes) -> tuple[int, datetime | None]:
    """How many guesses failed, and when the last one was made."""
    asked = select(func.count(SignInTry.id), func.max(SignInTry.tried_at)).where(
        SignInTry.tried_at > since, SignInTry.tried_at <= now(), ~SignInTry.succeeded
    )
    for name, value in columns.items():
        asked = asked.where(getattr(SignInTry, name) == value)
    count, last = db.session.execute(asked).one()
    return count, last
