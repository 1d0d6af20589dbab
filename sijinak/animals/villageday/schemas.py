"""What a clerk types in a line of a village day."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any
from uuid import UUID

from marshmallow import ValidationError, fields, post_load, validate, validates_schema

from sijinak.animals.models import Precision
from sijinak.animals.population.ages import months_before
from sijinak.animals.schemas import RegisterAnimalSchema
from sijinak.animals.services import RegisterAnimal
from sijinak.animals.withdrawing import WithdrawRegistration
from sijinak.core.clock import today
from sijinak.web.fields import REQUIRED
from sijinak.web.i18n import N_
from sijinak.web.io import InputSchema

UNITS = {"month": 1, "year": 12}
OLDEST = 40  # years
NOT_AN_AGE = N_("Write the age as a number, such as 3 or 2,5: at most 40 years.")


class LineSchema(RegisterAnimalSchema):
    """One animal. The age is as the owner says it: the day of birth that follows is estimated."""

    def __init__(self, keeper_id: UUID) -> None:
        super().__init__(exclude=["keeper_id", "birth_date", "birth_precision"])
        self._keeper_id = keeper_id

    age = fields.String(
        load_default="", validate=validate.Regexp(r"^\d{1,3}([.,]\d)?\Z", error=NOT_AN_AGE)
    )
    age_unit = fields.String(load_default="year", validate=validate.OneOf(UNITS))

    @validates_schema
    def _check_age(self, data: Mapping[str, Any], **_: Any) -> None:
        if _months(data) > OLDEST * 12:
            raise ValidationError(NOT_AN_AGE, "age")

    @post_load
    def _make(self, data: dict[str, Any], **_: Any) -> RegisterAnimal:
        animal = {name: value for name, value in data.items() if name not in ("age", "age_unit")}
        if data["age"]:
            animal["birth_date"] = months_before(today(), _months(data))
            animal["birth_precision"] = Precision.ESTIMATED
        return RegisterAnimal(**animal, keeper_id=self._keeper_id)


class WithdrawSchema(InputSchema[WithdrawRegistration]):
    makes = WithdrawRegistration

    def __init__(self, animal_id: UUID) -> None:
        super().__init__()
        self._animal_id = animal_id

    id = fields.UUID(required=True)
    reason = fields.String(
        required=True,
        validate=validate.Length(min=5, max=200, error=N_("Say why, in 5 to 200 letters.")),
        error_messages=REQUIRED,
    )

    @post_load
    def _make(self, data: dict[str, Any], **_: Any) -> WithdrawRegistration:
        return WithdrawRegistration(**data, animal_id=self._animal_id)


def _months(data: Mapping[str, Any]) -> int:
    age = Decimal(data.get("age", "").replace(",", ".") or 0)
    return int(age * UNITS[data.get("age_unit", "year")])
