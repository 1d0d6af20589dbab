"""Levels that need no database: virtual accounts by their time, and names in remarks."""

from datetime import UTC, datetime, timedelta

import pytest

from sijinak.core.ids import uuid7
from sijinak.core.money import Rupiah
from sijinak.treasury.matching.models import Method
from sijinak.treasury.matching.rules import judge, suggestions
from sijinak.treasury.matching.world import Batch, Line, Money, Slip, World
from sijinak.treasury.naming import bill_codes_in, deposit_numbers_in, squeezed, tokens_of
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


def said(text: str, **fields: object) -> Line:
    """A line with these words, as it is gathered."""
    told = {
        "tokens": tokens_of(text, []), "codes": bill_codes_in([text]), "text": squeezed(text),
        "deposits": deposit_numbers_in([text]),
    }  # fmt: skip
    return line(**{**told, **fields})


def slip(**fields: object) -> Slip:
    told = {
        "id": uuid7(), "account": "rkud", "number": "STS2026000001X", "reference": "NTBS000001",
        "amount": Rupiah(75_000), "on": DAY, "within": timedelta(days=3),
    }  # fmt: skip
    return Slip(**{**told, **fields})  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("text", "fields", "is_it"),
    [
        ("SETORAN NTBS-000001", {}, True),
        ("SETORAN sts/2026/000001-x", {}, True),
        ("STS 2026 000001 X", {}, True),
        ("NTBS000001", {"on": DAY + timedelta(days=3)}, True),
        ("NTBS000001", {"on": DAY - timedelta(days=4)}, False),
        ("STS/2026/000001-X", {"on": DAY + timedelta(days=4)}, False),
        ("NTBS000001", {"account": "blud"}, False),
        ("NTBS000001", {"amount": Rupiah(75_001)}, False),
        ("TRF XNTBS0000012", {}, False),  # a part of a word
        ("XSTS/2026/000001-X", {}, False),
        ("STS/2026/000002-X NTBS000001", {}, False),  # it names another STS
        ("NTBS000001 SKRD/2026/000009", {}, False),  # a payer's, if badly written
        ("NTBS000001", {"orders": frozenset({"7K3M9QX45J"})}, False),
    ],
)
def test_a_slip_is_known_by_whole_words_of_its_days_on_lines_of_no_payer(
    text: str,
    fields: dict[str, object],
    is_it: bool,  # noqa: FBT001
):
    pairs = judge([said(text, **fields)], World(slips=[slip()])).pairs
    assert [pair.method for pair in pairs] == ([Method.DEPOSIT] if is_it else [])


def batch(*parts: Money, **fields: object) -> Batch:
    told = {
        "id": ("snap", "B1", DAY), "name": "B1", "on": DAY, "fee": Rupiah(0), "whole": True,
        "gross": Rupiah(sum(one.amount for one in parts)), "money": tuple(p.id for p in parts),
    }  # fmt: skip
    return Batch(**{**told, **fields})  # type: ignore[arg-type]


def test_a_settlement_by_its_sum_alone_gives_way_to_all_that_it_may_be():
    parts = [money(amount=Rupiah(50_000), pay_code=""), money(amount=Rupiah(25_000), pay_code="")]
    sure = World(money=parts, batches=[batch(*parts)])
    unnamed, named = said("QRIS"), said("TRF SKRD/2026/000009")
    assert [pair.method for pair in judge([unnamed], sure).pairs] == [Method.SETTLEMENT]
    assert judge([named], sure).pairs == []
    assert judge([unnamed, said("QRIS")], sure).pairs == []
    alone = money(pay_code="", on=DAY - timedelta(days=3))
    rivals = [
        World(money=[*parts, alone], batches=[batch(*parts)]),
        World(money=parts, batches=[batch(*parts)], slips=[slip()]),
        World(money=parts, batches=[batch(*parts), batch(*parts, id=("snap", "B2", DAY))]),
    ]
    for world in rivals:
        assert judge([unnamed], world).pairs == []
        assert tuple(parts) in suggestions(unnamed, world)


def test_one_money_of_the_lines_amount_and_day_is_only_suggested():
    one = money(pay_code="")
    world = World(money=[one], batches=[batch(one)])
    assert judge([said("QRIS")], world).pairs == []
    assert suggestions(said("QRIS"), world) == [(one,)]
