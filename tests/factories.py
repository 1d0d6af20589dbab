"""Things that tests need, with everything filled in that a test does not care about."""

from datetime import date, timedelta
from itertools import count

from flask import Flask
from flask.testing import FlaskClient

from sijinak.accounts.models import Appointment, Role, User
from sijinak.accounts.passwords import hashed
from sijinak.accounts.queries import SignedIn
from sijinak.accounts.sessions import start_session
from sijinak.core.clock import now
from sijinak.core.db import db, transaction
from sijinak.core.ids import uuid7

REGENCY = "52.04"
LUNYUK = "52.04.02"
LUNYUK_REA = "52.04.02.2001"
LUNYUK_ODE = "52.04.02.2002"
PASSWORD = "kuda-liar-di-padang"
PASSWORD_HASH = hashed(PASSWORD)
_numbers = count(1)


def make_user(role: Role, region: str = REGENCY, **columns: object) -> User:
    """An account with one appointment, committed. Call inside the app's context."""
    username = f"{role.value}{next(_numbers)}"
    defaults = {
        "username": username,
        "name": f"Nama {username}",
        "password_hash": PASSWORD_HASH,
        "password_changed_at": now(),
        "must_change_password": False,
    }
    user = User(**{**defaults, **columns})
    with transaction():
        db.session.add(user)
        db.session.flush()
        db.session.add(
            Appointment(
                user_id=user.id,
                role=role,
                region=region,
                decree="" if role is Role.TRADER else "SK 1/2026",
                valid_from=date(2020, 1, 1),
            )
        )
    return user


def actor_for(role: Role, region: str = REGENCY, **columns: object) -> SignedIn:
    """Somebody who acts in services, with a real account behind. Inside the app's context."""
    user = make_user(role, region, **columns)
    return SignedIn(
        user.id, user.name, user.username, uuid7(), "", now(), False, now(), user.keeper_id,
        ((role, region),),
    )  # fmt: skip


def signed_in(app: Flask, user: User) -> FlaskClient:
    """A browser in which the user has signed in, without the form."""
    with app.app_context(), transaction():
        token = start_session(user, device="test", lifetime=timedelta(hours=1))
    client = app.test_client()
    with client.session_transaction() as cookie:
        cookie["_user_id"] = token
    return client
