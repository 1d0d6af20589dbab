"""The addresses of Midtrans's Core API."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import uuid4

from flask import Blueprint, Response, jsonify, request
from flask.typing import ResponseReturnValue

from sijinak.core.clock import now
from sijinak.core.money import Rupiah
from sijinak.sandboxbank.account import shares
from sijinak.sandboxbank.books import new_number
from sijinak.sandboxbank.desk import Bank
from sijinak.sandboxbank.failing import answered
from sijinak.sandboxbank.midtrans_fields import facts_of, state_of
from sijinak.sandboxbank.model import Order, Rail, Return, seconds
from sijinak.sandboxbank.paying import SaidOtherwise, TooMuch, give_back
from sijinak.sandboxbank.signing import same
from sijinak.sandboxbank.snap_qr import qr_text

RAILS = {"qris": Rail.GATEWAY_QRIS, "bank_transfer": Rail.GATEWAY_VA}
MINUTES = {"second": 1, "minute": 60, "hour": 3600, "day": 86400}
LIFETIME = 15 * 60
LONGEST_ID = 50
GOOD = frozenset({"200", "201", "202", "407"})


class MidtransError(Exception):
    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code, self.message = code, message


def midtrans_api(bank: Bank) -> Blueprint:
    bp = Blueprint("midtrans", __name__, url_prefix="/v2")

    @bp.post("/charge")
    def charge() -> ResponseReturnValue:
        return _answer(bank, _charged_amount(), lambda: _charge(bank), writes=True)

    @bp.get("/<ref>/status")
    def status(ref: str) -> ResponseReturnValue:
        return _answer(bank, _amount(bank, ref), lambda: _facts(bank, _order(bank, ref)))

    @bp.post("/<ref>/<action>")
    def act(ref: str, action: str) -> ResponseReturnValue:
        works = {"cancel": _end, "expire": _end, "refund": _refund}
        if action not in works:
            return {"status_code": "404", "status_message": "Not found"}, 404
        done = lambda: works[action](bank, _order(bank, ref), action)  # noqa: E731
        return _answer(bank, _amount(bank, ref), done, writes=True)

    @bp.get("/settlements")
    def settlements() -> ResponseReturnValue:
        return _answer(bank, 0, lambda: _settlements(bank))

    return bp


def _answer(
    bank: Bank, amount: int, done: Callable[[], dict[str, Any]], *, writes: bool = False
) -> ResponseReturnValue:
    def make() -> Response:
        try:
            _check_key(bank)
            body = done()
        except MidtransError as error:
            body = {"status_code": error.code, "status_message": error.message, "id": str(uuid4())}
        answer = jsonify(body)
        code = str(body.get("status_code", "200"))
        answer.status_code = 200 if code in GOOD else int(code)
        return answer

    return answered(bank.books.knobs.fates(amount), make, writes=writes)


def _check_key(bank: Bank) -> None:
    given = request.authorization
    user = (given.username or "") if given is not None and given.type == "basic" else ""
    if not same(user, bank.house.names.server_key):
        raise MidtransError("401", "Transaction cannot be authorized with the current key")


def _charge(bank: Bank) -> dict[str, Any]:
    wanted = _json()
    details = wanted.get("transaction_details") or {}
    ref, amount = str(details.get("order_id", "")), _charged_amount()
    rail = RAILS.get(str(wanted.get("payment_type")))
    fates = bank.books.knobs.fates(amount)
    if rail is None or not 0 < len(ref) <= LONGEST_ID or amount <= 0 or "reject" in fates:
        raise MidtransError("400", "One or more parameters in the payload is invalid.")
    with bank.books.lock:
        if ref in bank.books.orders:
            raise MidtransError("406", "The request could not be completed due to a conflict")
        order = _opened(bank, rail, ref, amount, fates)
    if "duplicate" in fates:
        raise MidtransError("406", "The request could not be completed due to a conflict")
    bank.opened(ref)
    return _facts(bank, order)


def _opened(bank: Bank, rail: Rail, ref: str, amount: int, fates: frozenset[str]) -> Order:
    lives = bank.books.knobs.number("validity") or _lifetime(_json().get("custom_expiry") or {})
    is_qr = rail is Rail.GATEWAY_QRIS
    order = Order(
        ref=ref,
        own_ref=str(uuid4()),
        rail=rail,
        amount=Rupiah(amount),
        code=qr_text(amount, "", fates) if is_qr else f"98{new_number(14)}",
        title=ref,
        made_at=now(),
        expires_at=now() + seconds(lives),
    )
    bank.books.add(order)
    return order


def _end(bank: Bank, order: Order, action: str) -> dict[str, Any]:
    with bank.books.lock:
        if order.money or (state_of(order) != "pending" and state_of(order) != action):
            raise MidtransError("412", "Transaction status cannot be updated.")
        if action == "cancel":
            order.cancelled_at = order.cancelled_at or now()
        else:
            order.expires_at = min(order.expires_at, now() - timedelta(microseconds=1))
        bank.books.keep(order, order.ref)
    return _facts(bank, order)


def _refund(bank: Bank, order: Order, _action: str) -> dict[str, Any]:
    wanted, money = _json(), next(iter(order.money), None)
    amount = wanted.get("amount")
    if money is None or money.reversed_at is not None:
        raise MidtransError("412", "Transaction status cannot be updated.")
    if not isinstance(amount, int) or amount <= 0 or not wanted.get("refund_key"):
        raise MidtransError("400", "One or more parameters in the payload is invalid.")
    back = Return(
        key=str(wanted["refund_key"]),
        own_key=new_number(16),
        amount=Rupiah(amount),
        reason=str(wanted.get("reason", "")),
        at=now(),
    )
    try:
        done = give_back(bank.books, order, money, back)
    except (TooMuch, SaidOtherwise) as error:
        raise MidtransError("412", "Refund amount is more than what is left.") from error
    return _facts(bank, order) | {"refund_key": done.key, "refund_amount": f"{done.amount}.00"}


def _settlements(bank: Bank) -> dict[str, Any]:
    day = request.args.get("day", "")
    found = [
        {
            "transaction_id": one.order.own_ref,
            "order_id": one.order.ref,
            "gross": one.money.amount,
            "fee": one.fee,
            "settled_on": one.settled_on.isoformat(),
            "batch": one.batch,
        }
        for one in shares(bank.books)
        if one.settled_on.isoformat() == day and one.order.rail.by_gateway
    ]
    return {"status_code": "200", "lines": found}


def _facts(bank: Bank, order: Order) -> dict[str, Any]:
    return facts_of(order, bank.house.names.server_key)


def _order(bank: Bank, ref: str) -> Order:
    order = bank.books.orders.get(ref)
    if order is None or not order.rail.by_gateway:
        raise MidtransError("404", "Transaction doesn't exist.")
    return order


def _amount(bank: Bank, ref: str) -> int:
    return bank.books.orders[ref].amount if ref in bank.books.orders else 0


def _charged_amount() -> int:
    details = _json().get("transaction_details")
    amount = details.get("gross_amount") if isinstance(details, dict) else None
    return amount if isinstance(amount, int) else 0


def _lifetime(custom: dict[str, Any]) -> float:
    unit = MINUTES.get(str(custom.get("unit", "minute")))
    count = custom.get("expiry_duration")
    return count * unit if isinstance(count, int) and unit else LIFETIME


def _json() -> dict[str, Any]:
    found = request.get_json(silent=True)
    return found if isinstance(found, dict) else {}
