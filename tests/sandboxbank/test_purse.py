"""The wallet that SiJINAK mirrors."""

from concurrent.futures import ThreadPoolExecutor

import pytest

from tests.sandboxbank.partners import Merchant

RICH, POOR = "8100000001", "8100000002"


def wish(ref: str, amount: object = 75_000, account: str = RICH) -> dict[str, object]:
    return {"ref": ref, "account": account, "amount": amount, "description": "SKRD"}


def balance(merchant: Merchant, account: str = RICH) -> int:
    return int(merchant.wallet("GET", f"/accounts/{account}").body["balance"])


@pytest.mark.parametrize(
    ("method", "path"),
    [("GET", f"/accounts/{RICH}"), ("GET", f"/accounts/{RICH}/statement"), ("POST", "/debits"),
     ("GET", "/debits/SJ-1"), ("POST", "/debits/SJ-1/refunds")],
)  # fmt: skip
def test_every_address_wants_the_token(merchant: Merchant, method: str, path: str):
    assert merchant.wallet(method, path, {}, token="other").status == 401


def test_a_debit_is_done_once_for_its_ref(merchant: Merchant):
    first, again = (merchant.wallet("POST", "/debits", wish("SJ-1")) for _ in range(2))
    assert (first.status, again.status) == (201, 200)
    assert first.body == again.body == merchant.wallet("GET", "/debits/SJ-1").body
    assert merchant.wallet("POST", "/debits", wish("SJ-1", 1000)).status == 409
    assert balance(merchant) == 5_000_000 - 75_000


@pytest.mark.parametrize(
    ("wanted", "status", "code"),
    [
        (wish("SJ-1", 100_001, POOR), 422, "insufficient"),
        (wish("SJ-1", account="9"), 404, "unknown-account"),
        (wish("SJ-1", 0), 422, "wrong-amount"),
        (wish("SJ-1", "75000"), 422, "wrong-amount"),
        (wish("SJ-1", True), 422, "wrong-amount"),
        (wish(""), 422, "no-ref"),
    ],
)
def test_what_cannot_be_debited(
    merchant: Merchant, wanted: dict[str, object], status: int, code: str
):
    said = merchant.wallet("POST", "/debits", wanted)
    assert (said.status, said.body["code"]) == (status, code)
    assert merchant.wallet("GET", "/debits/SJ-1").status == 404


def test_money_goes_back_once_and_not_more_than_came(merchant: Merchant):
    merchant.wallet("POST", "/debits", wish("SJ-1"))
    back = "/debits/SJ-1/refunds"
    first, again = (
        merchant.wallet("POST", back, {"ref": "R-1", "amount": 50_000}) for _ in range(2)
    )
    assert (first.status, again.status, first.body) == (201, 200, again.body)
    assert merchant.wallet("POST", back, {"ref": "R-1", "amount": 1}).status == 409
    assert merchant.wallet("POST", back, {"ref": "R-2", "amount": 25_001}).status == 422
    assert balance(merchant) == 5_000_000 - 25_000


def test_the_statement_adds_up(merchant: Merchant):
    merchant.wallet("POST", "/debits", wish("SJ-1"))
    merchant.wallet("POST", "/debits/SJ-1/refunds", {"ref": "R-1", "amount": 75_000})
    lines = merchant.wallet("GET", f"/accounts/{RICH}/statement").body["lines"]
    assert [one["amount"] for one in lines] == [-75_000, 75_000]
    assert lines[-1]["balance"] == balance(merchant)
    later = merchant.wallet("GET", f"/accounts/{RICH}/statement?from=2999-01-01")
    assert later.body["lines"] == []


def test_many_at_once_never_take_more_than_there_is(merchant: Merchant):
    def spend(number: int) -> int:
        return merchant.wallet("POST", "/debits", wish(f"SJ-{number % 20}", 9000, POOR)).status

    with ThreadPoolExecutor(8) as pool:
        statuses = list(pool.map(spend, range(40)))
    assert statuses.count(201) == 11
    assert balance(merchant, POOR) == 1000
