"""Things that tests need, with everything filled in that a test does not care about."""

from datetime import date, timedelta
from itertools import count

from flask import Flask
from flask.testing import FlaskClient
from pyotp import TOTP
from sqlalchemy import select

from sijinak.accounts.models import Appointment, Role, SecondFactor, User
from sijinak.accounts.passwords import hashed
from sijinak.accounts.proofs import Proof
from sijinak.accounts.queries import SignedIn
from sijinak.accounts.sessions import start_session
from sijinak.core.clock import now
from sijinak.core.db import db, transaction
from sijinak.core.ids import uuid7
from sijinak.core.permissions import Actor

REGENCY = "52.04"
LUNYUK = "52.04.02"
LUNYUK_REA = "52.04.02.2001"
LUNYUK_ODE = "52.04.02.2002"
PASSWORD = "kuda-liar-di-padang"
PASSWORD_HASH = hashed(PASSWORD)
SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"  # of every telephone in tests
_numbers = count(1)


def make_user(role: Role, region: str = REGENCY, **columns: object) -> User:
    """An account with one appointment, committed. Call inside the app's context.

    Or in a transaction of the caller, who makes many.
    """
    if db.session().info.get("writing"):
        return _add_user(role, region, columns)
    with transaction():
        return _add_user(role, region, columns)


def _add_user(role: Role, region: str, columns: dict[str, object]) -> User:
    username = f"{role.value}{next(_numbers)}"
    defaults = {
        "username": username,
        "name": f"Nama {username}",
        "password_hash": PASSWORD_HASH,
        "password_changed_at": now(),
        "must_change_password": False,
    }
    user = User(**{**defaults, **columns})
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


def digits_of(actor: Actor | User) -> str:
    """What the person's telephone shows now; it is good again, however often it was used.

    Inside the app's context, in a transaction or outside.
    """
    if db.session().info.get("writing"):
        _give_telephone(actor)
        db.session.flush()
    else:
        with transaction():
            _give_telephone(actor)
    return TOTP(SECRET).at(now())


def proof_of(actor: Actor | User) -> Proof:
    """With what the person signs now: a command's field ``proof``."""
    return Proof(digits=digits_of(actor))


def _give_telephone(actor: Actor | User) -> None:
    held = select(SecondFactor).where(SecondFactor.user_id == actor.id)
    factor = db.session.scalar(held.execution_options(populate_existing=True))
    if factor is None:
        factor = SecondFactor(user_id=actor.id, signs_only=True)
        factor.secret = SECRET
        db.session.add(factor)
    factor.confirmed_at, factor.last_step = now(), 0


def signed_in(app: Flask, user: User) -> FlaskClient:
    """A browser in which the user has signed in, without the form."""
    with app.app_context(), transaction():
        token = start_session(user, device="test", lifetime=timedelta(hours=1))
    client = app.test_client()
    with client.session_transaction() as cookie:
        cookie["_user_id"] = token
    return client
