"""What people send about receipts. Which one is meant stands in the page's address."""

from collections.abc import Callable, Mapping
from typing import Any, TypeVar
from uuid import UUID

from marshmallow import ValidationError, fields, post_load, validate, validates_schema

from sijinak.core.money import thousands
from sijinak.retribution.receipts.linking import EndLink, MakeLink
from sijinak.retribution.receipts.services import AnswerVoid, AskVoid, ReceiveCash
from sijinak.retribution.schemas import ForSkrdSchema, ReasonField, RupiahField
from sijinak.web.i18n import N_
from sijinak.web.io import InputSchema

T = TypeVar("T")
HELPING = ("counted", "handed")  # what the page needs, and not the command
TOO_LITTLE = N_("This is less than the amount counted. Leave it empty when it was exact.")


class ReceiveCashSchema(ForSkrdSchema[ReceiveCash]):
    """``handed`` is what the payer put down: the page says the change."""

    makes = ReceiveCash

    id = fields.UUID(required=True)
    amount = RupiahField(required=True, error_messages={"required": N_("Write what you counted.")})
    handed = RupiahField()
    despite_question = fields.Boolean(load_default=False)
    also = fields.List(fields.UUID(), load_default=())
    counted = fields.String(
        required=True,
        validate=validate.Equal("yes"),
        error_messages={"required": N_("Confirm that you counted the money.")},
    )

    @validates_schema
    def _enough(self, data: Mapping[str, Any], **_: Any) -> None:
        if data.get("handed", data["amount"]) < data["amount"]:
            raise ValidationError({"handed": [TOO_LITTLE]})

    @post_load
    def _make(self, data: Mapping[str, Any], **_: Any) -> ReceiveCash:
        told = {name: value for name, value in data.items() if name not in HELPING}
        return ReceiveCash(skrd_id=self.skrd_id, **{**told, "also": tuple(told["also"])})


class ForReceiptSchema(InputSchema[T]):
    def __init__(self, receipt_id: UUID) -> None:
        super().__init__()
        self.receipt_id = receipt_id

    id = fields.UUID(required=True)

    @post_load
    def _make(self, data: Mapping[str, Any], **_: Any) -> T:
        make: Callable[..., T] = self.makes
        return make(receipt_id=self.receipt_id, **data)


class AskVoidSchema(ForReceiptSchema[AskVoid]):
    makes = AskVoid

    reason = ReasonField()


class MakeLinkSchema(ForReceiptSchema[MakeLink]):
    makes = MakeLink


class EndLinkSchema(ForReceiptSchema[EndLink]):
    makes = EndLink


class AnswerVoidSchema(InputSchema[AnswerVoid]):
    makes = AnswerVoid

    id = fields.UUID(required=True)
    action = fields.String(
        required=True,
        validate=validate.OneOf(["issue", "refuse"]),
        error_messages={"required": N_("Choose what you decide.")},
    )
    note = fields.String(load_default="", validate=validate.Length(max=300))

    def __init__(self, request_id: UUID) -> None:
        super().__init__()
        self.request_id = request_id

    @post_load
    def _make(self, data: Mapping[str, Any], **_: Any) -> AnswerVoid:
        return AnswerVoid(request_id=self.request_id, **data)


def change_of(raw: Mapping[str, str]) -> str:
    """What goes back to the payer, as thousands; empty when nothing does."""
    handed, amount = (
        RupiahField().deserialize(raw.get(name) or "0") for name in ("handed", "amount")
    )
    return thousands(handed - amount) if handed > amount else ""
