"""What people send about a bill. Which one is meant stands in the page's address."""

from collections.abc import Callable, Mapping
from typing import Any, TypeVar
from uuid import UUID

from marshmallow import ValidationError, fields, post_load, validate

from sijinak.core.money import NotAnAmount, Rupiah, parse_rupiah
from sijinak.retribution.services import CancelSkrd, StartPayment
from sijinak.web.fields import Sentences
from sijinak.web.i18n import N_
from sijinak.web.io import InputSchema
from sijinak.web.messages import MESSAGES

T = TypeVar("T")
SAY_WHY = N_("Say why in a few words.")


class RupiahField(fields.Field[Rupiah]):
    """As people write it: 79.500 or Rp 79.500."""

    def _deserialize(self, value: Any, *_: Any, **__: Any) -> Rupiah:
        try:
            return parse_rupiah(str(value))
        except NotAnAmount as error:
            raise ValidationError(MESSAGES[error.code]) from error


class ReasonField(fields.String):
    """Why somebody does it: a few words, and they are kept."""

    def __init__(self) -> None:
        said: Sentences = {"required": SAY_WHY}
        length = validate.Length(min=5, max=300, error=SAY_WHY)
        super().__init__(required=True, validate=length, error_messages=said)


class ForSkrdSchema(InputSchema[T]):
    def __init__(self, skrd_id: UUID) -> None:
        super().__init__()
        self.skrd_id = skrd_id

    @post_load
    def _make(self, data: Mapping[str, Any], **_: Any) -> T:
        make: Callable[..., T] = self.makes
        return make(skrd_id=self.skrd_id, **data)


class StartPaymentSchema(InputSchema[StartPayment]):
    """The way is chosen as adapter:way."""

    makes = StartPayment

    def __init__(self, skrd_ids: tuple[UUID, ...]) -> None:
        super().__init__()
        self.skrd_ids = skrd_ids

    id = fields.UUID(required=True)
    adapter = fields.String(required=True, error_messages={"required": N_("Choose how to pay.")})
    skrd = fields.UUID()  # a form for many brings them along; they are read before

    @post_load
    def _make(self, data: Mapping[str, Any], **_: Any) -> StartPayment:
        adapter, _colon, way = data["adapter"].partition(":")
        return StartPayment(id=data["id"], skrd_ids=self.skrd_ids, adapter=adapter, way=way)


class CancelSkrdSchema(ForSkrdSchema[CancelSkrd]):
    makes = CancelSkrd

    id = fields.UUID(required=True)
    reason = ReasonField()
