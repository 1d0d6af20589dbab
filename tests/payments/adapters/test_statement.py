"""Money that only the bank's statement tells of."""

import pytest

from sijinak.config import Misconfigured
from sijinak.core.clock import now
from sijinak.core.money import Rupiah
from sijinak.payments.adapters.base import Can, Kind, PaymentAdapter, Trust
from sijinak.payments.adapters.statement import (
    StatementAdapter,
    code_of,
    codes_in,
    seen_on_statement,
)
from sijinak.payments.conformance import AdapterConformance
from tests.payments.adapters.kit import order, tools

ACCOUNT = {"account": "0012345678901", "bank": "Bank Uji", "holder": "BENDAHARA PENERIMAAN"}


class TestStatement(AdapterConformance):
    def adapter(self) -> PaymentAdapter:
        return StatementAdapter(tools(**ACCOUNT))


def test_the_payer_is_told_an_account_and_what_to_write():
    one = order(way="transfer")
    made = StatementAdapter(tools(**ACCOUNT)).start(one)
    assert made.facts == {**ACCOUNT, "code": code_of(one.ref)}
    assert made.pay_code == code_of(one.ref)
    assert StatementAdapter.can == Can.CANCEL


def test_an_account_must_be_set():
    with pytest.raises(Misconfigured, match="STATEMENT_HOLDER is needed"):
        StatementAdapter(tools(account="1", bank="x"))


def test_the_code_is_found_in_what_people_and_banks_make_of_it():
    code = code_of("SJ-1")
    first, second, third = code[:4], code[4:8], code[8:]
    for remark in (
        code,
        code.lower(),
        f"TRF DR SITI/{code}/RETRIBUSI",
        f"retribusi {first} {second} {third} sapi",
        f"{first}-{second}-{third}",
        code.replace("0", "o"),
    ):
        assert codes_in(remark) == [code], remark


def test_a_code_with_a_wrong_letter_is_none():
    code = code_of("SJ-1")
    wrong = ("7" if code[0] != "7" else "8") + code[1:]
    assert codes_in(f"bayar {wrong} dan 12345 terima kasih") == []
    assert codes_in("") == []


def test_two_codes_are_both_found():
    first, second = code_of("SJ-1"), code_of("SJ-2")
    assert codes_in(f"{first} + {second}") == [first, second]
    assert len({code_of(order().ref) for _ in range(2000)}) == 2000


def test_a_line_is_certain_money():
    one = seen_on_statement("0012/7/3", Rupiah(75_000), now(), pay_code="X")
    assert (one.kind, one.trust, one.money_id) == (Kind.PAID, Trust.STATEMENT, "0012/7/3")
    assert (one.ref, one.pay_code) == ("", "X")
