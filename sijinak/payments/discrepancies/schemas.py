"""What people say about a case. Which one is meant stands in the page's address."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from marshmallow import ValidationError, fields, post_load, validate

from sijinak.core.money import NotAnAmount, Rupiah, parse_rupiah
from sijinak.payments.discrepancies.effects import Plan
from sijinak.payments.discrepancies.resolving import AnswerResolution, ProposeResolution
from sijinak.payments.models import Resolution
from sijinak.web.i18n import N_
from sijinak.web.io import InputSchema
from sijinak.web.messages import MESSAGES

SAY_WHY = N_("Say why in a few words.")
CHOOSE = N_("Choose what you decide.")


class BackField(fields.Field[Rupiah]):
    """What goes back, as people write it; nothing when it is left out."""

    def _deserialize(self, value: Any, *_: Any, **__: Any) -> Rupiah:
        try:
            return parse_rupiah(str(value))
        except NotAnAmount as error:
            raise ValidationError(MESSAGES[error.code]) from error


class _ForCase(InputSchema[Any]):
    id = fields.UUID(required=True)

    def __init__(self, case_id: UUID) -> None:
        super().__init__()
        self.case_id = case_id


class ProposeSchema(_ForCase):
    makes = ProposeResolution

    resolution = fields.Enum(
        Resolution, by_value=True, required=True, error_messages={"required": CHOOSE}
    )
    reason = fields.String(
        required=True,
        validate=validate.Length(min=5, max=500, error=SAY_WHY),
        error_messages={"required": SAY_WHY},
    )
    decree = fields.String(load_default="", validate=validate.Length(max=120))
    bills = fields.List(fields.UUID(), load_default=())
    cases = fields.List(fields.UUID(), load_default=())
    amount = BackField(load_default=Rupiah(0))

    @post_load
    def _make(self, data: Mapping[str, Any], **_: Any) -> ProposeResolution:
        is_money = data["resolution"] is Resolution.ALLOCATE
        plan = Plan(
            bill_ids=tuple(data["bills"]) if is_money else (),
            case_ids=tuple(data["cases"]) if is_money else (),
            amount=data["amount"] if is_money else 0,
        )
        kept = {name: data[name] for name in ("id", "resolution", "reason", "decree")}
        return ProposeResolution(case_id=self.case_id, plan=plan, **kept)


class AnswerSchema(_ForCase):
    makes = AnswerResolution

    action = fields.String(
        required=True,
        validate=validate.OneOf(["approve", "refuse"]),
        error_messages={"required": CHOOSE},
    )
    note = fields.String(load_default="", validate=validate.Length(max=300))

    @post_load
    def _make(self, data: Mapping[str, Any], **_: Any) -> AnswerResolution:
        return AnswerResolution(case_id=self.case_id, **data)


class TakeSchema(InputSchema[Any]):
    """Who shall look after it."""

    makes = dict
    id = fields.UUID(required=True)
    owner = fields.UUID(required=True, error_messages={"required": N_("Choose a person.")})
