"""What can be done with campaigns, and why it may be refused."""

from dataclasses import dataclass, field
from datetime import date
from uuid import UUID

from sijinak.core.errors import Conflict, Invalid
from sijinak.core.ids import uuid7
from sijinak.vaccinations.campaigns.models import TeamRole
from sijinak.vaccinations.models import Disease

GOAL_PERCENT = 80
MOST_HEADS = 100_000


class CampaignNameMissing(Invalid):
    code = "campaign-name-missing"


class CampaignEndsEarly(Invalid):
    code = "campaign-ends-early"


class GoalPercentWrong(Invalid):
    code = "goal-percent-wrong"


class AnotherDisease(Invalid):
    """The vaccine is against another disease."""

    code = "another-disease"


class NoVillages(Invalid):
    code = "campaign-no-villages"


class NothingToOpen(Invalid):
    """It has no village yet. A team is not asked for: whoever works there may record."""

    code = "campaign-nothing-to-open"


class NotInCampaignRegion(Invalid):
    """A village, or an officer, that is not of the campaign's area. Facts: ``names``."""

    code = "not-in-campaign-region"


class TargetWrong(Invalid):
    """Facts: ``most``."""

    code = "target-heads-wrong"


class PlannedOutside(Invalid):
    """The day is not one of the campaign's."""

    code = "planned-outside"


class NotATeamMember(Invalid):
    code = "not-a-team-member"


class MemberIsThere(Conflict):
    code = "member-is-there"


class CampaignClosed(Conflict):
    code = "campaign-closed"


class NotOfThisDisease(Invalid):
    """The campaign that a record names is against another disease."""

    code = "campaign-of-another-disease"


class OutbreakIsThere(Conflict):
    code = "outbreak-is-there"


class OutbreakInTheFuture(Invalid):
    code = "outbreak-in-the-future"


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanCampaign:
    id: UUID = field(default_factory=uuid7)
    name: str
    disease: Disease
    region: str
    starts_on: date
    ends_on: date
    product_id: UUID | None = None
    goal_percent: int = GOAL_PERCENT
    basis: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangeCampaign:
    """The disease and the area stay: another disease is another campaign."""

    id: UUID = field(default_factory=uuid7)
    campaign_id: UUID
    name: str
    starts_on: date
    ends_on: date
    product_id: UUID | None = None
    goal_percent: int = GOAL_PERCENT
    basis: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class AddVillages:
    """Those that are there already stay as they are; targets come from the population."""

    id: UUID = field(default_factory=uuid7)
    campaign_id: UUID
    villages: tuple[str, ...]
    planned_on: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class SetVillage:
    id: UUID = field(default_factory=uuid7)
    campaign_id: UUID
    village: str
    target_heads: int
    planned_on: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class RemoveVillage:
    id: UUID = field(default_factory=uuid7)
    campaign_id: UUID
    village: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AddMember:
    id: UUID = field(default_factory=uuid7)
    campaign_id: UUID
    user_id: UUID
    role: TeamRole


@dataclass(frozen=True, slots=True, kw_only=True)
class RemoveMember:
    id: UUID = field(default_factory=uuid7)
    campaign_id: UUID
    member_id: UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class TakeStep:
    """``action`` is one of CAMPAIGN_FLOW."""

    id: UUID = field(default_factory=uuid7)
    campaign_id: UUID
    action: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordOutbreak:
    id: UUID = field(default_factory=uuid7)
    village: str
    disease: Disease
    found_on: date
    source: str
