"""Forms of slots."""

from typing import Any
from uuid import UUID

from marshmallow import fields, post_load, validate

from sijinak.permits.slots.commands import MOST, BookSlot, CancelSlot, ChangeSlot, SetCapacity
from sijinak.permits.slots.models import SlotUnit
from sijinak.web.fields import A_DAY, A_NUMBER, CHOOSE, REQUIRED, TOO_LONG
from sijinak.web.i18n import N_
from sijinak.web.io import InputSchema, T


def _text(most: int, **more: Any) -> fields.String:
    return fields.String(validate=validate.Length(max=most, error=TOO_LONG), **more)


class SetCapacitySchema(InputSchema[SetCapacity]):
    """An empty capacity: nobody counts on these days."""

    makes = SetCapacity

    id = fields.UUID(required=True)
    port = fields.String(required=True, error_messages=CHOOSE)
    first_day = fields.Date(required=True, error_messages=A_DAY)
    last_day = fields.Date(required=True, error_messages=A_DAY)
    unit = fields.Enum(SlotUnit, by_value=True, required=True, error_messages=CHOOSE)
    capacity = fields.Integer(
        load_default=None,
        validate=validate.Range(0, MOST, error=N_("This is not a possible number of places.")),
        error_messages=A_NUMBER,
    )
    note = _text(200, load_default="")


class _OfPermit(InputSchema[T]):
    """Of the permit that the address names."""

    id = fields.UUID(required=True)

    def __init__(self, permit_id: UUID) -> None:
        super().__init__()
        self._permit_id = permit_id

    @post_load
    def _make(self, data: Any, **_: Any) -> T:
        makes: Any = self.makes
        made: T = makes(permit_id=self._permit_id, **data)
        return made


class BookSlotSchema(_OfPermit[BookSlot]):
    makes = BookSlot

    day = fields.Date(required=True, error_messages=A_DAY)


class ChangeSlotSchema(_OfPermit[ChangeSlot]):
    makes = ChangeSlot

    day = fields.Date(required=True, error_messages=A_DAY)
    why = _text(200, required=True, error_messages=REQUIRED)


class CancelSlotSchema(_OfPermit[CancelSlot]):
    makes = CancelSlot

    why = _text(200, required=True, error_messages=REQUIRED)
