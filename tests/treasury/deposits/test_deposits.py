"""From the hand to an account of the office, and how late."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy.exc import IntegrityError, SQLAlchemyError

from sijinak.config import Misconfigured
from sijinak.core.clock import clock, today
from sijinak.core.db import Clash, db, transaction
from sijinak.core.flow import WrongState
from sijinak.core.ids import uuid7
from sijinak.core.money import Rupiah
from sijinak.core.permissions import OPERATOR
from sijinak.payments.models import DiscrepancyKind
from sijinak.retribution.receipts.services import receive_cash
from sijinak.treasury.accounts import BankAccounts
from sijinak.treasury.cash.commands import EndOffer
from sijinak.treasury.cash.handing import withdraw_offer
from sijinak.treasury.deposits.banked import Banked, note_banked, note_unbanked
from sijinak.treasury.deposits.models import Deposit, DepositState, LineKind
from sijinak.treasury.deposits.queries import late_deposits, speeds
from sijinak.treasury.deposits.services import (
    DepositWhyMissing,
    MoneyGone,
    NotYourDeposit,
    SlipDiffers,
    UnknownAccount,
    WithdrawDeposit,
    WrongDepositDay,
    withdraw_deposit,
)
from tests.retribution.factories import cash_for, make_skrd
from tests.treasury.cash.factories import (
    FRIDAY,
    MONDAY,
    TUESDAY,
    WEDNESDAY,
    accept,
    cases,
    close,
    collector,
    do,
    held,
    kabid,
    noon,
    offer,
    parcels,
    took,
    treasurer,
)
from tests.treasury.deposits.factories import bring, fresh, in_transit, prepare, sources
from tests.treasury.tickets.factories import LAW_CODE, in_hand, sell

pytestmark = pytest.mark.usefixtures("context")
S = DepositState


def test_an_sts_takes_the_cash_of_what_is_chosen_and_nothing_else():
    person = treasurer()
    took(person, 100)
    took(person, 250)
    deposit = prepare(person, sources(person)[:1])
    assert (deposit.amount, held(person)) == (100, 350), "it stays in the hand until it is brought"
    assert [free for _, _, free in parcels(person)] == [0, 250]
    done = bring(deposit, person)
    assert (held(person), in_transit(done), done.state) == (250, 100, S.DEPOSITED)
    assert done.number.startswith(f"STS/{today().year}/")


def test_money_goes_to_registered_accounts_only():
    person = treasurer()
    took(person, 100)
    for account in ("", "pribadi", "RKUD", "0010000000001"):
        with pytest.raises(UnknownAccount):
            prepare(person, account=account)


@pytest.mark.parametrize(
    "text",
    ["rkud|Bank|123", "rkud|Bank|12345|", "RKUD|Bank|12345|Kas", "rkud|Bank|12-345|Kas",
     "rkud|Bank|1234|Kas", "a|Bank|12345|Kas;a|Bank|12346|Kas", "a|B|12345|K;b|B|12345|K"],
)  # fmt: skip
def test_accounts_are_read_strictly(text: str):
    with pytest.raises(Misconfigured, match="BANK_ACCOUNTS"):
        BankAccounts().load(text)


def test_accounts_are_read():
    accounts = BankAccounts()
    accounts.load(" rkud | Bank NTB Syariah | 00123456 | Kas umum ; blud|Bank|7654321|BLUD ")
    assert [one.code for one in accounts.all()] == ["rkud", "blud"]
    known = accounts.known("rkud")
    assert known
    assert (known.name, known.number, known.purpose) == ("Bank NTB Syariah", "00123456", "Kas umum")


def test_the_same_money_stands_on_one_sts():
    person = treasurer()
    took(person, 100)
    chosen = sources(person)
    prepare(person, chosen)
    with pytest.raises(MoneyGone):
        prepare(person, chosen)


def test_promised_money_is_not_deposited_and_comes_free_again():
    person, other = treasurer(), treasurer()
    took(person, 100)
    chosen = sources(person)
    waiting = offer(person, other, 100)
    with pytest.raises(MoneyGone):
        prepare(person, chosen)
    do(withdraw_offer, EndOffer(handover_id=waiting.id, why="batal"), by=person)
    assert prepare(person, chosen).amount == 100


def test_a_withdrawn_sts_keeps_its_number_and_frees_the_money():
    person = treasurer()
    took(person, 100)
    first = prepare(person)
    with pytest.raises(DepositWhyMissing):
        do(withdraw_deposit, WithdrawDeposit(deposit_id=first.id, why=""), by=person)
    do(withdraw_deposit, WithdrawDeposit(deposit_id=first.id, why="salah rekening"), by=person)
    second = prepare(person)
    assert (second.no, second.amount) == (first.no + 1, 100)
    with pytest.raises(WrongState):
        bring(fresh(first), person)


def test_the_slip_must_say_the_same():
    person = treasurer()
    took(person, 100)
    deposit = prepare(person)
    with pytest.raises(SlipDiffers):
        bring(deposit, person, amount=Rupiah(99))
    for on in (today() + timedelta(days=1), today() - timedelta(days=1)):
        with pytest.raises(WrongDepositDay):
            bring(deposit, person, on)
    with pytest.raises(NotYourDeposit):
        bring(deposit, treasurer())
    bring(deposit, person, slip="NTBS-SAMA")
    took(person, 5)
    with pytest.raises((Clash, IntegrityError)):
        bring(prepare(person), person, slip="NTBS-SAMA")


def test_receipts_and_tickets_stand_on_it_by_kode_rekening():
    person = collector()
    skrd = make_skrd(79_500)
    receipt = do(receive_cash, cash_for(skrd), by=person)
    sell(in_hand(person, treasurer(), 1_000), person, 20)
    deposit = prepare(person)
    assert deposit.amount == 99_500
    by_kind = {line.kind: line for line in deposit.lines}
    assert by_kind[LineKind.RECEIPT].reference == receipt.number
    assert by_kind[LineKind.RECEIPT].law_code == skrd.lines[0].law_code
    assert by_kind[LineKind.TICKETS].law_code == LAW_CODE
    assert by_kind[LineKind.TICKETS].amount == 20_000


def test_a_part_of_a_receipt_is_deposited_once():
    """Handed over in parts, both parts reach the bank, and their lines add up to the receipt."""
    giver, taker = collector(), treasurer()
    skrd = make_skrd(79_500)
    receipt = do(receive_cash, cash_for(skrd), by=giver)
    accept(offer(giver, taker, 30_000), taker)
    first, second = prepare(taker), prepare(giver)
    assert (first.amount, second.amount) == (30_000, 49_500)
    lines = [*first.lines, *second.lines]
    assert {line.reference for line in lines} == {receipt.number}
    assert {line.law_code for line in lines} == {one.law_code for one in skrd.lines}


def test_money_found_over_goes_to_the_bank_without_a_basis():
    person, other = collector(), treasurer()
    took(person, 100)
    close(person, other, counted=150)
    deposit = prepare(person)
    assert deposit.amount == 150
    assert {line.kind for line in deposit.lines} == {LineKind.OTHER}


@pytest.mark.parametrize(
    ("received", "brought", "late"),
    [(MONDAY, MONDAY, 0), (MONDAY, TUESDAY, 0), (MONDAY, WEDNESDAY, 1), (FRIDAY, MONDAY, 0),
     (FRIDAY, TUESDAY, 1), (FRIDAY, WEDNESDAY, 2)],
)  # fmt: skip
def test_late_is_counted_in_working_days(received: Any, brought: Any, late: int):
    person = treasurer()
    with clock.reading(noon(received)):
        took(person, 100)
    with clock.reading(noon(brought)):
        deposit = bring(prepare(person), person)
    assert deposit.late_days == late
    found = [(one.kind, one.amount, one.facts["days"]) for one in cases()]
    assert found == ([(DiscrepancyKind.DEPOSIT_LATE, 100, str(late))] if late else [])


def test_the_age_counts_from_the_payer_not_from_the_hand_over():
    giver, taker = collector(), treasurer()
    with clock.reading(noon(FRIDAY)):
        took(giver, 100)
    with clock.reading(noon(TUESDAY)):
        accept(offer(giver, taker, 100), taker)
        assert bring(prepare(taker), taker).late_days == 1


def test_the_report_says_how_long_money_lay():
    person = treasurer()
    with clock.reading(noon(MONDAY)):
        took(person, 300)
        bring(prepare(person), person)
        took(person, 100)
    with clock.reading(noon(WEDNESDAY)):
        late = bring(prepare(person), person)
        with transaction():
            speed = speeds(MONDAY, WEDNESDAY, by=kabid())[0]
            assert (speed.deposits, speed.amount, speed.late_amount) == (2, 400, 100)
            assert (speed.longest, speed.average, speed.on_time_percent) == (2, 0.5, 75)
            found = late_deposits(MONDAY, WEDNESDAY, by=kabid())
            assert [one.id for one in found] == [late.id]
            assert speeds(FRIDAY, FRIDAY, by=kabid()) == []


def test_the_bank_statement_confirms_a_deposit_and_a_wrong_match_is_undone():
    person = treasurer()
    took(person, 100)
    deposit = prepare(person)
    banked = Banked(match_id=uuid7(), line_id=uuid7(), on=today())
    with pytest.raises(WrongState), transaction():
        note_banked(deposit.id, banked, by=OPERATOR)
    bring(deposit, person)
    with transaction():
        assert note_banked(deposit.id, banked, by=OPERATOR).state is S.MATCHED
    with transaction():
        assert note_unbanked(deposit.id, by=OPERATOR).match_id is None
    assert fresh(deposit).state is S.DEPOSITED


def test_lines_and_withdrawn_deposits_stay_as_they_are():
    person = treasurer()
    took(person, 100)
    deposit = prepare(person)
    with pytest.raises((Clash, SQLAlchemyError)), transaction():
        db.session.get_one(Deposit, deposit.id).lines[0].amount = Rupiah(1)
    do(withdraw_deposit, WithdrawDeposit(deposit_id=deposit.id, why="batal"), by=person)
    with pytest.raises((Clash, SQLAlchemyError)), transaction():
        fresh_ = db.session.get_one(Deposit, deposit.id, populate_existing=True)
        fresh_.state = S.PREPARED


def test_the_day_of_a_collector():
    """Vector cash-collector-day: 75,000 taken and deposited, nothing is left with the collector."""
    person, signer = collector(), treasurer()
    skrd = make_skrd(75_000)
    do(receive_cash, cash_for(skrd), by=person)
    deposit = bring(prepare(person), person)
    assert close(person, signer).counted == 0
    assert (held(person), in_transit(deposit)) == (0, 75_000)
