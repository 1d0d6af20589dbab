"""Each rule finds its case, and passes by what only resembles it."""

from datetime import date, timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from sijinak.accounts.models import Role
from sijinak.animals.duplicates.finding import find_duplicates
from sijinak.animals.duplicates.models import DuplicateRule, PairState
from sijinak.animals.duplicates.queries import Block
from sijinak.animals.duplicates.services import SwitchRule, switch_rule
from sijinak.animals.duplicates.terms import alike
from sijinak.animals.models import Animal, EndReason, Sex, Species, Verification
from sijinak.animals.mutations.services import RetagAnimal, retag_animal
from sijinak.core.clock import clock, now
from sijinak.core.db import db, transaction
from sijinak.core.errors import Forbidden
from sijinak.core.permissions import OPERATOR
from tests.animals.duplicates.herds import pairs, rules_for, search, two_records
from tests.animals.factories import make_animal, make_keeper
from tests.factories import LUNYUK, LUNYUK_ODE, LUNYUK_REA, REGENCY, actor_for

BORN = date(2024, 3, 1)


@pytest.fixture(autouse=True)
def _context(context: Flask) -> None:
    """Every test runs inside the app's context."""


def like(first: dict[str, Any], second: dict[str, Any]) -> list[str]:
    """The rules for two records of one owner."""
    keeper = make_keeper()
    plain = {"colour": "", "verification": Verification.DECLARED}
    one, _ = make_animal(keeper, **{**plain, **first})
    other, _ = make_animal(keeper, **{**plain, **second})
    return rules_for(one, other)


BORN_THEN = {"birth_date": BORN, "colour": "merah bata"}


@pytest.mark.parametrize(
    ("second", "found"),
    [
        ({"birth_date": BORN + timedelta(days=30)}, ["same-owner"]),
        ({"birth_date": BORN - timedelta(days=30), "colour": "Merah"}, ["same-owner"]),
        ({"birth_date": BORN + timedelta(days=31)}, []),
        ({"birth_date": None}, []),
        ({"colour": "hitam"}, []),
        ({"colour": ""}, []),
        ({"sex": Sex.FEMALE}, []),
        ({"species": Species.HORSE}, []),
        ({"village": LUNYUK_ODE}, []),
    ],
)
def test_one_owner_birth_and_colour(second: dict[str, Any], found: list[str]):
    assert like(BORN_THEN, {**BORN_THEN, **second}) == found


def test_a_mark_that_contradicts_makes_two_animals():
    horns = {"horns": "pendek", "ears": "takik kiri"}
    assert like({**BORN_THEN, **horns}, {**BORN_THEN, "horns": "Tanduk pendek"}) == ["same-owner"]
    assert like({**BORN_THEN, **horns}, {**BORN_THEN, "horns": "patah"}) == []


def test_another_owner_is_another_animal():
    one, _ = make_animal(birth_date=BORN)
    other, _ = make_animal(birth_date=BORN)
    assert rules_for(one, other) == []


def calves(gap: int, one_marked: str = "", other_marked: str = "") -> list[str]:
    keeper = make_keeper()
    dam, _ = make_animal(keeper, sex=Sex.FEMALE)
    calf: dict[str, Any] = {"dam_id": dam.id, "sex": Sex.FEMALE}
    born = BORN + timedelta(days=gap)
    one, _ = make_animal(keeper, **calf, birth_date=BORN, special_marks=one_marked)
    other, _ = make_animal(
        keeper, **calf, birth_date=born, colour="putih", special_marks=other_marked
    )
    return rules_for(one, other)


def test_a_cow_does_not_calve_twice_within_270_days():
    assert calves(269) == ["same-dam"]
    assert calves(270) == []


def test_twins_are_two_animals_when_both_are_marked_so():
    assert calves(0, "kembar", "Anak kembar, kaki putih") == []
    assert calves(0, "kembar") == ["same-dam"]


@pytest.mark.parametrize(
    ("first", "second", "found"),
    [
        ({"eartag": "ID-5204/0017"}, {"eartag": "id 52O4 OO17"}, ["same-number"]),
        ({"eartag": "5204 0017"}, {"old_card": "5204-0017"}, ["same-number"]),
        ({"eartag": "5204 0017"}, {"eartag": "5204 0018"}, []),
        ({"old_card": "12"}, {"old_card": "1-2"}, []),
    ],
)
def test_a_number_that_is_spelt_alike(
    first: dict[str, Any], second: dict[str, Any], found: list[str]
):
    assert like(first, second) == found


MARKED = {"colour": "merah bata", "whorls": "dua di dahi"}


@pytest.mark.parametrize(
    ("days", "second", "found"),
    [
        (60, MARKED, ["replaced-tag"]),
        (61, MARKED, []),
        (60, {"colour": "merah bata"}, []),
        (60, {**MARKED, "whorls": "satu di punggung"}, []),
    ],
)
def test_an_animal_without_its_tag_is_registered_as_a_new_one(
    days: int, second: dict[str, Any], found: list[str]
):
    """More than sixty days after the first, so that only the tag tells."""
    keeper = make_keeper()
    with clock.reading(now() - timedelta(days=200)):
        one, _ = make_animal(keeper, **MARKED)
    with clock.reading(now() - timedelta(days=days)), transaction():
        retag_animal(RetagAnimal(animal_id=one.id, why=EndReason.LOST), by=OPERATOR)
    other, _ = make_animal(keeper, **second)
    assert rules_for(one, other) == found


def test_a_lost_tag_says_nothing_of_an_animal_that_was_there_before():
    keeper = make_keeper()
    with clock.reading(now() - timedelta(days=100)):
        other, _ = make_animal(keeper, **MARKED)
    with clock.reading(now() - timedelta(days=30)):
        one, _ = make_animal(keeper, **MARKED)
    with transaction():
        retag_animal(RetagAnimal(animal_id=one.id, why=EndReason.LOST), by=OPERATOR)
    assert rules_for(one, other) == []


@pytest.mark.parametrize(
    ("days", "marks", "found"),
    [
        (60, {"ears": "takik kiri"}, ["registered-twice"]),
        (61, {"ears": "takik kiri"}, []),
        (60, {}, []),
        (60, {"ears": "takik kanan"}, []),
    ],
)
def test_registered_twice_with_three_marks_alike(
    days: int, marks: dict[str, Any], found: list[str]
):
    keeper = make_keeper()
    with clock.reading(now() - timedelta(days=days)):
        one, _ = make_animal(keeper, **MARKED, ears="takik kiri")
    other, _ = make_animal(keeper, **MARKED, **marks)
    assert rules_for(one, other) == found


def test_hints_add_up():
    one, other = two_records(colour="hitam", whorls="dua di dahi", ears="utuh", birth_date=BORN)
    assert rules_for(one, other) == ["registered-twice", "same-owner"]
    (pair,) = pairs().values()
    assert (pair.points, pair.region, pair.state) == (78, LUNYUK_REA, PairState.OPEN)


def test_a_herd_of_one_colour_and_age_is_no_hint():
    keeper = make_keeper()
    for _ in range(11):
        make_animal(keeper, birth_date=BORN)
    assert search() == 11 * 10 / 2
    make_animal(keeper, birth_date=BORN)
    assert search() == 0


def test_an_open_pair_gets_its_new_points_and_stands_once():
    one, other = two_records(birth_date=BORN, eartag="")
    assert rules_for(one, other) == ["same-owner"]
    first = next(iter(pairs().values())).id
    with transaction():
        db.session.get_one(Animal, one.id).whorls = "dua"
        db.session.get_one(Animal, other.id).whorls = "dua"
        db.session.get_one(Animal, one.id).ears = "utuh"
        db.session.get_one(Animal, other.id).ears = "utuh"
    assert rules_for(one, other) == ["registered-twice", "same-owner"]
    assert [pair.id for pair in pairs().values()] == [first]


def test_the_office_switches_a_rule_off_for_the_whole_register():
    rule = db.session.scalars(select(DuplicateRule).where(DuplicateRule.code == "same-owner")).one()
    off = SwitchRule(rule_id=rule.id, is_active=False, region=REGENCY)
    for actor in (actor_for(Role.CLERK, LUNYUK), actor_for(Role.VET)):
        with pytest.raises(Forbidden), transaction():
            switch_rule(off, by=actor)
    clerk = actor_for(Role.CLERK)
    with transaction():
        switch_rule(off, by=clerk)
    one, other = two_records(birth_date=BORN)
    assert rules_for(one, other) == []


def test_only_who_reviews_may_search():
    elsewhere = actor_for(Role.CLERK, LUNYUK_ODE)
    with pytest.raises(Forbidden), transaction():
        find_duplicates(Block(LUNYUK_REA), by=elsewhere)


@pytest.mark.parametrize(
    ("one", "other", "are_alike"),
    [
        ("telinga kiri takik satu", "Telinga kiri, takik satu", True),
        ("telinga kiri takik satu", "telinga kanan takik satu", False),
        ("telinga kiri takik satu", "telinga kiri takik dua", False),
        ("hitam", "hitm", True),
        ("hitam", "putih", False),
        ("merah", "merah bata", True),
        ("–", "hitam", False),
    ],
)
def test_words_decide_whether_marks_are_alike(one: str, other: str, *, are_alike: bool):
    assert alike(one, other) is alike(other, one) is are_alike
