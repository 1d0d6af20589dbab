"""Topping a wallet up. Which one stands in the page's address."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from marshmallow import fields, post_load

from sijinak.payments.wallet.services import StartTopUp
from sijinak.retribution.schemas import RupiahField
from sijinak.web.i18n import N_
from sijinak.web.io import InputSchema


class TopUpSchema(InputSchema[StartTopUp]):
    makes = StartTopUp

    def __init__(self, wallet_id: UUID) -> None:
        super().__init__()
        self.wallet_id = wallet_id

    id = fields.UUID(required=True)
    amount = RupiahField(required=True, error_messages={"required": N_("Write how much.")})
    adapter = fields.String(required=True, error_messages={"required": N_("Choose how to pay.")})

    @post_load
    def _make(self, data: Mapping[str, Any], **_: Any) -> StartTopUp:
        adapter, _colon, way = data["adapter"].partition(":")
        return StartTopUp(
            id=data["id"],
            wallet_id=self.wallet_id,
            amount=data["amount"],
            adapter=adapter,
            way=way,
        )
