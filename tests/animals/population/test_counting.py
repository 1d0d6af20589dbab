"""Totals are right at every moment, whoever works meanwhile."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from threading import Barrier, Thread
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select, update

from sijinak.accounts.models import Role
from sijinak.animals.changing import Circumstances, change_animal
from sijinak.animals.models import (
    Animal,
    AnimalState,
    ObservationKind,
    Sex,
    Species,
    Verification,
)
from sijinak.animals.population import jobs, queries
from sijinak.animals.population.ages import MONTHS, Reckoning, months_before
from sijinak.animals.population.keeping import note_loaded
from sijinak.animals.population.models import AgeClass, PopulationChange, PopulationCount
from sijinak.animals.population.queries import (
    Heads,
    count_population,
    last_count,
    recount_is_due,
    seen_and_declared,
)
from sijinak.animals.population.services import recount_population
from sijinak.animals.services import register_animal
from sijinak.core.bulk import insert
from sijinak.core.clock import clock
from sijinak.core.db import db, transaction
from sijinak.core.errors import Forbidden, NotFound
from sijinak.core.events import Event
from sijinak.core.ids import uuid7
from sijinak.core.permissions import OPERATOR
from tests.animals.factories import bull, make_animal, make_keeper
from tests.factories import LUNYUK, LUNYUK_ODE, LUNYUK_REA, REGENCY, actor_for

NOON = datetime(2026, 5, 10, 4, tzinfo=UTC)  # in Sumbawa


@pytest.fixture(autouse=True)
def _at_noon(context: Flask) -> Iterator[None]:
    with clock.reading(NOON):
        yield


def recount() -> PopulationCount:
    with transaction():
        return recount_population(by=OPERATOR)


def heads(region: str = "") -> Heads:
    return count_population(by=OPERATOR, region=region).heads


def waiting() -> int:
    return db.session.scalar(select(func.count(PopulationChange.id))) or 0


@pytest.mark.parametrize(
    ("birth", "months"),
    [
        (date(2025, 5, 10), 12), (date(2025, 5, 11), 11), (date(2024, 2, 29), 26),
        (date(2020, 5, 10), 72), (date(2020, 5, 11), 71), (date(2026, 6, 1), -1),
    ],
)  # fmt: skip
def test_a_class_begins_with_its_full_month(birth: date, months: int):
    expected = next((c for c, least in MONTHS.items() if months >= least), AgeClass.CALF)
    assert Reckoning(date(2026, 5, 10)).age_class(birth) is expected


def test_a_year_after_a_leap_day_has_passed_in_march():
    on = Reckoning(date(2025, 2, 28))
    assert on.age_class(date(2024, 2, 28)) is AgeClass.YEARLING
    assert on.age_class(date(2024, 2, 29)) is AgeClass.CALF
    assert months_before(date(2026, 3, 31), 1) == date(2026, 2, 28)


def test_every_evidence_has_its_own_column():
    keeper = make_keeper()
    make_animal(keeper)
    make_animal(keeper, seen_at=NOON - timedelta(days=366))
    make_animal(keeper, verification=Verification.DECLARED)
    for _ in "before and after":
        assert heads(LUNYUK_REA) == Heads(1, 1, 1)
        recount()
    assert waiting() == 0


def test_a_day_within_twelve_months_is_one_of_the_office():
    """Seen at 00:30 in Sumbawa, which is still the day before in UTC."""
    make_animal(seen_at=datetime(2025, 5, 9, 16, 30, tzinfo=UTC))
    make_animal(seen_at=datetime(2025, 5, 9, 15, 30, tzinfo=UTC))
    assert heads() == Heads(1, 1, 0)
    recount()
    assert heads() == Heads(1, 1, 0)


def test_both_ways_of_reckoning_ages_agree():
    """Python's, for one animal, and the database's, for all: before a recount and after it."""
    keeper, expected = make_keeper(), Counter[AgeClass]()
    reckoning = Reckoning(date(2026, 5, 10))
    for months in (0, 11, 12, 23, 24, 47, 48, 71, 72):
        for days in (-1, 0, 1):
            birth = min(months_before(reckoning.day, months) + timedelta(days), reckoning.day)
            make_animal(keeper, birth_date=birth)
            expected[reckoning.age_class(birth)] += 1
    make_animal(keeper)
    expected[AgeClass.UNKNOWN] = 1
    for _ in "before and after":
        found = count_population(by=OPERATOR).by("age_class")
        assert {age: found[age,].total for age in AgeClass} == expected
        recount()


def test_an_animal_that_grew_older_since_the_recount_leaves_the_class_it_was_in():
    animal, _tag = make_animal(birth_date=date(2025, 5, 11))
    recount()
    with clock.reading(NOON + timedelta(days=1)):
        with transaction():
            die(animal)
        assert count_population(by=OPERATOR).cells == []
        make_animal(birth_date=date(2025, 5, 11))
        assert count_population(by=OPERATOR).reckoned_on == date(2026, 5, 10)
        recount()
        assert set(count_population(by=OPERATOR).by("age_class")) == {(AgeClass.YEARLING,)}


def die(animal: Animal) -> None:
    seen = Circumstances(
        kind=ObservationKind.MUTATED, basis=Verification.DECLARED, village=animal.village
    )
    change_animal(
        db.session.get_one(Animal, animal.id), {"state": AnimalState.DEAD}, seen, by=OPERATOR
    )


def test_places_below_add_up_to_the_region():
    make_animal()
    make_animal(village=LUNYUK_ODE, species=Species.BUFFALO, sex=Sex.FEMALE)
    make_animal(village="52.04.08.2001")
    assert {p for (p,) in count_population(by=OPERATOR).by("place")} == {REGENCY}
    below = count_population(by=OPERATOR, region=REGENCY).by("place")
    assert {p: h.total for (p,), h in below.items()} == {LUNYUK: 2, "52.04.08": 1}
    below = count_population(by=OPERATOR, region=LUNYUK).by("place")
    assert {p: h.total for (p,), h in below.items()} == {LUNYUK_REA: 1, LUNYUK_ODE: 1}
    assert count_population(by=OPERATOR, region=LUNYUK_ODE).by("species") == {
        (Species.BUFFALO,): Heads(1, 0, 0)
    }


def test_a_recount_says_by_how_many_heads_the_totals_were_wrong():
    keeper = make_keeper()
    animals = [make_animal(keeper)[0] for _ in range(3)]
    assert recount().corrected == 0
    with transaction():  # past the register, as nothing may
        db.session.execute(
            update(Animal).where(Animal.id == animals[0].id).values(state=AnimalState.DEAD)
        )
        db.session.execute(
            update(Animal).where(Animal.id == animals[1].id).values(village=LUNYUK_ODE)
        )
    assert heads() == Heads(3, 0, 0)
    count = recount()
    assert (count.heads, count.corrected) == (2, 3)  # one gone; one here too many, there missing
    assert heads() == Heads(2, 0, 0)
    names = db.session.scalars(select(Event.name).where(Event.subject_id == count.id))
    assert list(names) == ["population.corrected"]
    assert recount().corrected == 0


def test_who_registers_while_it_is_recounted_is_neither_lost_nor_doubled(context: Flask):
    keeper, start = make_keeper(), Barrier(4)
    wrong: list[int] = []

    def register() -> None:
        with context.app_context():
            start.wait()
            for _ in range(12):
                with transaction():
                    register_animal(bull(keeper.id), by=OPERATOR)
            db.session.remove()

    def count() -> None:
        with context.app_context():
            start.wait()
            wrong.extend(recount().corrected for _ in range(10))
            db.session.remove()

    threads = [Thread(target=work) for work in (register, register, count, count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert wrong == [0] * 20
    assert heads() == Heads(24, 0, 0)
    assert recount().corrected == 0
    assert (heads(), waiting()) == (Heads(24, 0, 0), 0)


def test_a_count_that_a_recount_overtakes_begins_again(monkeypatch: pytest.MonkeyPatch):
    """Else changes would be reckoned on another day than the totals they are added to."""
    make_animal()
    answers = [None, "another", None]

    def last() -> object:
        return answers.pop() if answers else None

    monkeypatch.setattr(queries, "last_count", last)
    assert heads() == Heads(1, 0, 0)
    assert answers == []


def test_many_that_were_loaded_in_bulk_leave_a_few_rows():
    keeper, size = make_keeper(), 40
    day = NOON.date()
    births = [months_before(day, 3 * n) for n in range(size)]
    seen_at = [NOON - timedelta(days=30 * n) if n % 4 else None for n in range(size)]
    with transaction():
        columns: dict[str, list[Any]] = {
            "id": [uuid7() for _ in range(size)],
            "keeper_id": [keeper.id] * size,
            "village": [LUNYUK_REA] * size,
            "hamlet": [""] * size,
            **{name: [""] * size for name in ("breed", "colour", "horns", "ears", "whorls")},
            **{name: [""] * size for name in ("brand", "special_marks")},
            "species": [Species.CATTLE] * size,
            "sex": [Sex.FEMALE] * size,
            "birth_date": births,
            "verification": [Verification.SEEN if at else Verification.DECLARED for at in seen_at],
            "seen_at": seen_at,
            "registered_at": [NOON] * size,
            "state": [AnimalState.PRESENT] * size,
        }
        insert(Animal, columns)
        note_loaded(columns)
    before = count_population(by=OPERATOR).cells
    assert waiting() <= 18
    assert recount().corrected == 0
    after = count_population(by=OPERATOR).cells
    assert sorted(map(repr, before)) == sorted(map(repr, after))


def test_only_those_who_may_read_counts_do_so_and_in_their_own_place():
    make_animal()
    vet = actor_for(Role.VET, LUNYUK)
    assert count_population(by=vet, region=LUNYUK_REA).heads.total == 1
    for region in (REGENCY, "", "52.04.08", "52.04.02.2"):
        with pytest.raises(NotFound):
            count_population(by=vet, region=region)
    for role in (Role.TRADER, Role.TREASURER, Role.CHECKPOINT):
        with pytest.raises(Forbidden):
            count_population(by=actor_for(role), region=LUNYUK)


def test_a_recount_is_for_those_who_see_everything():
    head = actor_for(Role.KADIS)
    with pytest.raises(Forbidden), transaction():
        recount_population(by=head)


def test_it_is_due_on_a_new_day_and_when_many_changes_wait(monkeypatch: pytest.MonkeyPatch):
    assert recount_is_due()
    jobs.recount()
    assert not recount_is_due()
    first = last_count()
    jobs.recount()
    assert last_count() == first
    with clock.reading(datetime(2026, 5, 10, 16, 30, tzinfo=UTC)):  # half past midnight there
        assert recount_is_due()
    monkeypatch.setattr(queries, "MANY_CHANGES", 2)
    make_animal()
    assert not recount_is_due()
    make_animal()
    jobs.recount()
    assert last_count() != first
    assert waiting() == 0


def test_the_numbers_on_the_first_page_are_the_kept_ones():
    keeper = make_keeper()
    make_animal(keeper)
    make_animal(keeper, verification=Verification.DECLARED, village=LUNYUK_ODE)
    recount()
    make_animal(keeper)
    for role, region, expected in (
        (Role.VET, LUNYUK, (2, 1)), (Role.VET, LUNYUK_ODE, (0, 1)), (Role.VET, "52.04.08", (0, 0)),
    ):  # fmt: skip
        actor = actor_for(role, region)
        assert seen_and_declared(by=actor) == expected
    trader = actor_for(Role.TRADER, keeper_id=keeper.id)
    assert seen_and_declared(by=trader) == (2, 1)
    somebody_else = actor_for(Role.TRADER, keeper_id=make_keeper().id)
    assert seen_and_declared(by=somebody_else) == (0, 0)
    both = replace(trader, mandates=((Role.TRADER, REGENCY), (Role.VET, LUNYUK_ODE)))
    assert seen_and_declared(by=both) == (2, 1)  # the one in Lunyuk Ode once
