from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import func, select

from sijinak.accounts.models import Role
from sijinak.animals.models import Species
from sijinak.core.clock import now, today
from sijinak.core.db import db
from sijinak.core.errors import Forbidden, NotFound
from sijinak.core.ids import uuid7
from sijinak.core.once import SaidOtherwise
from sijinak.vaccinations.campaigns.commands import NotOfThisDisease
from sijinak.vaccinations.giving import LotMissing
from sijinak.vaccinations.models import Disease, Standing, Vaccination, VaccinationAct
from sijinak.vaccinations.services import GivenInTheFuture, GivenTooLongAgo
from sijinak.vaccinations.visits.commands import (
    AlreadyWithdrawn,
    AnotherAct,
    NextVisitTooEarly,
    NotThatManyHeads,
    OneHead,
    RecordReaction,
    RefusalReasonMissing,
    SignsMissing,
    SpeciesMissing,
    WithdrawalReasonMissing,
    WithdrawHeads,
    WithdrawResult,
)
from sijinak.vaccinations.visits.models import HeadCount, Outcome, Severity, VisitResult
from sijinak.vaccinations.visits.queries import reactions_of, to_visit_again
from sijinak.vaccinations.visits.services import (
    count_heads,
    record_reaction,
    record_result,
    withdraw_heads,
    withdraw_result,
)
from tests.animals.factories import make_animal, make_keeper
from tests.factories import LUNYUK, LUNYUK_ODE, actor_for
from tests.vaccinations.campaigns.factories import do, make_campaign
from tests.vaccinations.factories import days_ago, doses, vaccinate
from tests.vaccinations.visits.factories import heads, missed

pytestmark = pytest.mark.usefixtures("context")
ALAS = "52.04.05"


def test_an_animal_that_was_missed_is_visited_again_until_it_is_done():
    vet, (animal, _) = actor_for(Role.VET, LUNYUK), make_animal()
    soon = today() + timedelta(days=4)
    result = do(record_result, missed(animal_id=animal.id, next_visit=soon), by=vet)
    assert (result.keeper_id, result.species) == (animal.keeper_id, Species.CATTLE)
    (told,) = to_visit_again(by=vet)
    assert told.animal is not None
    assert (told.animal.id, told.result.next_visit) == (animal.id, soon)
    assert to_visit_again(by=actor_for(Role.VET, ALAS)) == []
    vaccinate(doses([animal.id]))
    assert to_visit_again(by=vet) == []


def test_a_later_word_replaces_the_next_visit_of_the_earlier_one():
    vet, keeper = actor_for(Role.VET, LUNYUK), make_keeper()
    first = missed(keeper_id=keeper.id, heads=4, next_visit=today())
    do(record_result, first, by=vet)
    do(record_result, replace(first, id=uuid7(), heads=2, found_at=days_ago(1)), by=vet)
    assert [told.result.heads for told in to_visit_again(by=vet)] == [2]


@pytest.mark.parametrize(("fields", "error"), [
    ({"outcome": Outcome.REFUSED, "reason": " "}, RefusalReasonMissing),
    ({"species": None}, SpeciesMissing),
    ({"heads": 0}, NotThatManyHeads),
    ({"heads": 1001}, NotThatManyHeads),
    ({"found_at": now() + timedelta(days=3)}, GivenInTheFuture),
    ({"found_at": days_ago(31)}, GivenTooLongAgo),
    ({"next_visit": today() - timedelta(days=3)}, NextVisitTooEarly),
    ({"village": "52.04.05.2001"}, NotFound),
    ({"keeper_id": uuid7()}, NotFound),
    ({"animal_id": uuid7()}, NotFound),
    ({"campaign_id": uuid7()}, NotFound),
    ({"animal_id": uuid7(), "heads": 2}, OneHead),
])  # fmt: skip
def test_a_wrong_result_is_refused_and_leaves_nothing(
    fields: dict[str, Any], error: type[Exception]
):
    with pytest.raises(error):
        do(record_result, missed(**fields), by=actor_for(Role.VET, LUNYUK))
    assert db.session.scalar(select(func.count(VisitResult.id))) == 0


def test_the_same_result_twice_is_one_and_another_content_is_refused():
    vet, command = actor_for(Role.VET, LUNYUK), missed()
    assert do(record_result, command, by=vet).id == do(record_result, command, by=vet).id
    with pytest.raises(SaidOtherwise):
        do(record_result, replace(command, heads=9), by=vet)


def test_a_campaign_takes_results_of_its_disease_also_when_closed():
    vet, campaign = actor_for(Role.VET, LUNYUK), make_campaign()
    assert do(record_result, missed(campaign_id=campaign.id), by=vet).campaign_id == campaign.id
    with pytest.raises(NotOfThisDisease):
        do(record_result, missed(campaign_id=campaign.id, disease=Disease.SE), by=vet)


def test_heads_are_counted_and_no_animal_gets_a_history():
    vet, act_id = actor_for(Role.VET, LUNYUK), uuid7()
    command = heads(act_id=act_id)
    for one in (command, command, heads(act_id=act_id, heads=2)):
        do(count_heads, one, by=vet)
    assert db.session.scalar(select(func.sum(HeadCount.heads))) == 7
    assert db.session.scalar(select(func.count(VaccinationAct.id))) == 1
    assert db.session.scalar(select(func.count(Vaccination.id))) == 0
    with pytest.raises(AnotherAct):
        do(count_heads, heads(act_id=act_id), by=actor_for(Role.VET, LUNYUK))
    with pytest.raises(LotMissing):
        do(count_heads, heads(lot=" "), by=vet)
    with pytest.raises(NotThatManyHeads):
        do(count_heads, heads(heads=0), by=vet)
    with pytest.raises(NotFound):
        do(count_heads, heads(), by=actor_for(Role.VET, ALAS))


def test_a_reaction_is_told_at_the_animal_and_at_its_dose():
    vet, (animal, _) = actor_for(Role.VET, LUNYUK), make_animal()
    act = vaccinate(doses([animal.id], given_at=days_ago(2)), by=vet)
    command = RecordReaction(
        animal_id=animal.id, signs="bengkak", severity=Severity.SEVERE, began_at=days_ago(1)
    )
    reaction = do(record_reaction, command, by=vet)
    assert do(record_reaction, command, by=vet).id == reaction.id
    dose = db.session.scalars(select(Vaccination).where(Vaccination.act_id == act.id)).one()
    assert reaction.vaccination_id == dose.id
    assert len(reactions_of([animal.id])) == 1
    before = replace(command, id=uuid7(), began_at=days_ago(5))
    assert do(record_reaction, before, by=vet).vaccination_id is None
    with pytest.raises(SignsMissing):
        do(record_reaction, replace(command, id=uuid7(), signs=" "), by=vet)
    with pytest.raises(NotFound):
        do(record_reaction, replace(command, id=uuid7()), by=actor_for(Role.VET, ALAS))


def test_who_wrote_it_or_who_leads_takes_it_back_once():
    vet, other = actor_for(Role.VET, LUNYUK), actor_for(Role.VET, LUNYUK)
    head = actor_for(Role.UPT_HEAD, LUNYUK)
    result = do(record_result, missed(next_visit=today()), by=vet)
    counted = do(count_heads, heads(), by=vet)
    undo = WithdrawResult(result_id=result.id, reason="salah desa")
    for by, error in ((other, NotFound), (actor_for(Role.UPT_HEAD, ALAS), NotFound),
                      (actor_for(Role.AUDITOR), Forbidden)):  # fmt: skip
        with pytest.raises(error):
            do(withdraw_result, undo, by=by)
    with pytest.raises(WithdrawalReasonMissing):
        do(withdraw_result, replace(undo, reason=" "), by=vet)
    for _ in range(2):
        assert do(withdraw_result, undo, by=vet).standing is Standing.WITHDRAWN
    with pytest.raises(AlreadyWithdrawn):
        do(withdraw_result, replace(undo, id=uuid7()), by=head)
    again = WithdrawHeads(heads_id=counted.id, reason="terhitung dua kali")
    assert do(withdraw_heads, again, by=head).standing is Standing.WITHDRAWN
    assert to_visit_again(by=vet) == []


@pytest.mark.parametrize("role", [Role.KABID, Role.AUDITOR, Role.TREASURER, Role.TRADER])
def test_who_does_not_vaccinate_records_nothing(role: Role):
    by = actor_for(role, keeper_id=make_keeper().id if role is Role.TRADER else None)
    animal, _ = make_animal(village=LUNYUK_ODE)
    reaction = RecordReaction(
        animal_id=animal.id, signs="x", severity=Severity.MILD, began_at=days_ago(1)
    )
    deeds: list[tuple[Callable[..., object], object]] = [
        (record_result, missed()), (count_heads, heads()), (record_reaction, reaction),
    ]  # fmt: skip
    for deed, command in deeds:
        with pytest.raises(Forbidden):
            do(deed, command, by=by)
