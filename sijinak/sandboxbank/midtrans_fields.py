"""An order as Midtrans tells of it: in answers and, with the same words, in notifications."""

from datetime import datetime
from hashlib import sha512
from typing import Any

from sijinak.sandboxbank.model import WIB, Money, Order, Rail

CODES = {"pending": "201", "deny": "202", "expire": "407"}
ISSUER_BANK = "bni"


def state_of(order: Order) -> str:
    money = next(iter(order.money), None)
    if money is not None:
        return _state_of_money(money)
    if order.cancelled_at is not None:
        return "cancel"
    return "expire" if order.is_over else "pending"


def facts_of(order: Order, server_key: str, *, pending: bool = False) -> dict[str, Any]:
    """``pending``: as it stood before the money came."""
    state = "pending" if pending else state_of(order)
    money = next(iter(order.money), None)
    code = CODES.get(state, "200")
    gross = f"{money.amount if money else order.amount}.00"
    facts: dict[str, Any] = {
        "status_code": code,
        "status_message": "Success, transaction is found",
        "transaction_id": order.own_ref,
        "order_id": order.ref,
        "merchant_id": "SBX000001",
        "gross_amount": gross,
        "currency": money.currency if money else "IDR",
        "payment_type": "qris" if order.rail is Rail.GATEWAY_QRIS else "bank_transfer",
        "transaction_time": _moment(order.made_at),
        "transaction_status": state,
        "fraud_status": "accept",
        "expiry_time": _moment(order.expires_at),
        "signature_key": sha512(f"{order.ref}{code}{gross}{server_key}".encode()).hexdigest(),
    }
    facts |= _code_of(order)
    return facts | (_money(money) if money and not pending else {})


def _state_of_money(money: Money) -> str:
    if money.reversed_at is not None:
        return "deny"
    if not money.returns:
        return "settlement"
    return "partial_refund" if money.left else "refund"


def _code_of(order: Order) -> dict[str, Any]:
    if order.rail is Rail.GATEWAY_QRIS:
        return {"acquirer": "gopay", "qr_string": order.code}
    return {"va_numbers": [{"bank": ISSUER_BANK, "va_number": order.code}]}


def _money(money: Money) -> dict[str, Any]:
    facts: dict[str, Any] = {"settlement_time": _moment(money.paid_at), "issuer": money.issuer}
    if money.returns:
        facts["refund_amount"] = f"{sum(one.amount for one in money.returns)}.00"
        facts["refunds"] = [
            {
                "refund_chargeback_id": one.own_key,
                "refund_amount": f"{one.amount}.00",
                "created_at": _moment(one.at),
                "reason": one.reason,
                "refund_key": one.key,
            }
            for one in money.returns
        ]
    return facts


def _moment(moment: datetime) -> str:
    return f"{moment.astimezone(WIB):%Y-%m-%d %H:%M:%S}"
