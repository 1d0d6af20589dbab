"""The gateway's Core API, and what it tells by itself."""

from hashlib import sha512

import pytest

from tests.sandboxbank.partners import Listener, Merchant, Running

NOTIFY = "/notices/midtrans"


def charge(merchant: Merchant, ref: str, amount: object = 75_000, kind: str = "qris") -> object:
    details = {"order_id": ref, "gross_amount": amount}
    body = {"payment_type": kind, "transaction_details": details, "bank_transfer": {"bank": "bni"}}
    return merchant.gateway("POST", "/v2/charge", body).body


def status(merchant: Merchant, ref: str) -> dict[str, str]:
    body: dict[str, str] = merchant.gateway("GET", f"/v2/{ref}/status").body
    return body


@pytest.mark.parametrize(
    ("method", "path"),
    [("POST", "/v2/charge"), ("GET", "/v2/SJ-1/status"), ("POST", "/v2/SJ-1/cancel"),
     ("POST", "/v2/SJ-1/expire"), ("POST", "/v2/SJ-1/refund"), ("GET", "/v2/settlements")],
)  # fmt: skip
def test_every_address_wants_the_server_key(merchant: Merchant, method: str, path: str):
    said = merchant.gateway(method, path, {}, key="SB-Mid-server-other")
    assert (said.status, said.body["status_code"]) == (401, "401")


def test_an_order_has_a_code_or_a_number(merchant: Merchant):
    qr = charge(merchant, "SJ-1")
    va = charge(merchant, "SJ-2", kind="bank_transfer")
    assert qr["status_code"] == va["status_code"] == "201"  # type: ignore[index]
    assert qr["gross_amount"] == "75000.00"  # type: ignore[index]
    assert "540575000" in qr["qr_string"]  # type: ignore[index]
    assert va["va_numbers"][0]["va_number"].isdigit()  # type: ignore[index]


@pytest.mark.parametrize(
    ("ref", "amount", "kind", "code"),
    [("SJ-1", 75_000, "qris", "406"), ("", 1000, "qris", "400"), ("SJ-2", 0, "qris", "400"),
     ("SJ-2", "75000", "qris", "400"), ("SJ-2", 1000, "card", "400")],
)  # fmt: skip
def test_what_is_wrong_in_an_order_is_said(
    merchant: Merchant, ref: str, amount: object, kind: str, code: str
):
    charge(merchant, "SJ-1")
    assert charge(merchant, ref, amount, kind)["status_code"] == code  # type: ignore[index]


def test_a_payment_is_told_with_a_signature_over_the_amount_as_text(
    merchant: Merchant, bank: Running, sijinak: Listener
):
    charge(merchant, "SJ-1")
    bank.phone(ref="SJ-1")
    (notice,) = sijinak.wait(NOTIFY)
    body = notice.body
    text = f"SJ-120075000.00{bank.house.names.server_key}"
    assert body["signature_key"] == sha512(text.encode()).hexdigest()
    assert body["transaction_status"] == "settlement"
    assert body["transaction_id"] == status(merchant, "SJ-1")["transaction_id"]


def test_an_order_takes_one_payment(merchant: Merchant, bank: Running):
    charge(merchant, "SJ-1", 75_006)
    assert len(bank.phone(ref="SJ-1").body["paid"]) == 1
    assert bank.phone(ref="SJ-1").status == 409


def test_the_ends_of_an_order(merchant: Merchant, bank: Running):
    for ref, action, ends in (("SJ-1", "cancel", "200"), ("SJ-2", "expire", "407")):
        charge(merchant, ref)
        assert merchant.gateway("POST", f"/v2/{ref}/{action}", {}).body["status_code"] == ends
        assert status(merchant, ref)["transaction_status"] == action
    charge(merchant, "SJ-3")
    bank.phone(ref="SJ-3")
    assert merchant.gateway("POST", "/v2/SJ-3/cancel", {}).body["status_code"] == "412"
    assert merchant.gateway("GET", "/v2/SJ-9/status").status == 404


def test_a_refund_is_done_once_for_its_key(merchant: Merchant, bank: Running):
    charge(merchant, "SJ-1")
    wanted = {"refund_key": "R-1", "amount": 25_000, "reason": "double"}
    assert merchant.gateway("POST", "/v2/SJ-1/refund", wanted).body["status_code"] == "412"
    bank.phone(ref="SJ-1")
    for _ in range(2):
        said = merchant.gateway("POST", "/v2/SJ-1/refund", wanted).body
        assert (said["status_code"], said["transaction_status"]) == ("200", "partial_refund")
    too_much = {**wanted, "refund_key": "R-2", "amount": 50_001}
    assert merchant.gateway("POST", "/v2/SJ-1/refund", too_much).body["status_code"] == "412"
    merchant.gateway("POST", "/v2/SJ-1/refund", {**too_much, "amount": 50_000})
    assert status(merchant, "SJ-1")["transaction_status"] == "refund"


@pytest.mark.parametrize(
    ("amount", "gross", "currency"),
    [(75_005, "75004.00", "IDR"), (75_008, "75009.00", "IDR"), (75_009, "75009.00", "MYR")],
)
def test_what_came_is_told_as_it_came(
    merchant: Merchant, bank: Running, amount: int, gross: str, currency: str
):
    charge(merchant, "SJ-1", amount)
    bank.phone(ref="SJ-1")
    told = status(merchant, "SJ-1")
    assert (told["gross_amount"], told["currency"]) == (gross, currency)


def test_a_settled_payment_can_be_denied(merchant: Merchant, bank: Running, sijinak: Listener):
    bank.turn(reversed_seconds=0)
    charge(merchant, "SJ-1", 75_015)
    bank.phone(ref="SJ-1")
    last = sijinak.wait(NOTIFY, 2)
    assert {one.body["transaction_status"] for one in last} >= {"deny"}
    assert status(merchant, "SJ-1")["status_code"] == "202"


def test_a_wrong_signature_and_another_order(merchant: Merchant, bank: Running, sijinak: Listener):
    charge(merchant, "SJ-1", 75_011)
    bank.phone(ref="SJ-1")
    (forged,) = sijinak.wait(NOTIFY)
    assert forged.body["signature_key"] != status(merchant, "SJ-1")["signature_key"]
    charge(merchant, "SJ-2", 75_020)
    bank.phone(ref="SJ-2")
    found = [one.body["transaction_status"] for one in sijinak.wait(NOTIFY, 4)[1:]]
    assert found == ["settlement", "pending", "settlement"]
