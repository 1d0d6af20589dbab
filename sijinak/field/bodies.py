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


class _Body(Schema):
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


def _text(most: int, *checks: Any, required: bool = False) -> fields.String:
    validators = [validate.Length(max=most), NO_NUL, *checks]
    if required:
        return fields.String(required=True, validate=validators)
    return fields.String(load_default="", validate=validators)


def _needed(most: int) -> fields.String:
    return _text(most, validate.Regexp(r"^\s*\S", flags=re.DOTALL), required=True)


def _village() -> fields.String:
    return fields.String(required=True, validate=VILLAGE)


def _code(**more: Any) -> fields.String:
    return fields.String(required=True, validate=[validate.Length(min=1, max=64), NO_NUL], **more)


def _heads() -> Number:
    return Number(required=True, validate=validate.Range(1, 1000))


def _maybe_id() -> Id:
    return Id(required=True, allow_none=True)


def _one_of(kind: Any, **more: Any) -> fields.Enum[Any]:
    return fields.Enum(kind, by_value=True, required=True, **more)


class Envelope(_Body):
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


class VaccinationBody(_Body):
    round = Id(required=True)
    code = _code()
    product = Id(required=True)
    lot = _needed(40)
    campaign = _maybe_id()
    village = _village()
    read = _one_of(ReadBy)
    note = _text(500)


class HeadsBody(_Body):
    round = Id(required=True)
    product = Id(required=True)
    lot = _needed(40)
    campaign = _maybe_id()
    village = _village()
    keeper = _maybe_id()
    species = _one_of(Species)
    heads = _heads()
    note = _text(500)


class ResultBody(_Body):
    code = _code(allow_none=True)
    keeper = _maybe_id()
    species = _one_of(Species, allow_none=True)
    heads = _heads()
    disease = _one_of(Disease)
    campaign = _maybe_id()
    village = _village()
    outcome = _one_of(Outcome)
    reason = _text(500)
    next_visit = fields.Date(required=True, allow_none=True)


class ReactionBody(_Body):
    code = _code()
    signs = _needed(500)
    severity = _one_of(Severity)
    treatment = _text(500)
    began_at = Moment(required=True)


class UndoBody(_Body):
    record = Id(required=True)
    reason = _text(200)


class UnknownBody(_Body):
    text = _code()
    why = fields.String(
        required=True, validate=validate.OneOf(["not-known", "not-ours", "unreadable"])
    )
    village = _village()
    note = _text(500)


class LinkBody(_Body):
    text = _code()
    code = _code()
    kind = fields.Enum(IdentifierKind, by_value=True, required=True, data_key="as")


class OwnerBody(_Body):
    name = _needed(120)
    nik = _text(32)
    village = _village()
    hamlet = _text(80)
    phone = _text(32)


class RegistrationBody(_Body):
    animal = Id(required=True)
    code = _text(64)
    keeper = _maybe_id()
    owner = fields.Nested(OwnerBody, required=True, allow_none=True)
    village = _village()
    hamlet = _text(80)
    species = _one_of(Species)
    breed = _text(80)
    sex = _one_of(Sex)
    age_months = Number(required=True, allow_none=True, validate=validate.Range(0, 480))
    teeth = Number(required=True, allow_none=True, validate=validate.Range(0, 4))
    colour = _text(80)
    special_marks = _text(300)
    horns = _text(80)
    is_pregnant = fields.Boolean(required=True, allow_none=True, truthy={True}, falsy={False})


class WasteBody(_Body):
    product = Id(required=True)
    lot = _needed(40)
    doses = Number(required=True, validate=validate.Range(1, 10_000))
    reason = _one_of(WasteReason)
    note = _text(500)


class TemperatureBody(_Body):
    tenths = Number(required=True, validate=validate.Range(-1000, 1000))
    note = _text(500)


# By kind and version. A new version stands beside the old ones: phones update when they can.
SCHEMAS: dict[tuple[str, int], _Body] = {
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
