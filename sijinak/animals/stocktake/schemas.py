"""What people say while stock is taken."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from marshmallow import fields, post_load, validate

from sijinak.animals.schemas import AnimalByCode, KeeperByName
from sijinak.animals.stocktake.models import LineAction
from sijinak.animals.stocktake.reading import codes_in
from sijinak.animals.stocktake.services import ActOnLine, BeginStockTake
from sijinak.areas.schemas import KNOWN_VILLAGE
from sijinak.web.fields import A_DAY, CHOOSE, REQUIRED, TOO_LONG, TagCodeField
from sijinak.web.io import InputSchema


@dataclass(frozen=True, slots=True, kw_only=True)
class Scanned:
    """From the field for one code after another, and from the one for a list."""

    id: UUID
    codes: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    id: UUID
    stays_open: bool = False  # said when it is closed


def _text(most: int) -> fields.String:
    return fields.String(load_default="", validate=validate.Length(max=most, error=TOO_LONG))


class BeginSchema(InputSchema[BeginStockTake]):
    makes = BeginStockTake

    id = fields.UUID(required=True)
    village = fields.String(required=True, validate=KNOWN_VILLAGE, error_messages=REQUIRED)
    keeper_id = KeeperByName(load_default=None, data_key="keeper")


class ScanSchema(InputSchema[Scanned]):
    makes = Scanned

    id = fields.UUID(required=True)
    code = _text(100_000)
    pasted = _text(100_000)

    @post_load
    def _make(self, data: dict[str, Any], **_: Any) -> Scanned:
        return Scanned(id=data["id"], codes=tuple(codes_in(f"{data['code']}\n{data['pasted']}")))


class StepSchema(InputSchema[Step]):
    makes = Step

    id = fields.UUID(required=True)
    stays_open = fields.Boolean(load_default=False)


class ActSchema(InputSchema[ActOnLine]):
    """About the line of the address."""

    id = fields.UUID(required=True)
    action = fields.Enum(LineAction, by_value=True, required=True, error_messages=CHOOSE)
    note = _text(300)
    happened_on = fields.Date(load_default=None, error_messages=A_DAY)
    cause = _text(200)
    place = _text(200)
    police_no = _text(60)
    to_village = fields.String(load_default=None, validate=KNOWN_VILLAGE)
    to_hamlet = _text(80)
    code = TagCodeField(load_default="")
    animal_id = AnimalByCode(load_default=None, data_key="animal")

    def __init__(self, stock_take_id: UUID, line_id: UUID) -> None:
        super().__init__()
        self._line: dict[str, Any] = {"stock_take_id": stock_take_id, "line_id": line_id}

    @post_load
    def _make(self, data: dict[str, Any], **_: Any) -> ActOnLine:
        return ActOnLine(**data, **self._line)
