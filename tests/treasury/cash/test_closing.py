"""The end of the day: counted by one, signed by another, and then nothing comes into it."""

from datetime import timedelta

import pytest
from sqlalchemy.exc import IntegrityError

from sijinak.accounts.models import Role
from sijinak.accounts.queries import SignedIn
from sijinak.core.clock import clock, today
from sijinak.core.db import Clash, db, transaction
from sijinak.core.errors import Forbidden
from sijinak.core.flow import WrongState
from sijinak.core.money import Rupiah
from sijinak.ledger.queries import last_closed_day
from sijinak.ledger.services import DayNotOver as LedgerDayNotOver
from sijinak.payments.models import DiscrepancyKind
from sijinak.treasury.cash.closing import (
    count_cash,
    countersign_closing,
    reject_closing,
)
from sijinak.treasury.cash.commands import (
    CloseOffice,
    CountCash,
    CountWaits,
    DayClosedAlready,
    DayNotOver,
    LendFloat,
    MovedSince,
    NotEverybodyClosed,
    NotFinished,
    NotYours,
    PromisedMore,
    RejectClosing,
    SignClosing,
    StepFloat,
    WhyMissing,
)
from sijinak.treasury.cash.lending import lend_float, step_float
from sijinak.treasury.cash.models import CashClosing, ClosingState, FloatState
from sijinak.treasury.cash.officeday import close_office_day
from sijinak.treasury.cash.queries import unfinished_on
from tests.factories import LUNYUK, actor_for
from tests.treasury.cash.factories import (
    FRIDAY,
    MONDAY,
    TUESDAY,
    accept,
    cases,
    close,
    collector,
    count,
    do,
    held,
    kabid,
    noon,
    offer,
    on_account,
    parcels,
    took,
    treasurer,
)

pytestmark = pytest.mark.usefixtures("context")


def sign(closing: CashClosing, by: SignedIn) -> CashClosing:
    return do(countersign_closing, SignClosing(closing_id=closing.id), by=by)


def test_a_closing_adds_up():
    person, other = collector(), treasurer()
    with clock.reading(noon(MONDAY)):
        took(person, 100)
        took(person, 250)
        accept(offer(person, other, 300), other)
        closing = close(person, other)
    assert (closing.opening, closing.came, closing.went, closing.expected) == (0, 350, 300, 50)
    assert (closing.counted, closing.difference) == (50, 0)
    with clock.reading(noon(TUESDAY)):
        took(person, 7)
        closing = close(person, other)
    assert (closing.opening, closing.came, closing.counted) == (50, 7, 57)


def test_what_comes_after_the_closing_counts_on_the_next_day():
    person, other = collector(), treasurer()
    with clock.reading(noon(MONDAY)):
        took(person, 100)
        close(person, other)
        late = took(person, 40)
        assert late.effective_on == TUESDAY
        assert parcels(person)[-1][0] == TUESDAY
    with clock.reading(noon(TUESDAY)):
        assert close(person, other).came == 40


def test_missing_money_becomes_a_debt_of_the_holder():
    person, other = collector(), treasurer()
    took(person, 100_000)
    closing = close(person, other, counted=95_000)
    assert closing.difference == -5_000
    assert held(person) == 95_000
    assert on_account("shortage", person) == 5_000
    assert [(one.kind, one.amount) for one in cases()] == [(DiscrepancyKind.CASH_SHORT, -5_000)]
    assert sum(amount for _, amount, _ in parcels(person)) == 95_000


def test_money_over_is_nobodys_until_two_people_say_so():
    person, other = collector(), treasurer()
    took(person, 100_000)
    close(person, other, counted=100_500)
    assert held(person) == 100_500
    assert on_account("surplus") == -500
    assert [(one.kind, one.amount) for one in cases()] == [(DiscrepancyKind.CASH_OVER, 500)]


def test_a_difference_wants_a_reason():
    person = collector()
    took(person, 100)
    with pytest.raises(WhyMissing):
        do(count_cash, CountCash(day=today(), counted=Rupiah(99)), by=person)


def test_nobody_signs_their_own_count():
    person = treasurer()
    took(person, 100)
    closing = count(person, 100)
    with pytest.raises(NotYours):
        sign(closing, person)
    with pytest.raises(Forbidden):
        sign(closing, collector())
    assert sign(closing, kabid()).state is ClosingState.CLOSED


def test_four_eyes_stand_in_the_database():
    person, other = collector(), treasurer()
    took(person, 100)
    closing = count(person, 100)
    assert other.id != person.id
    with pytest.raises((Clash, IntegrityError)), transaction():
        same = db.session.get_one(CashClosing, closing.id, populate_existing=True)
        same.state, same.signed_by = ClosingState.CLOSED, person.id


def test_money_that_moves_after_the_count_wants_a_new_count():
    person, other = collector(), treasurer()
    took(person, 100)
    closing = count(person, 100)
    took(person, 1)
    with pytest.raises(MovedSince):
        sign(closing, other)
    with pytest.raises(CountWaits):
        count(person, 101)
    do(reject_closing, RejectClosing(closing_id=closing.id, why="ada uang masuk"), by=other)
    assert sign(count(person, 101), other).came == 101


def test_a_missed_day_is_closed_before_the_next_begins():
    person, other = collector(), treasurer()
    with clock.reading(noon(FRIDAY)):
        took(person, 100)
    with clock.reading(noon(MONDAY)):
        closing = sign(count(person, 100, FRIDAY), other)
        assert (closing.day, closing.came) == (FRIDAY, 100)
        took(person, 5)
        with pytest.raises(DayClosedAlready):
            count(person, 105, FRIDAY)


def test_a_day_before_money_moved_again_cannot_be_counted_any_more():
    person = collector()
    with clock.reading(noon(FRIDAY)):
        took(person, 100)
    with clock.reading(noon(MONDAY)):
        took(person, 5)
        with pytest.raises(MovedSince):
            count(person, 105, FRIDAY)
        with pytest.raises(DayNotOver):
            count(person, 105, TUESDAY)


def test_a_closing_is_signed_once():
    person, other = collector(), treasurer()
    took(person, 100)
    closing = close(person, other)
    with pytest.raises(WrongState):
        sign(closing, other)
    with pytest.raises(WrongState):
        do(reject_closing, RejectClosing(closing_id=closing.id, why="x"), by=other)


def test_promised_money_that_is_missing_wants_the_promise_ended():
    person, other = collector(), treasurer()
    took(person, 100)
    offer(person, other, 100)
    with pytest.raises(PromisedMore):
        sign(count(person, 90), other)


def test_the_office_closes_when_everybody_has():
    first, second, head = collector(), treasurer(), kabid()
    took(first, 100)
    took(second, 50)
    with pytest.raises(NotEverybodyClosed) as refused:
        do(close_office_day, CloseOffice(day=today()), by=second)
    assert str(refused.value.facts["names"]) == ", ".join(sorted([first.name, second.name]))
    close(first, second)
    close(second, head)
    do(close_office_day, CloseOffice(day=today(), confirmed=today()), by=second)
    with transaction():
        assert last_closed_day() == today()
    assert took(first, 1).effective_on == today() + timedelta(days=1)


def closed_by_everybody() -> SignedIn:
    """The keeper, after a day on which all money went to somebody else's drawer."""
    person, keeper = collector(), treasurer()
    took(person, 100)
    close(person, keeper)
    return keeper


def test_today_is_closed_only_when_what_is_open_was_read():
    keeper = closed_by_everybody()
    for confirmed in (None, today() - timedelta(days=1)):
        with pytest.raises(NotFinished):
            do(close_office_day, CloseOffice(day=today(), confirmed=confirmed), by=keeper)
    command = CloseOffice(day=today(), confirmed=today())
    first, again = (do(close_office_day, command, by=keeper) for _ in range(2))
    assert first.id == again.id


def test_a_day_that_is_over_and_finished_asks_for_nothing():
    person, other = collector(), treasurer()
    with clock.reading(noon(MONDAY)):
        took(person, 100)
        accept(offer(person, other, 100), other)
    with clock.reading(noon(TUESDAY)):
        with transaction():
            found = unfinished_on(MONDAY)
        assert (found.is_today, found.in_hands) == (False, [(other.name, 100)])
        assert found.is_anything
        with transaction():
            assert unfinished_on(TUESDAY).is_today


def test_what_is_open_is_listed():
    person, other = collector(), treasurer()
    took(person, 100)
    handed = offer(person, other, 30)
    lent = LendFloat(holder_id=person.id, amount=Rupiah(200), origin="bendahara pengeluaran")
    change = do(lend_float, lent, by=other)
    with transaction():
        found = unfinished_on(today())
    assert [one.id for one in found.handovers] == [handed.id]
    assert [one.id for one in found.floats] == [change.id]


def test_only_who_keeps_the_whole_treasury_closes_the_day():
    closed_by_everybody()
    command = CloseOffice(day=today(), confirmed=today())
    for by in (actor_for(Role.TREASURER, LUNYUK), collector(), kabid()):
        with pytest.raises(Forbidden):
            do(close_office_day, command, by=by)


def test_a_day_to_come_is_not_closed():
    keeper = closed_by_everybody()
    for ahead in (1, 2, 400):
        day = today() + timedelta(days=ahead)
        with pytest.raises(LedgerDayNotOver):
            do(close_office_day, CloseOffice(day=day, confirmed=day), by=keeper)


def test_the_day_ends_at_the_midnight_of_the_office():
    """In Greenwich it is still Monday when Tuesday has begun here."""
    with clock.reading(noon(MONDAY).replace(hour=16)):
        assert today() == TUESDAY
        keeper = closed_by_everybody()
        do(close_office_day, CloseOffice(day=TUESDAY, confirmed=TUESDAY), by=keeper)


def test_change_of_the_office_never_mixes_with_public_money():
    person, keeper = collector(), treasurer()
    took(person, 100)
    lent = do(
        lend_float,
        LendFloat(holder_id=person.id, amount=Rupiah(200), origin="bendahara pengeluaran"),
        by=keeper,
    )
    with pytest.raises(NotYours):
        do(step_float, StepFloat(float_id=lent.id, action="accept"), by=keeper)
    do(step_float, StepFloat(float_id=lent.id, action="accept"), by=person)
    assert (held(person), on_account("float", person)) == (100, 200)
    closing = close(person, keeper, counted=300)
    assert (closing.counted, closing.floats, closing.difference) == (100, 200, 0)
    do(step_float, StepFloat(float_id=lent.id, action="give-back"), by=person)
    with pytest.raises(Forbidden):
        do(step_float, StepFloat(float_id=lent.id, action="take-back"), by=person)
    done = do(step_float, StepFloat(float_id=lent.id, action="take-back"), by=keeper)
    assert done.state is FloatState.RETURNED
    assert (on_account("float", person), on_account("float-fund")) == (0, 0)
