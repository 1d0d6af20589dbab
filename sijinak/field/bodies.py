"""The contract of what a phone's record says: one schema for each kind, version 1."""

import re
from typing import Any
from uuid import UUID

from marshmallow import RAISE, Schema, ValidationError, fields, validate

from sijinak.animals.models import IdentifierKind, Sex, Species
from sijinak.field.wire import at_the_edge
from sijinak.vaccinations.models import Disease, ReadBy
from sijinak.vaccinations.stock.models import WasteReason
from sijinak.vaccinations.visits.models import Outcome, Severity

NO_NUL = validate.Regexp(r"^[^\0]*\Z")
VILLAGE = validate.Regexp(r"^\d\d\.\d\d\.\d\d\.\d{4}\Z", flags=re.ASCII)
UUID_TEXT = re.compile(r"[0-9a-fA-F]{8}(-?)[0-9a-fA-F]{4}(\1[0-9a-fA-F]{4}){2}\1[0-9a-fA-F]{12}")
MOMENT = re.compile(
    r"\d{4}-\d\d-\d\d[Tt ]\d\d:\d\d:\d\d(\.\d+)?([Zz]|[+-]\d\d(:?\d\d)?)", flags=re.ASCII
)


class Body(Schema):
    class Meta:
        unknown = RAISE


class Id(fields.UUID):
    """Hexadecimal digits with all dashes or none, and nothing around them."""

    def _deserialize(self, value: Any, *_: Any, **__: Any) -> UUID:
        if not isinstance(value, str) or not UUID_TEXT.fullmatch(value):
            raise self.make_error("invalid_uuid")
        return UUID(value)


class Number(fields.Integer):
    """A whole number: neither a text, nor true, nor 1.0."""

    def _deserialize(self, value: Any, *_: Any, **__: Any) -> int:
        if type(value) is not int:
            raise self.make_error("invalid", input=value)
        return value


class Real(fields.Float):
    def _deserialize(self, value: Any, *_: Any, **__: Any) -> float:
        if type(value) not in (int, float):
            raise self.make_error("invalid", input=value)
        return float(value)


class Moment(fields.AwareDateTime):
    """A moment with its zone, as RFC 3339 writes it."""

    def _deserialize(self, value: Any, *args: Any, **more: Any) -> Any:
        if not isinstance(value, str) or not MOMENT.fullmatch(value):
            raise self.make_error("invalid", input=value, obj_type=self.OBJ_TYPE)
        moment = super()._deserialize(value, *args, **more)
        if at_the_edge(moment):
            raise self.make_error("invalid", input=value, obj_type=self.OBJ_TYPE)
        return moment


def text_field(most: int, *checks: Any, required: bool = False) -> fields.String:
    validators = [validate.Length(max=most), NO_NUL, *checks]
    if required:
        return fields.String(required=True, validate=validators)
    return fields.String(load_default="", validate=validators)


def needed(most: int) -> fields.String:
    return text_field(most, validate.Regexp(r"^\s*\S", flags=re.DOTALL), required=True)


def village_field() -> fields.String:
    return fields.String(required=True, validate=VILLAGE)


def code_field(**more: Any) -> fields.String:
    return fields.String(required=True, validate=[validate.Length(min=1, max=64), NO_NUL], **more)


def _heads() -> Number:
    return Number(required=True, validate=validate.Range(1, 1000))


def _count() -> Number:
    return Number(required=True, validate=validate.Range(0, 10_000))


def maybe_id() -> Id:
    return Id(required=True, allow_none=True)


def one_of(kind: Any, **more: Any) -> fields.Enum[Any]:
    return fields.Enum(kind, by_value=True, required=True, **more)


class Envelope(Body):
    """What every body has around its data."""

    id = Id(required=True)
    device = Id(required=True)
    seq = Number(required=True, validate=validate.Range(1, 2**53))
    kind = fields.String(
        required=True,
        validate=validate.And(validate.Length(1, 32), validate.Regexp(r"^[a-z-]+\Z")),
    )
    v = Number(required=True, validate=validate.Range(1, 1000))
    author = Id(required=True)
    at = Moment(required=True)
    pos = fields.Tuple(
        (
            Real(validate=validate.Range(-90, 90)),
            Real(validate=validate.Range(-180, 180)),
            Real(validate=validate.Range(0, 1_000_000), allow_none=True),
        ),
        required=True,
        allow_none=True,
    )
    data = fields.Raw(required=True, allow_none=True)


class VaccinationBody(Body):
    round = Id(required=True)
    code = code_field()
    product = Id(required=True)
    lot = needed(40)
    campaign = maybe_id()
    village = village_field()
    read = one_of(ReadBy)
    note = text_field(500)


class HeadsBody(Body):
    round = Id(required=True)
    product = Id(required=True)
    lot = needed(40)
    campaign = maybe_id()
    village = village_field()
    keeper = maybe_id()
    species = one_of(Species)
    heads = _heads()
    note = text_field(500)


class ResultBody(Body):
    code = code_field(allow_none=True)
    keeper = maybe_id()
    species = one_of(Species, allow_none=True)
    heads = _heads()
    disease = one_of(Disease)
    campaign = maybe_id()
    village = village_field()
    outcome = one_of(Outcome)
    reason = text_field(500)
    next_visit = fields.Date(required=True, allow_none=True)


class ReactionBody(Body):
    code = code_field()
    signs = needed(500)
    severity = one_of(Severity)
    treatment = text_field(500)
    began_at = Moment(required=True)


class UndoBody(Body):
    record = Id(required=True)
    reason = text_field(200)


class UnknownBody(Body):
    text = code_field()
    why = fields.String(
        required=True, validate=validate.OneOf(["not-known", "not-ours", "unreadable"])
    )
    village = village_field()
    note = text_field(500)


class LinkBody(Body):
    text = code_field()
    code = code_field()
    kind = fields.Enum(IdentifierKind, by_value=True, required=True, data_key="as")


class OwnerBody(Body):
    name = needed(120)
    nik = text_field(32)
    village = village_field()
    hamlet = text_field(80)
    phone = text_field(32)


class RegistrationBody(Body):
    animal = Id(required=True)
    code = text_field(64)
    keeper = maybe_id()
    owner = fields.Nested(OwnerBody, required=True, allow_none=True)
    village = village_field()
    hamlet = text_field(80)
    species = one_of(Species)
    breed = text_field(80)
    sex = one_of(Sex)
    age_months = Number(required=True, allow_none=True, validate=validate.Range(0, 480))
    teeth = Number(required=True, allow_none=True, validate=validate.Range(0, 4))
    colour = text_field(80)
    special_marks = text_field(300)
    horns = text_field(80)
    is_pregnant = fields.Boolean(required=True, allow_none=True, truthy={True}, falsy={False})


class WasteBody(Body):
    product = Id(required=True)
    lot = needed(40)
    doses = Number(required=True, validate=validate.Range(1, 10_000))
    reason = one_of(WasteReason)
    note = text_field(500)


class TemperatureBody(Body):
    tenths = Number(required=True, validate=validate.Range(-1000, 1000))
    note = text_field(500)


# By kind and version. A new version stands beside the old ones: phones update when they can.
SCHEMAS: dict[tuple[str, int], Body] = {
    ("vaccination", 1): VaccinationBody(),
    ("heads", 1): HeadsBody(),
    ("result", 1): ResultBody(),
    ("reaction", 1): ReactionBody(),
    ("undo", 1): UndoBody(),
    ("unknown", 1): UnknownBody(),
    ("link", 1): LinkBody(),
    ("registration", 1): RegistrationBody(),
    ("waste", 1): WasteBody(),
    ("temperature", 1): TemperatureBody(),
}


def read_data(kind: str, version: int, data: object) -> dict[str, Any] | None:
    """What the record says; None when this program does not know the kind or version.

    Raises marshmallow's ValidationError.
    """
    schema = SCHEMAS.get((kind, version))
    if schema is None:
        return None
    if not isinstance(data, dict):
        raise ValidationError({"data": ["not an object"]})
    read: dict[str, Any] = schema.load(data)
    return read
