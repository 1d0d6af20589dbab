"""What the office sends about wallets. Which one it is stands in the page's address."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from marshmallow import ValidationError, fields, post_load, validate

from sijinak.core.money import NotAnAmount, Rupiah, parse_rupiah
from sijinak.keepers.queries import keeper_by_nib, keeper_by_nik
from sijinak.payments.refunds.services import DecideRefund
from sijinak.payments.wallet.models import WALLET_FLOW
from sijinak.payments.wallet.paying_out import PayOut
from sijinak.payments.wallet.services import ChangeWallet, OpenWallet
from sijinak.web.fields import CHOOSE, REQUIRED, TOO_LONG
from sijinak.web.i18n import N_
from sijinak.web.io import InputSchema, T

NOBODY = N_("No keeper has this number.")
NO_AMOUNT = N_("This is not an amount of rupiah.")
LONGEST = 300
ACTIONS = sorted({step.action for step in WALLET_FLOW})


class RupiahField(fields.Field[Rupiah]):
    """Written as Indonesia writes it."""

    def _deserialize(self, value: Any, *_: Any, **__: Any) -> Rupiah:
        try:
            return parse_rupiah(str(value))
        except NotAnAmount:
            raise ValidationError(NO_AMOUNT) from None


def _needed() -> fields.String:
    return fields.String(
        required=True,
        validate=validate.Length(max=LONGEST, error=TOO_LONG),
        error_messages=REQUIRED,
    )


class GivenSchema(InputSchema[T]):
    """A command of which the address says a part."""

    id = fields.UUID(required=True)

    def __init__(self, **given: UUID) -> None:
        super().__init__()
        self._given = given

    @post_load
    def _make(self, data: Mapping[str, Any], **_: Any) -> T:
        return self.makes(**data, **self._given)


class OpenWalletSchema(InputSchema[OpenWallet]):
    """The keeper is named by the whole NIK or NIB: nobody is found by trying."""

    makes = OpenWallet

    id = fields.UUID(required=True)
    number = _needed()
    is_registered = fields.Boolean(load_default=False)
    account = fields.String(load_default="", validate=validate.Length(max=34, error=TOO_LONG))

    @post_load
    def _make(self, data: Mapping[str, Any], **_: Any) -> OpenWallet:
        told = dict(data)
        number = told.pop("number")
        keeper = keeper_by_nib(number) or keeper_by_nik(number)
        if keeper is None:
            raise ValidationError({"number": [NOBODY]})
        return OpenWallet(keeper_id=keeper.id, region=keeper.village, **told)


class ChangeWalletSchema(GivenSchema[ChangeWallet]):
    makes = ChangeWallet

    action = fields.String(required=True, validate=validate.OneOf(ACTIONS))
    note = fields.String(load_default="", validate=validate.Length(max=LONGEST, error=TOO_LONG))


class PayOutSchema(InputSchema[PayOut]):
    makes = PayOut

    id = fields.UUID(required=True)
    collection_id = fields.UUID(required=True, error_messages=CHOOSE)
    amount = RupiahField(required=True, error_messages=REQUIRED)
    reason = _needed()
    decree = _needed()


class DecideSchema(GivenSchema[DecideRefund]):
    makes = DecideRefund

    action = fields.String(required=True, validate=validate.OneOf(["approve", "refuse"]))
