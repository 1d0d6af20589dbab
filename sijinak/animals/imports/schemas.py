"""What people send about lists."""

from marshmallow import fields, validate

from sijinak.animals.imports.services import UndoBatch
from sijinak.web.fields import REQUIRED, TOO_LONG
from sijinak.web.io import InputSchema


class UndoBatchSchema(InputSchema[UndoBatch]):
    makes = UndoBatch

    id = fields.UUID(required=True)
    batch_id = fields.UUID(required=True)
    reason = fields.String(
        required=True, validate=validate.Length(max=300, error=TOO_LONG), error_messages=REQUIRED
    )
