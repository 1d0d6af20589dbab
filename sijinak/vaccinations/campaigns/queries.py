"""Questions about campaigns and outbreaks."""

from collections.abc import Collection
from datetime import date
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import selectinload

from sijinak.accounts.models import User
from sijinak.accounts.queries import holders_of
from sijinak.areas.queries import full_name
from sijinak.core.db import db
from sijinak.core.errors import NotFound
from sijinak.core.paging import START, Page, Place, page_of
from sijinak.core.permissions import (
    Actor,
    Permission,
    may,
    region_lies_in,
    require,
    within_reach,
)
from sijinak.vaccinations.campaigns.commands import NotOfThisDisease
from sijinak.vaccinations.campaigns.models import (
    Campaign,
    CampaignState,
    CampaignVillage,
    Outbreak,
    TeamMember,
    TeamRole,
)
from sijinak.vaccinations.models import Disease


class Member(NamedTuple):
    id: UUID
    user_id: UUID
    name: str
    role: TeamRole


class Size(NamedTuple):
    villages: int
    target_heads: int


def campaigns(*, by: Actor, place: Place = START) -> Page[Campaign]:
    """Those of the actor's area, and those above it with a village inside; newest first."""
    require(by, Permission.VACCINATION_READ)
    return page_of(select(Campaign).where(_seen_by(by)), Campaign.id, place)


def campaign_by_id(campaign_id: UUID, *, by: Actor) -> Campaign:
    require(by, Permission.VACCINATION_READ)
    found = db.session.scalar(select(Campaign).where(Campaign.id == campaign_id, _seen_by(by)))
    if found is None:
        raise NotFound(campaign_id=str(campaign_id))
    return found


def campaigns_for(user_id: UUID, villages: Collection[str]) -> list[Campaign]:
    """The open campaigns of somebody's team, and those that come to these villages.

    The villages of each are loaded.
    """
    in_team = select(TeamMember.campaign_id).where(TeamMember.user_id == user_id)
    coming = select(CampaignVillage.campaign_id).where(CampaignVillage.village.in_(villages))
    asked = (
        select(Campaign)
        .where(Campaign.state == CampaignState.OPEN)
        .where(Campaign.id.in_(in_team) | Campaign.id.in_(coming))
        .options(selectinload(Campaign.villages))
    )
    return list(db.session.scalars(asked.order_by(Campaign.starts_on, Campaign.id)))


def open_campaigns(*, by: Actor) -> list[Campaign]:
    """For a form that asks which campaign a record belongs to."""
    asked = select(Campaign).where(Campaign.state == CampaignState.OPEN, _seen_by(by))
    return list(db.session.scalars(asked.order_by(Campaign.starts_on, Campaign.id)))


def known_campaigns(campaign_ids: Collection[UUID]) -> set[UUID]:
    """Those of the ids that are campaigns."""
    return set(db.session.scalars(select(Campaign.id).where(Campaign.id.in_(campaign_ids))))


def check_campaign(campaign_id: UUID | None, disease: Disease) -> None:
    """Whether a record may name it; also a closed one: what comes late from a phone belongs to it.

    Raises NotFound, NotOfThisDisease.
    """
    if campaign_id is None:
        return
    campaign = db.session.get(Campaign, campaign_id)
    if campaign is None:
        raise NotFound(campaign_id=str(campaign_id))
    if campaign.disease is not disease:
        raise NotOfThisDisease


def campaign_name(campaign_id: UUID | None) -> str:
    found = db.session.get(Campaign, campaign_id) if campaign_id else None
    return found.name if found else ""


def outbreak_villages(disease: Disease | None = None) -> set[str]:
    """Where the disease, or any disease, was found before."""
    asked = select(Outbreak.village).distinct()
    if disease is not None:
        asked = asked.where(Outbreak.disease == disease)
    return set(db.session.scalars(asked))


def outbreaks(*, by: Actor, place: Place = START) -> Page[Outbreak]:
    require(by, Permission.VACCINATION_READ)
    asked = select(Outbreak).where(within_reach(by, Permission.VACCINATION_READ, Outbreak.village))
    return page_of(asked, Outbreak.id, place)


def last_outbreaks(villages: Collection[str], disease: Disease) -> dict[str, date]:
    """When the disease was last found in each of those villages that ever had it."""
    asked = select(Outbreak.village, func.max(Outbreak.found_on)).where(
        Outbreak.village.in_(villages), Outbreak.disease == disease
    )
    return {row[0]: row[1] for row in db.session.execute(asked.group_by(Outbreak.village))}


def villages_of(campaign: Campaign, *, by: Actor) -> list[CampaignVillage]:
    """Those in the actor's reach: where the disease has been before first, then by day and name."""
    asked = select(CampaignVillage).where(
        CampaignVillage.campaign_id == campaign.id,
        within_reach(by, Permission.VACCINATION_READ, CampaignVillage.village),
    )
    known = outbreak_villages(campaign.disease)
    return sorted(
        db.session.scalars(asked),
        key=lambda row: (
            row.village not in known, row.planned_on or date.max, full_name(row.village)
        ),
    )  # fmt: skip


def team_of(campaign_id: UUID) -> list[Member]:
    asked = (
        select(TeamMember.id, TeamMember.user_id, User.name, TeamMember.role)
        .join(User, User.id == TeamMember.user_id)
        .where(TeamMember.campaign_id == campaign_id)
        .order_by(User.name, TeamMember.role)
    )
    return [Member(*row) for row in db.session.execute(asked)]


def officers_in(region: str) -> dict[UUID, str]:
    """Who may work in the field there today, by name."""
    return {
        user_id: name
        for user_id, name, office in holders_of(Permission.FIELD_WORK)
        if region_lies_in(office, region) or region_lies_in(region, office)
    }


def sizes_of(campaign_ids: Collection[UUID]) -> dict[UUID, Size]:
    """How many villages each has, and the sum of their targets."""
    asked = select(
        CampaignVillage.campaign_id, func.count(), func.sum(CampaignVillage.target_heads)
    ).where(CampaignVillage.campaign_id.in_(campaign_ids))
    rows = db.session.execute(asked.group_by(CampaignVillage.campaign_id))
    return {row[0]: Size(row[1], int(row[2])) for row in rows}


def manages(campaign: Campaign, *, by: Actor) -> bool:
    return may(by, Permission.CAMPAIGN_MANAGE, region=campaign.region)


def _seen_by(by: Actor) -> ColumnElement[bool]:
    inside = select(CampaignVillage.campaign_id).where(
        within_reach(by, Permission.VACCINATION_READ, CampaignVillage.village)
    )
    mine = within_reach(by, Permission.VACCINATION_READ, Campaign.region)
    return mine | Campaign.id.in_(inside)
