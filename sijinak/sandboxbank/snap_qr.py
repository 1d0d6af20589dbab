"""SNAP at the bank's side: dynamic QRIS."""

from datetime import timedelta
from typing import Any

from sijinak.core.clock import now
from sijinak.sandboxbank.books import new_number
from sijinak.sandboxbank.house import House
from sijinak.sandboxbank.model import Order, Rail, Return, in_wib
from sijinak.sandboxbank.paying import SaidOtherwise, TooMuch, give_back
from sijinak.sandboxbank.qris import NMID, OTHER_NMID, Qr, minted
from sijinak.sandboxbank.snap_door import Refused
from sijinak.sandboxbank.snap_fields import (
    EXPIRED,
    MEANING,
    Body,
    payments_of,
    status_of,
    written,
)

MOST = 10_000_000  # of one QRIS payment (PADG 24/1/PADG/2022, art. 8)


def generate(house: House, body: Body) -> dict[str, Any]:
    books = house.books
    ref, amount = body.text("partnerReferenceNo"), body.rupiah("amount")
    _check_merchant(house, body)
    ends = body.moment("validityPeriod")
    bill = body.part("additionalInfo").text("billNumber", needed=False)
    fates = books.knobs.fates(amount)
    if ref in books.orders:
        raise Refused("40901", "Duplicate partnerReferenceNo")
    if "reject" in fates or ends <= now():
        raise Refused("40001", "Invalid Field Format validityPeriod")
    if amount > MOST:
        raise Refused("40413", "Invalid Amount")
    if lives := books.knobs.number("validity"):
        ends = now() + timedelta(seconds=lives)
    order = Order(
        ref=ref,
        own_ref=new_number(20),
        rail=Rail.QRIS,
        amount=amount,
        code=qr_text(amount, bill, fates),
        title=bill or ref,
        made_at=now(),
        expires_at=ends,
    )
    books.add(order)
    if "duplicate" in fates:
        raise Refused("40901", "Duplicate partnerReferenceNo")
    facts = _of(house, order)
    return facts | {"merchantName": Qr(amount=amount).merchant}


def qr_text(amount: int, bill: str, fates: frozenset[str]) -> str:
    """With the right CRC, also where it lies."""
    nmid = OTHER_NMID if "other_nmid" in fates else NMID
    return minted(Qr(amount=amount * (1 + ("other_amount" in fates)), bill=bill, nmid=nmid))


def query(house: House, body: Body) -> dict[str, Any]:
    _check_merchant(house, body)
    order = _order(house, body)
    status = status_of(order)
    first = next(iter(order.money), None)
    facts = {
        "originalReferenceNo": order.own_ref,
        "originalPartnerReferenceNo": order.ref,
        "serviceCode": "47",
        "latestTransactionStatus": status,
        "transactionStatusDesc": MEANING[status],
        "amount": written(first.amount, first.currency) if first else written(order.amount),
        "terminalId": house.names.terminal_id,
        "qrContent": order.code,
        "additionalInfo": {
            "validityPeriod": in_wib(order.expires_at),
            "payments": payments_of(order),
        },
    }
    return facts | ({"paidTime": in_wib(first.paid_at)} if first else {})


def cancel(house: House, body: Body) -> dict[str, Any]:
    _check_merchant(house, body)
    order = _order(house, body)
    with house.books.lock:
        if order.money:
            raise Refused("40414", "Paid Bill")
        if status_of(order) == EXPIRED:
            raise Refused("40300", "Transaction Expired")
        order.cancelled_at = order.cancelled_at or now()
        house.books.keep(order, order.ref)
    return {
        "originalPartnerReferenceNo": order.ref,
        "originalReferenceNo": order.own_ref,
        "cancelTime": in_wib(order.cancelled_at),
        "transactionDate": in_wib(order.made_at),
    }


def refund(house: House, body: Body) -> dict[str, Any]:
    _check_merchant(house, body)
    order = _order(house, body)
    rrn = body.part("additionalInfo").text("rrn", needed=False)
    money = next((one for one in order.money if rrn in {"", one.rrn}), None)
    if money is None:
        raise Refused("40401", "Transaction Not Found")
    wanted = Return(
        key=body.text("partnerRefundNo"),
        own_key=new_number(16),
        amount=body.rupiah("refundAmount"),
        reason=body.text("reason", needed=False),
        at=now(),
    )
    try:
        done = give_back(house.books, order, money, wanted)
    except TooMuch as error:
        raise Refused("40413", "Invalid Amount") from error
    except SaidOtherwise as error:
        raise Refused("40418", "Inconsistent Request") from error
    return {
        "originalPartnerReferenceNo": order.ref,
        "originalReferenceNo": order.own_ref,
        "partnerRefundNo": done.key,
        "refundNo": done.own_key,
        "refundAmount": written(done.amount),
        "refundTime": in_wib(done.at),
    }


def _of(house: House, order: Order) -> dict[str, Any]:
    return {
        "referenceNo": order.own_ref,
        "partnerReferenceNo": order.ref,
        "qrContent": order.code,
        "terminalId": house.names.terminal_id,
        "additionalInfo": {"validityPeriod": in_wib(order.expires_at)},
    }


def _check_merchant(house: House, body: Body) -> None:
    if body.text("merchantId") != house.names.merchant_id:
        raise Refused("40408", "Invalid Merchant")


def _order(house: House, body: Body) -> Order:
    order = house.books.orders.get(body.text("originalPartnerReferenceNo"))
    if order is None or order.rail is not Rail.QRIS:
        raise Refused("40401", "Transaction Not Found")
    return order
