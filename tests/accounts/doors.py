"""Signing in through the form, as a person does."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Any

from flask import Flask
from flask.testing import FlaskClient
from pyotp import TOTP
from werkzeug.test import TestResponse

from sijinak.accounts.factors import STEP, begin_second_factor, confirm_second_factor
from sijinak.accounts.models import Role, SecondFactor, User
from sijinak.accounts.sessions import Self
from sijinak.core.clock import clock, now
from sijinak.core.db import db, transaction
from tests.browsing import form_post
from tests.factories import PASSWORD, make_user

SECRET = re.compile(r'class="code">((?:[A-Z2-7]{4} ?){8})<')


def account(app: Flask, role: Role = Role.VET, region: str = "52.04", **columns: object) -> User:
    with app.app_context():
        return make_user(role, region, **columns)


def sign_in(
    client: FlaskClient, username: str, password: str = PASSWORD, **more: object
) -> TestResponse:
    return form_post(client, "/masuk", page="/masuk", username=username, password=password, **more)


def is_in(client: FlaskClient) -> bool:
    return client.get("/akun").status_code == 200


def enrol(app: Flask, user: User) -> tuple[str, list[str]]:
    """Turn the second factor on; the answer is the secret and the codes on paper."""
    me = Self(user.id, user.name)
    with app.app_context(), clock.reading(now() - timedelta(seconds=10 * STEP)):
        with transaction():
            secret = begin_second_factor(PASSWORD, by=me).secret
        with transaction():
            codes = confirm_second_factor(code_at(secret, now()), by=me)
    return secret, codes


def first_in(pattern: re.Pattern[str], text: str) -> str:
    found = pattern.search(text)
    assert found, pattern.pattern
    return found[1]


def cookie_of(client: FlaskClient) -> str:
    kept = client.get_cookie("sijinak")
    assert kept
    return kept.value


def code_at(secret: str, moment: datetime) -> str:
    return TOTP(secret).generate_otp(int(moment.timestamp()) // STEP)


def wrong_code(secret: str) -> str:
    steps = range(int(now().timestamp()) // STEP - 3, int(now().timestamp()) // STEP + 4)
    right = {TOTP(secret).generate_otp(step) for step in steps}
    return next(code for code in ("000000", *map(str, range(111111, 111130))) if code not in right)


def factor_of(app: Flask, user: User) -> Any:
    with app.app_context():
        return db.session.query(SecondFactor).filter_by(user_id=user.id).one_or_none()


@contextmanager
def later(**time: float) -> Iterator[datetime]:
    moment = now() + timedelta(**time)
    with clock.reading(moment):
        yield moment
