"""What a trader is told of money: voided receipts, money used in parts, money in question."""

import pytest
from flask import Flask
from flask.testing import FlaskClient

from sijinak.accounts.models import Role
from sijinak.core.clock import now
from sijinak.core.db import transaction
from sijinak.core.money import Rupiah
from sijinak.core.permissions import WORKER
from sijinak.keepers.models import Keeper
from sijinak.payments.adapters.base import Kind, Observation, Trust
from sijinak.payments.discrepancies.effects import Plan
from sijinak.payments.models import DiscrepancyKind, Resolution
from sijinak.payments.services import record_observations
from sijinak.retribution.became import parts_of
from tests.browsing import Browser, form_post, id_on
from tests.emoney.test_pages import shown
from tests.factories import make_user, signed_in
from tests.payments.desk import cases, resolve
from tests.payments.wallet.factories import settle
from tests.retribution.factories import (
    begin_payment,
    fresh,
    make_keeper,
    make_skrd,
    make_trader,
    money,
    receipts,
)
from tests.retribution.receipts.ways import WHY, paid_in_cash, void

pytestmark = pytest.mark.usefixtures("context")


@pytest.fixture
def keeper(context: Flask) -> Keeper:
    return make_keeper()


@pytest.fixture
def trader(app: Flask, keeper: Keeper) -> FlaskClient:
    client = signed_in(app, make_user(Role.TRADER, keeper_id=keeper.id))
    client.get("/bahasa/en")
    return client


def pay_once_more(ref: str, amount: int) -> None:
    seen = Observation(
        ref=ref, kind=Kind.PAID, money_id="again", amount=Rupiah(amount), happened_at=now(),
        trust=Trust.AUTHENTICATED_QUERY,
    )  # fmt: skip
    with transaction():
        record_observations("sandbox", [seen], by=WORKER)


def test_a_voided_receipt_stays_with_its_reason_and_what_came_after(
    trader: FlaskClient, keeper: Keeper
):
    skrd = make_skrd(keeper=keeper)
    receipt = paid_in_cash(skrd)
    void(receipt)
    number = receipts()[1].number
    for path in ("/emoney/", "/emoney/bukti"):
        page = shown(trader, path)
        assert receipt.number in page
        assert f"Voided by {number}: {WHY}. Rp 79.500 is kept for you" in page
    resolve(cases(DiscrepancyKind.VOIDED)[0], Resolution.ALLOCATE, Plan(bill_ids=(skrd.id,)))
    newer = receipts()[2].number
    assert f"{WHY}. The bill is paid by {newer}." in shown(trader, "/emoney/bukti")


def test_money_that_was_used_for_other_bills_is_not_said_to_be_given_back(
    trader: FlaskClient, keeper: Keeper
):
    paid, one, two = make_skrd(keeper=keeper), *(make_skrd(30_000, keeper=keeper) for _ in "12")
    attempt = begin_payment(paid)
    settle()
    pay_once_more(attempt.ref, 79_500)
    page = f"/retribusi/{paid.id}/pembayaran/{attempt.id}"
    assert "You paid once more: Rp 79.500" in shown(trader, page)
    plan = Plan(bill_ids=(one.id, two.id), amount=19_500)
    resolve(cases(DiscrepancyKind.DOUBLE)[0], Resolution.ALLOCATE, plan)
    told = shown(trader, page)
    for bill, receipt in zip((one, two), receipts()[1:], strict=True):
        assert f"Paid {bill.number}, receipt {receipt.number}" in told
        assert str(receipt.id) in told
    assert "To be given back" in told
    assert "It was given back to you" not in told
    history = shown(trader, "/emoney/riwayat")
    assert history.count('<li class="card bill">') == 2
    assert f"Paid {two.number}" in history


def test_the_bills_of_others_are_not_named(trader: FlaskClient, keeper: Keeper):
    paid, other = make_skrd(keeper=keeper), make_skrd()
    attempt = begin_payment(paid)
    settle()
    pay_once_more(attempt.ref, 79_500)
    resolve(cases(DiscrepancyKind.DOUBLE)[0], Resolution.ALLOCATE, Plan(bill_ids=(other.id,)))
    told = shown(trader, f"/retribusi/{paid.id}/pembayaran/{attempt.id}")
    assert "Paid another bill" in told
    assert other.number not in told
    assert receipts()[1].number not in told


def test_the_parts_of_money_are_all_of_it(keeper: Keeper):
    skrd, by = make_skrd(keeper=keeper), make_trader(keeper)
    void(paid_in_cash(skrd))
    (came,) = money()
    with transaction():
        parts = parts_of(came, by=by)
    assert [(part.amount, part.counts) for part in parts] == [(79_500, False), (79_500, True)]


def test_the_counter_is_warned_and_takes_cash_only_from_who_knows(context: Flask):
    skrd = make_skrd(79_505)
    begin_payment(skrd)
    settle()
    client = Browser(context, signed_in(context, make_user(Role.TREASURER)))
    client.get("/bahasa/en")
    path = f"/retribusi/{skrd.id}/tunai"
    page = client.get(path).text
    assert "Rp\xa01 is missing" in page.replace(" 1 is", "\xa01 is")
    assert 'name="despite_question"' in page
    sent = {"id": id_on(page), "amount": "79.505", "counted": "yes"}
    refused = form_post(client, path, page=path, **sent)  # type: ignore[arg-type]
    assert refused.status_code == 422
    assert "not decided yet" in refused.text
    assert 'value="79.505"' in refused.text
    assert fresh(skrd).state == "open"
    taken = form_post(client, path, page=path, despite_question="yes", **sent)  # type: ignore[arg-type]
    assert taken.status_code == 302
    assert fresh(skrd).state == "paid"


def test_after_the_decision_the_way_on_is_to_pay_in_full(trader: FlaskClient, keeper: Keeper):
    skrd = make_skrd(79_505, keeper=keeper)
    attempt = begin_payment(skrd)
    settle()
    page = f"/retribusi/{skrd.id}/pembayaran/{attempt.id}"
    assert "Rp 1 is missing" in shown(trader, page)
    assert f'href="/retribusi/{skrd.id}/bayar"' not in shown(trader, page)
    resolve(cases(DiscrepancyKind.SHORT)[0], Resolution.REFUND)
    assert "The bill is still open: pay it in full." in shown(trader, page)
    assert f'href="/retribusi/{skrd.id}/bayar"' in shown(trader, page)
