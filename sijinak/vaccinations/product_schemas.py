"""The form of a label. What is left empty stays unknown."""

from collections.abc import Mapping
from typing import Any

from marshmallow import fields, post_load, validate

from sijinak.animals.models import Species
from sijinak.vaccinations.amounts import Degrees, Millilitres
from sijinak.vaccinations.models import Disease, PregnancyAdvice, Route
from sijinak.vaccinations.products import Label, WriteLabel
from sijinak.web.fields import A_NUMBER, CHOOSE, REQUIRED, TOO_LONG
from sijinak.web.i18n import N_
from sijinak.web.io import InputSchema

DOSE = "ml_"  # and the species
MOST = 3650


def _count() -> fields.Integer:
    within = validate.Range(1, MOST, error=N_("This is a number from 1 to 3650."))
    return fields.Integer(load_default=None, validate=within, error_messages=A_NUMBER)


def _days_from_none() -> fields.Integer:
    within = validate.Range(0, MOST, error=N_("This is a number from 0 to 3650."))
    return fields.Integer(load_default=None, validate=within, error_messages=A_NUMBER)


def _text(most: int) -> fields.String:
    length = validate.Length(max=most, error=TOO_LONG)
    return fields.String(required=True, validate=length, error_messages=REQUIRED)


class LabelSchema(InputSchema[WriteLabel]):
    makes = WriteLabel

    id = fields.UUID(required=True)
    product_id = fields.UUID(load_default=None)
    seen = fields.String(load_default="")
    name = _text(80)
    disease = fields.Enum(Disease, by_value=True, required=True, error_messages=CHOOSE)
    second_dose_days = _count()
    interval_days = _count()
    withdrawal_days = _days_from_none()
    least_age_days = _days_from_none()
    pregnancy = fields.Enum(
        PregnancyAdvice, by_value=True, load_default=None, error_messages=CHOOSE
    )
    route = fields.Enum(Route, by_value=True, load_default=None, error_messages=CHOOSE)
    doses_per_vial = _count()
    coldest = Degrees(load_default=None)
    warmest = Degrees(load_default=None)
    source = _text(500)
    is_active = fields.Boolean(required=True, error_messages=CHOOSE)
    ml_cattle = Millilitres(load_default=None)
    ml_buffalo = Millilitres(load_default=None)
    ml_horse = Millilitres(load_default=None)
    ml_goat = Millilitres(load_default=None)
    ml_sheep = Millilitres(load_default=None)
    ml_pig = Millilitres(load_default=None)

    @post_load
    def _make(self, data: Mapping[str, Any], **_: Any) -> WriteLabel:
        rest = dict(data)
        command = {name: rest.pop(name) for name in ("id", "product_id", "seen")}
        amounts = {species.value: rest.pop(DOSE + species.value) for species in Species}
        doses = {name: amount for name, amount in amounts.items() if amount is not None}
        return WriteLabel(**command, label=Label(**rest, doses=doses))
