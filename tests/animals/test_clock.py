"""New Year, 29 February, midnight of the office, and a server's clock that goes back."""

from datetime import UTC, date, datetime, timedelta

import pytest
from flask import Flask

from sijinak.accounts.models import Role
from sijinak.animals.models import AnimalState
from sijinak.animals.mutations.models import Mutation, MutationKind
from sijinak.animals.mutations.services import (
    RecordMutation,
    UndoMutation,
    record_mutation,
    undo_mutation,
)
from sijinak.animals.nature import BornInTheFuture
from sijinak.animals.population.queries import count_population
from sijinak.animals.population.services import recount_population
from sijinak.animals.queries import observations_of
from sijinak.animals.services import register_animal
from sijinak.core.clock import ZONES, clock, today
from sijinak.core.db import db, transaction
from sijinak.core.permissions import OPERATOR, WORKER
from tests.animals.factories import bull, make_animal, make_keeper
from tests.animals.skkt.factories import make_signed, make_upt
from tests.factories import LUNYUK_REA, REGENCY, actor_for

# 23.59 in Sumbawa (WITA, UTC+8) on the last day of a year, and two minutes later.
LAST_MINUTE = datetime(2027, 12, 31, 15, 59, tzinfo=UTC)
FIRST_MINUTE = LAST_MINUTE + timedelta(minutes=2)
LEAP_DAY = datetime(2028, 2, 29, 4, 0, tzinfo=UTC)


def die(animal_id: object) -> Mutation:
    command = RecordMutation(
        kind=MutationKind.DEATH,
        animal_ids=(animal_id,),  # type: ignore[arg-type]
        happened_on=today(),
        details={"cause": "Sakit"},
    )
    with transaction():
        return record_mutation(command, by=OPERATOR)


def test_register_numbers_begin_anew_at_the_office_s_midnight(context: Flask):
    with clock.reading(LAST_MINUTE - timedelta(days=1)):
        one, two, three = (make_animal()[0] for _ in "123")
    with clock.reading(LAST_MINUTE):
        old = [die(one.id), die(two.id)]
    with clock.reading(FIRST_MINUTE):
        new = die(three.id)
    assert [(m.year, m.village_no) for m in (*old, new)] == [(2027, 1), (2027, 2), (2028, 1)]
    assert new.happened_on == date(2028, 1, 1)


def test_a_letter_signed_after_midnight_is_of_the_new_year(context: Flask):
    numbers = []
    for moment in (LAST_MINUTE, FIRST_MINUTE):
        with clock.reading(moment):
            numbers.append(make_signed(make_upt(), make_keeper())[0].number)
    assert ["/2027-" in str(numbers[0]), "/2028-" in str(numbers[1])] == [True, True]
    assert all("/000001/" in str(number) for number in numbers)


@pytest.mark.parametrize("zone", sorted(ZONES))
def test_born_today_is_not_born_in_the_future_wherever_the_office_is(context: Flask, zone: str):
    before, clock.zone = clock.zone, ZONES[zone]
    try:
        with clock.reading(datetime(2027, 12, 31, 23, 30, tzinfo=ZONES[zone])):
            keeper = make_keeper()
            with transaction():
                register_animal(bull(keeper.id, birth_date=date(2027, 12, 31)), by=OPERATOR)
            with pytest.raises(BornInTheFuture), transaction():
                register_animal(bull(keeper.id, birth_date=date(2028, 1, 1)), by=OPERATOR)
    finally:
        clock.zone = before


def test_a_calf_of_a_leap_day_is_counted_and_grows_older(context: Flask):
    clerk = actor_for(Role.CLERK, REGENCY)
    with clock.reading(LEAP_DAY):
        keeper = make_keeper()
        with transaction():
            register_animal(bull(keeper.id, birth_date=date(2028, 2, 29)), by=OPERATOR)
    for days, recently in ((0, 1), (366, 0), (366 * 4, 0)):
        with clock.reading(LEAP_DAY + timedelta(days=days)):
            with transaction():
                count = recount_population(by=WORKER)
            heads = count_population(by=clerk, region=LUNYUK_REA).heads
        assert (count.corrected, heads.total, heads.seen_recently) == (0, 1, recently)


def test_what_is_recorded_by_a_clock_that_went_back_is_kept_and_can_be_undone(context: Flask):
    with clock.reading(LAST_MINUTE):
        animal, _ = make_animal()
    with clock.reading(LAST_MINUTE - timedelta(hours=1)):
        mutation = die(animal.id)
        with transaction():
            undo_mutation(UndoMutation(mutation_id=mutation.id, reason="Keliru"), by=OPERATOR)
    assert db.session.get_one(type(animal), animal.id).state is AnimalState.PRESENT
    assert len(observations_of([animal.id])) == 3
