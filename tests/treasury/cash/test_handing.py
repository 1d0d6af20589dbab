"""Hand-overs: one says how much, the other counts."""

from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy.exc import DBAPIError

from sijinak.accounts.models import Role
from sijinak.core.clock import clock
from sijinak.core.db import Clash, db, transaction
from sijinak.core.errors import SijinakError
from sijinak.core.flow import WrongState
from sijinak.core.money import Rupiah
from sijinak.core.once import SaidOtherwise
from sijinak.payments.models import DiscrepancyKind
from sijinak.treasury.cash.commands import (
    AcceptCash,
    EndOffer,
    NoAmount,
    NotATaker,
    NotesDiffer,
    NotYours,
    OfferCash,
    WhyMissing,
)
from sijinak.treasury.cash.handing import accept_cash, offer_cash, refuse_cash, withdraw_offer
from sijinak.treasury.cash.models import HandOver, HandOverState
from sijinak.treasury.cash.moving import NotThatMuch
from sijinak.treasury.cash.queries import waiting_handovers
from tests.factories import actor_for
from tests.treasury.cash.factories import (
    FRIDAY,
    MONDAY,
    TUESDAY,
    accept,
    cases,
    collector,
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
S = HandOverState


def test_money_moves_when_the_other_has_counted_it():
    giver, taker = collector(), treasurer()
    took(giver, 79_500)
    handover = offer(giver, taker, 50_000)
    assert (held(giver), held(taker)) == (79_500, 0), "it stays until it is counted"
    done = accept(handover, taker)
    assert (held(giver), held(taker)) == (29_500, 50_000)
    assert done.state is S.ACCEPTED
    assert (done.number or "").startswith("BAST/")
    assert cases() == []


def test_the_age_of_money_goes_along_with_it():
    giver, taker = collector(), treasurer()
    with clock.reading(noon(FRIDAY)):
        took(giver, 100)
    with clock.reading(noon(MONDAY)):
        took(giver, 300)
        accept(offer(giver, taker, 250), taker)
    with clock.reading(noon(TUESDAY)):
        took(taker, 7)
        assert parcels(taker) == [(FRIDAY, 100, 100), (MONDAY, 150, 150), (TUESDAY, 7, 7)]
        assert parcels(giver) == [(MONDAY, 150, 150)]


def test_less_than_declared_stays_with_the_giver_and_is_told():
    giver, taker = collector(), treasurer()
    took(giver, 100_000)
    accept(offer(giver, taker, 100_000), taker, counted=95_000)
    assert (held(giver), held(taker)) == (5_000, 95_000)
    assert [(one.kind, one.amount) for one in cases()] == [(DiscrepancyKind.CASH_SHORT, -5_000)]


def test_more_than_the_giver_ever_had_is_nobodys_money():
    giver, taker = collector(), treasurer()
    took(giver, 100_000)
    accept(offer(giver, taker, 80_000), taker, counted=120_000)
    assert (held(giver), held(taker)) == (0, 120_000)
    assert on_account("surplus") == -20_000
    assert [(one.kind, one.amount) for one in cases()] == [(DiscrepancyKind.CASH_OVER, 40_000)]
    assert sum(amount for _, amount, _ in parcels(taker)) == 120_000


def test_nothing_counted_moves_nothing():
    giver, taker = collector(), treasurer()
    took(giver, 100)
    accept(offer(giver, taker, 100), taker, counted=0)
    assert (held(giver), held(taker)) == (100, 0)
    assert [one.amount for one in cases()] == [-100]


def test_promised_money_cannot_be_promised_again():
    giver, first, second = collector(), treasurer(), treasurer()
    took(giver, 100)
    waiting = offer(giver, first, 60)
    with pytest.raises(NotThatMuch):
        offer(giver, second, 41)
    offer(giver, second, 40)
    do(withdraw_offer, EndOffer(handover_id=waiting.id, why="salah orang"), by=giver)
    assert [free for _, _, free in parcels(giver)] == [60]


def test_a_difference_wants_a_reason():
    giver, taker = collector(), treasurer()
    took(giver, 100)
    handover = offer(giver, taker, 100)
    with pytest.raises(WhyMissing):
        do(accept_cash, AcceptCash(handover_id=handover.id, counted=Rupiah(99)), by=taker)
    assert held(taker) == 0


def test_only_the_named_person_counts():
    giver, taker, other = collector(), treasurer(), treasurer()
    took(giver, 100)
    handover = offer(giver, taker, 100)
    for person in (giver, other):
        with pytest.raises(NotYours):
            accept(handover, person)
    with pytest.raises(NotYours):
        do(withdraw_offer, EndOffer(handover_id=handover.id, why="x"), by=taker)
    with pytest.raises(NotYours):
        do(refuse_cash, EndOffer(handover_id=handover.id, why="x"), by=giver)


@pytest.mark.parametrize("role", [Role.KABID, Role.CLERK, Role.AUDITOR, Role.TRADER])
def test_whoever_may_hold_no_cash_is_no_taker(role: Role):
    giver = collector()
    took(giver, 100)
    with pytest.raises(NotATaker):
        offer(giver, actor_for(role), 100)
    with pytest.raises(NotATaker):
        offer(giver, giver, 100)


def test_what_is_over_is_over():
    giver, taker = collector(), treasurer()
    took(giver, 300)
    done = accept(offer(giver, taker, 100), taker)
    refused = offer(giver, taker, 100)
    do(refuse_cash, EndOffer(handover_id=refused.id, why="belum siap"), by=taker)
    for handover in (done, refused):
        with pytest.raises(WrongState):
            accept(handover, taker)
        with pytest.raises(WrongState):
            do(withdraw_offer, EndOffer(handover_id=handover.id, why="x"), by=giver)
    assert (held(giver), held(taker)) == (200, 100)


def test_sending_twice_moves_once():
    giver, taker = collector(), treasurer()
    took(giver, 100)
    command = OfferCash(taker_id=taker.id, amount=Rupiah(40))
    first, second = do(offer_cash, command, by=giver), do(offer_cash, command, by=giver)
    assert first.id == second.id
    answer = AcceptCash(handover_id=first.id, counted=Rupiah(40))
    do(accept_cash, answer, by=taker)
    do(accept_cash, answer, by=taker)
    assert (held(giver), held(taker)) == (60, 40)
    with pytest.raises(SaidOtherwise):
        do(offer_cash, OfferCash(id=command.id, taker_id=taker.id, amount=Rupiah(41)), by=giver)


@pytest.mark.parametrize(
    ("amount", "notes", "error"),
    [
        (0, {}, NoAmount),
        (-5, {}, NoAmount),
        (10**14, {}, NoAmount),
        (100_000, {"50000": 1}, NotesDiffer),
    ],
)
def test_a_wrong_amount_is_refused(amount: int, notes: dict[str, int], error: type[SijinakError]):
    giver, taker = collector(), treasurer()
    took(giver, 200_000)
    with pytest.raises(error):
        offer(giver, taker, amount, notes=notes)


def test_both_sides_see_what_waits_and_nobody_else():
    giver, taker, stranger = collector(), treasurer(), collector()
    took(giver, 100)
    handover = offer(giver, taker, 100)
    with transaction():
        for person, sees in ((giver, 1), (taker, 1), (kabid(), 1), (stranger, 0)):
            assert [one.id for one in waiting_handovers(by=person)] == [handover.id] * sees


def _same_person(handover: HandOver) -> None:
    handover.taker_id = handover.giver_id


def _never_counted(handover: HandOver) -> None:
    handover.state = S.ACCEPTED


def _silent_difference(handover: HandOver) -> None:
    handover.state, handover.counted = S.ACCEPTED, Rupiah(1)
    handover.number, handover.year, handover.no = "BAST/1", 2026, 9


@pytest.mark.parametrize("change", [_same_person, _never_counted, _silent_difference])
def test_the_database_refuses_what_no_service_would_do(change: Callable[[Any], None]):
    giver, taker = collector(), treasurer()
    took(giver, 100)
    handover = offer(giver, taker, 100)
    with pytest.raises((Clash, DBAPIError)), transaction():
        change(db.session.get_one(HandOver, handover.id, populate_existing=True))
