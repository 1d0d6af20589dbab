"""What a phone's record of an inspection says: one schema for each kind, version 1."""

from typing import Any

from marshmallow import fields, validate

from sijinak.animals.models import WeighingMethod
from sijinak.field.bodies import (
    SCHEMAS,
    Body,
    Id,
    Number,
    code_field,
    maybe_id,
    needed,
    one_of,
    text_field,
    village_field,
)
from sijinak.health.diseases import Disease
from sijinak.health.lab.models import Method
from sijinak.permits.photos.models import InspectionView

MOST_ANIMALS = 500
MOST_PHOTOS, MOST_SAMPLES = 4, 6
PASSED, REFUSED, ABSENT = "passed", "refused", "absent"
SHA256 = validate.Regexp(r"^[0-9a-f]{64}\Z")


class PhotoBody(Body):
    view = one_of(InspectionView)
    sha256 = fields.String(required=True, validate=SHA256)


class SampleBody(Body):
    number = needed(40)
    disease = one_of(Disease)
    method = one_of(Method)


def _many(schema: type[Body], most: int) -> fields.List[Any]:
    return fields.List(fields.Nested(schema), required=True, validate=validate.Length(max=most))


class InspectedBody(Body):
    """One animal. A later record about it replaces this one, until the inspection is done."""

    permit = Id(required=True)
    code = code_field()
    village = village_field()
    result = fields.String(required=True, validate=validate.OneOf([PASSED, REFUSED, ABSENT]))
    weight = Number(required=True, allow_none=True, validate=validate.Range(1, 2000))
    method = one_of(WeighingMethod, allow_none=True)
    reason = text_field(300)
    photos = _many(PhotoBody, MOST_PHOTOS)
    samples = _many(SampleBody, MOST_SAMPLES)


class VehicleBody(Body):
    permit = Id(required=True)
    village = village_field()
    plate = needed(20)
    photos = _many(PhotoBody, MOST_PHOTOS)


class InspectionDoneBody(Body):
    """``records`` are the last word about each animal."""

    permit = Id(required=True)
    village = village_field()
    records = fields.List(Id(), required=True, validate=validate.Length(min=1, max=MOST_ANIMALS))
    vehicle = maybe_id()
    note = text_field(300)


KINDS: dict[tuple[str, int], Any] = {
    ("inspected", 1): InspectedBody(),
    ("vehicle", 1): VehicleBody(),
    ("inspection-done", 1): InspectionDoneBody(),
}
SCHEMAS.update(KINDS)
