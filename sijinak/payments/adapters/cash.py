"""Cash, counted by the treasurer at the counter."""

from collections.abc import Iterable
from datetime import date, datetime

from sijinak.core.money import Rupiah
from sijinak.payments.adapters.base import (
    API_VERSION,
    Can,
    Instructions,
    Kind,
    NotAuthentic,
    Observation,
    Order,
    RawRequest,
    Rejected,
    SettlementLine,
    Trust,
)


class CashAdapter:
    """Nobody can be asked: what is known comes from the person who counted."""

    name = "cash"
    api_version = API_VERSION
    can = Can.OFFLINE

    def start(self, order: Order) -> Instructions:
        return Instructions(code="cash-counter", facts={"number": order.description})

    def counted(self, ref: str, money_id: str, amount: Rupiah, at: datetime) -> Observation:
        """The money as the person at the counter saw it."""
        return Observation(
            ref=ref,
            kind=Kind.PAID,
            money_id=money_id,
            amount=amount,
            happened_at=at,
            trust=Trust.HUMAN,
        )

    def query(self, ref: str, amount: Rupiah) -> tuple[Observation, ...]:  # noqa: ARG002
        return ()

    def read_notice(self, request: RawRequest) -> tuple[Observation, ...]:  # noqa: ARG002
        raise NotAuthentic("cash sends no notices")

    def cancel(self, ref: str, amount: Rupiah) -> tuple[Observation, ...]:  # noqa: ARG002
        raise Rejected("cash cannot be called back")

    def refund(self, money_id: str, amount: Rupiah, refund_ref: str) -> tuple[Observation, ...]:  # noqa: ARG002
        raise Rejected("cash is given back by hand, with a decision")

    def settlements(self, day: date) -> Iterable[SettlementLine]:  # noqa: ARG002
        return ()
