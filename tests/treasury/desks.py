"""People at their desks and with their phones, in front of the pages of the treasury."""

from typing import Any

from flask import Flask, g
from flask.testing import FlaskClient

from sijinak.accounts.models import Role
from sijinak.accounts.queries import SignedIn
from sijinak.core.ids import uuid7
from tests.factories import REGENCY, make_user, signed_in
from tests.treasury.cash.factories import MONDAY, noon


def somebody(app: Flask, role: Role) -> tuple[SignedIn, FlaskClient]:
    user = make_user(role)
    person = SignedIn(
        user.id, user.name, user.username, uuid7(), "", noon(MONDAY), False, noon(MONDAY), None,
        ((role, REGENCY),),
    )  # fmt: skip
    return person, signed_in(app, user)


class Browser(FlaskClient):
    """One of several on one context, in which the first would be taken for all of them."""

    def open(self, *args: Any, **kwargs: Any) -> Any:
        for name in list(g):
            g.pop(name)
        return super().open(*args, **kwargs)


def read(client: FlaskClient, path: str) -> str:
    """The page with plain blanks."""
    answer = client.get(path)
    assert answer.status_code == 200, path
    return answer.text.replace("\xa0", " ")
