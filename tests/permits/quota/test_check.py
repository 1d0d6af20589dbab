"""The check of the books finds what somebody changed behind the program's back."""

import pytest
from flask import Flask
from sqlalchemy import text

from sijinak.core.db import db
from sijinak.permits.quota.checking import quota_faults
from sijinak.permits.quota.cli import quota
from tests.animals.factories import firm, make_keeper
from tests.permits.quota.books import ask, bare_permit, grant

CHANGES = {
    "UPDATE quota_accounts SET cap = cap + 1": "entries",
    "UPDATE quota_accounts SET held = held + 1": "entries",
    "UPDATE quota_accounts SET last_no = 7": "entries",
    "UPDATE quota_claims SET heads = 5": "claims",
    "UPDATE quota_claims SET state = 'released'": "claims",
    "UPDATE permits SET state = 'cancelled'": "cancelled",
}


@pytest.mark.parametrize("change", CHANGES)
def test_every_kind_of_disagreement_is_found(context: Flask, change: str):
    grant(10)
    ask(bare_permit(make_keeper(firm(name="CV Samawa"))), 6)
    assert list(quota_faults()) == []
    with db.engine.begin() as connection:
        connection.execute(text(change))
    db.session.rollback()
    db.session.expire_all()
    assert any(CHANGES[change] in fault for fault in quota_faults())


def test_the_command_says_so_and_fails(app: Flask):
    runner = app.test_cli_runner()
    with app.app_context():
        grant(10)
    good = runner.invoke(quota, ["check"])
    assert (good.exit_code, "1 accounts agree" in good.output) == (0, True)
    with app.app_context(), db.engine.begin() as connection:
        connection.execute(text("UPDATE quota_accounts SET cap = 11"))
    assert runner.invoke(quota, ["check"]).exit_code == 1
