"""What people send about deposits."""

from typing import Any

from marshmallow import fields, validate

from sijinak.treasury.deposits.services import DepositMoney, PrepareDeposit, WithdrawDeposit
from sijinak.treasury.forms import GivenSchema, needed, rupiah
from sijinak.web.fields import A_DAY, CHOOSE
from sijinak.web.i18n import N_

MANY = frozenset({"sources"})


class PrepareDepositSchema(GivenSchema[PrepareDeposit]):
    makes = PrepareDeposit

    account = fields.String(required=True, error_messages=CHOOSE)
    sources = fields.List(
        fields.UUID(),
        required=True,
        validate=validate.Length(min=1, error=N_("Choose the money that goes to the bank.")),
    )

    def _told(self, data: dict[str, Any]) -> dict[str, Any]:
        return {**data, "sources": tuple(sorted(set(data["sources"])))}


class DepositMoneySchema(GivenSchema[DepositMoney]):
    makes = DepositMoney

    on = fields.Date(required=True, error_messages=A_DAY)
    slip = needed(60)
    amount = rupiah()


class WithdrawDepositSchema(GivenSchema[WithdrawDeposit]):
    makes = WithdrawDeposit

    why = needed()
