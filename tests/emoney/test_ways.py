"""In which ways an amount can be paid, also out of the payer's wallet."""

import re

import pytest
from flask import Flask
from flask.testing import FlaskClient

from sijinak.accounts.models import Role
from sijinak.keepers.models import Keeper
from sijinak.payments.wallet.models import Wallet
from tests.browsing import form_post, id_on
from tests.emoney.test_pages import shown
from tests.factories import make_user, signed_in
from tests.payments.wallet.factories import fill, fresh_wallet, make_wallet, settle
from tests.retribution.factories import fresh, make_keeper, make_skrd, receipts, work

pytestmark = pytest.mark.usefixtures("context")


@pytest.fixture
def keeper(context: Flask) -> Keeper:
    return make_keeper()


@pytest.fixture
def wallet(keeper: Keeper) -> Wallet:
    wallet = make_wallet(keeper)
    fill(wallet, 100_000)
    return wallet


@pytest.fixture
def trader(app: Flask, keeper: Keeper) -> FlaskClient:
    client = signed_in(app, make_user(Role.TRADER, keeper_id=keeper.id))
    client.get("/bahasa/en")
    return client


def test_too_much_for_qris_is_paid_to_a_virtual_account(trader: FlaskClient, keeper: Keeper):
    small, large = make_skrd(10_000_000, keeper=keeper), make_skrd(10_000_100, keeper=keeper)
    assert 'value="snap:qris"' in shown(trader, f"/retribusi/{small.id}/bayar")
    page = shown(trader, f"/retribusi/{large.id}/bayar")
    assert 'value="snap:qris"' not in page
    assert 'value="snap:va"' in page
    assert re.search("QRIS does not take so much at once: use [^<]*Virtual account", page)
    sent = form_post(
        trader, f"/retribusi/{large.id}/bayar", page=f"/retribusi/{large.id}/bayar",
        id=id_on(page), adapter="snap:qris",
    )  # fmt: skip
    assert sent.status_code == 422


def test_a_bill_is_paid_out_of_the_wallet_at_once_and_once(
    trader: FlaskClient, keeper: Keeper, wallet: Wallet
):
    bill = make_skrd(keeper=keeper)
    address = f"/retribusi/{bill.id}/bayar"
    page = shown(trader, address)
    assert "There is Rp 100.000 in it" in page
    for _ in range(2):
        sent = form_post(trader, address, id=id_on(page), adapter="wallet:balance")
        assert sent.status_code == 302
    work()
    assert fresh(bill).state == "paid"
    assert len(receipts()) == 1
    assert fresh_wallet(wallet).balance == 20_500
    assert "/retribusi/tbp/" in shown(trader, sent.location)


def test_a_wallet_with_too_little_is_not_offered_and_takes_nothing(
    trader: FlaskClient, keeper: Keeper, wallet: Wallet
):
    bill = make_skrd(150_000, keeper=keeper)
    address = f"/retribusi/{bill.id}/bayar"
    page = shown(trader, address)
    assert 'value="wallet:balance"' not in page
    assert "e-Money balance does not take so much at once" in page
    sent = form_post(trader, address, page=address, id=id_on(page), adapter="wallet:balance")
    assert sent.status_code == 422
    assert fresh_wallet(wallet).balance == 100_000
    assert fresh(bill).state == "open"


def test_without_a_wallet_none_is_offered(trader: FlaskClient, keeper: Keeper):
    bill = make_skrd(keeper=keeper)
    assert "wallet:balance" not in shown(trader, f"/retribusi/{bill.id}/bayar")
    assert "/emoney/saldo/" not in shown(trader, "/emoney/")


def test_the_statement_shows_what_moved_and_the_balance(trader: FlaskClient, wallet: Wallet):
    assert f"/emoney/saldo/{wallet.id}" in shown(trader, "/emoney/")
    page = shown(trader, f"/emoney/saldo/{wallet.id}")
    assert page.count("Rp 100.000") >= 3
    assert "Topped up" in page


def test_topping_up_is_a_payment_like_any_other(trader: FlaskClient, wallet: Wallet):
    address = f"/emoney/saldo/{wallet.id}"
    page = shown(trader, address)
    assert "wallet:balance" not in page
    sent = form_post(
        trader, address, page=address, id=id_on(page), amount="50.000", adapter="sandbox:play"
    )
    assert sent.status_code == 302
    assert "Rp 50.000" in shown(trader, sent.location)
    settle()
    assert "The money came" in shown(trader, sent.location)
    assert fresh_wallet(wallet).balance == 150_000


@pytest.mark.parametrize("amount", ["", "0", "99.000.000", "banyak"])
def test_what_cannot_be_added_is_said(trader: FlaskClient, wallet: Wallet, amount: str):
    address = f"/emoney/saldo/{wallet.id}"
    page = shown(trader, address)
    sent = form_post(
        trader, address, page=address, id=id_on(page), amount=amount, adapter="sandbox:play"
    )
    assert sent.status_code == 422
    assert fresh_wallet(wallet).balance == 100_000


def test_a_wallet_of_somebody_else_is_not_there(trader: FlaskClient):
    other = make_wallet()
    attempt = fill(other, 10_000)
    for path in (f"/emoney/saldo/{other.id}", f"/emoney/saldo/isi/{attempt.id}"):
        assert trader.get(path).status_code == 404
