"""The decision about a finding, as it is sent by a form."""

from marshmallow import fields, validate

from sijinak.vaccinations.findings.models import Outcome
from sijinak.vaccinations.findings.services import SettleFinding
from sijinak.web.fields import CHOOSE, REQUIRED, TOO_LONG
from sijinak.web.io import InputSchema

LONGEST_WORDS = 500


class SettleFindingSchema(InputSchema[SettleFinding]):
    makes = SettleFinding

    id = fields.UUID(required=True)
    finding_id = fields.UUID(required=True)
    outcome = fields.Enum(Outcome, by_value=True, required=True, error_messages=CHOOSE)
    dose_id = fields.UUID(load_default=None)
    words = fields.String(
        required=True,
        validate=validate.Length(max=LONGEST_WORDS, error=TOO_LONG),
        error_messages=REQUIRED,
    )
