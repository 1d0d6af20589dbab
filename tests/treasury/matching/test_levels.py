"""By what a line is known: each level, its ties, and what is only named."""

from datetime import datetime, timedelta

import pytest
from flask import Flask

from sijinak.accounts.queries import SignedIn
from sijinak.core.db import db, transaction
from sijinak.ledger import chart
from sijinak.ledger.queries import balance
from sijinak.payments.adapters.reading import WIB
from sijinak.payments.models import Attempt, DiscrepancyKind
from sijinak.treasury.deposits.models import Deposit, DepositState
from sijinak.treasury.matching.jobs import match_lines, reconcile
from sijinak.treasury.matching.models import Method
from tests.retribution.factories import begin_payment, fresh, make_skrd
from tests.treasury.matching.factories import (
    came,
    deposited,
    method_of,
    open_cases,
    register_account,
    settled,
    take_lines,
    treasurer,
)
from tests.treasury.statements.files import DAY


@pytest.fixture
def keeper(context: Flask):
    register_account()
    return treasurer()


def test_the_banks_reference_is_the_money(keeper: SignedIn):
    money = came(75_000)
    (line,) = take_lines([(75_000, f"QRIS {money.money_id}")], by=keeper)
    match_lines()
    assert method_of(line) is method_of(money) is Method.MONEY_ID
    assert balance(chart.bank("rkud")) == 75_000
    assert balance(chart.clearing("snap")) == 0


def test_a_settlement_of_a_channel_is_its_moneys_and_the_fee_is_shown(keeper: SignedIn):
    moneys = [came(50_000), came(25_000)]
    settled(moneys, "SBX20261120Q", fee=500, day=DAY)
    (line,) = take_lines([(74_500, "SETTLEMENT SBX20261120Q")], by=keeper)
    match_lines()
    assert {method_of(line), *map(method_of, moneys)} == {Method.SETTLEMENT}
    assert balance(chart.bank("rkud")) == 74_500
    assert balance(chart.FEE) == 500
    assert balance(chart.clearing("snap")) == 0
    fees = [case for case in open_cases() if case.kind is DiscrepancyKind.FEE]
    assert [case.amount for case in fees] == [-500]


def test_a_settlement_without_a_name_is_known_by_its_sum_and_day(keeper: SignedIn):
    settled([came(50_000), came(25_000)], "B1", day=DAY)
    line, other = take_lines([(75_000, "QRIS"), (50_000, "QRIS")], by=keeper)
    match_lines()
    assert method_of(line) is Method.SETTLEMENT
    assert method_of(other) is None


def test_a_settlement_with_a_part_that_is_not_ours_is_left_to_people(keeper: SignedIn):
    money = came(50_000)
    settled([money], "SBX20261120Q", day=DAY, strange={"RRN-OF-ANOTHER": 25_000})
    (line,) = take_lines([(75_000, "SBX20261120Q")], by=keeper)
    match_lines()
    assert method_of(line) is method_of(money) is None


def test_a_deposit_is_known_by_its_slip_or_number(keeper: SignedIn):
    one, two = deposited(500_000), deposited(300_000)
    lines = take_lines(
        [(500_000, f"SETOR TUNAI {one.slip}"), (300_000, two.number.replace("/", " "))], by=keeper
    )
    match_lines()
    assert [method_of(line) for line in lines] == [Method.DEPOSIT] * 2
    assert balance(chart.TRANSIT) == 0
    with transaction():
        assert db.session.get_one(Deposit, one.id).state is DepositState.MATCHED


@pytest.mark.parametrize("part", ["QR", "000001", "TRANSFER"])
def test_a_slip_that_is_a_piece_of_other_lines_takes_nobodys_money(keeper: SignedIn, part: str):
    """Who took cash and brought none to the bank writes what stands on lines of others."""
    skrd = make_skrd(79_500)
    slips = [deposited(79_500, slip=text) for text in (part, skrd.number[:-2], skrd.number)]
    lines = take_lines(
        [(79_500, f"QRIS TRANSFER 000001 {skrd.number}"), (79_500, "QRIS TRANSFER SAPI")],
        by=keeper,
    )
    match_lines()
    assert [method_of(line) for line in lines] == [Method.BILL_CODE, None]
    assert [method_of(one) for one in slips] == [None] * 3
    assert fresh(skrd).state == "paid"


def test_the_bills_number_makes_the_money_and_the_receipt(keeper: SignedIn):
    skrd = make_skrd(79_500)
    (line,) = take_lines([(79_500, f"TRF {skrd.number.replace('/', '')} CV SAMAWA")], by=keeper)
    match_lines()
    assert method_of(line) is Method.BILL_CODE
    assert fresh(skrd).state == "paid"
    assert balance(chart.bank("rkud")) == 79_500
    assert balance(chart.clearing("statement")) == balance(chart.SUSPENSE) == 0


@pytest.mark.parametrize("amount", [79_499, 79_501])
def test_another_amount_for_a_bill_is_left_to_people(keeper: SignedIn, amount: int):
    skrd = make_skrd(79_500)
    (line,) = take_lines([(amount, skrd.number)], by=keeper)
    reconcile()
    assert method_of(line) is None
    assert fresh(skrd).state == "open"
    assert [case.kind for case in open_cases()] == [DiscrepancyKind.BANK_LINE]


def test_a_wrong_check_character_names_no_bill(keeper: SignedIn):
    skrd = make_skrd(79_500)
    wrong = skrd.number[:-1] + ("A" if skrd.number[-1] != "A" else "B")
    (line,) = take_lines([(79_500, wrong)], by=keeper)
    match_lines()
    assert method_of(line) is None


def test_two_lines_for_one_bill_are_a_tie_and_nobody_guesses(keeper: SignedIn):
    skrd = make_skrd(79_500)
    lines = take_lines([(79_500, skrd.number), (79_500, skrd.number)], by=keeper)
    match_lines()
    assert [method_of(line) for line in lines] == [None, None]
    assert fresh(skrd).state == "open"


def test_two_lines_for_one_money_are_a_tie(keeper: SignedIn):
    money = came(75_000)
    take_lines([(75_000, money.money_id), (75_000, money.money_id)], by=keeper)
    reconcile()
    assert method_of(money) is None
    assert [case.kind for case in open_cases()] == [DiscrepancyKind.BANK_LINE] * 2


def test_a_tie_at_a_strong_level_is_not_decided_by_a_weak_one(keeper: SignedIn):
    """Both lines name the reference; only one also names the bill."""
    money, skrd = came(79_500), make_skrd(79_500)
    lines = take_lines(
        [(79_500, f"{money.money_id} {skrd.number}"), (79_500, money.money_id)], by=keeper
    )
    match_lines()
    assert [method_of(line) for line in lines] == [None, None]
    assert fresh(skrd).state == "open"


def test_the_same_amount_on_the_same_day_alone_is_never_a_match(keeper: SignedIn):
    money = came(75_000)
    (line,) = take_lines([(75_000, "TRANSFER")], by=keeper)
    match_lines()
    assert method_of(line) is method_of(money) is None


def test_a_reference_with_another_amount_is_told_once_and_ends_when_matched(keeper: SignedIn):
    money = came(75_000)
    (line,) = take_lines([(74_000, money.money_id)], by=keeper)
    reconcile()
    reconcile()
    (case,) = open_cases()
    assert (case.kind, case.amount, case.collection_id) == (
        DiscrepancyKind.CONFLICTING, -1_000, money.id,
    )  # fmt: skip
    assert case.about_id == line.id


def test_a_deposit_that_differs_is_told(keeper: SignedIn):
    deposit = deposited(500_000)
    take_lines([(499_000, deposit.slip or "")], by=keeper)
    reconcile()
    assert [(c.kind, c.amount, c.about_id) for c in open_cases()] == [
        (DiscrepancyKind.DEPOSIT_DIFFERS, -1_000, deposit.id)
    ]


def test_money_is_missed_only_when_its_statement_is_here_and_found_when_it_comes(keeper: SignedIn):
    money = came(75_000, day=DAY)  # a Friday: due on Tuesday
    take_lines([(1, "lain")], by=keeper, day=DAY + timedelta(days=3))
    reconcile()
    assert [case.kind for case in open_cases()] == [DiscrepancyKind.BANK_LINE]
    take_lines([(1, "lain lagi")], by=keeper, opening=1, day=DAY + timedelta(days=4))
    reconcile()
    missing = [c for c in open_cases() if c.kind is DiscrepancyKind.MISSING_IN_BANK]
    assert [(case.about_id, case.amount) for case in missing] == [(money.id, -75_000)]
    take_lines([(75_000, money.money_id)], by=keeper, opening=2, day=DAY + timedelta(days=5))
    reconcile()
    assert {case.kind for case in open_cases()} == {DiscrepancyKind.BANK_LINE}


def test_money_out_is_never_matched_by_itself(keeper: SignedIn):
    money = came(75_000)
    (line,) = take_lines([(-75_000, money.money_id)], by=keeper, opening=100_000)
    match_lines()
    assert method_of(line) is None


def test_money_just_after_midnight_here_is_of_the_banks_day_before(keeper: SignedIn):
    """Banks stamp in Jakarta's time; in Sumbawa it is an hour later."""
    attempt = begin_payment(make_skrd(75_000))
    with transaction():
        db.session.get_one(Attempt, attempt.id).pay_code = "8810012345678"
    at = datetime(DAY.year, DAY.month, DAY.day, 23, 30, tzinfo=WIB)
    money = came(75_000, attempt_id=attempt.id, happened_at=at)
    (line,) = take_lines([(75_000, "VA 8810012345678")], by=keeper)
    match_lines()
    assert method_of(line) is method_of(money) is Method.PAY_CODE
