"""What officers send about late bills."""

from marshmallow import fields, validate

from sijinak.retribution.claims.services import (
    ApproveWriteOff,
    IssueStrd,
    ProposeWriteOff,
    RefuseWriteOff,
)
from sijinak.retribution.schemas import ForSkrdSchema, ReasonField
from sijinak.web.fields import A_DAY, REQUIRED, TOO_LONG
from sijinak.web.io import InputSchema


class IssueStrdSchema(ForSkrdSchema[IssueStrd]):
    makes = IssueStrd

    id = fields.UUID(required=True)


class ProposeWriteOffSchema(ForSkrdSchema[ProposeWriteOff]):
    makes = ProposeWriteOff

    id = fields.UUID(required=True)
    decree = fields.String(
        required=True, validate=validate.Length(max=120, error=TOO_LONG), error_messages=REQUIRED
    )
    decree_on = fields.Date(required=True, error_messages=A_DAY)
    reason = ReasonField()


class ApproveWriteOffSchema(InputSchema[ApproveWriteOff]):
    makes = ApproveWriteOff

    id = fields.UUID(required=True)
    write_off_id = fields.UUID(required=True)


class RefuseWriteOffSchema(InputSchema[RefuseWriteOff]):
    makes = RefuseWriteOff

    id = fields.UUID(required=True)
    write_off_id = fields.UUID(required=True)
    reason = ReasonField()
