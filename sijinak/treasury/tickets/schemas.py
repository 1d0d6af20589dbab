"""What people send about tickets."""

from typing import Any

from marshmallow import ValidationError, fields, validate

from sijinak.treasury.forms import GivenSchema, needed, rupiah, text
from sijinak.treasury.tickets.commands import (
    DestroyBlock,
    EnterBlocks,
    OfferBlocks,
    SellTickets,
    StepBlock,
    TakeBlockBack,
)
from sijinak.web.fields import A_NUMBER, CHOOSE
from sijinak.web.i18n import N_

MANY = frozenset({"block_ids"})
NOT_SERIALS = N_("Write serials as numbers, with commas between them.")
MOST_VOID = 100


def _serial() -> fields.Integer:
    return fields.Integer(required=True, error_messages=A_NUMBER)


class EnterBlocksSchema(GivenSchema[EnterBlocks]):
    makes = EnterBlocks

    series = needed(20)
    first = _serial()
    last = _serial()
    size = _serial()
    tariff_id = fields.UUID(
        required=True, error_messages={**CHOOSE, "invalid_uuid": N_("Choose one.")}
    )
    decree = needed(120)
    printer = needed(120)

    def _told(self, data: dict[str, Any]) -> dict[str, Any]:
        return {**data, "series": data["series"].upper()}


class OfferBlocksSchema(GivenSchema[OfferBlocks]):
    makes = OfferBlocks

    block_ids = fields.List(
        fields.UUID(),
        required=True,
        validate=validate.Length(min=1, error=N_("Choose at least one block.")),
    )
    taker_id = fields.UUID(
        required=True, error_messages={**CHOOSE, "invalid_uuid": N_("Choose one.")}
    )

    def _told(self, data: dict[str, Any]) -> dict[str, Any]:
        return {**data, "block_ids": tuple(sorted(set(data["block_ids"])))}


class StepBlockSchema(GivenSchema[StepBlock]):
    makes = StepBlock


class SellTicketsSchema(GivenSchema[SellTickets]):
    """``spoilt``: serials with commas between them, and one reason for all."""

    makes = SellTickets

    first = _serial()
    last = _serial()
    amount = rupiah()
    spoilt = text(load_default="")
    why_spoilt = text(load_default="")
    why_gone = text(load_default="")

    def _told(self, data: dict[str, Any]) -> dict[str, Any]:
        spoilt, why = data.pop("spoilt"), data.pop("why_spoilt")
        return {**data, "void": dict.fromkeys(_serials(spoilt), why)}


class TakeBlockBackSchema(GivenSchema[TakeBlockBack]):
    makes = TakeBlockBack

    first = _serial()
    why = text(load_default="")


class DestroyBlockSchema(GivenSchema[DestroyBlock]):
    makes = DestroyBlock

    why = needed()


def _serials(written: str) -> list[str]:
    parts = [part for part in written.replace(",", " ").split() if part]
    if len(parts) > MOST_VOID or not all(part.isascii() and part.isdigit() for part in parts):
        raise ValidationError(NOT_SERIALS, "spoilt")
    return [str(int(part)) for part in parts]
