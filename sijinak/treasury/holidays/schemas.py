"""What people send about days off."""

from collections.abc import Mapping
from typing import Any

from marshmallow import fields, post_load, validate

from sijinak.treasury.forms import GivenSchema, needed
from sijinak.treasury.holidays.models import HolidayKind
from sijinak.treasury.holidays.services import (
    AnswerHoliday,
    ConfirmHoliday,
    DayOff,
    EnterHoliday,
    RemoveHoliday,
)
from sijinak.web.fields import A_DAY, CHOOSE, REQUIRED, TOO_LONG
from sijinak.web.io import InputSchema

LOOK, ENTER = "look", "enter"
LONGEST_LIST = 40_000


class EnterHolidaySchema(GivenSchema[EnterHoliday]):
    makes = EnterHoliday

    day = fields.Date(required=True, error_messages=A_DAY)
    name = needed(120)
    kind = fields.Enum(HolidayKind, by_value=True, required=True, error_messages=CHOOSE)
    source = needed(200)

    def _told(self, data: dict[str, Any]) -> dict[str, Any]:
        return {"id": data.pop("id"), "off": DayOff(**data)}


class RemoveHolidaySchema(GivenSchema[RemoveHoliday]):
    makes = RemoveHoliday

    why = needed()


class ConfirmHolidaySchema(GivenSchema[ConfirmHoliday]):
    makes = ConfirmHoliday


class AnswerHolidaySchema(GivenSchema[AnswerHoliday]):
    makes = AnswerHoliday

    action = fields.String(required=True, validate=validate.OneOf(["agree", "refuse"]))


class ListSchema(InputSchema[dict[str, Any]]):
    """A list that was pasted; the button says whether it is only looked at."""

    id = fields.UUID(required=True)
    step = fields.String(load_default=LOOK, validate=validate.OneOf([LOOK, ENTER]))
    source = needed(200)
    rows = fields.String(
        required=True,
        validate=validate.Length(max=LONGEST_LIST, error=TOO_LONG),
        error_messages=REQUIRED,
    )

    @post_load
    def _make(self, data: Mapping[str, Any], **_: Any) -> dict[str, Any]:
        return dict(data)
