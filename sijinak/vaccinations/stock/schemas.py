"""Forms of the vaccine stock."""

from typing import Any

from marshmallow import ValidationError, fields, post_load, validate

from sijinak.areas.schemas import KNOWN_REGION
from sijinak.vaccinations.amounts import Degrees
from sijinak.vaccinations.stock.commands import (
    MOST_DOSES,
    CorrectLotDay,
    CountDoses,
    DestroyDoses,
    IssueDoses,
    KeepStore,
    NoteTemperature,
    NoteWaste,
    ReceiveDoses,
    ReturnDoses,
    TransferDoses,
)
from sijinak.vaccinations.stock.models import WasteReason
from sijinak.web.fields import A_DAY, A_NUMBER, CHOOSE, REQUIRED, TOO_LONG
from sijinak.web.i18n import N_
from sijinak.web.io import InputSchema

NOT_PAIRS = N_("Write a whole number of doses, 1 or more, beside each lot that was destroyed.")


def _text(most: int, **more: Any) -> fields.String:
    return fields.String(validate=validate.Length(max=most, error=TOO_LONG), **more)


def _note() -> fields.String:
    return _text(300, load_default="")


def _must(most: int) -> fields.String:
    return _text(most, required=True, error_messages=REQUIRED)


def _one_of() -> fields.UUID:
    return fields.UUID(required=True, error_messages=CHOOSE)


def _doses(least: int = 1) -> fields.Integer:
    within = validate.Range(least, MOST_DOSES, error=N_("This is not a possible number of doses."))
    return fields.Integer(required=True, validate=within, error_messages=A_NUMBER)


class KeepStoreSchema(InputSchema[KeepStore]):
    makes = KeepStore

    id = fields.UUID(required=True)
    name = _must(80)
    region = fields.String(load_default="", validate=KNOWN_REGION)
    store_id = fields.UUID(load_default=None)
    is_active = fields.Boolean(load_default=True)


class ReceiveDosesSchema(InputSchema[ReceiveDoses]):
    makes = ReceiveDoses

    id = fields.UUID(required=True)
    store_id = _one_of()
    product_id = _one_of()
    number = _must(40)
    expires_on = fields.Date(required=True, error_messages=A_DAY)
    doses = _doses()
    paper = _must(80)
    tenths = Degrees(load_default=None)
    received_on = fields.Date(required=True, error_messages=A_DAY)
    note = _note()


class TransferDosesSchema(InputSchema[TransferDoses]):
    makes = TransferDoses

    id = fields.UUID(required=True)
    store_id = _one_of()
    to_store_id = _one_of()
    lot_id = _one_of()
    doses = _doses()
    note = _note()


class IssueDosesSchema(InputSchema[IssueDoses]):
    makes = IssueDoses

    id = fields.UUID(required=True)
    store_id = _one_of()
    officer_id = _one_of()
    lot_id = _one_of()
    doses = _doses()
    note = _note()


class ReturnDosesSchema(InputSchema[ReturnDoses]):
    makes = ReturnDoses

    id = fields.UUID(required=True)
    store_id = _one_of()
    officer_id = _one_of()
    lot_id = _one_of()
    doses = _doses()
    note = _note()


class NoteWasteSchema(InputSchema[NoteWaste]):
    makes = NoteWaste

    id = fields.UUID(required=True)
    store_id = fields.UUID(load_default=None)
    lot_id = _one_of()
    doses = _doses()
    reason = fields.Enum(WasteReason, by_value=True, required=True, error_messages=CHOOSE)
    note = _note()


class NoteTemperatureSchema(InputSchema[NoteTemperature]):
    makes = NoteTemperature

    id = fields.UUID(required=True)
    store_id = fields.UUID(load_default=None)
    tenths = Degrees(required=True, error_messages=REQUIRED)
    note = _note()


class CountDosesSchema(InputSchema[CountDoses]):
    makes = CountDoses

    id = fields.UUID(required=True)
    store_id = fields.UUID(load_default=None)
    officer_id = fields.UUID(load_default=None)
    lot_id = _one_of()
    found = _doses(0)
    expected = fields.Integer(required=True)
    note = _must(300)


class CorrectLotDaySchema(InputSchema[CorrectLotDay]):
    makes = CorrectLotDay

    id = fields.UUID(required=True)
    lot_id = _one_of()
    was = fields.Date(required=True, error_messages=A_DAY)
    expires_on = fields.Date(required=True, error_messages=A_DAY)
    reason = _must(300)


class DestroyDosesSchema(InputSchema[DestroyDoses]):
    """``lots`` and ``doses`` go side by side; lots without doses stay."""

    makes = DestroyDoses

    id = fields.UUID(required=True)
    store_id = _one_of()
    number = _must(80)
    destroyed_on = fields.Date(required=True, error_messages=A_DAY)
    place = _must(120)
    method = _must(200)
    witnesses = _must(300)
    reason = fields.Enum(WasteReason, by_value=True, required=True, error_messages=CHOOSE)
    note = _note()
    lots = fields.List(fields.UUID(), required=True)
    doses = fields.List(fields.String(), required=True)

    @post_load
    def _make(self, data: Any, **_: Any) -> DestroyDoses:
        amounts = [text.strip() for text in data.pop("doses")]
        lots = data.pop("lots")
        wrong = any(
            text and not (text.isascii() and text.isdigit() and int(text)) for text in amounts
        )
        if wrong or len(lots) != len(amounts):
            raise ValidationError(NOT_PAIRS, "doses")
        pairs = tuple((lot, int(text)) for lot, text in zip(lots, amounts, strict=True) if text)
        return DestroyDoses(**data, lots=pairs)
