"""The form in which a calibration page is read off."""

from typing import Any

from marshmallow import fields, validate

from sijinak.areas.schemas import KNOWN_REGION
from sijinak.tagstock.printers.services import MeasurePrinter
from sijinak.web.fields import REQUIRED, TOO_LONG
from sijinak.web.i18n import N_
from sijinak.web.io import InputSchema

LONGEST_NAME = 40
NOT_100 = N_(
    "This line should be 100 mm long. 3 mm more or less can be put right; more means that the"
    " printer makes the page fit: choose 100 percent (“actual size”), print and measure again."
)
NOT_20 = N_(
    "This distance should be about 20 mm. Measure from the edge of the paper to the line, in mm."
)
NO_LENGTH = N_("Write a length in millimetres, such as 20,5.")


class Millimetres(fields.Float):
    """With a decimal comma, as people write here, or a point."""

    def _deserialize(self, value: Any, *args: Any, **kwargs: Any) -> Any:
        text = str(value).lower().removesuffix("mm").strip().replace(",", ".")
        return super()._deserialize(text, *args, **kwargs)


def _length(least: float, most: float, sentence: str) -> Millimetres:
    return Millimetres(
        required=True,
        validate=validate.Range(least, most, error=sentence),
        error_messages={**REQUIRED, "invalid": NO_LENGTH, "special": NO_LENGTH},
    )


class MeasurePrinterSchema(InputSchema[MeasurePrinter]):
    makes = MeasurePrinter

    id = fields.UUID(required=True)
    region = fields.String(required=True, validate=KNOWN_REGION, error_messages=REQUIRED)
    name = fields.String(
        required=True,
        validate=validate.Length(max=LONGEST_NAME, error=TOO_LONG),
        error_messages=REQUIRED,
    )
    left_mm = _length(8, 32, NOT_20)
    top_mm = _length(8, 32, NOT_20)
    across_mm = _length(97, 103, NOT_100)
    down_mm = _length(97, 103, NOT_100)
