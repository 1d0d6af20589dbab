"""Each fault does what it says: on the line, in the code, and by the digits of an amount."""

import time
from collections.abc import Callable
from http.client import HTTPException

import pytest

from sijinak.sandboxbank.knobs import FATES
from tests.sandboxbank.partners import Merchant, Running

Start = Callable[[Merchant, int], object]
STARTS: list[Start] = [
    lambda merchant, amount: merchant.qr("SJ-1", amount),
    lambda merchant, amount: merchant.va("0000000123", "SJ-1", amount),
    lambda merchant, amount: merchant.gateway("POST", "/v2/charge", charge("SJ-1", amount)),
]
every_start = pytest.mark.parametrize("start", STARTS, ids=["qr", "va", "gateway"])


def charge(ref: str, amount: int) -> dict[str, object]:
    details = {"order_id": ref, "gross_amount": amount}
    return {"payment_type": "qris", "transaction_details": details}


@every_start
def test_the_answer_is_lost_after_the_order_was_taken(
    merchant: Merchant, bank: Running, start: Start
):
    with pytest.raises((ConnectionError, HTTPException)):
        start(merchant, 75_002)
    assert "SJ-1" in bank.books.orders


@every_start
def test_the_request_is_lost_before(merchant: Merchant, bank: Running, start: Start):
    with pytest.raises((ConnectionError, HTTPException)):
        start(merchant, 75_003)
    assert "SJ-1" not in bank.books.orders


@every_start
def test_an_order_is_refused(merchant: Merchant, bank: Running, start: Start):
    assert start(merchant, 75_001).status == 400  # type: ignore[attr-defined]
    assert "SJ-1" not in bank.books.orders


@every_start
def test_an_order_is_called_a_duplicate_though_it_was_taken(
    merchant: Merchant, bank: Running, start: Start
):
    assert start(merchant, 75_018).status in {406, 409}  # type: ignore[attr-defined]
    assert "SJ-1" in bank.books.orders


@every_start
def test_the_bank_is_down(merchant: Merchant, bank: Running, start: Start):
    assert start(merchant, 75_017).status == 503  # type: ignore[attr-defined]
    assert "SJ-1" not in bank.books.orders


def test_what_changes_is_lost_and_questions_are_answered(merchant: Merchant, bank: Running):
    merchant.qr("SJ-1")
    bank.turn(answer_lost=True)
    with pytest.raises((ConnectionError, HTTPException)):
        merchant.cancel("SJ-1")
    assert merchant.query("SJ-1").body["latestTransactionStatus"] == "05"


def test_a_slow_answer_comes_byte_by_byte(
    merchant: Merchant, bank: Running, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr("sijinak.sandboxbank.failing.SLOW_SECONDS", 0.001)
    began = time.monotonic()
    said = merchant.qr("SJ-1", 75_016)
    assert said.code == "2004700"
    assert time.monotonic() - began > len(said.text) * 0.001


@pytest.mark.parametrize(
    ("amount", "has", "lacks"),
    [
        (75_013, "ID1088888888888", "ID1099999999999"),
        (75_014, "5406150028", "540575014"),
        (75_000, "540575000", "ID1088888888888"),
    ],
)
def test_a_code_lies_about_merchant_or_amount(
    merchant: Merchant, amount: int, has: str, lacks: str
):
    payload = merchant.qr("SJ-1", amount).body["qrContent"]
    assert has in payload
    assert lacks not in payload


def test_the_digits_can_be_switched_off(merchant: Merchant, bank: Running):
    bank.turn(by_amount=False)
    assert merchant.qr("SJ-1", 75_001).code == "2004700"


def test_an_order_lives_as_long_as_the_knob_says(merchant: Merchant, bank: Running):
    bank.turn(validity=1)
    merchant.qr("SJ-1")
    time.sleep(1.05)
    assert merchant.query("SJ-1").body["latestTransactionStatus"] == "08"


def test_an_order_pays_itself(merchant: Merchant, bank: Running):
    bank.turn(autopay=1)
    merchant.qr("SJ-1")
    for _ in range(60):
        if merchant.query("SJ-1").body["latestTransactionStatus"] == "00":
            return
        time.sleep(0.05)
    pytest.fail("nobody paid")


def test_knobs_are_turned_all_or_none_and_put_back(bank: Running):
    for wrong in ({"nothing": True}, {"late": 1}, {"autopay": -1}, {"validity": True}):
        assert bank.call("PUT", "/knobs", {"down": True, **wrong}).status == 400
    assert bank.call("GET", "/knobs").body["down"] is False
    bank.turn(late=True, autopay=3)
    assert bank.call("GET", "/knobs").body["late"] is True
    assert bank.call("DELETE", "/knobs").body["autopay"] == 0


def test_every_fate_is_on_the_page(bank: Running):
    page = bank.call("GET", "/gangguan").text
    assert all(f'name="{name}"' in page for name in FATES.values())
