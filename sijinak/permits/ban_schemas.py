"""Movement bans, as they are sent by forms."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from marshmallow import fields, post_load, validate

from sijinak.animals.models import Species
from sijinak.health.bans.commands import EnterBan, LiftBan
from sijinak.health.bans.models import Direction
from sijinak.health.diseases import Disease
from sijinak.web.fields import A_DAY, CHOOSE, REQUIRED, TOO_LONG
from sijinak.web.i18n import N_
from sijinak.web.io import InputSchema
from sijinak.web.labels import name_all
from sijinak.web.messages import MESSAGES

_WORDS = validate.Length(max=500, error=TOO_LONG)

name_all(
    {
        Direction.OUT: N_("Out of the area"),
        Direction.INTO: N_("Into the area"),
        Direction.WITHIN: N_("Within the area"),
        Direction.THROUGH: N_("Through the area"),
    }
)
MESSAGES.update(
    {
        "unknown-area": N_("This area is not known. Choose one from the list."),
        "no-direction": N_("Choose what is forbidden: out, into, within or through."),
        "ends-before-it-begins": N_("The last day lies before the first."),
        "ban-is-over": N_("This ban does not hold any more."),
    }
)


@dataclass(frozen=True, slots=True, kw_only=True)
class FilledBan:
    """``is_sure``: what it touches was seen."""

    ban: EnterBan
    is_sure: bool


class BanSchema(InputSchema[FilledBan]):
    makes = FilledBan

    id = fields.UUID(required=True)
    region = fields.String(required=True, validate=_WORDS, error_messages=CHOOSE)
    species = fields.Enum(Species, by_value=True, load_default=None, error_messages=CHOOSE)
    disease = fields.Enum(Disease, by_value=True, required=True, error_messages=CHOOSE)
    directions = fields.List(
        fields.Enum(Direction, by_value=True, error_messages=CHOOSE), load_default=()
    )
    legal_basis = fields.String(required=True, validate=_WORDS, error_messages=REQUIRED)
    note = fields.String(load_default="", validate=_WORDS)
    valid_from = fields.Date(required=True, error_messages=A_DAY)
    valid_until = fields.Date(load_default=None, error_messages=A_DAY)
    sure = fields.Boolean(load_default=False)

    @post_load
    def _make(self, data: Mapping[str, Any], **_: Any) -> FilledBan:
        said = {name: value for name, value in data.items() if name not in {"sure", "directions"}}
        ban = EnterBan(**said, directions=tuple(data["directions"]))
        return FilledBan(ban=ban, is_sure=data["sure"])


class LiftSchema(InputSchema[LiftBan]):
    makes = LiftBan

    id = fields.UUID(required=True)
    ban_id = fields.UUID(required=True)
    because = fields.String(required=True, validate=_WORDS, error_messages=REQUIRED)


@dataclass(frozen=True, slots=True, kw_only=True)
class Revoked:
    id: UUID


class RevokeSchema(InputSchema[Revoked]):
    makes = Revoked

    id = fields.UUID(required=True)
