"""The forms about sheets."""

from dataclasses import dataclass
from uuid import UUID

from marshmallow import fields, validate

from sijinak.animals.skkt.services import PrepareSheets
from sijinak.web.i18n import N_
from sijinak.web.io import InputSchema

SAY_WHY = N_("Say why in a few words.")


@dataclass(frozen=True, slots=True)
class StepTaken:
    """The form of one step: its command's id, and the reason where one is asked for."""

    id: UUID
    reason: str = ""


class PrepareSchema(InputSchema[PrepareSheets]):
    makes = PrepareSheets

    id = fields.UUID(required=True)
    keeper_id = fields.UUID(required=True)


class StepSchema(InputSchema[StepTaken]):
    makes = StepTaken

    id = fields.UUID(required=True)


class VoidSchema(StepSchema):
    reason = fields.String(
        required=True,
        validate=validate.Length(min=5, max=200, error=SAY_WHY),
        error_messages={"required": SAY_WHY},
    )
