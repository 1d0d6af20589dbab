"""Interest is billed whatever is under way: attempts, dead deliveries, money in question."""

from typing import Any

import pytest
from sqlalchemy import func, select

from sijinak.accounts.models import Role
from sijinak.core.clock import now, today
from sijinak.core.db import db, transaction
from sijinak.core.events import Delivery
from sijinak.core.money import Rupiah
from sijinak.core.permissions import WORKER
from sijinak.payments import jobs as payment_jobs
from sijinak.payments.adapters.base import Kind, Observation, Trust
from sijinak.payments.discrepancies.services import Found, open_discrepancy, settle_cases_of
from sijinak.payments.models import AttemptState, Collection, DiscrepancyKind, Resolution
from sijinak.payments.services import collect_from_statement
from sijinak.retribution.claims import jobs
from sijinak.retribution.claims.queries import (
    interest_due,
    interest_unbilled,
    replaced_by,
    replaced_with,
    unsquared,
)
from sijinak.retribution.claims.services import ApproveWriteOff, StrdStands, approve_write_off
from sijinak.retribution.models import Skrd, SkrdState
from sijinak.retribution.queries import strds_of
from sijinak.retribution.receipts.services import receive_cash
from sijinak.retribution.services import MoneyInQuestion
from tests.factories import actor_for
from tests.payments.desk import cases, resolve
from tests.retribution.claims.test_claims import balances, claim, give_up, letters, pay
from tests.retribution.factories import (
    begin_payment,
    cash_for,
    do,
    fresh,
    fresh_attempt,
    later,
    make_skrd,
    work,
)
from tests.retribution.receipts.ways import void

pytestmark = pytest.mark.usefixtures("context")


def letters_of(skrd: Skrd) -> list[Skrd]:
    with transaction():
        return list(strds_of(skrd.id))


def owed_letters(skrd: Skrd) -> int:
    return sum(total for total, state in letters(skrd) if state is not SkrdState.CANCELLED)


def ask_the_bank(**pause: float) -> None:
    with later(**pause):
        payment_jobs.sweep()
        work()


def deaf(monkeypatch: pytest.MonkeyPatch) -> None:
    """As if each delivery of the news had failed for good."""
    monkeypatch.setattr(jobs, "_square", lambda *_: None)


# A letter of 1 % over the first amount is paid after some seconds, over the second never.
@pytest.mark.parametrize(
    ("total", "ends"), [(1_000_000, AttemptState.SUCCEEDED), (1_000_300, AttemptState.EXPIRED)]
)
@pytest.mark.parametrize("months", [1, 2, 5, 30])
def test_an_attempt_on_an_old_letter_hides_no_interest(total: int, ends: AttemptState, months: int):
    """The attempt stays open over the end of the month in which the bill itself is paid."""
    skrd = make_skrd(total)
    whole = total * min(months, 24) // 100
    with later(days=31):
        strd = claim(skrd)
    with later(days=28 + 30.5 * months):
        attempt = begin_payment(strd)
        pay(skrd)
        assert owed_letters(skrd) == whole
        assert letters(skrd)[0][1] is SkrdState.OPEN
        ask_the_bank(seconds=10)
        ask_the_bank(minutes=20)
        assert fresh_attempt(attempt).state is ends
        for _ in range(2):
            jobs.sweep()
            work()
            assert owed_letters(skrd) == whole
    assert balances()["revenue:4.1.04.13"] == -whole
    with transaction():
        late = db.session.scalar(
            select(func.count())
            .select_from(Delivery)
            .where(Delivery.handler.contains("claims"), Delivery.done_at.is_(None))
        )
        assert not late


def test_the_rest_is_billed_beside_and_a_free_letter_is_replaced():
    skrd = make_skrd(1_000_000)
    with later(days=31):
        first = claim(skrd)
    with later(days=65):
        begin_payment(first)
        second = claim(skrd)
    with later(days=95):
        third = claim(skrd)
    assert letters(skrd) == [
        (10_000, SkrdState.OPEN), (10_000, SkrdState.CANCELLED), (20_000, SkrdState.OPEN),
    ]  # fmt: skip
    assert "dikurangi Rp 10.000 yang ditagih sebelumnya" in third.lines[0].component
    with transaction():
        assert [one.id for one in replaced_with(third)] == [second.id]
        newer = replaced_by(second)
        assert newer is not None
        assert newer.id == third.id
        assert replaced_by(first) is None


def test_a_dead_delivery_is_made_good_by_the_sweep_once(monkeypatch: pytest.MonkeyPatch):
    skrd, in_time = make_skrd(1_000_000), make_skrd(500_000)
    with monkeypatch.context() as patch, later(days=30):
        deaf(patch)
        pay(in_time)
    with monkeypatch.context() as patch, later(days=65):
        deaf(patch)
        pay(skrd)
    assert letters(skrd) == []
    with later(days=90):
        with transaction():
            assert unsquared() == [skrd.id]
        jobs.sweep()
        jobs.sweep()
    assert letters(skrd) == [(20_000, SkrdState.OPEN)]
    assert letters(in_time) == []


def test_the_desk_bills_a_bill_that_was_paid_late(monkeypatch: pytest.MonkeyPatch):
    skrd = make_skrd(1_000_000)
    with monkeypatch.context() as patch, later(days=65):
        deaf(patch)
        pay(skrd)
    with later(days=400):
        strd = claim(fresh(skrd))
        assert strd.total == 20_000
        with pytest.raises(StrdStands):
            claim(fresh(skrd))


def test_a_letter_that_is_reopened_stands_beside_the_next():
    skrd = make_skrd(1_000_000)
    with later(days=31):
        strd = claim(skrd)
        paid = do(receive_cash, cash_for(strd), by=actor_for(Role.TREASURER))
        work()
    with later(days=65):
        claim(skrd)
        void(paid)
    assert letters(skrd) == [(10_000, SkrdState.OPEN), (10_000, SkrdState.OPEN)]


def short(skrd: Skrd, by: int = 1) -> Collection:
    seen = Observation(
        ref=skrd.number, kind=Kind.PAID, money_id=f"rkud:{skrd.number}:{by}",
        amount=Rupiah(skrd.total - by), happened_at=now(), trust=Trust.STATEMENT,
    )  # fmt: skip
    with transaction():
        return collect_from_statement(seen, [skrd.id], skrd.region, by=WORKER)


def due(skrd: Skrd) -> int:
    bill = fresh(skrd)
    with transaction():
        return interest_due(bill, today())


def test_no_interest_grows_while_people_decide_about_money():
    skrd = make_skrd(1_000_000)
    with later(days=33):
        short(skrd)
        assert due(skrd) == 10_000
    with later(days=300):
        assert due(skrd) == 10_000
        resolve(cases(DiscrepancyKind.SHORT)[0], Resolution.REFUND)
        work()
        assert due(skrd) == 10_000
    # Two days counted before the case, 29 after it make a month.
    with later(days=328):
        assert due(skrd) == 10_000
    with later(days=330):
        assert due(skrd) == 20_000


def test_a_case_that_opens_again_counts_for_both_times():
    skrd = make_skrd(1_000_000)
    with later(days=31):
        money = short(skrd)
    with later(days=131), transaction():
        settle_cases_of(money.id, by=WORKER)
    with later(days=135), transaction():
        found = Found(
            kind=DiscrepancyKind.SHORT, about=money, region=skrd.region, amount=money.amount,
            collection_id=money.id, bill_id=skrd.id,
        )  # fmt: skip
        open_discrepancy(found, by=WORKER)
    with later(days=400):
        assert due(skrd) == 10_000


def test_cash_for_a_bill_in_question_needs_somebody_who_knows():
    skrd, cashier = make_skrd(), actor_for(Role.TREASURER)
    short(skrd)
    with pytest.raises(MoneyInQuestion):
        do(receive_cash, cash_for(skrd), by=cashier)
    assert fresh(skrd).state is SkrdState.OPEN
    do(receive_cash, cash_for(skrd, despite_question=True), by=cashier)
    assert fresh(skrd).state is SkrdState.PAID


def test_a_written_off_letter_is_not_billed_again():
    skrd, one, two = make_skrd(1_000_000), actor_for(Role.TREASURER), actor_for(Role.KABID)
    with later(days=65):
        pay(skrd)
        with transaction():
            strd = db.session.scalars(select(Skrd).where(Skrd.late_id == skrd.id)).one()
        asked: Any = give_up(strd, one)
        do(approve_write_off, ApproveWriteOff(write_off_id=asked.id), by=two)
        bill = fresh(skrd)
        with transaction():
            assert interest_unbilled(bill) == 0
        jobs.sweep()
    assert letters(skrd) == [(20_000, SkrdState.WRITTEN_OFF)]
