"""Reading what SNAP's bodies say, and writing money and payments as its bodies do."""

from datetime import datetime
from typing import Any

from flask import request

from sijinak.core.money import Rupiah
from sijinak.sandboxbank.model import Money, Order, in_wib
from sijinak.sandboxbank.snap_door import Refused

PAID, WAITING, REFUNDED, CANCELLED, FAILED, EXPIRED = "00", "03", "04", "05", "06", "08"
MEANING = {
    PAID: "Success",
    WAITING: "Pending",
    REFUNDED: "Refunded",
    CANCELLED: "Cancelled",
    FAILED: "Failed",
    EXPIRED: "Expired",
}
LONGEST = 64


class Body:
    """The JSON of a request; what lacks or is of another kind raises Refused."""

    def __init__(self, found: Any = None) -> None:
        found = request.get_json(silent=True) if found is None else found
        if not isinstance(found, dict):
            raise Refused("40000", "Bad Request")
        self._found = found

    def text(self, name: str, *, needed: bool = True) -> str:
        value = self._found.get(name)
        if value in (None, ""):
            if needed:
                raise Refused("40002", f"Invalid Mandatory Field {name}")
            return ""
        if not isinstance(value, str) or len(value) > LONGEST:
            raise Refused("40001", f"Invalid Field Format {name}")
        return value

    def part(self, name: str) -> "Body":
        return Body(self._found.get(name) or {})

    def rupiah(self, name: str) -> Rupiah:
        """A text such as 75000.00, in whole rupiah."""
        part = self.part(name)
        value, currency = part.text("value"), part.text("currency")
        whole, dot, cents = value.partition(".")
        is_number = whole.isascii() and whole.isdigit() and dot == "." and cents == "00"
        if not is_number or currency != "IDR" or int(whole) == 0:
            raise Refused("40001", f"Invalid Field Format {name}")
        return Rupiah(int(whole))

    def moment(self, name: str) -> datetime:
        try:
            found = datetime.fromisoformat(self.text(name))
        except ValueError as error:
            raise Refused("40001", f"Invalid Field Format {name}") from error
        if found.tzinfo is None:
            raise Refused("40001", f"Invalid Field Format {name}")
        return found


def written(amount: int, currency: str = "IDR") -> dict[str, str]:
    return {"value": f"{amount}.00", "currency": currency}


def status_of(order: Order) -> str:
    """The last word about an order, as SNAP has it. Its money tells more."""
    if any(money.left for money in order.money):
        return PAID
    if order.money:
        return FAILED if order.money[-1].reversed_at else REFUNDED
    if order.cancelled_at is not None:
        return CANCELLED
    return EXPIRED if order.is_over else WAITING


def payments_of(order: Order) -> list[dict[str, Any]]:
    return [_payment(money) for money in order.money]


def _payment(money: Money) -> dict[str, Any]:
    status = FAILED if money.reversed_at else PAID if money.left else REFUNDED
    facts = {
        "rrn": money.rrn,
        "amount": written(money.amount, money.currency),
        "paidTime": in_wib(money.paid_at),
        "payerName": money.payer,
        "issuerName": money.issuer,
        "status": status,
        "refunds": [
            {
                "partnerRefundNo": one.key,
                "refundNo": one.own_key,
                "refundAmount": written(one.amount),
                "refundTime": in_wib(one.at),
            }
            for one in money.returns
        ],
    }
    return facts | ({"reversedTime": in_wib(money.reversed_at)} if money.reversed_at else {})
