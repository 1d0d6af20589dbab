"""Payments as they come in. Which SKRD is meant stands in the page's address."""

from collections.abc import Callable, Mapping
from typing import Any, TypeVar
from uuid import UUID

from marshmallow import ValidationError, fields, post_load, validate

from sijinak.core.money import NotAnAmount, Rupiah, parse_rupiah
from sijinak.retribution.services import CancelSkrd, ReceiveCash, StartPayment
from sijinak.web.i18n import N_
from sijinak.web.io import InputSchema
from sijinak.web.messages import MESSAGES

T = TypeVar("T")


class RupiahField(fields.Field[Rupiah]):
    """As people write it: 79.500 or Rp 79.500."""

    def _deserialize(self, value: Any, *_: Any, **__: Any) -> Rupiah:
        try:
            return parse_rupiah(str(value))
        except NotAnAmount as error:
            raise ValidationError(MESSAGES[error.code]) from error


class _ForSkrd(InputSchema[T]):
    def __init__(self, skrd_id: UUID) -> None:
        super().__init__()
        self.skrd_id = skrd_id

    @post_load
    def _make(self, data: Mapping[str, Any], **_: Any) -> T:
        told = {name: value for name, value in data.items() if name != "counted"}
        make: Callable[..., T] = self.makes
        return make(skrd_id=self.skrd_id, **told)


class StartPaymentSchema(_ForSkrd[StartPayment]):
    makes = StartPayment

    id = fields.UUID(required=True)
    adapter = fields.String(required=True, error_messages={"required": N_("Choose how to pay.")})


class ReceiveCashSchema(_ForSkrd[ReceiveCash]):
    makes = ReceiveCash

    id = fields.UUID(required=True)
    amount = RupiahField(required=True, error_messages={"required": N_("Write what you counted.")})
    counted = fields.String(
        required=True,
        validate=validate.Equal("yes"),
        error_messages={"required": N_("Confirm that you counted the money.")},
    )


class CancelSkrdSchema(_ForSkrd[CancelSkrd]):
    makes = CancelSkrd

    id = fields.UUID(required=True)
    reason = fields.String(
        required=True,
        validate=validate.Length(min=5, max=300, error=N_("Say why in a few words.")),
        error_messages={"required": N_("Say why in a few words.")},
    )
