"""sijinak user, sijinak routes."""

import re
from collections.abc import Callable

import pytest
from click.testing import Result
from flask import Flask

from sijinak.accounts.models import Role
from sijinak.cli import main
from tests.accounts.doors import account, enrol, factor_of, first_in, is_in, sign_in
from tests.factories import signed_in

Run = Callable[..., Result]
ONCE = re.compile(r"once with (\S+)")


@pytest.fixture
def run(app: Flask, monkeypatch: pytest.MonkeyPatch) -> Run:
    monkeypatch.setattr(main, "create_app", lambda: app)
    runner = app.test_cli_runner()
    return lambda *words: runner.invoke(main, list(words))


def test_the_first_account_comes_from_the_command_line(app: Flask, run: Run):
    told = run(
        "user",
        "add",
        "admin.dinas",
        "--name",
        "Rina",
        "--role",
        "administrator",
        "--decree",
        "SK 1",
    )
    assert told.exit_code == 0, told.output
    password = first_in(ONCE, told.output)
    assert sign_in(app.test_client(), "admin.dinas", password).status_code == 302
    assert "admin.dinas\tRina\topen\tadministrator@52.04" in run("user", "list").output
    again = run("user", "add", "admin.dinas", "--name", "R", "--role", "vet", "--decree", "SK 1")
    assert again.exit_code == 1
    assert "admin.dinas" in again.output


def test_an_account_is_closed_opened_and_given_a_new_password(app: Flask, run: Run):
    user = account(app)
    client = signed_in(app, user)
    assert run("user", "deactivate", user.username).exit_code == 0
    assert not is_in(client)
    assert "closed" in run("user", "list").output
    assert run("user", "activate", user.username).exit_code == 0
    told = run("user", "reset-password", user.username)
    password = first_in(ONCE, told.output)
    assert sign_in(app.test_client(), user.username, password).status_code == 302


def test_a_second_role_and_a_lost_telephone(app: Flask, run: Run):
    user = account(app)
    enrol(app, user)
    told = run("user", "appoint", user.username, "--role", "kabid", "--decree", "SK 2")
    assert told.exit_code == 0, told.output
    assert run("user", "remove-second-factor", user.username).exit_code == 0
    assert factor_of(app, user) is None
    assert "kabid@52.04" in run("user", "list").output


def test_nobody_is_told_as_nobody(run: Run):
    told = run("user", "reset-password", "nobody")
    assert told.exit_code == 1
    assert "nobody is called nobody" in told.output


def test_the_list_goes_on_after_a_page(app: Flask, run: Run):
    for _ in range(30):
        account(app, Role.VET)
    assert len(run("user", "list").output.splitlines()) == 30


def test_routes_are_printed_as_the_policy_table(run: Run):
    lines = run("routes").output.splitlines()
    assert "accounts.sign_in  GET  /masuk  public" in lines
