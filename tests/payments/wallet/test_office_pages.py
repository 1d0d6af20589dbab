"""The office opens a wallet, freezes it, and pays out of it with two people."""

import pytest
from flask import Flask
from sqlalchemy import select

from sijinak.accounts.models import Role
from sijinak.core.db import db, transaction
from sijinak.core.ids import uuid7
from sijinak.payments.models import Collection
from sijinak.payments.refunds.models import Refund
from sijinak.payments.wallet.models import Wallet, WalletState
from tests.browsing import Browser
from tests.factories import make_user, signed_in
from tests.payments.wallet.factories import assert_whole, fill, fresh_wallet, make_wallet
from tests.retribution.factories import make_keeper, work


@pytest.fixture
def treasurers(app: Flask) -> list[Browser]:
    with app.app_context():
        users = [make_user(Role.TREASURER) for _ in range(2)]
    return [Browser(app, signed_in(app, user)) for user in users]


def test_it_is_opened_by_the_whole_number_of_its_owner(context: Flask, treasurers: list[Browser]):
    keeper, (first, _) = make_keeper(), treasurers
    assert keeper.nib
    refused = first.send("/dompet/baru", id=uuid7(), number="123")
    assert refused.status_code == 422
    opened = first.send("/dompet/baru", id=uuid7(), number=keeper.nib, is_registered="true")
    assert opened.status_code == 302
    with transaction():
        wallet = db.session.scalars(select(Wallet)).one()
    assert (wallet.keeper_id, wallet.is_registered) == (keeper.id, True)
    assert keeper.name in first.get("/dompet/").text
    again = first.send("/dompet/baru", id=uuid7(), number=keeper.nib)
    assert again.status_code == 422


def test_it_is_frozen_by_a_button(context: Flask, treasurers: list[Browser]):
    wallet = make_wallet()
    address = f"/dompet/{wallet.id}"
    page = treasurers[0].get(address).text
    assert 'value="freeze"' in page
    treasurers[0].send(f"{address}/langkah", id=uuid7(), action="freeze")
    assert fresh_wallet(wallet).state is WalletState.FROZEN


def test_two_people_pay_out(context: Flask, treasurers: list[Browser]):
    wallet = make_wallet()
    fill(wallet, 100_000)
    address, (first, second) = f"/dompet/{wallet.id}", treasurers
    with transaction():
        money = db.session.scalars(select(Collection)).one()
    told = {"amount": "60.000", "reason": "berhenti", "decree": "SK 1", "id": uuid7()}
    asked = first.send(f"{address}/keluar", collection_id=money.id, **told)
    assert asked.status_code == 302
    with transaction():
        refund = db.session.scalars(select(Refund)).one()
    door = f"{address}/keluar/{refund.id}"
    first.send(door, id=uuid7(), action="approve")
    with transaction():
        assert db.session.get_one(Refund, refund.id, populate_existing=True).approved_by is None
    assert door in second.get(address).text
    second.send(door, id=uuid7(), action="refuse")
    work()
    assert fresh_wallet(wallet).balance == 100_000
    assert_whole()


def test_others_do_not_see_them(app: Flask):
    for role in (Role.TRADER, Role.COLLECTOR):
        with app.app_context():
            client = signed_in(app, make_user(role))
        assert client.get("/dompet/").status_code == 403
