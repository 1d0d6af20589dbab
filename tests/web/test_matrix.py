"""Who may use which route: each route, each role, and nobody."""

from pathlib import Path

import pytest
from flask import Blueprint, Flask

from sijinak import app as house
from sijinak.accounts.grants import GRANTS
from sijinak.accounts.models import Role
from sijinak.app import create_app
from sijinak.blueprints import BLUEPRINTS
from sijinak.config import Settings
from sijinak.web.access import NoRule, Rule, policy, rules
from tests.web.routes import ask, browser, requests_of, token_of

POLICY = Path(__file__).with_name("policy.txt")
# They answer with the way to the sign-in page, and rightly.
LEAD_TO_SIGN_IN = frozenset({"accounts.sign_out", "accounts.second_step", "accounts.enter_code"})
# The doors of phones: a token opens them, and no cookie.
BY_TOKEN = frozenset(
    {"field_devices_api.status", "field_devices_api.pack", "field_devices_api.wiped"}
    | {"field_api.sync", "field_photos.put", "field_photos.inspections"}
    | {"checkpoint_api.pack"}
)
EVERYBODY = [None, *Role]


def _is_let_in(rule: Rule, role: Role | None) -> bool:
    if rule.public or role is None:
        return rule.public
    return not rule.needs or bool(rule.needs & GRANTS[role])


def _name(role: Role | None) -> str:
    return role.value if role else "signed-out"


def test_the_committed_table_is_the_policy(app: Flask):
    """When this fails, review the difference, and then: sijinak routes > tests/web/policy.txt."""
    assert policy(app) == POLICY.read_text().splitlines()


@pytest.mark.parametrize("role", EVERYBODY, ids=_name)
def test_each_door_opens_for_those_it_should(app: Flask, role: Role | None):
    app.config["PROPAGATE_EXCEPTIONS"] = False
    found = rules(app)
    client = browser(app, role)
    token = token_of(client)
    wrong = []
    for route, method in requests_of(app):
        if route.endpoint == "accounts.sign_out" and role is not None:
            continue  # it would end the session; tests/accounts/test_sessions.py has it
        response = ask(client, route, method, token)
        response.close()  # a list to take away is not read
        to_sign_in = response.headers.get("Location", "").startswith("/masuk")
        if route.endpoint in BY_TOKEN:
            expected = response.status_code == 401
        elif _is_let_in(found[route.endpoint], role):
            expected = response.status_code not in {401, 403, 500}
            expected &= not to_sign_in or route.endpoint in LEAD_TO_SIGN_IN
        elif role is None and route.rule.startswith("/api/"):
            expected = response.status_code == 401
        elif role is None:
            expected = response.status_code == 302 and to_sign_in
        else:
            expected = response.status_code == 403
        if not expected:
            wrong.append(f"{method} {route.rule} ({found[route.endpoint]}): {response.status_code}")
    assert wrong == []


def test_the_table_tells_roles_apart():
    """The matrix is worth something only if roles differ."""
    assert len(set(GRANTS.values())) == len(Role)


def test_a_route_without_a_rule_stops_the_start(
    monkeypatch: pytest.MonkeyPatch, settings: Settings
):
    open_door = Blueprint("forgotten", __name__)
    open_door.get("/lupa")(lambda: "anybody may read this")
    monkeypatch.setattr(house, "BLUEPRINTS", (*BLUEPRINTS, (open_door, "/")))
    with pytest.raises(NoRule, match="forgotten"):
        create_app(settings)
