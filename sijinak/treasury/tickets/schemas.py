"""What people send about tickets."""

import re
from collections.abc import Iterator
from typing import Any

from marshmallow import ValidationError, fields, validate

from sijinak.treasury.forms import GivenSchema, needed, rupiah, text
from sijinak.treasury.tickets.commands import (
    AnswerCondemned,
    CondemnBlock,
    CountSpoilt,
    EnterBlocks,
    OfferBlocks,
    SellTickets,
    StepBlock,
    TakeBlockBack,
)
from sijinak.web.fields import A_NUMBER, CHOOSE
from sijinak.web.i18n import N_

MANY = frozenset({"block_ids"})
USES = frozenset({"use_ids"})
NOT_SERIALS = N_("Write serials as numbers, with commas between them.")
MOST_VOID = 100
_IN_THOUSANDS = re.compile(r"\d{1,3}(?:([.\s])\d{3})(?:\1\d{3})*", re.ASCII)


class SerialField(fields.Integer):
    """As it is printed or said: 1690, 1.690 or 1 690."""

    def _deserialize(self, value: Any, *args: Any, **kwargs: Any) -> int:
        return super()._deserialize(_plain(str(value)), *args, **kwargs)


def _serial() -> SerialField:
    return SerialField(required=True, error_messages=A_NUMBER)


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


class CountSpoiltSchema(GivenSchema[CountSpoilt]):
    """None of them may be there."""

    makes = CountSpoilt

    use_ids = fields.List(fields.UUID(), load_default=list)

    def _told(self, data: dict[str, Any]) -> dict[str, Any]:
        return {**data, "use_ids": tuple(sorted(set(data["use_ids"])))}


class CondemnBlockSchema(GivenSchema[CondemnBlock]):
    makes = CondemnBlock

    why = needed()


class AnswerCondemnedSchema(GivenSchema[AnswerCondemned]):
    makes = AnswerCondemned

    action = fields.String(required=True, validate=validate.OneOf(["destroy", "spare"]))


def _plain(written: str) -> str:
    """Without the dots or blanks between thousands."""
    return re.sub(r"[.\s]", "", written) if _IN_THOUSANDS.fullmatch(written) else written


def _each(written: str) -> Iterator[str]:
    """Commas part them; where there are none, blanks do."""
    for part in re.split(r"[,;]", written) if re.search(r"[,;]", written) else written.split():
        plain = _plain(part.strip())
        yield from plain.split()


def _serials(written: str) -> list[str]:
    parts = list(_each(written))
    if len(parts) > MOST_VOID or not all(part.isascii() and part.isdigit() for part in parts):
        raise ValidationError(NOT_SERIALS, "spoilt")
    return [str(int(part)) for part in parts]
