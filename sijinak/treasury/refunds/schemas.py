"""Forms about money that goes back. Which refund is meant stands in the page's address."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from marshmallow import ValidationError, fields, post_load, validate

from sijinak.payments.refunds.services import DecideRefund, PayOutRefund
from sijinak.treasury.accounts import bank_accounts
from sijinak.web.fields import CHOOSE, REQUIRED, TOO_LONG
from sijinak.web.io import InputSchema, T

CASH = "cash"
LONGEST = 80


class _OfRefund(InputSchema[T]):
    id = fields.UUID(required=True)

    def __init__(self, refund_id: UUID) -> None:
        super().__init__()
        self._refund_id = refund_id

    @post_load
    def _make(self, data: Mapping[str, Any], **_: Any) -> T:
        makes: Any = self.makes
        made: T = makes(**self._more(dict(data)), refund_id=self._refund_id)
        return made

    def _more(self, data: dict[str, Any]) -> dict[str, Any]:
        return data


class DecideSchema(_OfRefund[DecideRefund]):
    makes = DecideRefund

    action = fields.String(
        required=True, validate=validate.OneOf(["approve", "refuse"]), error_messages=CHOOSE
    )
    decree = fields.String(load_default="", validate=validate.Length(max=LONGEST, error=TOO_LONG))


class PayOutSchema(_OfRefund[PayOutRefund]):
    """From an account of the office, by its code, or in cash."""

    makes = PayOutRefund

    out_of = fields.String(required=True, error_messages=CHOOSE)
    proof = fields.String(
        required=True,
        validate=validate.Length(max=LONGEST, error=TOO_LONG),
        error_messages=REQUIRED,
    )

    def _more(self, data: dict[str, Any]) -> dict[str, Any]:
        code = data.pop("out_of")
        if code != CASH and bank_accounts.known(code) is None:
            raise ValidationError(str(CHOOSE["required"]), "out_of")
        return {**data, "bank_account": "" if code == CASH else code}
