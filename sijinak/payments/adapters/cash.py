"""Cash, counted by a person of the office."""

from datetime import datetime

from sijinak.core.money import Rupiah
from sijinak.payments.adapters.base import (
    API_VERSION,
    Can,
    Instructions,
    Kind,
    Observation,
    Order,
    Tools,
    Trust,
)
from sijinak.payments.adapters.silent import Silent


class CashAdapter(Silent):
    """Nobody can be asked: what is known comes from the person who counted."""

    name = "cash"
    api_version = API_VERSION
    can = Can.OFFLINE
    ways = ("counter",)

    def __init__(self, tools: Tools) -> None:
        """Cash needs no tools."""

    def start(self, order: Order) -> Instructions:
        return Instructions(code="cash-counter", facts={"number": order.description})


def counted(ref: str, money_id: str, amount: Rupiah, at: datetime) -> Observation:
    """The money as the person saw it who counted it."""
    return Observation(
        ref=ref,
        kind=Kind.PAID,
        money_id=money_id,
        amount=amount,
        happened_at=at,
        trust=Trust.HUMAN,
        channel=CashAdapter.name,
    )
