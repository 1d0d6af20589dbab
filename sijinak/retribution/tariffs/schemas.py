"""Tariffs as a form or a list brings them."""

from collections.abc import Mapping
from typing import Any

from marshmallow import ValidationError, fields, post_load, validate

from sijinak.animals.models import Sex, Species
from sijinak.retribution.schemas import ReasonField, RupiahField
from sijinak.retribution.tariffs.models import Service, Unit, When
from sijinak.retribution.tariffs.services import (
    ApproveTariffs,
    ProposeTariffs,
    RefuseTariff,
    Wording,
)
from sijinak.web.fields import A_DAY, CHOOSE, REQUIRED, TOO_LONG
from sijinak.web.i18n import N_
from sijinak.web.io import InputSchema

CODE = validate.Regexp(
    r"[a-z0-9]+(-[a-z0-9]+)*\Z", error=N_("Small letters, digits and hyphens, such as keluar-sapi.")
)
LAW_CODE = validate.Regexp(
    r"\d+(\.\d+){2,6}\Z", error=N_("Digits with dots between, such as 4.1.02.02.01.")
)


def _more_than_nothing(amount: int) -> None:
    if amount <= 0:
        raise ValidationError(N_("A tariff is more than nothing."))


def _text(most: int, *, required: bool = True) -> fields.String:
    return fields.String(
        required=required,
        validate=validate.Length(max=most, error=TOO_LONG),
        error_messages=REQUIRED,
    )


class WordingSchema(InputSchema[Any]):
    """One row of a list. Without species or sex it is for any."""

    makes: type[Any] = Wording

    code = fields.String(
        required=True, validate=[CODE, validate.Length(max=60)], error_messages=REQUIRED
    )
    service = fields.Enum(Service, by_value=True, required=True, error_messages=CHOOSE)
    component = _text(120)
    species = fields.String(validate=validate.OneOf(list(Species), error=N_("Choose one.")))
    sex = fields.String(validate=validate.OneOf(list(Sex), error=N_("Choose one.")))
    unit = fields.Enum(Unit, by_value=True, required=True, error_messages=CHOOSE)
    applies = fields.Enum(When, by_value=True, error_messages=CHOOSE)
    amount = RupiahField(required=True, validate=_more_than_nothing, error_messages=REQUIRED)
    perda = _text(200)
    article = _text(120, required=False)
    law_code = fields.String(required=True, validate=LAW_CODE, error_messages=REQUIRED)
    source = _text(300)
    is_example = fields.Boolean()
    valid_from = fields.Date(required=True, error_messages=A_DAY)
    valid_until = fields.Date(error_messages=A_DAY)
    past_why = _text(300, required=False)


class ProposalSchema(WordingSchema):
    """The form: one row, and the command's id."""

    id = fields.UUID(required=True)

    @post_load
    def _make(self, data: Mapping[str, Any], **_: Any) -> ProposeTariffs:
        said = {name: value for name, value in data.items() if name != "id"}
        return ProposeTariffs(id=data["id"], rows=(Wording(**said),))


class ApproveSchema(InputSchema[ApproveTariffs]):
    makes = ApproveTariffs

    id = fields.UUID(required=True)
    tariff_ids = fields.List(
        fields.UUID(), required=True, validate=validate.Length(min=1, error=N_("Choose one."))
    )

    @post_load
    def _make(self, data: Mapping[str, Any], **_: Any) -> ApproveTariffs:
        return ApproveTariffs(id=data["id"], tariff_ids=tuple(data["tariff_ids"]))


class RefuseSchema(InputSchema[RefuseTariff]):
    makes = RefuseTariff

    id = fields.UUID(required=True)
    tariff_id = fields.UUID(required=True)
    reason = ReasonField()
