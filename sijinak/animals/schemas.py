"""Animals on the wire, and as they are typed into forms."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from typing import Any
from uuid import UUID

from marshmallow import Schema, ValidationError, fields, validate

from sijinak.animals.models import (
    AnimalState,
    EndReason,
    IdentifierKind,
    Origin,
    Precision,
    Sex,
    Species,
    Use,
    Verification,
    WeighingMethod,
)
from sijinak.animals.numbers import LINKED, REASONS, LinkNumber
from sijinak.animals.record import animals_named
from sijinak.animals.services import RegisterAnimal, SeeAnimal
from sijinak.areas.schemas import KNOWN_VILLAGE
from sijinak.core.errors import NotFound
from sijinak.keepers.queries import keeper_by_id
from sijinak.keepers.search import search_keepers
from sijinak.web.access import actor
from sijinak.web.fields import A_DAY, A_NUMBER, CHOOSE, REQUIRED, TOO_LONG, TagCodeField
from sijinak.web.i18n import N_
from sijinak.web.io import InputSchema

A_CARD_NUMBER = validate.Regexp(
    r"^[A-Za-z0-9 ./-]{0,32}\Z", error=N_("A number has up to 32 letters or digits.")
)
SCALE = re.compile(r"\d{1,4}\.\d{1,2}")
NO_ANIMAL = N_("No animal in your working area has this code or number.")
NO_KEEPER = N_("No keeper in your working area has this name. Register the keeper first.")
SEVERAL_KEEPERS = N_("Several keepers have a name like this. Choose one.")
TWO_ANIMALS = N_("Two animals have this number. Use the code on the QR tag.")


class AnimalByCode(fields.UUID):
    """An animal in reach, by any code or number that people read from it."""

    def _deserialize(self, value: Any, *_: Any, **__: Any) -> UUID:
        found = animals_named(str(value), by=actor())
        if len(found) != 1:
            raise ValidationError(TWO_ANIMALS if found else NO_ANIMAL)
        return found[0]


class KeeperByName(fields.UUID):
    """A keeper in reach, by name; when several are called so, the form offers them by id."""

    def _deserialize(self, value: Any, *_: Any, **__: Any) -> UUID:
        try:
            return keeper_by_id(UUID(str(value)), by=actor()).id
        except (ValueError, NotFound):
            found = search_keepers(str(value), by=actor())
        if len(found) != 1:
            raise ValidationError(SEVERAL_KEEPERS if found else NO_KEEPER)
        return found[0].id


class Kilograms(fields.Integer):
    """Whole ones are kept; scales also say 251,5."""

    def _deserialize(
        self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **named: Any
    ) -> int:
        text = str(value).strip().replace(",", ".")
        if SCALE.fullmatch(text):
            value = Decimal(text).quantize(Decimal(1), ROUND_HALF_UP)
        return super()._deserialize(value, attr, data, **named)


def _number() -> fields.String:
    return fields.String(load_default="", validate=A_CARD_NUMBER)


def _degrees(most: int) -> fields.Float:
    return fields.Float(
        load_default=None, validate=validate.Range(-most, most), error_messages=A_NUMBER
    )


def _mark(most: int = 80) -> fields.String:
    return fields.String(load_default="", validate=validate.Length(max=most, error=TOO_LONG))


def _teeth() -> fields.Integer:
    return fields.Integer(
        load_default=None,
        validate=validate.Range(0, 4, error=N_("Poel is counted in pairs, 0 to 4.")),
        error_messages=A_NUMBER,
    )


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
    teeth = _teeth()
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
    eartag = _number()
    rfid = _number()
    old_card = _number()
    origin = fields.Enum(Origin, by_value=True, load_default=None, error_messages=CHOOSE)
    use = fields.Enum(Use, by_value=True, load_default=None, error_messages=CHOOSE)
    dam_id = fields.UUID(load_default=None)
    sire_id = fields.UUID(load_default=None)
    raiser_id = fields.UUID(load_default=None)
    latitude = _degrees(90)
    longitude = _degrees(180)


class RegisterFormSchema(RegisterAnimalSchema):
    """On paper and in the stable parents have codes."""

    dam_id = AnimalByCode(data_key="dam", load_default=None)
    sire_id = AnimalByCode(data_key="sire", load_default=None)
    raiser_id = KeeperByName(data_key="raiser", load_default=None)


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
    teeth = _teeth()
    latitude = _degrees(90)
    longitude = _degrees(180)


@dataclass(frozen=True, slots=True, kw_only=True)
class Weighed:
    """What the form says; without a weight it asks what the girth says."""

    id: UUID
    kg: int | None
    method: WeighingMethod
    girth_cm: int | None


class WeighingFormSchema(InputSchema[Weighed]):
    makes = Weighed

    id = fields.UUID(required=True)
    kg = Kilograms(load_default=None, error_messages=A_NUMBER)
    method = fields.Enum(WeighingMethod, by_value=True, required=True, error_messages=CHOOSE)
    girth_cm = fields.Integer(load_default=None, error_messages=A_NUMBER)


class LinkNumberSchema(InputSchema[LinkNumber]):
    makes = LinkNumber

    id = fields.UUID(required=True)
    animal_id = AnimalByCode(data_key="animal", required=True, error_messages=REQUIRED)
    kind = fields.Enum(
        IdentifierKind, by_value=True, required=True, validate=validate.OneOf(LINKED),
        error_messages=CHOOSE,
    )  # fmt: skip
    number = fields.String(required=True, validate=A_CARD_NUMBER, error_messages=REQUIRED)


@dataclass(frozen=True, slots=True, kw_only=True)
class Ended:
    id: UUID
    reason: EndReason


class EndNumberSchema(InputSchema[Ended]):
    makes = Ended

    id = fields.UUID(required=True)
    reason = fields.Enum(
        EndReason, by_value=True, required=True, validate=validate.OneOf(REASONS),
        error_messages=CHOOSE,
    )  # fmt: skip


class AnimalSchema(Schema):
    id = fields.UUID()
    keeper_id = fields.UUID()
    species = fields.Enum(Species, by_value=True)
    breed = fields.String()
    sex = fields.Enum(Sex, by_value=True)
    birth_date = fields.Date()
    colour = fields.String()
    village = fields.String()
    state = fields.Enum(AnimalState, by_value=True)
    origin = fields.Enum(Origin, by_value=True)
    use = fields.Enum(Use, by_value=True)
    dam_id = fields.UUID()
    sire_id = fields.UUID()
    raiser_id = fields.UUID()
    verification = fields.Enum(Verification, by_value=True)
    seen_at = fields.AwareDateTime()
    registered_at = fields.AwareDateTime()
