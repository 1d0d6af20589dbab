"""Lines that name a bill and must not pay it: the bank took them back, or the sum is another."""

from datetime import timedelta

import pytest
from flask import Flask

from sijinak.accounts.queries import SignedIn
from sijinak.payments.discrepancies.legal import sla
from sijinak.payments.models import DiscrepancyKind
from sijinak.retribution.models import Skrd, SkrdState
from sijinak.treasury.policy import policy
from tests.retribution.factories import fresh, make_skrd, receipts, work
from tests.treasury.matching.factories import open_cases, register_account, take, treasurer
from tests.treasury.statements.files import DAY, dated_csv

KIND = DiscrepancyKind.BANK_LINE


@pytest.fixture
def keeper(context: Flask) -> SignedIn:
    register_account()
    return treasurer()


@pytest.fixture
def bill(keeper: SignedIn) -> Skrd:
    return make_skrd(79_500)


def seen(keeper: SignedIn, *lines: tuple[int, int, str]) -> None:
    """Each with how many days after the first."""
    dated = [(DAY + timedelta(days=after), amount, text) for after, amount, text in lines]
    take(dated_csv(dated), by=keeper)
    work()


@pytest.mark.parametrize("words", ["REV TRF {} BUDI", "TRF {} BUDI", "KOREKSI {}"])
def test_what_the_bank_took_back_makes_no_receipt_and_is_a_case(
    bill: Skrd, keeper: SignedIn, words: str
):
    seen(keeper, (0, 79_500, f"TRF {bill.number} BUDI"), (1, -79_500, words.format(bill.number)))
    assert (fresh(bill).state, receipts()) == (SkrdState.OPEN, [])
    assert [(case.kind, case.amount) for case in open_cases()] == [(KIND, 79_500)]


@pytest.mark.parametrize(
    "other", [(1, -79_499, "REV {}"), (1, -79_500, "BIAYA ADMIN"), (9, -79_500, "REV {}")]
)
def test_another_sum_another_text_and_a_later_day_hold_nothing(
    bill: Skrd, keeper: SignedIn, other: tuple[int, int, str]
):
    after, amount, words = other
    seen(keeper, (0, 79_500, f"TRF {bill.number}"), (after, amount, words.format(bill.number)))
    assert fresh(bill).state is SkrdState.PAID


def test_how_many_days_is_a_setting(bill: Skrd, keeper: SignedIn, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(policy, "reversal_days", 0)
    seen(keeper, (0, 79_500, f"TRF {bill.number}"), (1, -79_500, f"REV {bill.number}"))
    assert fresh(bill).state is SkrdState.PAID


def test_a_rupiah_too_little_is_a_case_at_once_with_its_bill_and_days(bill: Skrd, keeper: SignedIn):
    seen(keeper, (0, 79_499, f"TRF {bill.number}"))
    assert fresh(bill).state is SkrdState.OPEN
    (case,) = open_cases()
    assert (case.kind, case.bill_id, case.amount) == (KIND, bill.id, 79_499)
    assert sla.days[case.kind] > 0
