"""SNAP at the bank's side: virtual accounts that the merchant made or that we asked it about."""

from typing import Any

from sijinak.core.clock import now
from sijinak.core.money import Rupiah
from sijinak.sandboxbank.books import new_number
from sijinak.sandboxbank.house import House
from sijinak.sandboxbank.model import Order, Rail, in_wib, seconds
from sijinak.sandboxbank.snap_door import Refused
from sijinak.sandboxbank.snap_fields import (
    CANCELLED,
    EXPIRED,
    PAID,
    Body,
    payments_of,
    status_of,
    written,
)

FLAGS = {
    PAID: ("00", "Success", "Sukses"),
    CANCELLED: ("02", "Cancelled", "Dibatalkan"),
    EXPIRED: ("03", "Expired", "Kedaluwarsa"),
}
UNPAID = ("01", "Not paid", "Belum dibayar")


def create(house: House, body: Body) -> dict[str, Any]:
    books = house.books
    number, ref, amount = _number(house, body), body.text("trxId"), body.rupiah("totalAmount")
    ends, fates = body.moment("expiredDate"), books.knobs.fates(amount)
    used = books.order_of(number)
    if ref in books.orders or (used is not None and used.is_open):
        raise Refused("40901", "Duplicate partnerReferenceNo")
    if "reject" in fates or ends <= now():
        raise Refused("40001", "Invalid Field Format expiredDate")
    if lives := books.knobs.number("validity"):
        ends = now() + seconds(lives)
    order = Order(
        ref=ref,
        own_ref=new_number(20),
        rail=Rail.VA,
        amount=amount,
        code=number,
        title=body.text("virtualAccountName"),
        made_at=now(),
        expires_at=ends,
    )
    books.add(order)
    if "duplicate" in fates:
        raise Refused("40901", "Duplicate partnerReferenceNo")
    return {"virtualAccountData": numbers_of(house, order)}


def status(house: House, body: Body) -> dict[str, Any]:
    order = _order(house, body)
    flag, english, indonesia = FLAGS.get(status_of(order), UNPAID)
    first = next(iter(order.money), None)
    facts: dict[str, Any] = numbers_of(house, order) | {
        "paymentFlagStatus": flag,
        "paymentFlagReason": {"english": english, "indonesia": indonesia},
    }
    if first is not None:
        facts["paidAmount"] = written(first.amount, first.currency)
        facts["trxDateTime"] = in_wib(first.paid_at)
        facts["referenceNo"] = first.rrn
    return {"virtualAccountData": facts, "additionalInfo": {"payments": payments_of(order)}}


def delete(house: House, body: Body) -> dict[str, Any]:
    order = _order(house, body)
    with house.books.lock:
        if order.money:
            raise Refused("40414", "Paid Bill")
        order.cancelled_at = order.cancelled_at or now()
        house.books.keep(order, order.ref)
    return {"virtualAccountData": numbers_of(house, order)}


def asked_about(house: House, number: str, answer: Body) -> Order:
    """The merchant told us of a bill by itself: from now on we know it. Raises Refused."""
    data, info = answer.part("virtualAccountData"), answer.part("additionalInfo")
    amount = data.rupiah("totalAmount")
    ref = info.text("trxId", needed=False) or f"VA-{number}-{new_number()}"
    known = house.books.orders.get(ref)
    if known is not None:
        return known
    order = Order(
        ref=ref,
        own_ref=new_number(20),
        rail=Rail.VA,
        amount=Rupiah(amount),
        code=number,
        title=data.text("virtualAccountName", needed=False),
        made_at=now(),
        expires_at=now() + seconds(house.books.knobs.number("validity") or 900),
    )
    house.books.add(order)
    return order


def numbers_of(house: House, order: Order) -> dict[str, Any]:
    return {
        "partnerServiceId": house.service_id,
        "customerNo": order.code.removeprefix(house.service_id.strip()),
        "virtualAccountNo": house.service_id + order.code.removeprefix(house.service_id.strip()),
        "virtualAccountName": order.title,
        "trxId": order.ref,
        "totalAmount": written(order.amount),
        "virtualAccountTrxType": "C",
        "expiredDate": in_wib(order.expires_at),
    }


def _number(house: House, body: Body) -> str:
    """As a payer types it: without the blanks that fill the prefix up."""
    service, customer = body.text("partnerServiceId"), body.text("customerNo")
    if service != house.service_id or not (customer.isascii() and customer.isdigit()):
        raise Refused("40412", "Invalid Virtual Account")
    if body.text("virtualAccountNo") != service + customer:
        raise Refused("40412", "Invalid Virtual Account")
    return service.strip() + customer


def _order(house: House, body: Body) -> Order:
    number, ref = _number(house, body), body.text("trxId", needed=False)
    order = house.books.by_number(number, ref)
    if order is None:
        raise Refused("40401", "Transaction Not Found")
    return order
