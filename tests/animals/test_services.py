from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select

from sijinak.accounts.models import Role
from sijinak.animals.models import Animal, Sex, Verification
from sijinak.animals.naming import TagTaken
from sijinak.animals.nature import MaleHasCalved, MaleIsPregnant, NotTheDam, NotTheSire
from sijinak.animals.queries import animals
from sijinak.animals.services import (
    KeeperWithdrawn,
    RaiserUnknown,
    SeenWithoutMarks,
    register_animal,
)
from sijinak.animals.withdrawing import WithdrawRegistration, withdraw_registration
from sijinak.core.clock import now
from sijinak.core.codes import tag_code_of
from sijinak.core.db import db, transaction
from sijinak.core.errors import Forbidden, NotFound
from sijinak.core.events import Event
from sijinak.core.once import SaidOtherwise
from sijinak.core.permissions import OPERATOR
from sijinak.keepers.models import Keeper
from sijinak.vaccinations.queries import record_with_history
from tests.animals.factories import bull, make_animal, make_keeper, person
from tests.factories import LUNYUK, LUNYUK_ODE, LUNYUK_REA, actor_for


def test_registering_leaves_a_line_in_the_trail(context: Flask):
    clerk = actor_for(Role.CLERK, LUNYUK)
    keeper = make_keeper()
    with transaction():
        animal = register_animal(bull(keeper.id), by=clerk)
    event = db.session.scalars(select(Event).where(Event.name == "animal.registered")).one()
    assert (event.subject_id, event.actor_id, event.region) == (animal.id, clerk.id, LUNYUK_REA)


def test_sending_twice_registers_once(context: Flask):
    clerk = actor_for(Role.CLERK, LUNYUK)
    same = bull(make_keeper().id)
    for _ in range(2):
        with transaction():
            register_animal(same, by=clerk)
    assert db.session.scalar(select(func.count(Animal.id))) == 1


def test_the_same_id_with_other_content_is_refused_and_the_first_is_kept(context: Flask):
    clerk = actor_for(Role.CLERK, LUNYUK)
    first = bull(make_keeper().id, colour="merah bata")
    with transaction():
        register_animal(first, by=clerk)
    other = bull(first.keeper_id, id=first.id, colour="hitam")
    with pytest.raises(SaidOtherwise), transaction():
        register_animal(other, by=clerk)
    assert db.session.get_one(Animal, first.id).colour == "merah bata"


def test_a_tag_names_one_animal(context: Flask):
    tag = tag_code_of(7)
    keeper = make_keeper()
    make_animal(keeper, tag=tag)
    with pytest.raises(TagTaken):
        make_animal(keeper, tag=tag)


def test_an_officer_stays_in_the_region(context: Flask):
    elsewhere = actor_for(Role.CLERK, LUNYUK_ODE)
    keeper = make_keeper()
    with pytest.raises(Forbidden), transaction():
        register_animal(bull(keeper.id), by=elsewhere)


def test_what_is_out_of_reach_is_not_there(context: Flask):
    _, tag = make_animal()
    elsewhere = actor_for(Role.VET, LUNYUK_ODE)
    assert not animals(by=elsewhere).items
    with pytest.raises(NotFound):
        record_with_history(tag, by=elsewhere)


def test_a_trader_sees_only_what_is_his(context: Flask):
    mine, theirs = make_keeper(), make_keeper(person(name="Orang Lain"))
    _, my_tag = make_animal(mine)
    _, their_tag = make_animal(theirs)
    trader = actor_for(Role.TRADER, keeper_id=mine.id)
    assert record_with_history(my_tag, by=trader)[0].keeper_id == mine.id
    assert [a.keeper_id for a in animals(by=trader).items] == [mine.id]
    with pytest.raises(NotFound):
        record_with_history(their_tag, by=trader)


def test_a_declared_animal_was_not_seen(context: Flask):
    animal, _ = make_animal(verification=Verification.DECLARED)
    assert (animal.seen_at, animal.seen_by) == (None, None)


@pytest.mark.parametrize(
    ("told", "error"),
    [
        ({"is_pregnant": True}, MaleIsPregnant),
        ({"calvings": 2}, MaleHasCalved),
        ({"colour": " "}, SeenWithoutMarks),
    ],
)
def test_what_cannot_be_is_refused(context: Flask, told: dict[str, Any], error: type[Exception]):
    keeper = make_keeper()
    with pytest.raises(error):
        make_animal(keeper, **told)
    make_animal(keeper, **{**told, "sex": Sex.FEMALE, "brand": "AW paha kanan"})
    make_animal(keeper, is_pregnant=False, calvings=0)


def test_one_mark_is_enough_and_a_declared_animal_needs_none(context: Flask):
    make_animal(colour="", whorls="dua di dahi")
    make_animal(colour="", verification=Verification.DECLARED)


def test_nothing_is_registered_for_a_keeper_whose_registration_was_taken_back(context: Flask):
    keeper, gone = make_keeper(), make_keeper()
    with transaction():
        db.session.get_one(Keeper, gone.id).withdrawn_at = now()
    for sides in ({"keeper_id": gone.id}, {"keeper_id": keeper.id, "raiser_id": gone.id}):
        with pytest.raises(KeeperWithdrawn), transaction():
            register_animal(bull(**sides), by=OPERATOR)


def test_parents_and_raiser_are_in_reach_and_not_withdrawn(context: Flask):
    clerk, keeper = actor_for(Role.CLERK, LUNYUK), make_keeper()
    afar = make_keeper(person(village="52.04.03.2001"))
    there = {"village": afar.village}
    cow, sire = make_animal(afar, sex=Sex.FEMALE, **there)[0], make_animal(afar, **there)[0]
    gone = make_animal(keeper, sex=Sex.FEMALE)[0]
    with transaction():
        withdraw_registration(WithdrawRegistration(animal_id=gone.id, reason="salah"), by=OPERATOR)
    for sides, error in (
        ({"dam_id": cow.id}, NotTheDam),
        ({"sire_id": sire.id}, NotTheSire),
        ({"raiser_id": afar.id}, RaiserUnknown),
        ({"dam_id": gone.id}, NotTheDam),
    ):
        with pytest.raises(error), transaction():
            register_animal(bull(keeper.id, **sides), by=clerk)
        if sides != {"dam_id": gone.id}:
            make_animal(keeper, **sides)
