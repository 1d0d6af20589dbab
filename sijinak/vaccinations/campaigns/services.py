"""What is done with campaigns."""

from collections.abc import Collection
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import select

from sijinak.areas.queries import VILLAGES, full_name, places
from sijinak.core import bulk
from sijinak.core.clock import now, today
from sijinak.core.db import db
from sijinak.core.errors import NotFound
from sijinak.core.events import events
from sijinak.core.ids import uuid7
from sijinak.core.once import first_time
from sijinak.core.permissions import (
    Actor,
    Permission,
    may,
    region_lies_in,
    require,
    within_reach,
)
from sijinak.vaccinations.campaigns.commands import (
    MOST_HEADS,
    AddMember,
    AddVillages,
    AnotherDisease,
    CampaignClosed,
    CampaignEndsEarly,
    CampaignNameMissing,
    ChangeCampaign,
    GoalPercentWrong,
    MemberIsThere,
    NotATeamMember,
    NothingToOpen,
    NotInCampaignRegion,
    NoVillages,
    OutbreakInTheFuture,
    OutbreakIsThere,
    PlanCampaign,
    PlannedOutside,
    RecordOutbreak,
    RemoveMember,
    RemoveVillage,
    SetVillage,
    TakeStep,
    TargetWrong,
)
from sijinak.vaccinations.campaigns.models import (
    CAMPAIGN_FLOW,
    Campaign,
    CampaignState,
    CampaignVillage,
    Outbreak,
    TeamMember,
)
from sijinak.vaccinations.campaigns.queries import officers_in
from sijinak.vaccinations.campaigns.targets import proposed_targets
from sijinak.vaccinations.models import Disease, Product

MANAGE = Permission.CAMPAIGN_MANAGE
MOST_NAMED = 5
VERBS = {"open": "opened", "close": "closed"}


def plan_campaign(command: PlanCampaign, *, by: Actor) -> Campaign:
    """Raises the errors of ``commands``."""
    require(by, MANAGE, region=command.region)
    if not first_time(command, by=by):
        return db.session.get_one(Campaign, command.id)
    _check(command, command.disease)
    campaign = Campaign(
        id=command.id,
        disease=command.disease,
        region=command.region,
        state=CampaignState.PLANNED,
        created_at=now(),
        **_changeable(command),
    )
    db.session.add(campaign)
    db.session.flush()
    _note("planned", campaign, by=by, disease=campaign.disease)
    return campaign


def change_campaign(command: ChangeCampaign, *, by: Actor) -> Campaign:
    campaign = _campaign_to_change(command.campaign_id, by=by)
    if first_time(command, by=by):
        _still_open(campaign)
        _check(command, campaign.disease)
        for name, value in _changeable(command).items():
            setattr(campaign, name, value)
        _note("changed", campaign, by=by)
    return campaign


def add_villages(command: AddVillages, *, by: Actor) -> int:
    """How many are new."""
    campaign = _campaign_to_change(command.campaign_id, by=by)
    if not first_time(command, by=by):
        return 0
    _still_open(campaign)
    _check_villages(campaign, command.villages)
    _check_day(campaign, command.planned_on)
    there = select(CampaignVillage.village).where(CampaignVillage.campaign_id == campaign.id)
    known = set(db.session.scalars(there))
    new = [village for village in dict.fromkeys(command.villages) if village not in known]
    targets = proposed_targets(campaign, new, by=by)
    same = {"campaign_id": campaign.id, "planned_on": command.planned_on}
    bulk.insert(
        CampaignVillage,
        {
            "id": [uuid7() for _ in new],
            "village": new,
            "target_heads": [targets[village] for village in new],
            **{name: [value] * len(new) for name, value in same.items()},
        },
    )
    _note("villages-added", campaign, by=by, villages=len(new))
    return len(new)


def set_village(command: SetVillage, *, by: Actor) -> CampaignVillage:
    campaign = _campaign_to_change(command.campaign_id, by=by)
    row = _village_of(campaign, command.village)
    if first_time(command, by=by):
        _still_open(campaign)
        _check_day(campaign, command.planned_on)
        if not 0 <= command.target_heads <= MOST_HEADS:
            raise TargetWrong(most=MOST_HEADS)
        row.target_heads, row.planned_on = command.target_heads, command.planned_on
        facts = {"village": row.village, "target_heads": row.target_heads}
        _note("village-set", campaign, by=by, **facts)
    return row


def remove_village(command: RemoveVillage, *, by: Actor) -> None:
    """What was done there stays done; the village is no longer one of the campaign's."""
    campaign = _campaign_to_change(command.campaign_id, by=by)
    if first_time(command, by=by):
        _still_open(campaign)
        db.session.delete(_village_of(campaign, command.village))
        _note("village-removed", campaign, by=by, village=command.village)


def add_member(command: AddMember, *, by: Actor) -> TeamMember:
    campaign = _campaign_to_change(command.campaign_id, by=by)
    if not first_time(command, by=by):
        return db.session.get_one(TeamMember, command.id)
    _still_open(campaign)
    if command.user_id not in officers_in(campaign.region):
        raise NotATeamMember
    there = select(TeamMember.id).where(
        TeamMember.campaign_id == campaign.id,
        TeamMember.user_id == command.user_id,
        TeamMember.role == command.role,
    )
    if db.session.scalar(there) is not None:
        raise MemberIsThere
    member = TeamMember(
        id=command.id, campaign_id=campaign.id, user_id=command.user_id, role=command.role
    )
    db.session.add(member)
    db.session.flush()
    _note("member-added", campaign, by=by, user=str(command.user_id), role=command.role)
    return member


def remove_member(command: RemoveMember, *, by: Actor) -> None:
    campaign = _campaign_to_change(command.campaign_id, by=by)
    if not first_time(command, by=by):
        return
    _still_open(campaign)
    member = db.session.get(TeamMember, command.member_id)
    if member is None or member.campaign_id != campaign.id:
        raise NotFound(member_id=str(command.member_id))
    facts = {"user": str(member.user_id), "role": member.role}
    db.session.delete(member)
    _note("member-removed", campaign, by=by, **facts)


def take_step(command: TakeStep, *, by: Actor) -> Campaign:
    """One that ran on ended on the day of its closing. Raises WrongState, NothingToOpen."""
    campaign = _campaign_to_change(command.campaign_id, by=by)
    if first_time(command, by=by):
        step = CAMPAIGN_FLOW.step(campaign.state, command.action)
        asked = select(CampaignVillage.id).where(CampaignVillage.campaign_id == campaign.id)
        if command.action == "open" and db.session.scalar(asked.limit(1)) is None:
            raise NothingToOpen
        campaign.state = step.target
        if command.action == "close":
            campaign.ends_on = max(campaign.ends_on, today())
        _note(VERBS[step.action], campaign, by=by)
    return campaign


def record_outbreak(command: RecordOutbreak, *, by: Actor) -> Outbreak:
    """Raises OutbreakIsThere when the same one is in the books."""
    require(by, MANAGE)
    if not may(by, MANAGE, region=command.village):
        raise NotFound(village=command.village)
    if not first_time(command, by=by):
        return db.session.get_one(Outbreak, command.id)
    if command.found_on > today():
        raise OutbreakInTheFuture
    same = select(Outbreak.id).filter_by(
        village=command.village, disease=command.disease, found_on=command.found_on
    )
    if db.session.scalar(same) is not None:
        raise OutbreakIsThere
    outbreak = Outbreak(
        id=command.id,
        village=command.village,
        disease=command.disease,
        found_on=command.found_on,
        source=command.source.strip(),
        recorded_at=now(),
    )
    db.session.add(outbreak)
    db.session.flush()
    facts = {"disease": outbreak.disease, "found_on": outbreak.found_on.isoformat()}
    events.record("outbreak.recorded", outbreak, by=by, region=outbreak.village, **facts)
    return outbreak


def _changeable(command: PlanCampaign | ChangeCampaign) -> dict[str, Any]:
    return {
        "name": command.name.strip(),
        "product_id": command.product_id,
        "starts_on": command.starts_on,
        "ends_on": command.ends_on,
        "goal_percent": command.goal_percent,
        "basis": command.basis.strip(),
    }


def _check(command: PlanCampaign | ChangeCampaign, disease: Disease) -> None:
    if not command.name.strip():
        raise CampaignNameMissing
    if command.ends_on < command.starts_on:
        raise CampaignEndsEarly
    if not 1 <= command.goal_percent <= 100:  # noqa: PLR2004 - percent
        raise GoalPercentWrong
    product = db.session.get(Product, command.product_id) if command.product_id else None
    if command.product_id and (product is None or product.disease is not disease):
        raise AnotherDisease


def _check_villages(campaign: Campaign, villages: Collection[str]) -> None:
    if not villages:
        raise NoVillages
    known = places()
    wrong = [
        village
        for village in villages
        if village not in known
        or known[village].level not in VILLAGES
        or not region_lies_in(village, campaign.region)
    ]
    if wrong:
        raise NotInCampaignRegion(names=", ".join(map(full_name, wrong[:MOST_NAMED])))


def _check_day(campaign: Campaign, day: date | None) -> None:
    if day is not None and not campaign.starts_on <= day <= campaign.ends_on:
        raise PlannedOutside


def _campaign_to_change(campaign_id: UUID, *, by: Actor) -> Campaign:
    """Held until the end of the transaction. Raises NotFound out of reach."""
    require(by, MANAGE)
    asked = select(Campaign).where(
        Campaign.id == campaign_id, within_reach(by, MANAGE, Campaign.region)
    )
    campaign = db.session.scalar(
        asked.with_for_update(), execution_options={"populate_existing": True}
    )
    if campaign is None:
        raise NotFound(campaign_id=str(campaign_id))
    return campaign


def _still_open(campaign: Campaign) -> None:
    if campaign.state is CampaignState.CLOSED:
        raise CampaignClosed


def _village_of(campaign: Campaign, village: str) -> CampaignVillage:
    asked = select(CampaignVillage).filter_by(campaign_id=campaign.id, village=village)
    row = db.session.scalar(asked)
    if row is None:
        raise NotFound(village=village)
    return row


def _note(verb: str, campaign: Campaign, *, by: Actor, **facts: Any) -> None:
    events.record(f"campaign.{verb}", campaign, by=by, region=campaign.region, **facts)
