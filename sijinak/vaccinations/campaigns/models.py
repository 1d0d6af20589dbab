"""Campaigns, their villages and teams; and where a disease has been before."""

from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from sijinak.core.flow import Flow, Step
from sijinak.core.model import Model, RegionCode
from sijinak.core.permissions import Permission
from sijinak.vaccinations.models import Disease, Product


class CampaignState(StrEnum):
    PLANNED = "planned"
    OPEN = "open"
    CLOSED = "closed"


_MANAGE = Permission.CAMPAIGN_MANAGE
CAMPAIGN_FLOW = Flow(
    Step(CampaignState.PLANNED, "open", CampaignState.OPEN, _MANAGE),
    Step(CampaignState.OPEN, "close", CampaignState.CLOSED, _MANAGE),
)


class TeamRole(StrEnum):
    VACCINATOR = "vaccinator"
    MARKER = "marker"
    RECORDER = "recorder"
    WASTE = "waste"


class Campaign(Model):
    """``goal_percent`` of the animals that were to be reached; 80 for PMK and LSD."""

    __tablename__ = "campaigns"
    __table_args__ = (
        CheckConstraint("ends_on >= starts_on", name="days"),
        CheckConstraint("goal_percent BETWEEN 1 AND 100", name="goal_percent"),
    )

    name: Mapped[str]
    disease: Mapped[Disease]
    product_id: Mapped[UUID | None] = mapped_column(ForeignKey(Product.id))
    region: Mapped[str] = mapped_column(RegionCode, index=True)
    starts_on: Mapped[date]
    ends_on: Mapped[date]
    goal_percent: Mapped[int] = mapped_column(default=80)
    basis: Mapped[str] = mapped_column(default="")  # the letter that orders it
    state: Mapped[CampaignState] = mapped_column(default=CampaignState.PLANNED)
    created_at: Mapped[datetime]

    villages: Mapped[list["CampaignVillage"]] = relationship(back_populates="campaign")


class CampaignVillage(Model):
    __tablename__ = "campaign_villages"
    __table_args__ = (
        UniqueConstraint("campaign_id", "village"),
        CheckConstraint("target_heads >= 0", name="target_heads"),
    )

    campaign_id: Mapped[UUID] = mapped_column(ForeignKey(Campaign.id))
    village: Mapped[str] = mapped_column(RegionCode, index=True)
    target_heads: Mapped[int]
    planned_on: Mapped[date | None]

    campaign: Mapped[Campaign] = relationship(back_populates="villages")


class TeamMember(Model):
    __tablename__ = "campaign_team"
    __table_args__ = (UniqueConstraint("campaign_id", "user_id", "role"),)

    campaign_id: Mapped[UUID] = mapped_column(ForeignKey(Campaign.id), index=True)
    user_id: Mapped[UUID] = mapped_column(ForeignKey("users.id"), index=True)
    role: Mapped[TeamRole]


class Outbreak(Model):
    """A village in which the disease was found; such villages come first."""

    __tablename__ = "outbreaks"
    __table_args__ = (UniqueConstraint("village", "disease", "found_on"),)

    village: Mapped[str] = mapped_column(RegionCode, index=True)
    disease: Mapped[Disease]
    found_on: Mapped[date]
    source: Mapped[str]
    recorded_at: Mapped[datetime]
