"""Signing in and out: sessions live on the server, the browser holds a token."""

import secrets
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from sqlalchemy import update

from sijinak.accounts.models import SignInSession, User
from sijinak.accounts.passwords import NOBODY, matches
from sijinak.accounts.queries import token_digest, user_by_name
from sijinak.core.clock import now
from sijinak.core.db import db
from sijinak.core.errors import Conflict
from sijinak.core.events import events
from sijinak.core.permissions import Actor, Permission, Reach

SEEN_EVERY = timedelta(minutes=1)
ONE_TIME_LIVES = timedelta(days=7)


class SpentPassword(Conflict):
    """A one-time password let somebody in before."""

    code = "spent-password"


@dataclass(frozen=True, slots=True)
class Self:
    """A person acting on their own account, before or without any appointment."""

    id: UUID
    name: str

    def reaches(self, permission: Permission) -> tuple[Reach, ...]:  # noqa: ARG002
        return ()


def person_with(username: str, password: str) -> User | None:
    """The active user whose password this is; it takes as long to find that there is none."""
    user = user_by_name(username)
    right = matches(user.password_hash if user else NOBODY, password)
    return user if user and right and user.is_active and not _is_spent(user) else None


def _is_spent(user: User) -> bool:
    """A one-time password lets in once, and not after a week (ASVS 5.0 6.4.1)."""
    if not user.must_change_password:
        return False
    return user.one_time_spent or now() - user.password_changed_at > ONE_TIME_LIVES


def start_session(user: User, *, device: str, lifetime: timedelta) -> str:
    """A new session, always with a new token; the answer is the token. Raises SpentPassword."""
    _spend_one_time_password(user)
    token = secrets.token_urlsafe(32)
    session = SignInSession(
        digest=token_digest(token),
        user_id=user.id,
        device=device[:120],
        started_at=now(),
        seen_at=now(),
        expires_at=now() + lifetime,
    )
    db.session.add(session)
    events.record(
        "user.signed-in", user, by=Self(user.id, user.name), region="", device=device[:120]
    )
    return token


def _spend_one_time_password(user: User) -> None:
    if not user.must_change_password:
        return
    spent = update(User).where(User.id == user.id, ~User.one_time_spent).values(one_time_spent=True)
    if db.session.execute(spent.returning(User.id)).first() is None:
        raise SpentPassword


def end_sessions(user: User, *, by: Actor, keep: UUID | None = None) -> None:
    """End what is open, but for the session to keep."""
    open_ones = update(SignInSession).where(
        SignInSession.user_id == user.id, SignInSession.ended_at.is_(None)
    )
    if keep is not None:
        open_ones = open_ones.where(SignInSession.id != keep)
    db.session.execute(open_ones.values(ended_at=now()))
    events.record("user.sessions-ended", user, by=by, region="")


def end_other_sessions(kept: UUID, *, by: Actor) -> None:
    """End the person's own sessions, but for this one."""
    end_sessions(db.session.get_one(User, by.id), by=by, keep=kept)


def end_session(session_id: UUID, *, by: Actor) -> None:
    """End one of the person's own sessions; what is not theirs is left alone."""
    user = db.session.get_one(User, by.id)
    ended = db.session.execute(
        update(SignInSession)
        .where(SignInSession.id == session_id, SignInSession.user_id == user.id)
        .where(SignInSession.ended_at.is_(None))
        .values(ended_at=now())
        .returning(SignInSession.id)
    )
    if ended.first() is not None:
        events.record("user.signed-out", user, by=by, region="")


def note_seen(session_id: UUID) -> None:
    db.session.execute(
        update(SignInSession).where(SignInSession.id == session_id).values(seen_at=now())
    )
