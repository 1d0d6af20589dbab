"""Forms of the quota."""

from typing import Any
from uuid import UUID

from marshmallow import ValidationError, fields, post_load, validate

from sijinak.animals.models import Species
from sijinak.areas.schemas import KNOWN_DESTINATION
from sijinak.permits.quota.commands import (
    MOST_HEADS,
    AdjustQuota,
    FreezeQuota,
    GrantQuota,
    LetAhead,
    Paper,
    TransferQuota,
)
from sijinak.permits.quota.lines import Line, Share
from sijinak.permits.rules.models import Purpose, Scope
from sijinak.web.fields import A_DAY, A_NUMBER, CHOOSE, REQUIRED, TOO_LONG
from sijinak.web.i18n import N_
from sijinak.web.io import InputSchema, T

REHEARSE, RECORD = "rehearse", "record"
YEARS = validate.Range(2000, 2100, error=N_("Write a year with four digits."))
NOT_HEADS = N_("Write whole numbers of heads.")
TWICE = N_("The same line stands there twice. Add its heads up.")


def _text(most: int, **more: Any) -> fields.String:
    return fields.String(validate=validate.Length(max=most, error=TOO_LONG), **more)


def _heads(least: int) -> fields.Integer:
    within = validate.Range(least, MOST_HEADS, error=N_("This is not a number of animals."))
    return fields.Integer(required=True, validate=within, error_messages=A_NUMBER)


def _one_of(kind: Any) -> Any:
    return fields.Enum(kind, by_value=True, required=True, error_messages=CHOOSE)


class _ByDecree(InputSchema[T]):
    """Every change has its paper; the button says whether it is only rehearsed."""

    id = fields.UUID(required=True)
    step = fields.String(load_default=REHEARSE, validate=validate.OneOf([REHEARSE, RECORD]))
    number = _text(80, required=True, error_messages=REQUIRED)
    dated_on = fields.Date(load_default=None, error_messages=A_DAY)
    legal_basis = _text(200, required=True, error_messages=REQUIRED)
    source = _text(200, load_default="")

    @post_load
    def _make(self, data: Any, **_: Any) -> T:
        data.pop("step")
        names = ("number", "dated_on", "legal_basis", "source")
        paper = Paper(**{name: data.pop(name) for name in names})
        makes: Any = self.makes
        made: T = makes(paper=paper, **self._more(data))
        return made

    def _more(self, data: dict[str, Any]) -> dict[str, Any]:
        return data


class GrantQuotaSchema(_ByDecree[GrantQuota]):
    """Four lists side by side; lines without heads are left out."""

    makes = GrantQuota

    year = fields.Integer(required=True, validate=YEARS, error_messages=A_NUMBER)
    origin = fields.String(required=True, validate=KNOWN_DESTINATION, error_messages=CHOOSE)
    species = fields.List(_one_of(Species), required=True)
    purpose = fields.List(_one_of(Purpose), required=True)
    scope = fields.List(_one_of(Scope), required=True)
    heads = fields.List(fields.String(), required=True)

    def _more(self, data: dict[str, Any]) -> dict[str, Any]:
        lists = [data.pop(name) for name in ("species", "purpose", "scope", "heads")]
        if len({len(one) for one in lists}) != 1:
            raise ValidationError(NOT_HEADS, "heads")
        shares = [
            Share(species=species, purpose=purpose, scope=scope, heads=_whole(heads))
            for species, purpose, scope, heads in zip(*lists, strict=True)
            if heads.strip()
        ]
        if len({(s.species, s.purpose, s.scope) for s in shares}) != len(shares):
            raise ValidationError(TWICE, "heads")
        return {**data, "shares": tuple(shares)}


class _OfAccount(_ByDecree[T]):
    """Of the account that the address names."""

    note = _text(300, load_default="")

    def __init__(self, account_id: UUID) -> None:
        super().__init__()
        self._account_id = account_id

    def _more(self, data: dict[str, Any]) -> dict[str, Any]:
        return {**data, "account_id": self._account_id}


class AdjustQuotaSchema(_OfAccount[AdjustQuota]):
    makes = AdjustQuota

    heads = _heads(-MOST_HEADS)


class TransferQuotaSchema(_OfAccount[TransferQuota]):
    makes = TransferQuota

    year = fields.Integer(required=True, validate=YEARS, error_messages=A_NUMBER)
    origin = fields.String(required=True, validate=KNOWN_DESTINATION, error_messages=CHOOSE)
    species = _one_of(Species)
    purpose = _one_of(Purpose)
    scope = _one_of(Scope)
    heads = _heads(1)

    def _more(self, data: dict[str, Any]) -> dict[str, Any]:
        names = ("year", "origin", "species", "purpose", "scope")
        to = Line(**{name: data.pop(name) for name in names})
        return {**super()._more(data), "to": to}


class FreezeQuotaSchema(_OfAccount[FreezeQuota]):
    makes = FreezeQuota

    is_frozen = fields.Boolean(required=True)


class LetAheadSchema(InputSchema[LetAhead]):
    makes = LetAhead

    id = fields.UUID(required=True)
    why = _text(300, required=True, error_messages=REQUIRED)

    def __init__(self, claim_id: UUID) -> None:
        super().__init__()
        self._claim_id = claim_id

    @post_load
    def _make(self, data: Any, **_: Any) -> LetAhead:
        return LetAhead(**data, claim_id=self._claim_id)


def _whole(text: str) -> int:
    digits = text.strip().replace(".", "")  # 16.000, as Indonesia writes it
    if not (digits.isascii() and digits.isdigit() and len(digits) <= len(str(MOST_HEADS))):
        raise ValidationError(NOT_HEADS, "heads")
    return int(digits)
