"""Virtual accounts: made beforehand, or asked for when somebody types the number."""

from collections.abc import Callable
from typing import Any

from tests.sandboxbank.partners import Heard, Listener, Merchant, Running, is_by_secret, rupiah

NUMBER = "881000000000123"
TOKEN = "a token"


def due(one: Heard) -> tuple[int, object]:
    """A SiJINAK that knows the bill."""
    asked = one.body
    data: dict[str, Any] = {
        "inquiryStatus": "00",
        "virtualAccountName": "CV Samawa",
        "totalAmount": rupiah(75_000),
        "virtualAccountNo": asked["virtualAccountNo"],
    }
    return 200, {
        "responseCode": "2002400",
        "virtualAccountData": data,
        "additionalInfo": {"trxId": "SJ-7"},
    }


def always(answer: tuple[int, object]) -> Callable[[Heard], tuple[int, object]]:
    return lambda _: answer


def refuse(code: str) -> tuple[int, object]:
    return int(code[:3]), {"responseCode": code, "responseMessage": "no"}


def test_a_made_number_is_paid_and_its_status_told(merchant: Merchant, bank: Running):
    assert merchant.va("0000000123", "SJ-1").code == "2002700"
    assert (
        merchant.va_status("0000000123", "SJ-1").body["virtualAccountData"]["paymentFlagStatus"]
        == "01"
    )
    bank.phone(ref="SJ-1")
    said = merchant.va_status("0000000123", "SJ-1").body
    assert said["virtualAccountData"]["paymentFlagStatus"] == "00"
    assert said["virtualAccountData"]["paidAmount"] == rupiah(75_000)
    assert said["additionalInfo"]["payments"][0]["rrn"] == said["virtualAccountData"]["referenceNo"]


def test_a_ref_or_a_live_number_is_not_used_twice(merchant: Merchant):
    merchant.va("0000000123", "SJ-1")
    assert merchant.va("0000000124", "SJ-1").code == "4092701"
    assert merchant.va("0000000123", "SJ-2").code == "4092701"


def test_a_number_is_withdrawn_unless_it_is_paid(merchant: Merchant, bank: Running):
    merchant.va("0000000123", "SJ-1")
    merchant.va("0000000124", "SJ-2")
    bank.phone(ref="SJ-2")
    path = "/v1.0/transfer-va/delete-va"
    assert merchant.ask("DELETE", path, merchant.account("0000000123", "SJ-1")).code == "2003100"
    assert merchant.ask("DELETE", path, merchant.account("0000000124", "SJ-2")).code == "4043114"
    assert merchant.ask("DELETE", path, merchant.account("0000000125", "SJ-3")).code == "4043101"
    assert bank.phone(ref="SJ-1").body == {"code": "cancelled"}


def test_somebody_elses_prefix_is_refused(merchant: Merchant):
    wrong = merchant.account("0000000123", "SJ-1") | {"partnerServiceId": "   99999"}
    assert merchant.ask("POST", "/v1.0/transfer-va/status", wrong).code == "4042612"


def test_the_bank_signs_in_asks_for_the_bill_and_tells_of_the_money(
    bank: Running, sijinak: Listener
):
    sijinak.answers["/transfer-va/inquiry"] = due
    said = bank.phone(payload=NUMBER)
    assert said.body["amount"] == 75_000
    names = [one.path.rpartition("/v1.0")[2] for one in sijinak.heard[:2]]
    assert names == ["/access-token/b2b", "/transfer-va/inquiry"]
    (payment,) = sijinak.wait("/transfer-va/payment")
    assert payment.body["trxId"] == "SJ-7"
    assert payment.body["paidAmount"] == rupiah(75_000)
    assert payment.body["referenceNo"] == said.body["paid"][0]["money_id"]
    assert payment.path == "/api/v1/payments/notices/snap/v1.0/transfer-va/payment"
    assert is_by_secret(bank, payment, TOKEN)
    assert not is_by_secret(bank, payment, "another token")


def test_a_bill_that_sijinak_does_not_know_is_not_paid(bank: Running, sijinak: Listener):
    for code, why in (("4042412", "unknown"), ("4042414", "paid"), ("4042419", "expired")):
        sijinak.answers["/transfer-va/inquiry"] = always(refuse(code))
        said = bank.phone(payload=NUMBER)
        assert (said.status, said.body) == (409, {"code": why})


def test_a_refused_token_is_renewed_once(bank: Running, sijinak: Listener):
    sijinak.answers["/transfer-va/inquiry"] = always(refuse("4012401"))
    bank.phone(payload=NUMBER)
    ends = [one.path.rpartition("/")[2] for one in sijinak.heard]
    assert ends == ["b2b", "inquiry", "b2b", "inquiry"]


def test_money_that_sijinak_refuses_goes_back(merchant: Merchant, bank: Running, sijinak: Listener):
    sijinak.answers["/transfer-va/payment"] = always(refuse("4042514"))
    merchant.va("0000000123", "SJ-1")
    bank.phone(ref="SJ-1")
    sijinak.wait("/transfer-va/payment")
    (money,) = bank.books.orders["SJ-1"].money
    for _ in range(200):
        if money.reversed_at is not None:
            break
        bank.call("GET", "/knobs")
    assert money.left == 0
    assert (
        merchant.va_status("0000000123", "SJ-1").body["virtualAccountData"]["paymentFlagStatus"]
        == "01"
    )
