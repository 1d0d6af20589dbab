"""Signing in without the form."""

from datetime import timedelta

from flask import Flask
from sqlalchemy import select

from sijinak.accounts.models import User
from sijinak.accounts.sessions import start_session
from sijinak.core.db import db, transaction


def cookie_of(app: Flask, username: str) -> tuple[str, str]:
    """Name and value of the cookie of somebody who signed in just now."""
    client = app.test_client()
    with app.app_context(), transaction():
        user = db.session.scalars(select(User).where(User.username == username)).one()
        token = start_session(user, device="test", lifetime=timedelta(hours=1))
    with client.session_transaction() as kept:
        kept["_user_id"] = token
    name = app.config["SESSION_COOKIE_NAME"]
    found = client.get_cookie(name)
    assert found
    return name, found.value
