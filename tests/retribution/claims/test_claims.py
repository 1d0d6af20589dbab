"""A late bill: its interest, the letter that bills it, arrears, and what is given up."""

from datetime import timedelta
from itertools import pairwise
from typing import Any

import pytest
from sqlalchemy import func, select, text
from sqlalchemy.exc import DBAPIError

from sijinak.accounts.models import Role
from sijinak.core.clock import today
from sijinak.core.db import Clash, db, transaction
from sijinak.core.errors import Forbidden
from sijinak.core.events import Event
from sijinak.core.flow import WrongState
from sijinak.ledger.models import Posting
from sijinak.payments.services import PaymentUnderway
from sijinak.retribution.claims.queries import Age, arrears, arrears_by_age, due_between
from sijinak.retribution.claims.services import (
    ApproveWriteOff,
    IssueStrd,
    NothingLate,
    OwnWriteOff,
    ProposeWriteOff,
    RefuseWriteOff,
    StrdStands,
    WriteOffEnded,
    WriteOffWaits,
    approve_write_off,
    issue_strd,
    propose_write_off,
    refuse_write_off,
)
from sijinak.retribution.models import BillKind, Skrd, SkrdState
from sijinak.retribution.queries import strds_of
from sijinak.retribution.receipts.services import BillerMayNotCash, receive_cash
from sijinak.retribution.services import CancelSkrd, cancel_skrd
from tests.factories import actor_for
from tests.retribution.factories import begin_payment, cash_for, do, fresh, later, make_skrd, work

pytestmark = pytest.mark.usefixtures("context")


def desk() -> Any:
    return actor_for(Role.PERMIT_DESK)


def claim(skrd: Skrd, by: Any = None) -> Skrd:
    return do(issue_strd, IssueStrd(skrd_id=skrd.id), by=by or desk())


def pay(skrd: Skrd) -> None:
    do(receive_cash, cash_for(skrd), by=actor_for(Role.TREASURER))
    work()


def letters(skrd: Skrd) -> list[tuple[int, SkrdState]]:
    with transaction():
        return [(one.total, one.state) for one in strds_of(skrd.id)]


def balances() -> dict[str, int]:
    with transaction():
        asked = select(Posting.account, func.sum(Posting.amount)).group_by(Posting.account)
        return {code: int(total) for code, total in db.session.execute(asked) if total}


def test_nothing_is_due_until_the_day_after_the_due_date():
    skrd = make_skrd(1_000_000)
    with later(days=30), pytest.raises(NothingLate):
        claim(skrd)
    with later(days=31):
        assert claim(skrd).total == 10_000


def test_the_letter_is_a_bill_of_its_own():
    skrd = make_skrd(1_000_000)
    with later(days=75):
        strd = claim(skrd)
        assert (strd.kind, strd.late_id, strd.total) == (BillKind.STRD, skrd.id, 20_000)
        assert strd.number.startswith(f"STRD/{today().year}/000001-")
        assert strd.due_on == today() + timedelta(days=30)
        assert "1% × 2 bulan × Rp 1.000.000" in strd.lines[0].component
        assert balances()["revenue:4.1.04.13"] == -20_000
        assert balances()["receivable"] == 1_020_000
        with pytest.raises(NothingLate):
            claim(strd)


def test_a_newer_letter_withdraws_the_older_one():
    skrd = make_skrd(1_000_000)
    with later(days=31):
        claim(skrd)
        with pytest.raises(StrdStands):
            claim(skrd)
    with later(days=100):
        claim(skrd)
    assert letters(skrd) == [(10_000, SkrdState.CANCELLED), (30_000, SkrdState.OPEN)]
    assert balances()["receivable"] == 1_030_000


def test_a_letter_that_is_being_paid_is_not_withdrawn():
    skrd = make_skrd(1_000_000)
    with later(days=31):
        begin_payment(claim(skrd))
    with later(days=100):
        claim(skrd)
    assert letters(skrd) == [(10_000, SkrdState.OPEN), (20_000, SkrdState.OPEN)]


def test_what_was_paid_of_the_interest_is_not_billed_again():
    skrd = make_skrd(1_000_000)
    with later(days=31):
        pay(claim(skrd))
    with later(days=100):
        assert claim(skrd).total == 20_000


def test_paying_late_bills_the_interest_by_itself():
    skrd = make_skrd(1_000_000)
    with later(days=65):
        pay(skrd)
    assert fresh(skrd).state is SkrdState.PAID
    assert letters(skrd) == [(20_000, SkrdState.OPEN)]
    with later(days=66), pytest.raises(StrdStands):
        claim(fresh(skrd))


def test_paying_in_time_bills_none():
    skrd = make_skrd(1_000_000)
    with later(days=30):
        pay(skrd)
    assert letters(skrd) == []


def test_paying_after_the_letter_leaves_one_letter_over_the_right_amount():
    same, more = make_skrd(1_000_000), make_skrd(2_000_000)
    with later(days=31):
        claim(same), claim(more)
        pay(same)
    with later(days=100):
        pay(more)
    assert letters(same) == [(10_000, SkrdState.OPEN)]
    assert letters(more) == [(20_000, SkrdState.CANCELLED), (60_000, SkrdState.OPEN)]


def test_the_news_of_a_payment_twice_bills_once():
    from sijinak.retribution.claims.jobs import claim_interest

    skrd = make_skrd(1_000_000)
    with later(days=65):
        pay(skrd)
        with transaction():
            event = db.session.scalars(select(Event).where(Event.name == "skrd.paid")).one()
        claim_interest(event)
    assert letters(skrd) == [(20_000, SkrdState.OPEN)]


def test_the_letter_is_told_under_its_own_name():
    skrd = make_skrd(1_000_000)
    with later(days=31):
        pay(claim(skrd))
    with transaction():
        names = set(db.session.scalars(select(Event.name).where(Event.name.like("s_rd.%"))))
    assert names == {"skrd.issued", "strd.issued", "strd.paid"}


def test_who_set_the_bill_does_not_take_its_interest():
    biller = actor_for(Role.TREASURER)
    one = make_skrd(1_000_000)
    with later(days=31):
        strd = claim(one)
        with transaction():
            assert str(one.issued_by) in strd.took_part
        with pytest.raises((BillerMayNotCash, Forbidden)):
            do(receive_cash, cash_for(strd), by=desk())
        do(receive_cash, cash_for(strd), by=biller)


@pytest.mark.parametrize("role", [Role.TRADER, Role.TREASURER, Role.KADIS, Role.AUDITOR])
def test_only_the_desk_claims_interest(role: Role):
    skrd = make_skrd(1_000_000)
    other = actor_for(role, keeper_id=skrd.keeper_id)
    with later(days=31), pytest.raises(Forbidden):
        claim(skrd, by=other)


def test_withdrawing_a_late_bill_withdraws_its_letter():
    skrd = make_skrd(1_000_000)
    with later(days=31):
        claim(skrd)
        do(cancel_skrd, CancelSkrd(skrd_id=skrd.id, reason="salah ekor"), by=desk())
    assert letters(skrd) == [(10_000, SkrdState.CANCELLED)]
    assert balances() == {}


def test_a_letter_that_is_issued_twice_is_refused_by_the_database():
    skrd = make_skrd(1_000_000)
    with later(days=31):
        first = claim(skrd)
        do(cancel_skrd, CancelSkrd(skrd_id=first.id, reason="salah cetak"), by=desk())
        claim(skrd)
    with pytest.raises((DBAPIError, Clash)), transaction():
        db.session.execute(text("UPDATE skrd SET state = 'open' WHERE kind = 'strd'"))


def test_ages_cover_all_days_and_never_overlap():
    bounds = [due_between(age, today()) for age in Age]
    assert bounds[0][1] == today() - timedelta(days=1)
    for (begins, _), (_, ends) in pairwise(bounds):
        assert ends == begins - timedelta(days=1)


def test_arrears_are_counted_by_age():
    treasurer = actor_for(Role.TREASURER)
    first, second, paid = make_skrd(1_000_000), make_skrd(500_000), make_skrd(7_000)
    pay(paid)
    for days, age in ((31, Age.MONTH), (70, Age.QUARTER), (200, Age.YEAR), (600, Age.OLDER),
                      (30 + 1000, Age.LAPSING), (30 + 1100, Age.LAPSED)):  # fmt: skip
        with later(days=days), transaction():
            sums = {one.age: (one.count, one.total) for one in arrears_by_age(by=treasurer)}
            assert {a: s for a, s in sums.items() if s[0]} == {age: (2, 1_500_000)}
            assert {one.id for one in arrears(age, by=treasurer).items} == {first.id, second.id}
    with transaction(), pytest.raises(Forbidden):
        arrears(None, by=actor_for(Role.TRADER, keeper_id=first.keeper_id))


def give_up(skrd: Skrd, by: Any) -> Any:
    asked = ProposeWriteOff(skrd_id=skrd.id, decree="SK 1/2030", decree_on=today(), reason="bubar")
    return do(propose_write_off, asked, by=by)


def test_two_people_write_a_bill_off_and_the_books_say_so():
    skrd, one, two = make_skrd(1_000_000), actor_for(Role.TREASURER), actor_for(Role.KABID)
    with later(days=31):
        claim(skrd)
        asked = give_up(skrd, one)
        with pytest.raises(WriteOffWaits):
            give_up(skrd, two)
        with pytest.raises(OwnWriteOff):
            do(approve_write_off, ApproveWriteOff(write_off_id=asked.id), by=one)
        assert fresh(skrd).state is SkrdState.OPEN
        do(approve_write_off, ApproveWriteOff(write_off_id=asked.id), by=two)
    assert fresh(skrd).state is SkrdState.WRITTEN_OFF
    assert letters(skrd) == [(10_000, SkrdState.WRITTEN_OFF)]
    assert balances()["written-off"] == 1_010_000
    assert "receivable" not in balances()
    with pytest.raises(WriteOffEnded):
        do(approve_write_off, ApproveWriteOff(write_off_id=asked.id), by=two)


def test_a_write_off_can_be_refused_and_asked_for_again():
    skrd, one, two = make_skrd(), actor_for(Role.TREASURER), actor_for(Role.KABID)
    with later(days=31):
        asked = give_up(skrd, one)
        refused = RefuseWriteOff(write_off_id=asked.id, reason="masih ada usaha")
        do(refuse_write_off, refused, by=two)
        give_up(skrd, two)
    assert fresh(skrd).state is SkrdState.OPEN


def test_what_is_being_paid_or_paid_is_not_written_off():
    paid, being_paid = make_skrd(), make_skrd(10_003)
    one, two = actor_for(Role.TREASURER), actor_for(Role.KABID)
    with later(days=31):
        asked = [give_up(skrd, one) for skrd in (paid, being_paid)]
        pay(paid)
        begin_payment(being_paid)
        with pytest.raises(WrongState):
            do(approve_write_off, ApproveWriteOff(write_off_id=asked[0].id), by=two)
        with pytest.raises(PaymentUnderway):
            do(approve_write_off, ApproveWriteOff(write_off_id=asked[1].id), by=two)


@pytest.mark.parametrize("role", [Role.TRADER, Role.PERMIT_DESK, Role.AUDITOR])
def test_others_write_nothing_off(role: Role):
    skrd = make_skrd()
    with pytest.raises(Forbidden):
        give_up(skrd, actor_for(role, keeper_id=skrd.keeper_id))
