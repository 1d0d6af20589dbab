"""The payer's phone: what can be paid, to whom, how much, and what may go wrong with it."""

from collections.abc import Callable
from typing import Any

from flask import Blueprint, jsonify, redirect, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import NotFound

from sijinak.sandboxbank.frame import bank, shown
from sijinak.sandboxbank.model import Order
from sijinak.sandboxbank.paying import NotPayable, Wish
from sijinak.sandboxbank.qris import MERCHANT, fields_of

STEP = 1000
MOST = 30
WISHES: dict[str, Callable[[Order], Wish]] = {
    "pay": lambda _order: Wish(),
    "less": lambda order: Wish(amount=max(order.amount - STEP, 1)),
    "more": lambda order: Wish(amount=order.amount + STEP),
    "twice": lambda _order: Wish(times=2),
    "late": lambda _order: Wish(late=True),
}


bp = Blueprint("phone", __name__)


@bp.get("/")
def index() -> ResponseReturnValue:
    return _list()


@bp.post("/cari")
def find() -> ResponseReturnValue:
    try:
        order = bank().find(request.form.get("code", ""))
    except NotPayable as error:
        return _list(f"no-{error.why}"), 422
    if order is None:
        return _list("not_found"), 422
    return redirect(url_for(".show", own_ref=order.own_ref))


@bp.get("/bayar/<own_ref>")
def show(own_ref: str) -> ResponseReturnValue:
    return _page(_order(own_ref))


@bp.post("/bayar/<own_ref>")
def act(own_ref: str) -> ResponseReturnValue:
    order, what = _order(own_ref), request.form.get("what", "")
    try:
        said = _done(order, what)
    except NotPayable as error:
        return _page(order, f"no-{error.why}"), 422
    return _page(order, said) if said else redirect(url_for(".show", own_ref=own_ref))


@bp.post("/phone/pay")
def pay() -> ResponseReturnValue:
    """For tests: {"payload" or "ref", "amount", "times", "late", "expire"}."""
    wanted: dict[str, Any] = request.get_json()
    try:
        order = bank().books.orders.get(wanted.get("ref", "")) or bank().find(wanted["payload"])
        if order is None:
            raise NotFound
        if wanted.get("expire"):
            bank().let_expire(order)
            return _told(order)
        bank().pay(order, _wish(wanted))
    except NotPayable as error:
        return {"code": error.why}, 409
    return _told(order)


@bp.get("/phone/orders")
def orders() -> ResponseReturnValue:
    return jsonify([_facts(order) for order in bank().books.newest()])


def state_of(order: Order) -> str:
    if order.money:
        return "paid"
    if order.cancelled_at is not None:
        return "cancelled"
    return "expired" if order.is_over else "open"


def _list(fault: str = "") -> str:
    orders = bank().books.newest()[:MOST]
    return shown(
        "phone",
        orders=[one for one in orders if one.is_open],
        over=[one for one in orders if not one.is_open],
        state_of=state_of,
        fault=fault,
        merchant=MERCHANT,
    )


def _page(order: Order, said: str = "") -> str:
    try:
        merchant = fields_of(order.code).get("59", MERCHANT)
    except ValueError:
        merchant = MERCHANT
    return shown("order", order=order, state=state_of(order), merchant=merchant, said=said)


def _done(order: Order, what: str) -> str:
    """A word of what is to be said about it, empty when the page says it all."""
    if what == "expire":
        bank().let_expire(order)
    elif what == "reverse":
        for money in order.money:
            bank().take_back(order, money)
    elif what in WISHES and not bank().pay(order, WISHES[what](order)):
        return "soon"
    return ""


def _wish(wanted: dict[str, Any]) -> Wish:
    return Wish(
        amount=wanted.get("amount"),
        times=wanted.get("times"),
        late=bool(wanted.get("late", False)),
    )


def _order(own_ref: str) -> Order:
    order = bank().books.by_own_ref(own_ref)
    if order is None:
        raise NotFound
    return order


def _told(order: Order) -> ResponseReturnValue:
    return jsonify(_facts(order))


def _facts(order: Order) -> dict[str, Any]:
    return {
        "ref": order.ref,
        "rail": order.rail,
        "amount": order.amount,
        "code": order.code,
        "state": state_of(order),
        "paid": [{"money_id": one.rrn, "amount": one.amount} for one in order.money],
    }
