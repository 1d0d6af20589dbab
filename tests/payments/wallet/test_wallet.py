"""A wallet is filled through another adapter, pays our bills, and holds what the ledger says."""

from dataclasses import replace
from uuid import uuid4

import pytest
from flask import Flask
from sqlalchemy import select

from sijinak.accounts.models import Role
from sijinak.core.db import db, transaction
from sijinak.core.errors import Forbidden, NotFound
from sijinak.core.events import Event
from sijinak.core.money import Rupiah
from sijinak.core.once import SaidOtherwise
from sijinak.core.permissions import OPERATOR
from sijinak.ledger import chart
from sijinak.ledger.queries import balance
from sijinak.payments.adapters.base import Kind, Observation, Trust
from sijinak.payments.adapters.registry import NotOffered
from sijinak.payments.billing import billing
from sijinak.payments.models import AttemptState, Collection, Discrepancy
from sijinak.payments.services import record_observations
from sijinak.payments.wallet.models import WalletState
from sijinak.payments.wallet.moving import NotEnough
from sijinak.payments.wallet.policy import policy
from sijinak.payments.wallet.queries import statement_of, wallet_by_id, wallet_of
from sijinak.payments.wallet.services import (
    AccountNeeded,
    BillNotOpen,
    ChangeWallet,
    FloatFull,
    NotEmpty,
    OpenWallet,
    Spend,
    StartTopUp,
    TooMuchInWallet,
    WalletThere,
    change_wallet,
    open_wallet,
    spend,
    start_top_up,
)
from sijinak.retribution.models import SkrdState
from sijinak.retribution.services import StartPayment, start_payment
from tests.factories import actor_for
from tests.payments.wallet.factories import (
    assert_whole,
    fill,
    fresh_wallet,
    make_wallet,
    moved,
    order,
    owner_of,
    pay,
    settle,
)
from tests.retribution.factories import fresh, make_keeper, make_skrd, make_trader, receipts


def kinds() -> list[str]:
    with transaction():
        return [
            str(d.kind) for d in db.session.scalars(select(Discrepancy).order_by(Discrepancy.id))
        ]


def test_the_treasurer_opens_one_for_each_keeper(context: Flask):
    keeper = make_keeper()
    wallet = make_wallet(keeper)
    assert (wallet.balance, wallet.state) == (0, WalletState.OPEN)
    with pytest.raises(WalletThere):
        make_wallet(keeper)
    with pytest.raises(AccountNeeded):
        make_wallet(account="8100000001")
    command = OpenWallet(keeper_id=uuid4(), region=keeper.village, is_registered=True)
    for stranger in (make_trader(keeper), actor_for(Role.KABID)):
        with pytest.raises(Forbidden), transaction():
            open_wallet(command, by=stranger)


def test_money_of_another_adapter_fills_it(context: Flask):
    wallet = make_wallet()
    attempt = fill(wallet, 500_000)
    assert fresh_wallet(wallet).balance == 500_000
    assert moved(wallet) == [("top-up", 500_000, 500_000)]
    assert balance(chart.SUSPENSE) == 0
    assert balance(chart.clearing("sandbox")) == 500_000
    assert balance(chart.WALLET, wallet.id) == -500_000
    assert not receipts()  # it is no revenue
    with transaction():
        assert billing.bills.are_open([attempt.id]) is False
    assert_whole()


@pytest.mark.parametrize(
    ("amount", "found", "balance_now"),
    [(100_005, ["short"], 0), (100_006, ["double"], 100_006)],
    ids=["one rupiah short", "paid twice"],
)
def test_what_is_not_exact_waits_for_two_people(
    context: Flask, amount: int, found: list[str], balance_now: int
):
    wallet = make_wallet()
    fill(wallet, amount)
    assert kinds() == found
    assert fresh_wallet(wallet).balance == balance_now
    assert_whole()


def test_it_pays_bills_and_gives_receipts_at_once(context: Flask):
    wallet = make_wallet()
    fill(wallet, 500_000)
    bills = [make_skrd(keeper=None), make_skrd(100_000)]
    attempt = pay(wallet, bills)
    assert attempt.state is AttemptState.SUCCEEDED
    assert [fresh(bill).state for bill in bills] == [SkrdState.PAID, SkrdState.PAID]
    assert sum(receipt.amount for receipt in receipts()) == 179_500
    assert fresh_wallet(wallet).balance == 320_500
    assert moved(wallet)[-1] == ("spend", -179_500, 320_500)
    assert balance(chart.SUSPENSE) == 0
    assert_whole()
    settle()  # the worker finds nothing more to do
    assert fresh_wallet(wallet).balance == 320_500


def test_the_same_spending_twice_is_one(context: Flask):
    wallet, other, bill = make_wallet(), make_wallet(), make_skrd()
    fill(wallet, 500_000)
    with transaction():
        attempt = start_payment(StartPayment(skrd_id=bill.id, adapter="wallet"), by=OPERATOR)
        command = Spend(wallet_id=wallet.id, attempt_id=attempt.id)
        spend(command, by=OPERATOR)
    with transaction():
        assert spend(command, by=OPERATOR).id == attempt.id
    with pytest.raises(SaidOtherwise), transaction():
        spend(replace(command, wallet_id=other.id), by=OPERATOR)
    assert fresh_wallet(wallet).balance == 420_500
    assert_whole()


def test_too_little_takes_nothing(context: Flask):
    wallet, bill = make_wallet(), make_skrd()
    fill(wallet, 50_000)
    with pytest.raises(NotEnough):
        pay(wallet, [bill])
    assert fresh_wallet(wallet).balance == 50_000
    assert fresh(bill).state is SkrdState.OPEN
    assert_whole()


def test_a_bill_that_was_paid_meanwhile_takes_nothing(context: Flask):
    wallet, bill = make_wallet(), make_skrd()
    fill(wallet, 500_000)
    with transaction():
        attempt = start_payment(StartPayment(skrd_id=bill.id, adapter="wallet"), by=OPERATOR)
    with transaction():
        db.session.get_one(type(bill), bill.id).state = SkrdState.CANCELLED
    with pytest.raises(BillNotOpen), transaction():
        spend(Spend(wallet_id=wallet.id, attempt_id=attempt.id), by=OPERATOR)
    assert fresh_wallet(wallet).balance == 500_000
    assert kinds() == []
    assert_whole()


def test_an_attempt_without_spending_is_rejected_by_itself(context: Flask):
    wallet, bill = make_wallet(), make_skrd()
    with transaction():
        attempt = start_payment(StartPayment(skrd_id=bill.id, adapter="wallet"), by=OPERATOR)
    settle()
    with transaction():
        assert db.session.get_one(type(attempt), attempt.id).state is AttemptState.REJECTED
    with pytest.raises(BillNotOpen), transaction():
        spend(Spend(wallet_id=wallet.id, attempt_id=attempt.id), by=OPERATOR)


def test_only_its_owner_spends_it_and_reads_it(context: Flask):
    wallet, bill = make_wallet(), make_skrd()
    fill(wallet, 500_000)
    owner, stranger = owner_of(wallet), make_trader(make_keeper())
    with transaction():
        attempt = start_payment(StartPayment(skrd_id=bill.id, adapter="wallet"), by=OPERATOR)
    with pytest.raises(Forbidden), transaction():
        spend(Spend(wallet_id=wallet.id, attempt_id=attempt.id), by=stranger)
    with pytest.raises(Forbidden), transaction():
        start_top_up(
            StartTopUp(wallet_id=wallet.id, amount=Rupiah(1000), adapter="sandbox"), by=stranger
        )
    with pytest.raises(NotFound):
        wallet_by_id(wallet.id, by=stranger)
    with pytest.raises(NotFound):
        statement_of(wallet, by=stranger)
    with pytest.raises(Forbidden):
        wallet_of(wallet.keeper_id, by=stranger)
    found = wallet_of(wallet.keeper_id, by=owner)
    assert found is not None
    assert [m.balance_after for m in statement_of(found, by=owner).items] == [500_000]


def test_it_is_never_filled_from_a_wallet(context: Flask):
    wallet = make_wallet()
    with pytest.raises(NotOffered), transaction():
        start_top_up(
            StartTopUp(wallet_id=wallet.id, amount=Rupiah(1000), adapter="wallet"), by=OPERATOR
        )


def test_caps_are_said_before_anybody_pays(context: Flask):
    known, unknown = make_wallet(), make_wallet(is_registered=False)
    for wallet, most in ((known, 10_000_000), (unknown, 2_000_000)):
        with pytest.raises(TooMuchInWallet):
            order(wallet, most + 100)
        order(wallet, most)
    with pytest.raises(TooMuchInWallet):
        order(known, 0)


def test_all_wallets_together_have_a_ceiling(context: Flask):
    for _ in range(2):
        fill(make_wallet(), 9_000_000)
    with pytest.raises(FloatFull):
        order(make_wallet(), 2_000_100)
    fill(make_wallet(), 2_000_000)
    with pytest.raises(FloatFull):
        order(make_wallet(), 100)
    assert_whole()


def test_money_that_comes_above_a_cap_waits_in_suspense(context: Flask):
    """Both orders were within the cap, together they are not: late money is money."""
    wallet = make_wallet()
    order(wallet, 6_000_000)
    order(wallet, 5_000_000)
    settle()
    assert kinds() == ["over"]
    assert fresh_wallet(wallet).balance <= policy.most(wallet)
    assert balance(chart.SUSPENSE) < 0
    assert_whole()


def test_the_office_is_told_at_eighty_of_a_hundred(context: Flask):
    for amount in (8_000_000, 7_900_000, 200_000, 100_000):
        fill(make_wallet(), amount)
    with transaction():
        told = db.session.scalars(select(Event).where(Event.name == "wallet.float-high")).all()
    assert [event.facts["total"] for event in told] == [16_100_000]


def test_a_frozen_wallet_stands_still_and_an_empty_one_can_be_closed(context: Flask):
    wallet, bill = make_wallet(), make_skrd()
    fill(wallet, 79_500)
    with transaction():
        change_wallet(ChangeWallet(wallet_id=wallet.id, action="freeze"), by=OPERATOR)
    with pytest.raises(NotEnough):
        pay(wallet, [bill])
    with transaction():
        change_wallet(ChangeWallet(wallet_id=wallet.id, action="thaw"), by=OPERATOR)
    with pytest.raises(NotEmpty), transaction():
        change_wallet(ChangeWallet(wallet_id=wallet.id, action="close"), by=OPERATOR)
    pay(wallet, [bill])
    with transaction():
        change_wallet(ChangeWallet(wallet_id=wallet.id, action="close"), by=OPERATOR)
    assert fresh_wallet(wallet).state is WalletState.CLOSED


@pytest.mark.parametrize(("spent", "left", "state"), [(0, 0, "open"), (79_500, 0, "frozen")])
def test_a_top_up_that_the_bank_takes_back_leaves_the_wallet(
    context: Flask, spent: int, left: int, state: str
):
    wallet = make_wallet()
    fill(wallet, 100_000)
    if spent:
        pay(wallet, [make_skrd(spent)])
    with transaction():
        money = db.session.scalars(select(Collection).where(Collection.adapter == "sandbox")).one()
    gone = Observation(
        ref=money.ref, kind=Kind.REVERSED, money_id=money.money_id, amount=money.amount,
        happened_at=money.happened_at, trust=Trust.STATEMENT,
    )  # fmt: skip
    with transaction():
        record_observations("sandbox", [gone], by=OPERATOR)
    assert (fresh_wallet(wallet).balance, str(fresh_wallet(wallet).state)) == (left, state)
    assert balance(chart.SUSPENSE, money.id) == spent  # what two people must find again
    assert kinds() == ["reversed"]
    assert_whole()
