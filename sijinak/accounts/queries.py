"""Who is signed in, and questions about accounts."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from uuid import UUID

from sqlalchemy import and_, bindparam, func, or_, select

from sijinak.accounts.grants import GRANTS
from sijinak.accounts.models import Appointment, Role, SignInSession, SignInTry, User
from sijinak.core.clock import now, today
from sijinak.core.db import db, read
from sijinak.core.errors import NotFound
from sijinak.core.paging import START, Page, Place, page_of
from sijinak.core.permissions import Actor, Permission, Reach, require

Mandate = tuple[Role, str]


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

    # What flask-login asks of anyone who signs in.
    is_authenticated = True
    is_active = True
    is_anonymous = False

    def get_id(self) -> str:
        return self.token

    def reaches(self, permission: Permission) -> tuple[Reach, ...]:
        return tuple(self._reach(*m) for m in self.mandates if permission in GRANTS[m[0]])

    def _reach(self, role: Role, region: str) -> Reach:
        return Reach(region, self.keeper_id) if role is Role.TRADER else Reach(region)


_MANDATE = and_(
    Appointment.user_id == User.id,
    Appointment.valid_from <= bindparam("today"),
    or_(Appointment.valid_until.is_(None), Appointment.valid_until >= bindparam("today")),
)
_BY_TOKEN = (
    select(
        User.id,
        User.name,
        User.username,
        SignInSession.id.label("session_id"),
        SignInSession.seen_at,
        User.must_change_password,
        User.password_changed_at,
        User.keeper_id,
        Appointment.role,
        Appointment.region,
    )
    .join(SignInSession, SignInSession.user_id == User.id)
    .outerjoin(Appointment, _MANDATE)
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


def signed_in_by(token: str, idle: timedelta) -> SignedIn | None:
    """Whose token this is, if the session lives and was used within the idle time."""
    moment = now()
    rows = read(
        _BY_TOKEN,
        {
            "digest": token_digest(token),
            "today": today(),
            "now": moment,
            "idle_since": moment - idle,
        },
    )
    if not rows:
        return None
    (id_, name, username, session_id, seen_at, must, changed, keeper_id, _role, _region) = rows[0]
    mandates = tuple((row.role, row.region) for row in rows if row.role is not None)
    return SignedIn(
        id_, name, username, session_id, token, seen_at, must, changed, keeper_id, mandates
    )


def user_by_name(username: str) -> User | None:
    return db.session.scalar(select(User).where(User.username == username.lower()))


def users(*, by: Actor, place: Place = START) -> Page[User]:
    require(by, Permission.USER_MANAGE)
    return page_of(select(User), User.id, place)


def user_by_id(user_id: UUID, *, by: Actor) -> User:
    require(by, Permission.USER_MANAGE)
    user = db.session.get(User, user_id)
    if user is None:
        raise NotFound(user_id=str(user_id))
    return user


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


def there_are_demo_accounts() -> bool:
    return db.session.scalar(select(User.id).where(User.is_demo, User.is_active).limit(1)) is not None


def tries_since(since: datetime, **columns: bytes) -> tuple[int, datetime | None]:
    """How many guesses failed, and when the last one was made."""
    asked = select(func.count(SignInTry.id), func.max(SignInTry.tried_at)).where(
        SignInTry.tried_at > since, ~SignInTry.succeeded
    )
    for name, value in columns.items():
        asked = asked.where(getattr(SignInTry, name) == value)
    count, last = db.session.execute(asked).one()
    return count, last
