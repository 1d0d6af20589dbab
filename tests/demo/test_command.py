"""The command: the same seed makes the same, twice is once, and never in production."""

from typing import Any

import pytest
from click.testing import Result
from flask import Flask
from sqlalchemy import select

from sijinak.areas.models import Region
from sijinak.config import Settings
from sijinak.core.clock import now
from sijinak.core.db import db, transaction
from sijinak.core.events import events
from sijinak.core.permissions import OPERATOR
from sijinak.demo.accounts import ACCOUNTS, PASSWORD
from sijinak.demo.chance import Names
from sijinak.demo.cli import demo as command
from sijinak.demo.loading import LOADED, Load
from tests.databases import Databases
from tests.demo.regencies import ANIMALS, SEED, digest, one_moment, regency

KEYS: dict[str, Any] = {
    "secret_key": "s" * 40,
    "data_key": "d" * 40,
    "lookup_key": "l" * 40,
    "log_key": "g" * 40,
}


def run(app: Flask, *words: str) -> Result:
    return app.test_cli_runner().invoke(command, [f"--animals={ANIMALS}", *words])


@pytest.mark.slow
def test_the_same_seed_makes_the_same(databases: Databases):
    with one_moment():
        with regency(databases):
            first = digest()
        with regency(databases):
            assert digest() == first


def test_another_seed_makes_others():
    one, two = Names(1), Names(2)
    assert one.tag_codes(9) != two.tag_codes(9)
    assert one.at([now()]) != two.at([now()])


@pytest.mark.slow
def test_running_it_twice_changes_nothing_and_all_can_sign_in(app: Flask):
    first = run(app)
    assert first.exit_code == 0, first.output
    assert PASSWORD in first.output
    with app.app_context():
        before = digest()
    second = run(app)
    assert second.exit_code == 0
    assert "there already" in second.output
    with app.app_context():
        assert digest() == before
    for account in ACCOUNTS:
        _sign_in(app, account.username)


def _sign_in(app: Flask, username: str) -> None:
    client = app.test_client()
    token = client.get("/masuk").text.split('name="csrf_token"')[1].split('value="')[1]
    form = {"csrf_token": token.split('"')[0], "username": username, "password": PASSWORD}
    assert client.post("/masuk", data=form).status_code == 302, username
    assert client.get("/").status_code == 200, username


def test_other_demo_data_are_not_mixed_in(app: Flask):
    with app.app_context(), transaction():
        region = db.session.scalars(select(Region).limit(1)).one()
        facts = {"animals": ANIMALS, "seed": SEED}
        events.record(LOADED, region, by=OPERATOR, region=region.code, **facts)
    assert run(app, f"--seed={SEED + 1}").exit_code == 1
    assert run(app, f"--seed={SEED}").exit_code == 0


def test_a_load_that_broke_off_is_not_taken_for_whole(app: Flask):
    settings: Settings = app.extensions["sijinak.settings"]
    with app.app_context():
        Load(ANIMALS, SEED, settings).open()
    answer = run(app)
    assert answer.exit_code == 1


def test_production_refuses(app: Flask, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setitem(
        app.extensions,
        "sijinak.settings",
        Settings(environment="production", public_url="https://example.org", **KEYS),
    )
    answer = run(app)
    assert answer.exit_code == 1
    assert "in production" in answer.output


def test_it_says_which_ways_of_paying_it_needs(app: Flask, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setitem(app.extensions, "sijinak.settings", Settings(payment_adapters="cash,snap"))
    answer = run(app)
    assert answer.exit_code == 1
    assert "SIJINAK_PAYMENT_ADAPTERS" in answer.output
