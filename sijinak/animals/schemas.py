"""Animals on the wire."""

from marshmallow import Schema, fields, validate

from sijinak.animals.models import Precision, Sex, Species, Verification
from sijinak.animals.services import RegisterAnimal, SeeAnimal
from sijinak.areas.schemas import KNOWN_VILLAGE
from sijinak.web.fields import A_DAY, A_NUMBER, CHOOSE, REQUIRED, TOO_LONG, TagCodeField
from sijinak.web.i18n import N_
from sijinak.web.io import InputSchema


def _mark(most: int = 80) -> fields.String:
    return fields.String(load_default="", validate=validate.Length(max=most, error=TOO_LONG))


class RegisterAnimalSchema(InputSchema[RegisterAnimal]):
    makes = RegisterAnimal

    id = fields.UUID(required=True)
    keeper_id = fields.UUID(required=True)
    village = fields.String(required=True, validate=KNOWN_VILLAGE, error_messages=REQUIRED)
    hamlet = _mark()
    species = fields.Enum(Species, by_value=True, required=True, error_messages=CHOOSE)
    breed = _mark()
    sex = fields.Enum(Sex, by_value=True, required=True, error_messages=CHOOSE)
    birth_date = fields.Date(load_default=None, error_messages=A_DAY)
    birth_precision = fields.Enum(
        Precision, by_value=True, load_default=None, error_messages=CHOOSE
    )
    teeth = fields.Integer(
        load_default=None,
        validate=validate.Range(0, 4, error=N_("Poel is counted in pairs, 0 to 4.")),
        error_messages=A_NUMBER,
    )
    colour = _mark()
    horns = _mark()
    ears = _mark()
    whorls = _mark()
    brand = _mark()
    special_marks = _mark(300)
    calvings = fields.Integer(
        load_default=None,
        validate=validate.Range(0, 20, error=N_("Calvings are 0 to 20.")),
        error_messages=A_NUMBER,
    )
    is_pregnant = fields.Boolean(load_default=None)
    verification = fields.Enum(Verification, by_value=True, required=True, error_messages=CHOOSE)
    tag = TagCodeField(load_default="")
    eartag = fields.String(
        load_default="",
        validate=validate.Regexp(
            r"^[A-Za-z0-9 ./-]{0,32}\Z",
            error=N_("An ear tag number has up to 32 letters or digits."),
        ),
    )


class SeeAnimalSchema(InputSchema[SeeAnimal]):
    makes = SeeAnimal

    id = fields.UUID(required=True)
    animal_id = fields.UUID(required=True)
    seen_before = fields.AwareDateTime(load_default=None)
    colour = _mark()
    horns = _mark()
    ears = _mark()
    whorls = _mark()
    brand = _mark()
    special_marks = _mark(300)


class AnimalSchema(Schema):
    id = fields.UUID()
    keeper_id = fields.UUID()
    species = fields.Enum(Species, by_value=True)
    breed = fields.String()
    sex = fields.Enum(Sex, by_value=True)
    birth_date = fields.Date()
    colour = fields.String()
    village = fields.String()
    verification = fields.Enum(Verification, by_value=True)
    seen_at = fields.AwareDateTime()
    registered_at = fields.AwareDateTime()
