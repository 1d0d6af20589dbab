"""Money that went back, as the bank shows it: by a line of its own, or taken off a batch."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
from flask.testing import FlaskClient

from sijinak.accounts.models import Role
from sijinak.accounts.queries import SignedIn
from sijinak.core.db import transaction
from sijinak.core.money import Rupiah
from sijinak.ledger import chart
from sijinak.ledger.queries import balance
from sijinak.payments.adapters.base import Can, Kind
from sijinak.payments.models import Collection, DiscrepancyKind, Resolution
from sijinak.payments.refunds.models import Refund
from sijinak.payments.refunds.queries import refunds_of
from sijinak.payments.refunds.services import (
    DecideRefund,
    PayOutRefund,
    RequestRefund,
    decide_refund,
    pay_out_refund,
    request_refund,
)
from sijinak.sandboxbank.account import statement_of
from sijinak.sandboxbank.books import Books
from sijinak.sandboxbank.model import WIB, Money, Order, Rail, Return
from sijinak.sandboxbank.statements import as_csv
from sijinak.treasury.matching.commands import DecideProposal, ProposeUnmatch
from sijinak.treasury.matching.jobs import match_lines, reconcile
from sijinak.treasury.matching.models import Method
from sijinak.treasury.matching.queries import match_of
from sijinak.treasury.matching.services import decide_proposal, propose_unmatch
from sijinak.treasury.statements.models import BankLine
from tests.factories import actor_for
from tests.payments.desk import cases, deliver, money_called, resolve
from tests.payments.fakebank import FakeBank
from tests.retribution.factories import begin_payment, do, make_skrd, work
from tests.treasury.matching.factories import (
    came,
    register_account,
    settled,
    take,
    take_lines,
    treasurer,
)
from tests.treasury.statements.files import DAY

AMOUNT, PART = 75_000, 30_000
CLEARING, RKUD = chart.clearing(FakeBank.name), chart.bank("rkud")


@pytest.fixture
def keeper(bank: FakeBank) -> SignedIn:
    register_account()
    return treasurer()


def paid_twice(bank: FakeBank, door: FlaskClient) -> tuple[Collection, Collection]:
    attempt = begin_payment(make_skrd(AMOUNT), bank.name)
    work()
    both = [bank.pay(attempt.ref, money_id=f"63300000000{n}") for n in (1, 2)]
    for paid in both:
        deliver(door, bank.told(paid))
    work()
    first, second = (money_called(paid.money_id) for paid in both)
    return first, second


def refund_of(money: Collection) -> Refund:
    resolve(cases("double")[0], Resolution.REFUND)
    with transaction():
        (refund,) = refunds_of(money.id)
    return refund


def part_of(money: Collection) -> Refund:
    """Given back by its channel."""
    command = RequestRefund(collection_id=money.id, amount=Rupiah(PART), reason="x", decree="SK 1")
    refund = do(request_refund, command, by=actor_for(Role.TREASURER))
    yes = DecideRefund(refund_id=refund.id, action="approve")
    do(decide_refund, yes, by=actor_for(Role.KABID))
    work()
    return refund


def method_of(line: BankLine) -> Method | None:
    with transaction():
        match = match_of(line.id)
        return match.method if match else None


def shown_by_the_sandbox_bank(
    moneys: tuple[Collection, ...], returns: tuple[Refund, ...], taken_back: tuple[str, ...] = ()
) -> Iterator[bytes]:
    """Its statements of these moneys, day by day, as its own books make them."""
    books, back = Books(), {one.collection_id: one for one in returns}
    for money in moneys:
        at = money.happened_at
        order = books.orders.get(money.ref) or Order(
            ref=money.ref, rail=Rail.QRIS, amount=Rupiah(AMOUNT), code="", title="",
            own_ref=money.money_id, made_at=at, expires_at=at,
        )  # fmt: skip
        one = Money(
            rrn=money.money_id, amount=Rupiah(money.amount), currency="IDR",
            paid_at=money.happened_at, payer="", issuer="",
        )  # fmt: skip
        later = money.happened_at + timedelta(days=2)
        if refund := back.get(money.id):
            own, key = f"9{money.money_id}", refund.refund_ref
            one.returns.append(
                Return(key=key, own_key=own, amount=Rupiah(refund.amount), reason="", at=later)
            )
        if money.money_id in taken_back:
            one.reversed_at = later
        order.money.append(one)
        books.add(order)
    first = moneys[0].happened_at.astimezone(WIB).date()
    for days in range(4):
        statement = statement_of(books, first + timedelta(days=days))
        if statement is not None:
            yield as_csv(statement).encode()


def settled_by_the_sandbox_bank(moneys: tuple[Collection, ...]) -> None:
    first = moneys[0].happened_at.astimezone(WIB).date()
    settled(moneys, f"SBX{first:%Y%m%d}Q", day=first + timedelta(days=1))


def test_a_refund_that_the_sandbox_bank_debits_brings_books_channel_and_bank_to_the_same(
    keeper: SignedIn, bank: FakeBank, door: FlaskClient
):
    first, second = paid_twice(bank, door)
    refund = refund_of(second)
    settled_by_the_sandbox_bank((first, second))
    for file in shown_by_the_sandbox_bank((first, second), (refund,)):
        take(file, by=keeper, profile="bank-percobaan-csv")
    reconcile()
    assert (balance(CLEARING), balance(RKUD)) == (0, AMOUNT)
    assert balance(chart.SUSPENSE) == 0
    assert cases() == []


def test_money_that_its_bank_takes_back_goes_out_of_our_account_once(
    keeper: SignedIn, bank: FakeBank, door: FlaskClient
):
    first, second = paid_twice(bank, door)
    deliver(door, bank.told(bank.take_back(second.money_id), Kind.REVERSED))
    settled_by_the_sandbox_bank((first, second))
    for file in shown_by_the_sandbox_bank((first, second), (), (second.money_id,)):
        take(file, by=keeper, profile="bank-percobaan-csv")
    reconcile()
    assert (balance(CLEARING), balance(RKUD)) == (0, AMOUNT)
    assert [case.kind for case in cases()] == ["reversed"]


def test_a_channel_may_take_a_refund_off_the_batch(
    keeper: SignedIn, bank: FakeBank, door: FlaskClient
):
    first, second = paid_twice(bank, door)
    part_of(second)
    settled([first], "NETTO1", day=DAY, strange={second.money_id: AMOUNT - PART})
    (line,) = take_lines([(2 * AMOUNT - PART, "SETTLEMENT NETTO1")], by=keeper)
    match_lines()
    assert method_of(line) is Method.SETTLEMENT
    assert (balance(CLEARING), balance(RKUD)) == (0, 2 * AMOUNT - PART)


def test_a_refund_by_hand_is_in_the_books_before_the_bank_shows_it(
    keeper: SignedIn, bank: FakeBank, door: FlaskClient
):
    """The line says the same again: it moves nothing, nor does undoing the match."""
    _, second = paid_twice(bank, door)
    bank.can = Can.QUERY
    refund = refund_of(second)
    proof = PayOutRefund(refund_id=refund.id, proof="TRF-000771", bank_account="rkud")
    do(pay_out_refund, proof, by=actor_for(Role.TREASURER))
    before = balance(RKUD)
    (line,) = take_lines([(-AMOUNT, "TRF-000771 PENGEMBALIAN")], opening=AMOUNT, by=keeper)
    match_lines()
    assert method_of(line) is Method.REFUND
    assert balance(RKUD) == before == -AMOUNT
    wrong = ProposeUnmatch(line_id=line.id, reason="Keliru")
    do(propose_unmatch, wrong, by=keeper)
    yes = DecideProposal(proposal_id=wrong.id, action="approve")
    do(decide_proposal, yes, by=actor_for(Role.KABID))
    assert (method_of(line), balance(RKUD)) == (None, before)


def test_another_amount_or_another_name_is_left_to_people(
    keeper: SignedIn, bank: FakeBank, door: FlaskClient
):
    _, second = paid_twice(bank, door)
    refund = refund_of(second)
    lines = take_lines(
        [(-AMOUNT + 1, f"REFUND {refund.refund_ref}"), (-AMOUNT, "REFUND 999999999999")],
        opening=1_000_000, by=keeper,
    )  # fmt: skip
    match_lines()
    assert [method_of(line) for line in lines] == [None, None]


def test_two_refunds_of_one_money_are_told_apart_by_their_own_names(
    keeper: SignedIn, bank: FakeBank, door: FlaskClient
):
    _, second = paid_twice(bank, door)
    refunds = [part_of(second), part_of(second)]
    lines = take_lines(
        [(-PART, f"REFUND {second.money_id} {one.refund_ref}") for one in refunds[::-1]]
        + [(-PART, f"REFUND {second.money_id}")],
        opening=1_000_000, by=keeper,
    )  # fmt: skip
    match_lines()
    assert [method_of(line) for line in lines] == [Method.REFUND, Method.REFUND, None]
    assert (balance(CLEARING), balance(RKUD)) == (2 * AMOUNT, -2 * PART)


def test_a_fee_that_the_bank_takes_by_a_line_of_its_own_is_shown(keeper: SignedIn, bank: FakeBank):
    moneys = [came(50_000, adapter=bank.name), came(25_000, adapter=bank.name)]
    settled(moneys, "SBX20261120Q", fee=500, day=DAY)
    lines = take_lines(
        [(75_000, "SETTLEMENT SBX20261120Q"), (-500, "MDR SBX20261120Q"), (-500, "ADM")],
        by=keeper,
    )  # fmt: skip
    match_lines()
    assert [method_of(line) for line in lines] == [Method.SETTLEMENT, Method.FEE, None]
    assert (balance(CLEARING), balance(chart.FEE), balance(RKUD)) == (0, 500, 74_500)
    assert [(case.kind, case.amount) for case in cases()] == [(DiscrepancyKind.FEE, -500)]


def test_play_money_is_looked_for_in_no_bank(keeper: SignedIn):
    came(50_000, adapter="sandbox", day=DAY - timedelta(days=9))
    came(50_000, adapter="snap", day=DAY - timedelta(days=9))
    take_lines([(1, "BUNGA")], by=keeper)
    reconcile()
    missing = cases("missing-in-bank")
    assert [case.facts["through"] for case in missing] == ["snap"]
