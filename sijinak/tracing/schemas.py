"""What is asked of a trace, as it is sent by the form: from whom, around which day, how far."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from marshmallow import ValidationError, fields, validate, validates_schema

from sijinak.tracing.moves import Way
from sijinak.web.fields import A_DAY, A_NUMBER, CHOOSE, TagCodeField
from sijinak.web.i18n import N_
from sijinak.web.io import InputSchema

WAYS: Mapping[str, tuple[Way, ...]] = {
    "keduanya": (Way.BACK, Way.FORWARD),
    "maju": (Way.FORWARD,),
    "mundur": (Way.BACK,),
}
ONE_START = N_("Name an animal by its tag, or choose an area.")
MOST_DAYS, MOST_CONTACT, DEEPEST = 1000, 365, 10
BETWEEN = N_("Between {min} and {max}.")


def _number(least: int, most: int) -> Any:
    limits = validate.Range(min=least, max=most, error=BETWEEN)
    return fields.Integer(required=True, validate=limits, error_messages=A_NUMBER)


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """``of``: of the animal with the tag, or of the whole holding on which it stands."""

    day: date
    ways: str
    days: int
    contact_days: int
    depth: int
    tag: str = ""
    of: str = "animal"
    keeper_id: UUID | None = None
    region: str = ""


class AskedSchema(InputSchema[Asked]):
    makes = Asked

    tag = TagCodeField(load_default="")
    of = fields.String(
        load_default="animal", validate=validate.OneOf(("animal", "holding")), error_messages=CHOOSE
    )
    keeper_id = fields.UUID(load_default=None)
    region = fields.String(load_default="", validate=validate.Length(max=13))
    day = fields.Date(required=True, error_messages=A_DAY)
    ways = fields.String(required=True, validate=validate.OneOf(tuple(WAYS)), error_messages=CHOOSE)
    days = _number(1, MOST_DAYS)
    contact_days = _number(0, MOST_CONTACT)
    depth = _number(0, DEEPEST)

    @validates_schema
    def _one_start(self, data: Mapping[str, Any], **_: Any) -> None:
        if not (data.get("tag") or data.get("keeper_id") or data.get("region")):
            raise ValidationError(ONE_START, "tag")
