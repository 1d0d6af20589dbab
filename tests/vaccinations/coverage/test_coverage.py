from collections import Counter
from collections.abc import Sequence
from datetime import timedelta
from uuid import UUID

import pytest
from flask import Flask
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sijinak.accounts.models import Role
from sijinak.animals.models import Species
from sijinak.core.clock import today
from sijinak.core.permissions import OPERATOR
from sijinak.vaccinations.coverage.queries import (
    Line,
    Question,
    coverage_between,
    coverage_of,
    sum_of,
)
from sijinak.vaccinations.models import Disease
from sijinak.vaccinations.visits.commands import WithdrawResult
from sijinak.vaccinations.visits.models import Outcome
from sijinak.vaccinations.visits.services import count_heads, record_result, withdraw_result
from tests.animals.duplicates.herds import merge
from tests.animals.factories import make_animal, make_keeper
from tests.factories import LUNYUK, LUNYUK_ODE, LUNYUK_REA, actor_for
from tests.vaccinations.campaigns.factories import do, make_campaign
from tests.vaccinations.factories import days_ago, doses, vaccinate
from tests.vaccinations.visits.factories import heads, missed

GOAL = 80


def asked() -> Question:
    return Question(disease=Disease.LSD, first=today() - timedelta(days=29), last=today())


def lines() -> dict[str, Line]:
    return {line.village: line for line in coverage_between(asked(), GOAL, by=OPERATOR)}


@pytest.mark.usefixtures("context")
def test_below_the_goal_comes_first_and_where_nobody_was_is_listed():
    keeper = make_keeper()
    herd = [make_animal(keeper)[0].id for _ in range(5)]
    campaign = make_campaign(LUNYUK_REA, LUNYUK_ODE)
    vaccinate(doses(herd[:4]))
    do(record_result, missed(animal_id=herd[4]))
    first, second = coverage_of(campaign, by=actor_for(Role.VET, LUNYUK))
    assert (first.village, first.percent, first.target) == (LUNYUK_ODE, None, 0)
    assert (second.village, second.percent, second.target) == (LUNYUK_REA, 80, 5)
    assert second.reaches(campaign.goal_percent)
    assert not second.reaches(81)
    total = sum_of([first, second])
    assert (total.done, total.to_do, total.target) == (4, 5, 5)
    assert coverage_of(campaign, by=actor_for(Role.VET, "52.04.05")) == []


@pytest.mark.usefixtures("context")
def test_heads_count_by_the_last_word_about_an_owners_species():
    one, other = make_keeper(), make_keeper()
    do(record_result, missed(keeper_id=one.id, heads=5, found_at=days_ago(5)))
    do(record_result, missed(keeper_id=one.id, heads=2, found_at=days_ago(4)))
    do(record_result, missed(keeper_id=other.id, heads=3, found_at=days_ago(5)))
    goats = missed(keeper_id=one.id, species=Species.GOAT, heads=7, outcome=Outcome.NOT_CAUGHT)
    kept = do(record_result, goats)
    line = lines()[LUNYUK_REA]
    assert line.missed == {Outcome.ABSENT: 5, Outcome.NOT_CAUGHT: 7}
    do(count_heads, heads(keeper_id=one.id, heads=2, given_at=days_ago(3)))
    do(withdraw_result, WithdrawResult(result_id=kept.id, reason="salah"))
    line = lines()[LUNYUK_REA]
    assert (line.missed, line.heads, line.percent) == ({Outcome.ABSENT: 3}, 2, 40)


@pytest.mark.usefixtures("context")
def test_two_records_of_one_animal_count_once():
    keeper = make_keeper()
    kept, gone = (make_animal(keeper)[0] for _ in range(2))
    vaccinate(doses([kept.id], given_at=days_ago(2)))
    vaccinate(doses([gone.id], given_at=days_ago(1)))
    do(record_result, missed(animal_id=gone.id))
    merge(kept, gone)
    line = lines()[LUNYUK_REA]
    assert (line.animals, line.missed) == (1, {})


# What may be said of an animal: that it got a dose, or why not; how many days ago, and where.
EVENT = st.tuples(
    st.integers(0, 3),
    st.sampled_from(["dose", *Outcome]),
    st.integers(0, 20),
    st.sampled_from([LUNYUK_REA, LUNYUK_ODE]),
)


@settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(st.lists(EVENT, max_size=14))
def test_in_any_order_each_animal_counts_once(
    context: Flask, told: Sequence[tuple[int, str, int, str]]
):
    keeper = make_keeper()
    herd = [make_animal(keeper)[0].id for _ in range(4)]
    before = sum_of(lines().values())  # other examples' animals
    done: set[UUID] = set()
    last: dict[UUID, tuple[int, int, str]] = {}
    for number, (place, what, ago, village) in enumerate(told):
        animal_id = herd[place]
        if what == "dose":
            vaccinate(doses([animal_id], given_at=days_ago(ago) - timedelta(minutes=1)))
            done.add(animal_id)
        else:
            outcome = Outcome(what)
            at = days_ago(ago) - timedelta(minutes=60 - number)
            do(record_result, missed(animal_id=animal_id, village=village, outcome=outcome,
                                     reason="x", found_at=at))  # fmt: skip
            last[animal_id] = max(last.get(animal_id, (-99, 0, "")), (-ago, number, what))
    missing = [what for animal_id, (_, _, what) in last.items() if animal_id not in done]
    total = sum_of(lines().values())
    assert total.done - before.done == len(done)
    assert total.to_do - before.to_do == len(done | last.keys())
    assert Counter(total.missed) - Counter(before.missed) == Counter(missing)
