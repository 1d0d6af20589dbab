"""What people send about findings."""

from marshmallow import fields, validate

from sijinak.audit.findings.models import Outcome
from sijinak.audit.findings.services import KINDS, AdvanceFinding, AskForLook
from sijinak.web.fields import CHOOSE, REQUIRED, TOO_LONG
from sijinak.web.io import InputSchema

LONGEST = 2000


class AskForLookSchema(InputSchema[AskForLook]):
    makes = AskForLook

    id = fields.UUID(required=True)


class AdvanceFindingSchema(InputSchema[AdvanceFinding]):
    makes = AdvanceFinding

    id = fields.UUID(required=True)
    finding_id = fields.UUID(required=True)
    action = fields.String(
        required=True, validate=validate.OneOf(list(KINDS)), error_messages=CHOOSE
    )
    outcome = fields.Enum(Outcome, by_value=True, load_default=None, error_messages=CHOOSE)
    because = fields.String(load_default="", validate=validate.Length(max=LONGEST, error=TOO_LONG))
    words = fields.String(
        required=True,
        validate=validate.Length(max=LONGEST, error=TOO_LONG),
        error_messages=REQUIRED,
    )
