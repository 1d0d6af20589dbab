"""What people say about two records; which two stands in the address."""

from dataclasses import dataclass
from uuid import UUID

from marshmallow import fields, validate

from sijinak.animals.duplicates.models import PairState
from sijinak.animals.schemas import AnimalByCode
from sijinak.web.fields import CHOOSE, REQUIRED, TOO_LONG
from sijinak.web.io import InputSchema


@dataclass(frozen=True, slots=True, kw_only=True)
class TwoCodes:
    """Two animals that somebody wants to compare."""

    kode: UUID
    dengan: UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """``kept_id`` stands for both from now on; without it they are two animals."""

    id: UUID
    state_seen: PairState
    kept_id: UUID | None = None
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Undoing:
    id: UUID
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Switch:
    id: UUID
    is_active: bool


def _reason() -> fields.String:
    return fields.String(
        required=True, validate=validate.Length(max=300, error=TOO_LONG), error_messages=REQUIRED
    )


class TwoCodesSchema(InputSchema[TwoCodes]):
    makes = TwoCodes

    kode = AnimalByCode(required=True, error_messages=REQUIRED)
    dengan = AnimalByCode(required=True, error_messages=REQUIRED)


class DecisionSchema(InputSchema[Decision]):
    makes = Decision

    id = fields.UUID(required=True)
    state_seen = fields.Enum(PairState, by_value=True, required=True, error_messages=CHOOSE)
    kept_id = fields.UUID(load_default=None, error_messages=CHOOSE)
    reason = _reason()


class UndoingSchema(InputSchema[Undoing]):
    makes = Undoing

    id = fields.UUID(required=True)
    reason = _reason()


class SwitchSchema(InputSchema[Switch]):
    makes = Switch

    id = fields.UUID(required=True)
    is_active = fields.Boolean(required=True)
