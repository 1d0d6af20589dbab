"""Campaigns for tests, committed. Inside the app's context."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any, TypeVar

from sijinak.core.clock import today
from sijinak.core.db import transaction
from sijinak.core.permissions import OPERATOR, Actor
from sijinak.vaccinations.campaigns.commands import AddVillages, PlanCampaign, TakeStep
from sijinak.vaccinations.campaigns.models import Campaign
from sijinak.vaccinations.campaigns.services import add_villages, plan_campaign, take_step
from sijinak.vaccinations.models import Disease
from tests.factories import LUNYUK, LUNYUK_ODE, LUNYUK_REA
from tests.vaccinations.factories import product

T = TypeVar("T")


def do(deed: Callable[..., T], command: object, *, by: Actor = OPERATOR) -> T:
    with transaction():
        return deed(command, by=by)


def plan(**fields: Any) -> PlanCampaign:
    """Against LSD in Lunyuk, for two months around today."""
    defaults: dict[str, Any] = {
        "name": "LSD Lunyuk",
        "disease": Disease.LSD,
        "product_id": product().id,
        "region": LUNYUK,
        "starts_on": today() - timedelta(days=29),
        "ends_on": today() + timedelta(days=30),
    }
    return PlanCampaign(**{**defaults, **fields})


def make_campaign(*villages: str, is_open: bool = True, **fields: Any) -> Campaign:
    campaign = do(plan_campaign, plan(**fields))
    chosen = villages or (LUNYUK_REA, LUNYUK_ODE)
    do(add_villages, AddVillages(campaign_id=campaign.id, villages=chosen))
    if is_open:
        do(take_step, TakeStep(campaign_id=campaign.id, action="open"))
    return campaign
