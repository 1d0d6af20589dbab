"""Transfers: the payer writes the code of the attempt, and the statement tells of the money."""

from dataclasses import replace

import pytest
from flask import Flask

from sijinak.accounts.queries import SignedIn
from sijinak.config import Settings
from sijinak.ledger import chart
from sijinak.ledger.queries import balance
from sijinak.payments import jobs as payment_jobs
from sijinak.payments.models import Attempt, AttemptState, DiscrepancyKind
from sijinak.retribution.models import Skrd, SkrdState
from sijinak.treasury.matching.jobs import match_lines
from sijinak.treasury.matching.models import Method
from tests.retribution.factories import begin_payment, fresh, fresh_attempt, make_skrd, work
from tests.treasury.matching.factories import (
    method_of,
    open_cases,
    register_account,
    take_lines,
    treasurer,
)

ACCOUNT = {"account": "0012345678901", "bank": "Bank Uji", "holder": "BENDAHARA PENERIMAAN"}


@pytest.fixture
def settings(settings: Settings) -> Settings:
    return replace(
        settings,
        payment_adapters="cash,statement",
        adapter_settings={f"statement_{name}": text for name, text in ACCOUNT.items()},
    )


@pytest.fixture
def keeper(context: Flask) -> SignedIn:
    register_account()
    return treasurer()


@pytest.fixture
def bill(keeper: SignedIn) -> Skrd:
    return make_skrd(79_500)


@pytest.fixture
def transfer(bill: Skrd) -> Attempt:
    return begun(bill)


def begun(bill: Skrd) -> Attempt:
    attempt = begin_payment(bill, "statement")
    work()
    return fresh_attempt(attempt)


def test_the_code_in_the_remark_pays_the_bill(bill: Skrd, transfer: Attempt, keeper: SignedIn):
    code = transfer.pay_code.lower()
    (line,) = take_lines([(79_500, f"TRF DARI BUDI {code} SAPI")], by=keeper)
    match_lines()
    assert method_of(line) is Method.PAY_CODE
    assert fresh_attempt(transfer).state is AttemptState.SUCCEEDED
    assert fresh(bill).state is SkrdState.PAID
    assert balance(chart.bank("rkud")) == 79_500
    assert balance(chart.clearing("statement")) == balance(chart.SUSPENSE) == 0
    assert open_cases() == []


def test_who_called_it_back_and_transferred_has_paid(
    bill: Skrd, transfer: Attempt, keeper: SignedIn
):
    payment_jobs.stop(transfer.id)
    assert fresh_attempt(transfer).state is AttemptState.CANCELLED
    take_lines([(79_500, transfer.pay_code)], by=keeper)
    match_lines()
    assert fresh(bill).state is SkrdState.PAID


def test_the_number_of_the_bill_does_as_well(bill: Skrd, transfer: Attempt, keeper: SignedIn):
    (line,) = take_lines([(79_500, f"BAYAR {bill.number}")], by=keeper)
    match_lines()
    assert method_of(line) is Method.BILL_CODE
    assert fresh(bill).state is SkrdState.PAID


def test_another_amount_is_for_people(bill: Skrd, transfer: Attempt, keeper: SignedIn):
    (line,) = take_lines([(79_000, transfer.pay_code)], by=keeper)
    match_lines()
    assert method_of(line) is None
    assert fresh(bill).state is SkrdState.OPEN


def test_two_codes_in_one_remark_are_for_people(bill: Skrd, transfer: Attempt, keeper: SignedIn):
    other = begun(make_skrd(79_500))
    (line,) = take_lines([(79_500, f"{transfer.pay_code} {other.pay_code}")], by=keeper)
    match_lines()
    assert method_of(line) is None


def test_who_transfers_once_more_has_paid_twice(bill: Skrd, transfer: Attempt, keeper: SignedIn):
    for opening in (0, 79_500):
        take_lines([(79_500, transfer.pay_code)], by=keeper, opening=opening)
        match_lines()
    (case,) = open_cases()
    assert (case.kind, case.amount) == (DiscrepancyKind.DOUBLE, 79_500)
    assert balance(chart.bank("rkud")) == 159_000
