"""What the bank tells SiJINAK, in the right way and in every wrong one."""

from datetime import datetime, timedelta

import pytest

from sijinak.core.clock import now
from sijinak.sandboxbank import telling
from sijinak.sandboxbank.house import House, NotLoopback
from tests.sandboxbank.partners import Listener, Merchant, Running, is_by_bank, rupiah

NOTIFY = "/snap/v1.0/qr/qr-mpm-notify"


def paid(merchant: Merchant, bank: Running, amount: int = 75_000) -> str:
    """The money's number."""
    merchant.qr("SJ-1", amount)
    said = bank.phone(ref="SJ-1")
    return str(said.body["paid"][0]["money_id"]) if said.body["paid"] else ""


def test_a_payment_is_told_once_and_signed(merchant: Merchant, bank: Running, sijinak: Listener):
    rrn = paid(merchant, bank)
    (notice,) = sijinak.wait(NOTIFY)
    assert is_by_bank(bank, notice)
    assert notice.body["originalPartnerReferenceNo"] == "SJ-1"
    assert notice.body["latestTransactionStatus"] == "00"
    assert notice.body["amount"] == rupiah(75_000)
    assert notice.body["additionalInfo"]["rrn"] == rrn
    assert len(sijinak.heard) == 1


def test_a_notice_that_is_not_taken_comes_again(
    merchant: Merchant, bank: Running, sijinak: Listener, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(telling, "PAUSES", (0.05, 0.05))
    sijinak.answers[NOTIFY] = lambda _: (500, {})
    paid(merchant, bank)
    tried = sijinak.wait(NOTIFY, 3)
    assert len({one.headers["X-EXTERNAL-ID"] for one in tried}) == 3
    assert len({one.raw for one in tried}) == 1


def test_wrongly_signed(merchant: Merchant, bank: Running, sijinak: Listener):
    bank.turn(bad_signature=True)
    paid(merchant, bank)
    assert not is_by_bank(bank, sijinak.wait(NOTIFY)[0])


def test_stamped_two_hours_ago_and_rightly_signed(
    merchant: Merchant, bank: Running, sijinak: Listener
):
    paid(merchant, bank, 75_012)
    (notice,) = sijinak.wait(NOTIFY)
    age = now() - datetime.fromisoformat(notice.headers["X-TIMESTAMP"])
    assert timedelta(hours=1, minutes=59) < age < timedelta(hours=2, minutes=1)
    assert is_by_bank(bank, notice)


def test_the_same_notice_five_times(merchant: Merchant, bank: Running, sijinak: Listener):
    paid(merchant, bank, 75_019)
    five = sijinak.wait(NOTIFY, 5)
    assert len({(one.raw, one.headers["X-EXTERNAL-ID"]) for one in five}) == 1


def test_in_another_order(merchant: Merchant, bank: Running, sijinak: Listener):
    paid(merchant, bank, 75_020)
    found = [one.body["latestTransactionStatus"] for one in sijinak.wait(NOTIFY, 3)]
    assert found == ["00", "03", "00"]


def test_not_at_all(merchant: Merchant, bank: Running, sijinak: Listener):
    bank.turn(silent=True)
    assert paid(merchant, bank)
    bank.turn(silent=False)
    merchant.qr("SJ-2")
    bank.phone(ref="SJ-2")
    (only,) = sijinak.wait(NOTIFY)
    assert only.body["originalPartnerReferenceNo"] == "SJ-2"


def test_with_the_secret_instead_of_the_key(merchant: Merchant, bank: Running, sijinak: Listener):
    bank.turn(symmetric_notices=True)
    paid(merchant, bank)
    (notice,) = sijinak.wait(NOTIFY)
    assert notice.headers["Authorization"] == "Bearer a token"
    assert not is_by_bank(bank, notice)


@pytest.mark.parametrize(
    ("amount", "came"),
    [
        (75_005, [{"value": "75004.00", "currency": "IDR"}]),
        (75_008, [{"value": "75009.00", "currency": "IDR"}]),
        (75_006, [rupiah(75_006)] * 2),
        (75_009, [{"value": "75009.00", "currency": "MYR"}]),
    ],
)
def test_another_amount_money_or_number_of_payments(
    merchant: Merchant, bank: Running, sijinak: Listener, amount: int, came: list[object]
):
    paid(merchant, bank, amount)
    notices = sijinak.wait(NOTIFY, len(came))
    assert [one.body["amount"] for one in notices] == came
    assert len({one.body["additionalInfo"]["rrn"] for one in notices}) == len(came)
    told = merchant.query("SJ-1").body["additionalInfo"]["payments"]
    assert [one["amount"] for one in told] == came


def test_late_after_it_expired(merchant: Merchant, bank: Running, sijinak: Listener):
    bank.turn(late_seconds=1)
    assert paid(merchant, bank, 75_007) == ""
    assert merchant.query("SJ-1").body["latestTransactionStatus"] == "08"
    sijinak.wait(NOTIFY)
    assert merchant.query("SJ-1").body["latestTransactionStatus"] == "00"


def test_taken_back_after_it_was_paid(merchant: Merchant, bank: Running, sijinak: Listener):
    bank.turn(reversed_seconds=0)
    rrn = paid(merchant, bank, 75_015)
    notices = sorted(
        sijinak.wait(NOTIFY, 2), key=lambda one: str(one.body["latestTransactionStatus"])
    )
    assert [one.body["additionalInfo"]["rrn"] for one in notices] == [rrn, rrn]
    assert notices[1].body["latestTransactionStatus"] == "06"
    assert merchant.query("SJ-1").body["latestTransactionStatus"] == "06"


def test_the_bank_calls_nobody_outside_of_this_machine(keys: object, tmp_path: object):
    for far in ("http://example.org", "http://10.0.0.1:8000", "http://127.0.0.1.example.org"):
        with pytest.raises(NotLoopback):
            House.opened(tmp_path, far)  # type: ignore[arg-type]
