"""Levels that need no database: virtual accounts by their time, and names in remarks."""

from datetime import UTC, datetime, timedelta

import pytest

from sijinak.core.ids import uuid7
from sijinak.core.money import Rupiah
from sijinak.treasury.matching.models import Method
from sijinak.treasury.matching.naming import bill_codes_in, tokens_of
from sijinak.treasury.matching.rules import judge
from sijinak.treasury.matching.world import Line, Money, World
from tests.treasury.statements.files import DAY

VA = "8810012345678"
PAID_AT = datetime(2026, 11, 20, 2, 0, tzinfo=UTC)


def line(**fields: object) -> Line:
    told = {
        "id": uuid7(), "account": "rkud", "on": DAY, "at": None, "amount": Rupiah(75_000),
        "tokens": frozenset({VA}), "codes": frozenset(), "text": "",
    }  # fmt: skip
    return Line(**{**told, **fields})  # type: ignore[arg-type]


def money(**fields: object) -> Money:
    told = {
        "id": uuid7(), "adapter": "snap", "ids": frozenset(), "pay_code": VA, "codes": frozenset(),
        "amount": Rupiah(75_000), "on": DAY, "at": PAID_AT,
    }  # fmt: skip
    return Money(**{**told, **fields})  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("fields", "is_it"),
    [
        ({}, True),
        ({"at": PAID_AT + timedelta(minutes=9)}, True),
        ({"at": PAID_AT + timedelta(minutes=11)}, False),
        ({"on": DAY + timedelta(days=1)}, True),
        ({"on": DAY + timedelta(days=2)}, False),
        ({"on": DAY - timedelta(days=1)}, False),
        ({"amount": Rupiah(75_001)}, False),
        ({"tokens": frozenset({"8810012345679"})}, False),
    ],
)
def test_a_virtual_account_is_known_with_its_amount_and_time(
    fields: dict[str, object],
    is_it: bool,  # noqa: FBT001
):
    pairs = judge([line(**fields)], World(money=[money()])).pairs
    assert [pair.method for pair in pairs] == ([Method.PAY_CODE] if is_it else [])


def test_a_code_that_takes_money_twice_a_day_is_told_apart_by_the_hour_only():
    twice = [money(), money(at=PAID_AT + timedelta(hours=3))]
    by_hour = [line(at=one.at) for one in twice]
    assert len(judge(by_hour, World(money=twice)).pairs) == 2
    assert judge([line(), line()], World(money=twice)).pairs == []


def test_names_are_found_however_the_bank_writes_them():
    assert "RRN00012345" in tokens_of("QRIS RRN-000.12345;x", [])
    assert tokens_of("a b 12345", ["NONREF1"]) == {"NONREF1"}
    code = "SKRD/2026/000001-"
    found = [c for c in "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ" if bill_codes_in([code + c])]
    assert len(found) == 1
    right = code + found[0]
    spelt = [right, right.lower(), right.replace("/", ""), f"TRF {right.replace('/', ' ')} CV"]
    assert {bill_codes_in([text]) for text in spelt} == {bill_codes_in([right])}
