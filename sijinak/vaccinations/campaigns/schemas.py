"""Forms of campaigns and outbreaks."""

from typing import Any
from uuid import UUID

from marshmallow import fields, post_load, validate

from sijinak.areas.schemas import KNOWN_REGION, KNOWN_VILLAGE
from sijinak.vaccinations.campaigns.commands import (
    GOAL_PERCENT,
    MOST_HEADS,
    AddMember,
    AddVillages,
    ChangeCampaign,
    PlanCampaign,
    RecordOutbreak,
    SetVillage,
)
from sijinak.vaccinations.campaigns.models import TeamRole
from sijinak.vaccinations.models import Disease
from sijinak.web.fields import A_DAY, A_NUMBER, CHOOSE, REQUIRED, TOO_LONG
from sijinak.web.i18n import N_
from sijinak.web.io import InputSchema, T

PERCENT = validate.Range(1, 100, error=N_("The goal is a number from 1 to 100."))
HEADS = validate.Range(0, MOST_HEADS, error=N_("This is not a number of animals."))


def _text(longest: int) -> fields.String:
    return fields.String(load_default="", validate=validate.Length(max=longest, error=TOO_LONG))


class _About(InputSchema[T]):
    """The form of a campaign that the address names."""

    id = fields.UUID(required=True)

    def __init__(self, campaign_id: UUID) -> None:
        super().__init__()
        self._given: dict[str, Any] = {"campaign_id": campaign_id}

    @post_load
    def _make(self, data: Any, **_: Any) -> T:
        return self.makes(**data, **self._given)


class _Planned:
    name = fields.String(
        required=True,
        validate=validate.Length(max=120, error=TOO_LONG),
        error_messages={"required": N_("Give the campaign a name.")},
    )
    starts_on = fields.Date(required=True, error_messages=A_DAY)
    ends_on = fields.Date(required=True, error_messages=A_DAY)
    product_id = fields.UUID(load_default=None, error_messages=CHOOSE)
    goal_percent = fields.Integer(
        load_default=GOAL_PERCENT, validate=PERCENT, error_messages=A_NUMBER
    )
    basis = _text(200)


class PlanCampaignSchema(_Planned, InputSchema[PlanCampaign]):
    makes = PlanCampaign

    id = fields.UUID(required=True)
    disease = fields.Enum(Disease, by_value=True, required=True, error_messages=CHOOSE)
    region = fields.String(required=True, validate=KNOWN_REGION, error_messages=CHOOSE)


class ChangeCampaignSchema(_Planned, _About[ChangeCampaign]):
    makes = ChangeCampaign


class _Villages(fields.List[str]):
    def _deserialize(self, *args: Any, **kwargs: Any) -> Any:
        return tuple(super()._deserialize(*args, **kwargs))


class AddVillagesSchema(_About[AddVillages]):
    makes = AddVillages

    villages = _Villages(fields.String(validate=KNOWN_VILLAGE), load_default=())
    planned_on = fields.Date(load_default=None, error_messages=A_DAY)


class SetVillageSchema(_About[SetVillage]):
    makes = SetVillage

    village = fields.String(required=True, validate=KNOWN_VILLAGE)
    target_heads = fields.Integer(required=True, validate=HEADS, error_messages=A_NUMBER)
    planned_on = fields.Date(load_default=None, error_messages=A_DAY)


class AddMemberSchema(_About[AddMember]):
    makes = AddMember

    user_id = fields.UUID(
        required=True, error_messages={**CHOOSE, "invalid_uuid": N_("Choose one.")}
    )
    role = fields.Enum(TeamRole, by_value=True, required=True, error_messages=CHOOSE)


class RecordOutbreakSchema(InputSchema[RecordOutbreak]):
    makes = RecordOutbreak

    id = fields.UUID(required=True)
    village = fields.String(required=True, validate=KNOWN_VILLAGE, error_messages=CHOOSE)
    disease = fields.Enum(Disease, by_value=True, required=True, error_messages=CHOOSE)
    found_on = fields.Date(required=True, error_messages=A_DAY)
    source = fields.String(
        required=True,
        validate=validate.Length(max=200, error=TOO_LONG),
        error_messages=REQUIRED,
    )
