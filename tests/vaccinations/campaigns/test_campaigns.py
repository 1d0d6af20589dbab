from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from sijinak.accounts.models import Role
from sijinak.animals.models import Species
from sijinak.core.clock import today
from sijinak.core.errors import Forbidden, NotFound
from sijinak.core.flow import WrongState
from sijinak.core.ids import uuid7
from sijinak.vaccinations.campaigns.commands import (
    AddMember,
    AddVillages,
    AnotherDisease,
    CampaignClosed,
    CampaignEndsEarly,
    CampaignNameMissing,
    GoalPercentWrong,
    MemberIsThere,
    NotATeamMember,
    NothingToOpen,
    NotInCampaignRegion,
    OutbreakInTheFuture,
    OutbreakIsThere,
    PlannedOutside,
    RecordOutbreak,
    RemoveMember,
    RemoveVillage,
    SetVillage,
    TakeStep,
    TargetWrong,
)
from sijinak.vaccinations.campaigns.models import CampaignState, TeamRole
from sijinak.vaccinations.campaigns.queries import (
    campaign_by_id,
    campaigns,
    campaigns_for,
    outbreak_villages,
    team_of,
    villages_of,
)
from sijinak.vaccinations.campaigns.services import (
    add_member,
    add_villages,
    plan_campaign,
    record_outbreak,
    remove_member,
    remove_village,
    set_village,
    take_step,
)
from sijinak.vaccinations.models import Disease
from tests.animals.factories import make_animal, make_keeper
from tests.factories import LUNYUK, LUNYUK_ODE, LUNYUK_REA, actor_for
from tests.vaccinations.campaigns.factories import do, make_campaign, plan
from tests.vaccinations.factories import product

pytestmark = pytest.mark.usefixtures("context")
ALAS = "52.04.05"


def test_the_targets_are_the_heads_of_the_species_on_the_label():
    keeper = make_keeper()
    for species in (Species.CATTLE, Species.CATTLE, Species.HORSE):
        make_animal(keeper, species=species)
    campaign = make_campaign(is_open=False)
    by = actor_for(Role.UPT_HEAD, LUNYUK)
    rows = {row.village: row.target_heads for row in villages_of(campaign, by=by)}
    assert rows == {LUNYUK_REA: 2, LUNYUK_ODE: 0}


def test_villages_with_a_past_outbreak_come_first():
    found = RecordOutbreak(
        village=LUNYUK_REA, disease=Disease.LSD, found_on=today() - timedelta(days=400), source="x"
    )
    do(record_outbreak, found)
    do(record_outbreak, replace(found, id=uuid7(), village=LUNYUK_ODE, disease=Disease.SE))
    campaign = make_campaign(LUNYUK_ODE, LUNYUK_REA)
    rows = villages_of(campaign, by=actor_for(Role.VET, LUNYUK))
    assert [row.village for row in rows] == [LUNYUK_REA, LUNYUK_ODE]
    assert outbreak_villages(Disease.LSD) == {LUNYUK_REA}
    assert outbreak_villages() == {LUNYUK_REA, LUNYUK_ODE}
    with pytest.raises(OutbreakIsThere):
        do(record_outbreak, replace(found, id=uuid7()))
    with pytest.raises(OutbreakInTheFuture):
        do(record_outbreak, replace(found, id=uuid7(), found_on=today() + timedelta(days=1)))


def test_a_campaign_goes_one_way_and_needs_a_village():
    campaign = do(plan_campaign, plan())
    with pytest.raises(NothingToOpen):
        do(take_step, TakeStep(campaign_id=campaign.id, action="open"))
    with pytest.raises(WrongState):
        do(take_step, TakeStep(campaign_id=campaign.id, action="close"))
    do(add_villages, AddVillages(campaign_id=campaign.id, villages=(LUNYUK_REA,)))
    for action in ("open", "close"):
        do(take_step, TakeStep(campaign_id=campaign.id, action=action))
    assert campaign.state is CampaignState.CLOSED
    with pytest.raises(WrongState):
        do(take_step, TakeStep(campaign_id=campaign.id, action="open"))
    with pytest.raises(CampaignClosed):
        do(add_villages, AddVillages(campaign_id=campaign.id, villages=(LUNYUK_ODE,)))


def test_the_same_command_twice_is_done_once():
    first = plan()
    assert do(plan_campaign, first).id == do(plan_campaign, first).id
    chosen = AddVillages(campaign_id=first.id, villages=(LUNYUK_REA, LUNYUK_REA))
    assert [do(add_villages, chosen) for _ in range(2)] == [1, 0]
    step = TakeStep(campaign_id=first.id, action="open")
    assert {do(take_step, step).state for _ in range(2)} == {CampaignState.OPEN}


@pytest.mark.parametrize(("fields", "error"), [
    ({"name": "  "}, CampaignNameMissing),
    ({"ends_on": today() - timedelta(days=30)}, CampaignEndsEarly),
    ({"goal_percent": 0}, GoalPercentWrong),
    ({"goal_percent": 101}, GoalPercentWrong),
    ({"disease": Disease.SE}, AnotherDisease),
    ({"product_id": uuid7()}, AnotherDisease),
])  # fmt: skip
def test_a_plan_that_is_wrong_is_refused(fields: dict[str, Any], error: type[Exception]):
    with pytest.raises(error):
        do(plan_campaign, plan(**fields))


def test_villages_and_days_outside_are_refused():
    campaign = make_campaign(LUNYUK_REA)
    for village in ("52.04.05.2001", "99.99.99.9999", LUNYUK):
        with pytest.raises(NotInCampaignRegion):
            do(add_villages, AddVillages(campaign_id=campaign.id, villages=(village,)))
    row = SetVillage(campaign_id=campaign.id, village=LUNYUK_REA, target_heads=7)
    with pytest.raises(PlannedOutside):
        do(set_village, replace(row, planned_on=campaign.ends_on + timedelta(days=1)))
    with pytest.raises(TargetWrong):
        do(set_village, replace(row, target_heads=-1))
    assert do(set_village, replace(row, planned_on=today())).target_heads == 7
    do(remove_village, RemoveVillage(campaign_id=campaign.id, village=LUNYUK_REA))
    assert villages_of(campaign, by=actor_for(Role.VET, LUNYUK)) == []


def test_the_team_are_officers_of_the_place():
    vet, stranger = actor_for(Role.VET, LUNYUK), actor_for(Role.VET, ALAS)
    campaign = make_campaign()
    member = AddMember(campaign_id=campaign.id, user_id=vet.id, role=TeamRole.VACCINATOR)
    row = do(add_member, member)
    assert do(add_member, member).id == row.id
    with pytest.raises(MemberIsThere):
        do(add_member, replace(member, id=uuid7()))
    with pytest.raises(NotATeamMember):
        do(add_member, replace(member, id=uuid7(), user_id=stranger.id))
    assert [(one.name, one.role) for one in team_of(campaign.id)] == [(vet.name, "vaccinator")]
    assert [one.id for one in campaigns_for(vet.id, [])] == [campaign.id]
    do(remove_member, RemoveMember(campaign_id=campaign.id, member_id=row.id))
    assert team_of(campaign.id) == []
    assert [one.id for one in campaigns_for(vet.id, [LUNYUK_REA])] == [campaign.id]
    assert campaigns_for(vet.id, ["52.04.05.2001"]) == []


@pytest.mark.parametrize("role", [Role.VET, Role.CLERK, Role.AUDITOR, Role.TRADER])
def test_who_does_not_lead_may_not_plan(role: Role):
    by = actor_for(role, LUNYUK, keeper_id=make_keeper().id if role is Role.TRADER else None)
    campaign = make_campaign()
    for deed, command in (
        (plan_campaign, plan()),
        (take_step, TakeStep(campaign_id=campaign.id, action="close")),
        (add_villages, AddVillages(campaign_id=campaign.id, villages=(LUNYUK_REA,))),
        (record_outbreak, RecordOutbreak(
            village=LUNYUK_REA, disease=Disease.LSD, found_on=today(), source="x")),
    ):  # fmt: skip
        with pytest.raises(Forbidden):
            do(deed, command, by=by)


def test_what_is_elsewhere_is_not_there():
    campaign, head = make_campaign(), actor_for(Role.UPT_HEAD, ALAS)
    with pytest.raises(Forbidden):
        do(plan_campaign, plan(), by=head)
    with pytest.raises(NotFound):
        do(take_step, TakeStep(campaign_id=campaign.id, action="close"), by=head)
    with pytest.raises(NotFound):
        campaign_by_id(campaign.id, by=head)
    assert not campaigns(by=head).items
    assert campaigns(by=actor_for(Role.PARAMEDIC, LUNYUK_REA)).items
    assert product().disease is campaign.disease
