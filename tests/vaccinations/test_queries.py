from datetime import timedelta

import pytest

from sijinak.accounts.models import Role
from sijinak.core.clock import today
from sijinak.core.errors import Forbidden, NotFound
from sijinak.core.paging import START
from sijinak.vaccinations.doses import doses_of
from sijinak.vaccinations.models import Disease
from sijinak.vaccinations.queries import (
    act_by_id,
    due_soon,
    given_this_month,
    heads_of,
    last_vaccinations,
    public_history,
)
from sijinak.vaccinations.reminding import due_by_village, due_in_village, owners_of
from tests.animals.factories import make_animal, make_keeper, person
from tests.factories import LUNYUK_ODE, LUNYUK_REA, REGENCY, actor_for
from tests.vaccinations.factories import days_ago, doses, history_of, vaccinate

pytestmark = pytest.mark.usefixtures("context")


def test_doses_are_counted_by_disease_and_a_double_is_none():
    animal, other = make_animal()[0].id, make_animal()[0].id
    vaccinate(doses([animal], of="aftogen-oleo"))
    vaccinate(doses([animal], of="aftopor"))
    vaccinate(doses([animal], of="aftogen-oleo", given_at=days_ago(28)))
    vaccinate(doses([animal]))
    days = [today() - timedelta(days=28), today()]
    assert doses_of([animal, other]) == {
        animal: {Disease.PMK: days, Disease.LSD: [today()]},
        other: {},
    }


def test_the_history_is_the_animals_own_and_newest_first():
    animal, other = make_animal()[0].id, make_animal()[0].id
    vaccinate(doses([animal, other], of="septivet", given_at=days_ago(3)))
    vaccinate(doses([animal], of="anthravet", given_at=days_ago(9)))
    assert [line.product for line in history_of(animal)] == ["Septivet", "Anthravet (34F2)"]
    assert [line.product for line in history_of(other)] == ["Septivet"]


def test_the_public_sees_disease_and_days_and_no_doubles():
    animal, _ = make_animal()
    for _twice in range(2):
        vaccinate(doses([animal.id]))
    assert public_history(animal.id) == [(Disease.LSD, today(), today() + timedelta(days=365))]


def test_everybody_sees_the_acts_that_touch_their_own_animals():
    mine, theirs = make_keeper(), make_keeper(person(village=LUNYUK_ODE))
    my_bull, _ = make_animal(mine)
    their_bull, _ = make_animal(theirs, village=LUNYUK_ODE)
    both = vaccinate(doses([my_bull.id, their_bull.id], note="Telepon pemilik kedua"))
    only_theirs = vaccinate(doses([their_bull.id]))
    trader = actor_for(Role.TRADER, REGENCY, keeper_id=mine.id)
    for somebody in (trader, actor_for(Role.PARAMEDIC, LUNYUK_REA)):
        assert [act.id for act in last_vaccinations(by=somebody, place=START).items] == [both.id]
        assert heads_of([both.id, only_theirs.id], by=somebody) == {both.id: 1}
        facts = act_by_id(both.id, by=somebody)
        assert ([one.animal.id for one in facts.animals], facts.others) == ([my_bull.id], 1)
        assert facts.note == ""
        with pytest.raises(NotFound):
            act_by_id(only_theirs.id, by=somebody)
    whole = act_by_id(both.id, by=actor_for(Role.VET))
    assert (len(whole.animals), whole.others, whole.note) == (2, 0, "Telepon pemilik kedua")


def test_the_list_goes_on_page_by_page():
    animal, _ = make_animal()
    made = [vaccinate(doses([animal.id])).id for _ in range(27)]
    vet = actor_for(Role.VET)
    first = last_vaccinations(by=vet)
    assert first.older is not None
    second = last_vaccinations(by=vet, place=first.older)
    assert [a.id for a in first.items] + [a.id for a in second.items] == made[::-1]


def test_due_soon_counts_animals_by_village_once_and_not_those_done_since():
    keeper = make_keeper()
    late, done, far = (make_animal(keeper)[0].id for _ in range(3))
    elsewhere = make_animal(keeper, village=LUNYUK_ODE)[0].id
    vaccinate(doses([late, done, elsewhere], of="aftogen-oleo", given_at=days_ago(20)))
    vaccinate(doses([late], of="aftopor", given_at=days_ago(20)))
    vaccinate(doses([done], of="aftogen-oleo"))
    vaccinate(doses([far], of="aftogen-oleo", given_at=days_ago(1)))
    assert due_soon(by=actor_for(Role.VET)) == {LUNYUK_REA: 1, LUNYUK_ODE: 1}
    assert due_soon(by=actor_for(Role.VET, LUNYUK_ODE)) == {LUNYUK_ODE: 1}
    assert due_soon(by=actor_for(Role.VET), days=3) == {}


def test_the_animals_that_are_due_stand_by_day_and_only_within_reach():
    keeper = make_keeper()
    late, soon, done = (make_animal(keeper)[0].id for _ in range(3))
    elsewhere = make_animal(keeper, village=LUNYUK_ODE)[0].id
    vaccinate(doses([soon, done, elsewhere], of="aftogen-oleo", given_at=days_ago(25)))
    vaccinate(doses([late], of="aftogen-oleo", given_at=days_ago(20)))
    vaccinate(doses([done], of="aftogen-oleo"))
    vet = actor_for(Role.VET)
    found = due_in_village(LUNYUK_REA, by=vet, most=9)
    assert [(one.animal.id, one.disease) for one in found] == [
        (soon, Disease.PMK), (late, Disease.PMK),
    ]  # fmt: skip
    assert found[0].on < found[1].on
    assert len(due_in_village(LUNYUK_REA, by=vet, most=1)) == 1
    assert due_in_village(LUNYUK_REA, Disease.LSD, by=vet, most=9) == []
    assert due_in_village(LUNYUK_REA, by=actor_for(Role.VET, LUNYUK_ODE), most=9) == []


def test_what_is_overdue_stands_apart_and_leads_to_its_owner():
    keeper = make_keeper(person(name="Siti", phone="0812 3456 7890"))
    over, near = (make_animal(keeper)[0].id for _ in range(2))
    vaccinate(doses([near], of="aftogen-oleo", given_at=days_ago(20)))
    vaccinate(doses([over], of="aftogen-oleo", given_at=days_ago(29)))
    vet = actor_for(Role.VET)
    assert due_by_village(by=vet) == {LUNYUK_REA: (1, 1)}
    found = due_in_village(LUNYUK_REA, by=vet, most=9)
    assert [(one.animal.id, one.is_over) for one in found] == [(over, True), (near, False)]
    (owner,) = owners_of(found)
    assert (owner.name, len(owner.due), owner.phone[-3:]) == ("Siti", 2, "890")
    assert "812" not in owner.phone


def test_the_month_counts_doses_within_reach_without_doubles():
    animal, _ = make_animal()
    for _twice in range(2):
        vaccinate(doses([animal.id]))
    assert given_this_month(by=actor_for(Role.VET)) == 1
    assert given_this_month(by=actor_for(Role.VET, LUNYUK_ODE)) == 0


def test_who_does_not_read_vaccinations_gets_no_list():
    with pytest.raises(Forbidden):
        last_vaccinations(by=actor_for(Role.TREASURER))
