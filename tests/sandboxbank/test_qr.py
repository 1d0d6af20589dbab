"""QRIS at the bank, from the order to the refund."""

from datetime import timedelta

import pytest

from sijinak.core.clock import now
from tests.sandboxbank.partners import Merchant, Running, rupiah, wib


def test_a_qr_names_amount_merchant_and_bill(merchant: Merchant):
    said = merchant.qr("SJ-1", 75_000, additionalInfo={"billNumber": "SKRD/2026/000001-X"})
    assert said.code == "2004700"
    payload = said.body["qrContent"]
    assert payload.startswith("000201010212")
    assert "540575000" in payload
    assert "0215ID1099999999999" in payload
    assert "0118SKRD/2026/000001-X" in payload


@pytest.mark.parametrize(
    ("fields", "code"),
    [
        ({"merchantId": "OTHER"}, "4044708"),
        ({"amount": rupiah(10_000_100)}, "4044713"),
        ({"amount": {"value": "75000", "currency": "IDR"}}, "4004701"),
        ({"amount": {"value": "0.00", "currency": "IDR"}}, "4004701"),
        ({"amount": {"value": "75000.00", "currency": "USD"}}, "4004701"),
        ({"amount": {"value": "٧٥.00", "currency": "IDR"}}, "4004701"),
        ({"validityPeriod": "tomorrow"}, "4004701"),
        ({"validityPeriod": "2020-01-01T00:00:00+07:00"}, "4004701"),
        ({"partnerReferenceNo": ""}, "4004702"),
        ({"partnerReferenceNo": "x" * 65}, "4004701"),
    ],
)
def test_what_is_wrong_in_an_order_is_said(
    merchant: Merchant, fields: dict[str, object], code: str
):
    assert merchant.qr("SJ-1", **fields).code == code
    assert merchant.query("SJ-1").code == "4045101"


def test_a_ref_is_used_once_for_ever(merchant: Merchant):
    assert merchant.qr("SJ-1").code == "2004700"
    assert merchant.qr("SJ-1").code == "4094701"


def test_a_query_tells_how_an_order_stands(merchant: Merchant, bank: Running):
    merchant.qr("SJ-1")
    waiting = merchant.query("SJ-1").body
    assert waiting["latestTransactionStatus"] == "03"
    assert waiting["qrContent"]
    bank.phone(ref="SJ-1")
    paid = merchant.query("SJ-1").body
    assert paid["latestTransactionStatus"] == "00"
    assert paid["amount"] == rupiah(75_000)
    (payment,) = paid["additionalInfo"]["payments"]
    assert payment["status"] == "00"
    assert len(payment["rrn"]) == 12


def test_an_order_expires(merchant: Merchant, bank: Running):
    merchant.qr("SJ-1", validityPeriod=wib(now() + timedelta(seconds=1)))
    bank.phone(ref="SJ-1", expire=True)
    assert merchant.query("SJ-1").body["latestTransactionStatus"] == "08"
    assert bank.phone(ref="SJ-1").status == 409
    assert merchant.cancel("SJ-1").code == "4037700"


def test_cancelling_twice_is_cancelling_once(merchant: Merchant, bank: Running):
    merchant.qr("SJ-1")
    first, again = merchant.cancel("SJ-1"), merchant.cancel("SJ-1")
    assert first.code == again.code == "2007700"
    assert first.body["cancelTime"] == again.body["cancelTime"]
    assert merchant.query("SJ-1").body["latestTransactionStatus"] == "05"
    assert bank.phone(ref="SJ-1").body["code"] == "cancelled"


def test_what_is_paid_or_unknown_is_not_cancelled(merchant: Merchant, bank: Running):
    merchant.qr("SJ-1")
    bank.phone(ref="SJ-1")
    assert merchant.cancel("SJ-1").code == "4047714"
    assert merchant.cancel("SJ-9").code == "4047701"


def test_a_refund_is_done_once_for_its_number(merchant: Merchant, bank: Running):
    merchant.qr("SJ-1")
    assert merchant.refund("SJ-1", "R-1", 75_000).code == "4047801"
    bank.phone(ref="SJ-1")
    first, again = merchant.refund("SJ-1", "R-1", 50_000), merchant.refund("SJ-1", "R-1", 50_000)
    assert first.code == again.code == "2007800"
    assert first.body["refundNo"] == again.body["refundNo"]
    assert merchant.refund("SJ-1", "R-1", 40_000).code == "4047818"
    assert merchant.refund("SJ-1", "R-2", 25_001).code == "4047813"
    assert merchant.query("SJ-1").body["latestTransactionStatus"] == "00"
    assert merchant.refund("SJ-1", "R-2", 25_000).code == "2007800"
    done = merchant.query("SJ-1").body
    assert done["latestTransactionStatus"] == "04"
    refunds = done["additionalInfo"]["payments"][0]["refunds"]
    assert [one["partnerRefundNo"] for one in refunds] == ["R-1", "R-2"]


def test_of_two_payments_one_is_refunded_by_its_number(merchant: Merchant, bank: Running):
    merchant.qr("SJ-1")
    bank.phone(ref="SJ-1", times=2)
    payments = merchant.query("SJ-1").body["additionalInfo"]["payments"]
    assert len({one["rrn"] for one in payments}) == 2
    second = payments[1]["rrn"]
    merchant.refund("SJ-1", "R-1", 75_000, additionalInfo={"rrn": second})
    left = merchant.query("SJ-1").body["additionalInfo"]["payments"]
    assert [one["status"] for one in left] == ["00", "04"]
