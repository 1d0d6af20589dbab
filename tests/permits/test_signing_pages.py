"""A decision on a page: digits beside it, counted when they are wrong (S7, S8)."""

from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from sijinak.accounts.models import User
from sijinak.core.db import db
from sijinak.core.ids import uuid7
from sijinak.permits.models import Permit, PermitState
from tests.accounts.doors import wrong_code
from tests.browsing import form_post
from tests.factories import SECRET, digits_of, signed_in
from tests.permits.factories import make_office, make_permit, take


def head_and_permit(app: Flask) -> tuple[FlaskClient, User, Permit]:
    with app.app_context():
        office = make_office()
        permit = make_permit(office, PermitState.PAID)
        take("certify", permit, office.doctor)
        user = db.session.get_one(User, office.kadis.id)
    return signed_in(app, user), user, permit


def decide(client: FlaskClient, permit: Permit, **fields: str) -> TestResponse:
    url = f"/izin/{permit.id}"
    return form_post(client, f"{url}/putusan", page=url, id=str(uuid7()), decision="yes", **fields)


def state_of(app: Flask, permit: Permit) -> PermitState:
    with app.app_context():
        return db.session.get_one(Permit, permit.id).state


def test_digits_sign_a_decision(app: Flask):
    client, user, permit = head_and_permit(app)
    with app.app_context():
        digits = digits_of(user)
    assert decide(client, permit).status_code == 422  # being signed in is not enough
    assert state_of(app, permit) is PermitState.PAID
    answer = decide(client, permit, proof_digits=f"{digits[:3]} {digits[3:]}")
    assert answer.status_code == 302
    assert state_of(app, permit) is PermitState.APPROVED


def test_wrong_digits_are_throttled_as_at_sign_in(app: Flask):
    """An empty form between two guesses does not take the guesses back."""
    client, user, permit = head_and_permit(app)
    with app.app_context():
        digits = digits_of(user)
    wrong = wrong_code(SECRET)
    for _ in range(9):
        page = decide(client, permit, proof_digits=wrong)
        assert f'value="{wrong}"' not in page.text
        decide(client, permit)
    late = decide(client, permit, proof_digits=digits)
    assert late.status_code in {409, 422, 429}
    assert state_of(app, permit) is PermitState.PAID
