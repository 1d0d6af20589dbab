"""Photos and samples as they come in beside an inspection."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from marshmallow import fields, post_load, validate

from sijinak.health.diseases import Disease
from sijinak.health.lab.models import Method
from sijinak.permits.commands import SampleNamed
from sijinak.permits.photos.models import InspectionView
from sijinak.web.fields import CHOOSE, REQUIRED, TOO_LONG
from sijinak.web.io import InputSchema


@dataclass(frozen=True, slots=True)
class PhotoFilledIn:
    id: UUID
    view: InspectionView
    animal_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class SampleFilledIn:
    id: UUID
    animal_id: UUID
    sample: SampleNamed


class PhotoSchema(InputSchema[PhotoFilledIn]):
    makes = PhotoFilledIn

    id = fields.UUID(required=True)
    view = fields.Enum(InspectionView, by_value=True, required=True, error_messages=CHOOSE)
    animal_id = fields.UUID(load_default=None)


class SampleAgainSchema(InputSchema[SampleFilledIn]):
    makes = SampleFilledIn

    id = fields.UUID(required=True)
    animal_id = fields.UUID(required=True, error_messages=CHOOSE)
    disease = fields.Enum(Disease, by_value=True, required=True, error_messages=CHOOSE)
    method = fields.Enum(Method, by_value=True, required=True, error_messages=CHOOSE)
    number = fields.String(
        required=True, validate=validate.Length(max=40, error=TOO_LONG), error_messages=REQUIRED
    )

    @post_load
    def _make(self, data: Mapping[str, Any], **_: Any) -> SampleFilledIn:
        sample = SampleNamed(number=data["number"], disease=data["disease"], method=data["method"])
        return SampleFilledIn(data["id"], data["animal_id"], sample)
